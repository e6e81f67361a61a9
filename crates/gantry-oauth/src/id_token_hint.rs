//! `id_token_hint`: an ID token that a client sends back to say whom it means.
//!
//! Owns what makes a hint believable: this realm's signature and issuer. Its age does not matter
//! (OpenID Connect RP-Initiated Logout 1.0 §2), and it never proves that anybody is signed in.

use std::sync::Arc;

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::parameters::Parameters;
use gantry_store::snapshot::RealmSnapshot;
use serde::Deserialize;

use crate::jose::verify::{Slot, Verified, verify};
use crate::keys::KeyRing;

/// What a genuine hint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdTokenHint {
    /// Whom it is about: a user's id.
    pub subject: String,
    /// The `client_id` that it was issued to.
    pub audience: String,
}

/// The `id_token_hint` of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// None was sent.
    Absent,
    /// One was sent that this realm did not issue.
    Unbelievable,
    /// One of this realm's.
    Genuine(IdTokenHint),
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
}

impl Hint {
    /// Reads and verifies the parameter. The keys are fetched only where there is one.
    pub fn read(parameters: &Parameters, keys: &KeyRing, realm: &Arc<RealmSnapshot>, issuer: &str, now: Timestamp) -> Result<Self, Fault> {
        let Some(token) = parameters.get("id_token_hint") else { return Ok(Self::Absent) };
        let keys = keys.of(realm, now)?;
        let claims = verify::<Claims>(&keys, Slot::Id, token).map(Verified::into_claims);
        Ok(match claims.filter(|claims| claims.iss == issuer) {
            Some(claims) => Self::Genuine(IdTokenHint { subject: claims.sub, audience: claims.aud }),
            None => Self::Unbelievable,
        })
    }
}
