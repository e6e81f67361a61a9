//! An opaque access token's row. JWT access tokens have none: they speak for themselves, and
//! their grant or a revoked `jti` says whether they still hold.

use crate::clock::Timestamp;
use crate::id::{ClientId, GrantId, RealmId, TenantId};
use crate::scope_set::ScopeSet;
use crate::secret::Digest;

/// What an opaque token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpaqueAccessToken {
    /// The digest of the token.
    pub digest: Digest,
    /// Its realm.
    pub realm_id: RealmId,
    /// The client it was issued to.
    pub client_id: ClientId,
    /// The grant above it; none for a machine's token.
    pub grant_id: Option<GrantId>,
    /// Its scopes.
    pub scopes: ScopeSet,
    /// Its audiences.
    pub audiences: Vec<String>,
    /// Its tenant.
    pub tenant_id: Option<TenantId>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}
