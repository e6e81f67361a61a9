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

/// Gives a person a place in a tenant, or another role there.
pub async fn put(
    tx: &RealmTx,
    actor: Actor,
    tenant: TenantId,
    user: UserId,
    role: TenantRole,
    now: Timestamp,
) -> Result<Membership, Failure> {
    permission::check(actor, Action::ManageTenants, tx.realm_id())?;
    // Both must be of this realm: the ids come from outside.
    tx.tenants().find(tenant).await?.ok_or_else(no_tenant)?;
    tx.users().find(user).await?.ok_or_else(no_user)?;
    let membership = Membership {
        id: MembershipId::new(),
        tenant_id: tenant,
        user_id: user,
        role,
        break_glass: false,
        connection_id: None,
        created_at: now,
    };
    tx.memberships().put(&membership).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&tenant);
    tx.audit().insert(&line.detail(json!({ "member": user, "role": role }))).await?;
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
