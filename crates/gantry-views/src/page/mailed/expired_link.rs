//! A mailed link that is used, expired, replaced or made up: all look the same.

use serde::Serialize;

use super::Purpose;
use crate::page::Page;

/// Says that the link no longer works, and how to get a new one.
#[derive(Debug, Clone, Serialize)]
pub struct ExpiredLink {
    /// What it was for.
    pub purpose: Purpose,
    /// Where a new one is asked for.
    pub again: Option<String>,
}

impl Page for ExpiredLink {
    const TEMPLATE: &'static str = "mailed/expired_link.html";

    fn samples() -> Vec<Self> {
        vec![
            Self { purpose: Purpose::VerifyEmail, again: Some("/sign-in".to_owned()) },
            Self { purpose: Purpose::ResetPassword, again: Some("/reset".to_owned()) },
            Self { purpose: Purpose::FirstOperator, again: None },
            Self { purpose: Purpose::ProveAddress, again: Some("/sign-in".to_owned()) },
        ]
    }
}
