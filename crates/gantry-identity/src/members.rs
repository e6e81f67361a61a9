//! Admin rules for memberships: who belongs to which tenant, in which role.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::{MembershipId, TenantId, UserId};
use gantry_core::tenant::{Membership, TenantRole};
use gantry_store::RealmTx;
use serde_json::json;

use crate::permission::{self, Action};
use crate::tenants::no_tenant;
use crate::users::no_user;

/// What an admin says of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberSettings {
    /// What the person is there.
    pub role: TenantRole,
    /// Whether their password counts there whatever the tenant demands of sign-ins.
    pub break_glass: bool,
}

impl MemberSettings {
    /// An ordinary place with this role.
    pub const fn with(role: TenantRole) -> Self {
        Self { role, break_glass: false }
    }
}

/// Gives a person a place in a tenant, or changes what is said of them there. From then on it is the admin's:
/// no connection changes it any more.
pub async fn put(
    tx: &RealmTx,
    actor: Actor,
    tenant: TenantId,
    user: UserId,
    settings: MemberSettings,
    now: Timestamp,
) -> Result<Membership, Failure> {
    let MemberSettings { role, break_glass } = settings;
    permission::check(actor, Action::ManageTenants, tx.realm_id())?;
    // Both must be of this realm: the ids come from outside.
    tx.tenants().find(tenant).await?.ok_or_else(no_tenant)?;
    tx.users().find(user).await?.ok_or_else(no_user)?;
    let membership =
        Membership { id: MembershipId::new(), tenant_id: tenant, user_id: user, role, break_glass, connection_id: None, created_at: now };
    tx.memberships().put(&membership).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&tenant);
    tx.audit().insert(&line.detail(json!({ "member": user, "role": role, "break_glass": break_glass }))).await?;
    Ok(membership)
}

/// Ends a person's place in a tenant.
pub async fn remove(tx: &RealmTx, actor: Actor, tenant: TenantId, user: UserId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageTenants, tx.realm_id())?;
    if !tx.memberships().remove(tenant, user).await? {
        return Err(no_user());
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Removed).by(actor).target(&tenant);
    tx.audit().insert(&line.detail(json!({ "member": user }))).await?;
    Ok(())
}
