//! The page that the link in "is this you?" opens, after a sign-in with a provider. Only its POST acts.

use serde::Serialize;

use crate::page::Page;

/// Asks to confirm that the address, and the account if there is one, is one's own. Posts `csrf`, `token`.
#[derive(Debug, Clone, Serialize)]
pub struct ProveAddress {
    /// Where the form goes.
    pub action: String,
    /// What the link carried.
    pub token: String,
    /// The address.
    pub email: String,
    /// What the provider is called that they came from.
    pub provider: String,
    /// Who they are there, as the provider has it.
    pub there: Option<String>,
}

impl Page for ProveAddress {
    const TEMPLATE: &'static str = "mailed/prove_address.html";

    fn samples() -> Vec<Self> {
        let whole = Self {
            action: "/sign-in/prove/link".to_owned(),
            token: "lnk_example".to_owned(),
            email: "ada.lovelace@example.com".to_owned(),
            provider: "GitHub".to_owned(),
            there: Some("Ada Lovelace (ada@home.example)".to_owned()),
        };
        vec![whole.clone(), Self { there: None, ..whole }]
    }
}
