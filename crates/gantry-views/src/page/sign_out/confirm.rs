//! "Do you want to sign out?", where the app has not proved that it may ask.

use serde::Serialize;

use crate::chrome::Person;
use crate::page::Page;

/// Asks whether to sign out. Posts `csrf`, `request`.
#[derive(Debug, Clone, Serialize)]
pub struct Confirm {
    /// Where the form goes.
    pub action: String,
    /// The logout request that the form answers, sealed.
    pub request: Option<String>,
    /// The app that asked.
    pub app: Option<String>,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Where somebody goes who wants to stay signed in.
    pub stay: String,
}

impl Page for Confirm {
    const TEMPLATE: &'static str = "sign_out/confirm.html";

    fn samples() -> Vec<Self> {
        let asked = Self {
            action: "/sign-out".to_owned(),
            request: Some("sealed".to_owned()),
            app: Some("Ledger Sync".to_owned()),
            person: Some(Person { name: "Ada Lovelace".to_owned(), email: "ada.lovelace@example.com".to_owned() }),
            stay: "/account".to_owned(),
        };
        vec![asked.clone(), Self { request: None, app: None, person: None, ..asked }]
    }
}
