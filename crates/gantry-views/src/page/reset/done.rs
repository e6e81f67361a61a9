//! The new password is set.

use serde::Serialize;

use crate::page::Page;

/// Says that the password was changed and every session ended.
#[derive(Debug, Clone, Serialize)]
pub struct Done {
    /// Where one signs in with it.
    pub sign_in: String,
}

impl Page for Done {
    const TEMPLATE: &'static str = "reset/done.html";

    fn samples() -> Vec<Self> {
        vec![Self { sign_in: "/sign-in".to_owned() }]
    }
}
