//! What can go wrong between the app and the platform.
//!
//! Owns the kinds; the pages have the words.

use crate::issuer::Silent;
use crate::signed::Distrust;

/// Why there is no connection, or none any more.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The platform said no (RFC 6749 §4.1.2.1, §5.2).
    Refused {
        /// The code.
        code: String,
        /// Its own words.
        description: Option<String>,
    },
    /// The answer is not one to the question that this browser asked.
    Distrusted(&'static str),
    /// Nobody answers.
    Silent(Silent),
}

impl Trouble {
    /// Whether the platform has ended the connection, rather than being in passing trouble.
    pub(super) fn is_the_end(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "invalid_grant")
    }
}

impl From<Silent> for Trouble {
    fn from(silent: Silent) -> Self {
        Self::Silent(silent)
    }
}

impl From<Distrust> for Trouble {
    fn from(distrust: Distrust) -> Self {
        match distrust {
            Distrust::Invalid(reason) => {
                tracing::info!(reason, "the sample app does not believe an ID token");
                Self::Distrusted("The ID token that came with it does not hold.")
            }
            Distrust::Unknown(silent) => Self::Silent(silent),
        }
    }
}
