//! Admin rules for memberships: who belongs to which tenant, in which role.
//!
//! Never brings a stranger into a tenant at the word of its own admins; see [`crate::invitations`].

pub mod several;

use std::collections::HashMap;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{MembershipId, TenantId, UserId};
use gantry_core::paging::{Find, Page};
use gantry_core::tenant::{Membership, TenantRole};
use gantry_core::user::User;
use gantry_store::RealmTx;
use serde_json::json;

use crate::paging::read_page;
use crate::permission::{self, TenantAction};
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

/// A member, and who they are.
#[derive(Debug, Clone)]
pub struct Member {
    /// Their place.
    pub membership: Membership,
    /// The person.
    pub user: User,
}

/// The members of a tenant by their words; without words newest first. The facet `role:tenant_admin` narrows the list.
pub async fn list(tx: &RealmTx, actor: Actor, tenant: TenantId, find: &Find) -> Result<Page<Member>, Failure> {
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?;
    let role = match find.facets.iter().find_map(|facet| facet.strip_prefix("role:")).map(TenantRole::parse) {
        None => None,
        Some(Some(role)) => Some(role),
        // A role that there is not is nobody's.
        Some(None) => return Ok(Page::empty()),
    };
    let page = if find.text.trim().is_empty() {
        read_page(find, async |before, limit| tx.memberships().page(tenant, before, role, limit).await, |place| place.id).await?
    } else {
        tx.memberships().search(tenant, role, find).await?
    };
    let ids: Vec<UserId> = page.items.iter().map(|membership| membership.user_id).collect();
    let mut people: HashMap<UserId, User> = tx.users().find_all(&ids).await?.into_iter().map(|user| (user.id, user)).collect();
    let items = page.items.into_iter().filter_map(|membership| {
        let user = people.remove(&membership.user_id)?;
        Some(Member { membership, user })
    });
    Ok(Page { items: items.collect(), next: page.next })
}

/// One member of a tenant. Whoever is none is nobody, whether or not the realm knows them.
pub async fn find(tx: &RealmTx, actor: Actor, tenant: TenantId, user: UserId) -> Result<Member, Failure> {
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?;
    let membership = tx.memberships().find(tenant, user).await?.ok_or_else(no_user)?;
    let user = tx.users().find(user).await?.ok_or_else(no_user)?;
    Ok(Member { membership, user })
}

/// Gives a person a place in a tenant, or changes what is said of them there. From then on it is the admin's:
/// no connection changes it any more. A tenant's own admins change the role of those who are members; whom else there is
/// in the realm is not theirs to know, so they invite ([`crate::invitations`]).
pub async fn put(
    tx: &RealmTx,
    actor: Actor,
    tenant: TenantId,
    user: UserId,
    settings: MemberSettings,
    now: Timestamp,
) -> Result<Membership, Failure> {
    let MemberSettings { role, break_glass } = settings;
    permission::check_tenant(actor, TenantAction::ManageMembers, tx.realm_id(), tenant)?;
    // Both must be of this realm: the ids come from outside. The tenant is held, so that two admins do not demote each other.
    tx.tenants().hold(tenant).await?.ok_or_else(no_tenant)?;
    let before = tx.memberships().find(tenant, user).await?;
    if actor.tenant().is_some() {
        let before = before.as_ref().ok_or_else(no_user)?;
        if before.break_glass != break_glass {
            let text = "Only an admin of the platform decides whose password counts in an emergency";
            return Err(Refusal::new(ErrorCode::Forbidden, text).into());
        }
    }
    tx.users().find(user).await?.ok_or_else(no_user)?;
    if role != TenantRole::TenantAdmin {
        loses_admin(tx, actor, before.as_ref(), now).await?;
    }
    let membership =
        Membership { id: MembershipId::new(), tenant_id: tenant, user_id: user, role, break_glass, connection_id: None, created_at: now };
    tx.memberships().put(&membership).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&tenant).tenant(tenant);
    tx.audit()
        .insert(&line.changes(&before, &membership).detail(json!({ "member": user, "role": role, "break_glass": break_glass })))
        .await?;
    Ok(membership)
}

/// Ends a person's place in a tenant.
pub async fn remove(tx: &RealmTx, actor: Actor, tenant: TenantId, user: UserId, now: Timestamp) -> Result<(), Failure> {
    permission::check_tenant(actor, TenantAction::ManageMembers, tx.realm_id(), tenant)?;
    tx.tenants().hold(tenant).await?.ok_or_else(no_tenant)?;
    let before = tx.memberships().find(tenant, user).await?.ok_or_else(no_user)?;
    loses_admin(tx, actor, Some(&before), now).await?;
    if !tx.memberships().remove(tenant, user).await? {
        return Err(no_user());
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Removed).by(actor).target(&tenant).tenant(tenant);
    tx.audit().insert(&line.detail(json!({ "member": user })).takes_away(&before)).await?;
    Ok(())
}

/// What falls when somebody is an admin of a tenant no more: the invitations that they sent and nobody took. The last one
/// cannot leave the tenant to nobody; an admin of the realm can.
async fn loses_admin(tx: &RealmTx, actor: Actor, before: Option<&Membership>, now: Timestamp) -> Result<(), Failure> {
    let Some(before) = before.filter(|before| before.role == TenantRole::TenantAdmin) else { return Ok(()) };
    let others = tx.memberships().list_admins(before.tenant_id, 2).await?.into_iter().filter(|admin| admin.user_id != before.user_id);
    if others.count() == 0 && actor.tenant().is_some() {
        let text = "The organization would have no admin left: make somebody else one first";
        return Err(Refusal::new(ErrorCode::Conflict, text).into());
    }
    Ok(tx.invitations().revoke_sent_by(before.user_id, before.tenant_id, now).await?)
}
