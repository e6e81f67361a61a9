//! The page for somebody whose browser is signed in already: this account, or another.

use serde::Serialize;

use crate::chrome::Person;
use crate::page::Page;

/// Offers the remembered account. Posts `csrf`, `request`, `account` (`continue` or `another`).
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// Where the form goes.
    pub action: String,
    /// The flow that the form belongs to.
    pub request: Option<String>,
    /// The name of the app that one is signing in to.
    pub app: Option<String>,
    /// Whose account it is.
    pub person: Person,
}

impl Page for Account {
    const TEMPLATE: &'static str = "sign_in/account.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            action: "/sign-in/account".to_owned(),
            request: Some("arq_0192b3c4".to_owned()),
            app: Some("Ledger Sync".to_owned()),
            person: Person { name: "Ada Lovelace".to_owned(), email: "ada.lovelace@example.com".to_owned() },
        }]
    }
}
