//! The second page: the password.

use serde::Serialize;

use crate::field::{FieldError, FormProblem, PasswordField};
use crate::page::Page;

/// Asks for the password. Posts `csrf`, `request`, `username`, `password`, `remember` (`on`).
#[derive(Debug, Clone, Serialize)]
pub struct Password {
    /// Where the form goes.
    pub action: String,
    /// The flow that the form belongs to.
    pub request: Option<String>,
    /// The name of the app that one is signing in to.
    pub app: Option<String>,
    /// The e-mail address given before.
    pub username: String,
    /// Where another address may be given.
    pub change: String,
    /// The password.
    pub password: PasswordField,
    /// Whether "keep me signed in" is ticked; `None` where it is not offered.
    pub remember: Option<bool>,
    /// Where a forgotten password is reset.
    pub reset: Option<String>,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

impl Page for Password {
    const TEMPLATE: &'static str = "sign_in/password.html";

    fn samples() -> Vec<Self> {
        let first = Self {
            action: "/sign-in/password".to_owned(),
            request: Some("arq_0192b3c4".to_owned()),
            app: Some("Ledger Sync".to_owned()),
            username: "ada.lovelace@example.com".to_owned(),
            change: "/sign-in?request=arq_0192b3c4".to_owned(),
            password: PasswordField::default(),
            remember: Some(false),
            reset: Some("/reset".to_owned()),
            problem: None,
        };
        let wrong = Self { problem: Some(FormProblem::WrongCredentials), ..first.clone() };
        let empty = Self { password: PasswordField::wrong(FieldError::Required), remember: Some(true), ..first.clone() };
        let slowed =
            Self { problem: Some(FormProblem::TooManyTries { count: 3 }), remember: None, reset: None, app: None, ..first.clone() };
        vec![first, wrong, empty, slowed]
    }
}
