//! Somebody came back from a provider with an address that an account here has: they prove that it is theirs.

use serde::Serialize;

use crate::field::{FieldError, FormProblem, PasswordField};
use crate::page::Page;
use crate::page::provider::{self, Provider};

/// Shows the ways to prove it. Each form posts `csrf` and `link`; the password's `password` too.
#[derive(Debug, Clone, Serialize)]
pub struct Prove {
    /// What waits for the proof.
    pub link: String,
    /// What the provider is called that they came from.
    pub provider: String,
    /// The address, of both.
    pub email: String,
    /// The app that one is signing in to.
    pub app: Option<String>,
    /// The account's password, if it has one.
    pub password: Option<ProvePassword>,
    /// What the account is linked to already.
    pub providers: Vec<Provider>,
    /// Where the form goes that mails a link.
    pub mail: Option<String>,
    /// Whether the person may say that the account is not theirs, and name another address: the same form with
    /// `decision` (`deny`).
    pub deny: bool,
    /// Where the form goes that gives it up.
    pub cancel: String,
    /// What is wrong.
    pub problem: Option<FormProblem>,
}

/// Posts `csrf`, `password`.
#[derive(Debug, Clone, Serialize)]
pub struct ProvePassword {
    /// Where the form goes.
    pub action: String,
    /// The field.
    pub field: PasswordField,
}

impl Page for Prove {
    const TEMPLATE: &'static str = "sign_in/prove.html";

    fn samples() -> Vec<Self> {
        let whole = Self {
            link: "pln_0192b3c4".to_owned(),
            provider: "GitHub".to_owned(),
            email: "ada.lovelace@example.com".to_owned(),
            app: Some("Ledger Sync".to_owned()),
            password: Some(ProvePassword { action: "/sign-in/prove/password".to_owned(), field: PasswordField::default() }),
            providers: provider::samples().into_iter().take(1).collect(),
            mail: Some("/sign-in/prove/mail".to_owned()),
            deny: true,
            cancel: "/sign-in/prove/cancel".to_owned(),
            problem: None,
        };
        let wrong = ProvePassword { action: "/p".to_owned(), field: PasswordField::wrong(FieldError::PasswordWrong) };
        let wrong = Self { password: Some(wrong), app: None, ..whole.clone() };
        let throttled = Self { problem: Some(FormProblem::TooManyTries { count: 15 }), ..whole.clone() };
        let mailed = Self { password: None, providers: Vec::new(), deny: false, ..whole.clone() };
        vec![whole, wrong, throttled, mailed]
    }
}
