//! The page before the browser leaves for an unverified app with an error (attack catalogue
//! RED-13): no automatic redirect, so that the platform is nobody's open redirector.

use serde::Serialize;

use super::Page;

/// Names the host that the browser would go to, and lets the person decide.
#[derive(Debug, Clone, Serialize)]
pub struct Leave {
    /// The app's redirect URI with the error in it.
    pub target: String,
    /// Its host.
    pub destination: String,
    /// The app's name.
    pub app: String,
    /// The wire code of the error.
    pub code: String,
}

impl Page for Leave {
    const TEMPLATE: &'static str = "leave.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            target: "https://ledger.example.com/oauth/callback?error=invalid_scope&state=xyz".to_owned(),
            destination: "ledger.example.com".to_owned(),
            app: "Ledger Sync".to_owned(),
            code: "invalid_scope".to_owned(),
        }]
    }
}
