//! Where a connection is offered: its place at a tenant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{ConnectionId, RealmId, TenantId};
use crate::tenant::TenantRole;

/// A connection's place at a tenant: who joins through it, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its realm.
    pub realm_id: RealmId,
    /// The connection.
    pub connection_id: ConnectionId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// Who of those who sign in with it becomes a member.
    pub join: JoinRule,
    /// The role of whoever joins and has none by a group.
    pub default_role: TenantRole,
    /// Roles in this tenant by the provider's groups; the highest that fits counts.
    pub roles: Vec<RoleRule>,
    /// The directories, Workspace domains or the like whose people belong to this tenant; with none, any
    /// that the connection lets in.
    pub directories: Vec<String>,
    /// When it was attached.
    pub created_at: Timestamp,
}

crate::closed_set::closed_set! {
    /// Who of those who sign in with a connection becomes a member of a tenant.
    JoinRule {
        /// Nobody who is not a member already.
        Invited = "invited",
        /// Whoever has an address in a domain that the tenant has proved.
        ProvedDomain = "proved_domain",
        /// Everyone; guests of a directory excepted.
        Everyone = "everyone",
    }
}

/// Who has a group there has a role here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// The group as the provider's claim spells it: for Entra ID the object id.
    pub group: String,
    /// The role in this tenant.
    pub role: TenantRole,
}
