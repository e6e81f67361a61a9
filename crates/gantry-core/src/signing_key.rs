//! A signing key of a realm: next, active, retired.

use crate::clock::Timestamp;
use crate::id::{RealmId, SigningKeyId};
use crate::signing_algorithm::SigningAlgorithm;

/// A key pair. One is active for each realm and algorithm; the next is published ahead of its
/// use, the retired stay published until the last token they signed has expired.
#[derive(Clone)]
pub struct SigningKey {
    /// The key.
    pub id: SigningKeyId,
    /// Its realm.
    pub realm_id: RealmId,
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// Its name on the wire: the RFC 7638 thumbprint of the public key.
    pub kid: String,
    /// The private key in PKCS#8 DER; sealed at rest.
    pub private: Vec<u8>,
    /// The public key as a JWK, JSON.
    pub public_jwk: String,
    /// Where it is in its life.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it began to sign.
    pub activated_at: Option<Timestamp>,
    /// When it stopped signing.
    pub retired_at: Option<Timestamp>,
    /// When it stops being published.
    pub expires_at: Option<Timestamp>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

crate::closed_set::closed_set! {
    /// Where a key is in its life.
    KeyState {
        /// Published, not signing yet.
        Next = "next",
        /// Signing.
        Active = "active",
        /// Published, no longer signing.
        Retired = "retired",
        /// Withdrawn after a compromise: neither published nor believed.
        Withdrawn = "withdrawn",
    }
}
