//! The page that the link in "set a new password" opens. Only its POST acts.

use serde::Serialize;

use crate::field::{FieldError, FormProblem, PasswordField};
use crate::page::Page;

/// Asks for the new password. Posts `csrf`, `token`, `password`.
#[derive(Debug, Clone, Serialize)]
pub struct NewPassword {
    /// Where the form goes.
    pub action: String,
    /// What the link carried.
    pub token: String,
    /// The account's address, where it is known without acting; helps password managers.
    pub email: Option<String>,
    /// The password to be.
    pub password: PasswordField,
    /// The fewest characters of a password.
    pub password_min_length: u32,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

impl Page for NewPassword {
    const TEMPLATE: &'static str = "reset/new_password.html";

    fn samples() -> Vec<Self> {
        let first = Self {
            action: "/reset/new".to_owned(),
            token: "lnk_example".to_owned(),
            email: Some("ada.lovelace@example.com".to_owned()),
            password: PasswordField::default(),
            password_min_length: 8,
            problem: None,
        };
        let wrong = Self { password: PasswordField::wrong(FieldError::PasswordWeak), email: None, ..first.clone() };
        vec![first, wrong]
    }
}
