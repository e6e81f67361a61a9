//! The start page at a realm's base: what this is.

use serde::Serialize;

use super::Page;

/// Says what lives here.
#[derive(Debug, Clone, Serialize)]
pub struct Welcome {
    /// The realm's issuer.
    pub issuer: String,
    /// The discovery document.
    pub discovery: String,
    /// The person's own page.
    pub account: String,
}

impl Page for Welcome {
    const TEMPLATE: &'static str = "welcome.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            issuer: "http://localhost:8080".to_owned(),
            discovery: "http://localhost:8080/.well-known/openid-configuration".to_owned(),
            account: "/account".to_owned(),
        }]
    }
}
