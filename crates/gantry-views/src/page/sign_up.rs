//! Making an account.

use serde::Serialize;

use crate::field::{FieldError, FormField, FormProblem, PasswordField};
use crate::page::Page;

/// Asks for name, e-mail address and password. Posts `csrf`, `request`, `name`, `username`, `password`.
#[derive(Debug, Clone, Serialize)]
pub struct SignUp {
    /// Where the form goes.
    pub action: String,
    /// The flow that the form belongs to.
    pub request: Option<String>,
    /// The name of the app that one is signing in to.
    pub app: Option<String>,
    /// The display name.
    pub name: FormField,
    /// The e-mail address.
    pub username: FormField,
    /// The password to be.
    pub password: PasswordField,
    /// The fewest characters of a password.
    pub password_min_length: u32,
    /// Where somebody who has an account signs in.
    pub sign_in: String,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

impl Page for SignUp {
    const TEMPLATE: &'static str = "sign_up.html";

    fn samples() -> Vec<Self> {
        let first = Self {
            action: "/sign-up".to_owned(),
            request: Some("arq_0192b3c4".to_owned()),
            app: Some("Ledger Sync".to_owned()),
            name: FormField::default(),
            username: FormField::default(),
            password: PasswordField::default(),
            password_min_length: 8,
            sign_in: "/sign-in?request=arq_0192b3c4".to_owned(),
            problem: None,
        };
        let wrong = Self {
            name: FormField::wrong("", FieldError::Required),
            username: FormField::wrong("ada.example.com", FieldError::EmailInvalid),
            password: PasswordField::wrong(FieldError::TooShort { count: 8 }),
            app: None,
            ..first.clone()
        };
        vec![first, wrong]
    }
}
