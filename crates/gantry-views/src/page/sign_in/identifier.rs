//! The first page: the e-mail address.

use serde::Serialize;

use crate::field::{FieldError, FormField, FormProblem};
use crate::page::Page;

/// Asks for the e-mail address. Posts `csrf`, `request`, `username`.
#[derive(Debug, Clone, Serialize)]
pub struct Identifier {
    /// Where the form goes.
    pub action: String,
    /// The flow that the form belongs to.
    pub request: Option<String>,
    /// The name of the app that one is signing in to.
    pub app: Option<String>,
    /// The e-mail address.
    pub username: FormField,
    /// Where an account is made, if the realm allows it.
    pub sign_up: Option<String>,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

impl Page for Identifier {
    const TEMPLATE: &'static str = "sign_in/identifier.html";

    fn samples() -> Vec<Self> {
        let first = Self {
            action: "/sign-in/identifier".to_owned(),
            request: Some("arq_0192b3c4".to_owned()),
            app: Some("Ledger Sync".to_owned()),
            username: FormField::default(),
            sign_up: Some("/sign-up?request=arq_0192b3c4".to_owned()),
            problem: None,
        };
        let wrong = Self { username: FormField::wrong("ada.example.com", FieldError::EmailInvalid), ..first.clone() };
        let alone = Self {
            request: None,
            app: None,
            sign_up: None,
            username: FormField::filled("ada@example.com"),
            problem: Some(FormProblem::FormExpired),
            ..first.clone()
        };
        vec![first, wrong, alone]
    }
}
