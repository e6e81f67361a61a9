//! "You are signed out."

use serde::Serialize;

use crate::page::Page;

/// Says that the session is over.
#[derive(Debug, Clone, Serialize)]
pub struct SignedOut {
    /// Where one may sign in again.
    pub sign_in: Option<String>,
}

impl Page for SignedOut {
    const TEMPLATE: &'static str = "sign_out/signed_out.html";

    fn samples() -> Vec<Self> {
        vec![Self { sign_in: Some("/account".to_owned()) }, Self { sign_in: None }]
    }
}
