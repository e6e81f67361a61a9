//! What can go wrong between the app and a platform.
//!
//! Owns the kinds; the pages have the words.

use serde::Deserialize;

use crate::issuer::Silent;

/// Why there is no connection, or none any more.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// The platform said no (RFC 6749 §4.1.2.1, §5.2).
    Refused(Refused),
    /// The answer is not one to a question that this browser asked, or cannot be used; why.
    Distrusted(&'static str),
    /// Nobody answers as they should; worded to follow the platform's name.
    Silent(String),
}

/// A refusal in the platform's own words.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Refused {
    /// The code.
    pub(super) error: String,
    /// The words.
    pub(super) error_description: Option<String>,
    /// A page about it.
    pub(super) error_uri: Option<String>,
    /// A word that never changes, where organizations are concerned.
    pub(super) reason: Option<String>,
    /// Where the person can do something about it.
    pub(super) authorization_uri: Option<String>,
}

impl Refused {
    /// Whether it ends the connection: the refresh token is good for nothing any more. Where a reason
    /// is given it concerns one organization, and the refresh token still serves the others.
    pub(super) fn is_the_end(&self) -> bool {
        self.error == "invalid_grant" && self.reason.is_none()
    }
}

impl From<Silent> for Trouble {
    fn from(silent: Silent) -> Self {
        Self::Silent(silent.to_string())
    }
}
