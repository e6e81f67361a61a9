//! The page that the link in "confirm your address" opens. Only its POST acts.

use serde::Serialize;

use crate::page::Page;

/// Asks to confirm an address. Posts `csrf`, `token`.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyEmail {
    /// Where the form goes.
    pub action: String,
    /// What the link carried.
    pub token: String,
    /// The address, where it is known without acting.
    pub email: Option<String>,
}

impl Page for VerifyEmail {
    const TEMPLATE: &'static str = "mailed/verify_email.html";

    fn samples() -> Vec<Self> {
        let known = Self {
            action: "/verify-email".to_owned(),
            token: "lnk_example".to_owned(),
            email: Some("ada.lovelace@example.com".to_owned()),
        };
        vec![known.clone(), Self { email: None, ..known }]
    }
}
