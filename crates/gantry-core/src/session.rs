//! A session: a signed-in browser.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{ConnectionId, RealmId, SessionId, UserId};
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
    /// The connection that the person came through; none: a password here.
    pub connection_id: Option<ConnectionId>,
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
        /// Whatever a connection's provider asks for; not of RFC 8176, which has no word for it.
        Federated = "fed",
        /// Several factors.
        Mfa = "mfa",
        /// A one-time password.
        Otp = "otp",
        /// A key in hardware.
        HardwareKey = "hwk",
        /// A key in software.
        SoftwareKey = "swk",
        /// A smart card.
        SmartCard = "sc",
        /// A code sent as a text message.
        Sms = "sms",
        /// A call.
        Telephone = "tel",
        /// A PIN.
        Pin = "pin",
        /// A fingerprint.
        Fingerprint = "fpt",
        /// A face.
        Face = "face",
        /// An iris.
        Iris = "iris",
        /// A voice.
        Voice = "vbm",
        /// Integrated Windows authentication.
        Windows = "wia",
        /// Something that was known.
        Knowledge = "kba",
        /// Several channels.
        MultipleChannels = "mca",
        /// The proof that a key is held.
        Possession = "pop",
        /// A risk was weighed.
        RiskBased = "rba",
        /// The person was there.
        UserPresence = "user",
        /// Where the person was.
        Geolocation = "geo",
    }
}

/// The authentication context classes that Gantry can state, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Acr {
    /// One factor.
    #[serde(rename = "urn:gantry:acr:1")]
    One,
    /// Several factors, here or at a provider that is trusted to say so.
    #[serde(rename = "urn:gantry:acr:2")]
    Two,
}

impl Acr {
    /// All classes, for metadata.
    pub const ALL: &'static [Self] = &[Self::One, Self::Two];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "urn:gantry:acr:1",
            Self::Two => "urn:gantry:acr:2",
        }
    }
}

impl Session {
    /// The class that the session's proofs reach.
    pub fn acr(&self) -> Acr {
        if self.methods.contains(&AuthMethod::Mfa) { Acr::Two } else { Acr::One }
    }
}
