//! Opaque access tokens, and revoked JWTs: row and core type, and the queries of that record.

use gantry_core::access_token::OpaqueAccessToken;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::secret::Digest;

use crate::RealmTx;

/// Opaque access tokens, and revoked JWTs, within one realm.
#[derive(Debug)]
pub struct AccessTokens<'t>(pub(crate) &'t RealmTx);

impl AccessTokens<'_> {
    /// The opaque token with this digest, revoked ones included.
    pub async fn find(&self, digest: Digest) -> Result<Option<OpaqueAccessToken>, Fault> {
        crate::unfinished()
    }

    /// Writes a new opaque token.
    pub async fn insert(&self, token: &OpaqueAccessToken) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Revokes an opaque token.
    pub async fn revoke(&self, digest: Digest, now: Timestamp) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Remembers until it expires that the JWT with this `jti` is revoked.
    pub async fn revoke_jti(&self, jti: &str, expires_at: Timestamp) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Whether the JWT with this `jti` is revoked.
    pub async fn is_jti_revoked(&self, jti: &str) -> Result<bool, Fault> {
        crate::unfinished()
    }
}
