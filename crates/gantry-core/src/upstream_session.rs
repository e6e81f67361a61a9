//! What a session here owes to one at a provider.

use crate::clock::Timestamp;
use crate::external_identity::UpstreamTokens;
use crate::id::{ConnectionId, IdentityId, RealmId, SessionId};

/// The session at a provider that a session here began with.
#[derive(Debug, Clone)]
pub struct UpstreamSession {
    /// The session here.
    pub session_id: SessionId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The connection.
    pub connection_id: ConnectionId,
    /// Who it is there.
    pub identity_id: IdentityId,
    /// The provider's id of its session (`sid`), for its logout.
    pub upstream_sid: Option<String>,
    /// The provider's tokens, as far as the connection keeps them. Sealed at rest.
    pub tokens: UpstreamTokens,
    /// When to ask the provider whether the account still stands.
    pub check_at: Option<Timestamp>,
    /// When it began.
    pub created_at: Timestamp,
}
