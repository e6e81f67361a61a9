//! The page that the link of the first start opens. Only its POST acts.

use serde::Serialize;

use crate::field::{FieldError, FormField, FormProblem, PasswordField};
use crate::page::Page;

/// Makes the first operator's account. Posts `csrf`, `token`, `username`, `password`.
#[derive(Debug, Clone, Serialize)]
pub struct First {
    /// Where the form goes.
    pub action: String,
    /// What the link carried.
    pub token: String,
    /// The e-mail address.
    pub username: FormField,
    /// The password to be.
    pub password: PasswordField,
    /// The fewest characters of a password.
    pub password_min_length: u32,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

impl Page for First {
    const TEMPLATE: &'static str = "operator/first.html";

    fn samples() -> Vec<Self> {
        let first = Self {
            action: "/operator/first".to_owned(),
            token: "lnk_example".to_owned(),
            username: FormField::default(),
            password: PasswordField::default(),
            password_min_length: 8,
            problem: None,
        };
        let wrong = Self {
            username: FormField::wrong("ada", FieldError::EmailInvalid),
            password: PasswordField::wrong(FieldError::TooShort { count: 8 }),
            ..first.clone()
        };
        vec![first, wrong]
    }
}
