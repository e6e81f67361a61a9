//! Asking for the mail.

use serde::Serialize;

use crate::field::{FieldError, FormField, FormProblem};
use crate::page::Page;

/// Asks for the address. Posts `csrf`, `username`.
#[derive(Debug, Clone, Serialize)]
pub struct Request {
    /// Where the form goes.
    pub action: String,
    /// The flow that the form belongs to.
    pub request: Option<String>,
    /// The e-mail address.
    pub username: FormField,
    /// Back to sign-in.
    pub sign_in: String,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

impl Page for Request {
    const TEMPLATE: &'static str = "reset/request.html";

    fn samples() -> Vec<Self> {
        let first = Self {
            action: "/reset".to_owned(),
            request: None,
            username: FormField::filled("ada.lovelace@example.com"),
            sign_in: "/sign-in".to_owned(),
            problem: None,
        };
        let wrong = Self { username: FormField::wrong("", FieldError::Required), ..first.clone() };
        let busy = Self { problem: Some(FormProblem::Busy), ..first.clone() };
        vec![first, wrong, busy]
    }
}
