//! A session: a signed-in browser.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{RealmId, SessionId, UserId};
use crate::secret::Digest;

/// A signed-in browser. Its cookie value is stored as a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The key; the `sid` of ID tokens.
    pub id: SessionId,
    /// Its realm.
    pub realm_id: RealmId,
    /// Who signed in.
    pub user_id: UserId,
    /// The digest of the cookie.
    pub digest: Digest,
    /// How the person proved themself, as `amr` values of RFC 8176.
    pub methods: Vec<AuthMethod>,
    /// When the person last did.
    pub authenticated_at: Timestamp,
    /// Whether the person asked to be remembered.
    pub remembered: bool,
    /// What the browser called itself, cut to 200 characters.
    pub user_agent: String,
    /// The address it came from.
    pub ip: String,
    /// When it was last used, to the minute.
    pub last_used_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When it was ended, if it was.
    pub ended_at: Option<Timestamp>,
}

crate::closed_set::closed_set! {
    /// A proof, as RFC 8176 names it.
    AuthMethod {
        /// A password.
        Password = "pwd",
    }
}

/// The authentication context classes that Gantry can state, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Acr {
    /// One factor.
    #[serde(rename = "urn:gantry:acr:1")]
    One,
}

impl Acr {
    /// All classes, for metadata.
    pub const ALL: &'static [Self] = &[Self::One];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "urn:gantry:acr:1",
        }
    }
}

impl Session {
    /// The class that the session's proofs reach.
    pub const fn acr(&self) -> Acr {
        Acr::One
    }
}
