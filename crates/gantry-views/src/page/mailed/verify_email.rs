//! The page that the link in "confirm your address" opens. Only its POST acts.

use serde::Serialize;

use crate::field::{FieldError, FormProblem, PasswordField};
use crate::page::Page;

/// Asks to confirm an address. Posts `csrf`, `token`, and `password` where it is asked for.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyEmail {
    /// Where the form goes.
    pub action: String,
    /// What the link carried.
    pub token: String,
    /// The address, where it is known without acting.
    pub email: Option<String>,
    /// The password chosen at sign-up; `None` in the browser that signed up.
    pub password: Option<PasswordField>,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

impl Page for VerifyEmail {
    const TEMPLATE: &'static str = "mailed/verify_email.html";

    fn samples() -> Vec<Self> {
        let known = Self {
            action: "/verify-email".to_owned(),
            token: "lnk_example".to_owned(),
            email: Some("ada.lovelace@example.com".to_owned()),
            password: None,
            problem: None,
        };
        let elsewhere = Self { password: Some(PasswordField::default()), ..known.clone() };
        let wrong = Self { password: Some(PasswordField::wrong(FieldError::PasswordWrong)), ..known.clone() };
        let throttled = Self { problem: Some(FormProblem::TooManyTries { count: 15 }), ..elsewhere.clone() };
        vec![known.clone(), Self { email: None, ..known }, elsewhere, wrong, throttled]
    }
}
