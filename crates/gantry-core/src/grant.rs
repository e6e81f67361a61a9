//! A grant: the fact that a person allowed a client something. The parent of all its tokens.

use crate::clock::Timestamp;
use crate::id::{ClientId, ConnectionId, GrantId, RealmId, SessionId, TenantId, UserId};
use crate::scope_set::ScopeSet;
use crate::session::Acr;

/// What was allowed. Revoke it and every token under it falls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The key.
    pub id: GrantId,
    /// Its realm.
    pub realm_id: RealmId,
    /// Who allowed it.
    pub user_id: UserId,
    /// Which client.
    pub client_id: ClientId,
    /// From which session.
    pub session_id: SessionId,
    /// The connection that its person came through; none: a password here.
    pub connection_id: Option<ConnectionId>,
    /// Whether it ends with that session; not under the policy `always` or with `offline_access`.
    pub session_bound: bool,
    /// Which scopes.
    pub scopes: ScopeSet,
    /// Which audiences.
    pub audiences: Vec<String>,
    /// The tenants it may be used for.
    pub tenants: Vec<TenantId>,
    /// The tenant of tokens that name none.
    pub default_tenant: Option<TenantId>,
    /// `nonce` of the request that led to it.
    pub nonce: Option<String>,
    /// The claims asked for by name (`claims` parameter), as JSON.
    pub requested_claims: Option<String>,
    /// When the person had proved themself.
    pub authenticated_at: Timestamp,
    /// How well.
    pub acr: Acr,
    /// By which proofs, as `amr` values.
    pub amr: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a token was last issued under it.
    pub last_used_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}
