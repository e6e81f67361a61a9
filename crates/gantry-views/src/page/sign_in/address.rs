//! Somebody came back from a provider that gave no address, or vouches for none: they prove one by mail.

use serde::Serialize;

use crate::field::{FieldError, FormField, FormProblem};
use crate::page::Page;

/// Asks for the address that a mail is sent to. Posts `csrf`, `link`, `username`.
#[derive(Debug, Clone, Serialize)]
pub struct Address {
    /// What waits for the proof.
    pub link: String,
    /// Where the form goes.
    pub action: String,
    /// What the provider is called that they came from.
    pub provider: String,
    /// The app that one is signing in to.
    pub app: Option<String>,
    /// The address; filled with the one that the provider named.
    pub username: FormField,
    /// Whether the provider named one.
    pub named: bool,
    /// Where the form goes that gives it up.
    pub cancel: String,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

impl Page for Address {
    const TEMPLATE: &'static str = "sign_in/address.html";

    fn samples() -> Vec<Self> {
        let none = Self {
            link: "pln_0192b3c4".to_owned(),
            action: "/sign-in/prove/mail".to_owned(),
            provider: "GitHub".to_owned(),
            app: Some("Ledger Sync".to_owned()),
            username: FormField::default(),
            named: false,
            cancel: "/sign-in/prove/cancel".to_owned(),
            problem: None,
        };
        let named = Self { username: FormField::filled("ada@example.com"), named: true, app: None, ..none.clone() };
        let wrong = Self { username: FormField::wrong("ada", FieldError::EmailInvalid), ..none.clone() };
        vec![none, named, wrong]
    }
}
