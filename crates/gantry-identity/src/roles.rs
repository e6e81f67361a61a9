//! As whom a signed-in person may administer: what they are where, judged anew for each request.
//!
//! Owns the way from a person's roles and memberships to an [`Actor`]. Never decides what that actor may
//! do; see [`crate::permission`]. What the provider of one tenant says of a person makes them an admin of that tenant at
//! most: whoever runs it could say so of anybody (attack catalogue §0.15).

use gantry_core::actor::Actor;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, RealmId};
use gantry_core::realm::{Realm, SYSTEM_REALM};
use gantry_core::tenant::{Tenant, TenantRole};
use gantry_core::user::{RealmRole, User};
use gantry_store::RealmTx;

/// What a person administers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Administers {
    /// Every realm.
    Deployment,
    /// Their own realm.
    Realm,
    /// These tenants of their own realm, by name.
    Tenants(Vec<Tenant>),
    /// Nothing.
    Nothing,
}

/// What a person administers, by the handle of their own realm. `through`: the connection by which they are signed in; none:
/// by a password here.
pub async fn administers(tx: &RealmTx, home: &Realm, person: &User, through: Option<ConnectionId>) -> Result<Administers, Fault> {
    let vouched_by = match through {
        // Whose word it was is not known any more: it counts for nothing.
        Some(id) => match tx.connections().find(id).await? {
            Some(connection) => connection.owner,
            None => return Ok(Administers::Nothing),
        },
        None => None,
    };
    if vouched_by.is_none() && home.slug == SYSTEM_REALM && person.roles.contains(&RealmRole::Operator) {
        return Ok(Administers::Deployment);
    }
    if vouched_by.is_none() && person.roles.contains(&RealmRole::RealmAdmin) {
        return Ok(Administers::Realm);
    }
    let mut tenants = Vec::new();
    for membership in tx.memberships().list_for_user(person.id).await? {
        if membership.role == TenantRole::TenantAdmin
            && vouched_by.is_none_or(|tenant| tenant == membership.tenant_id)
            && let Some(tenant) = tx.tenants().find(membership.tenant_id).await?
        {
            tenants.push(tenant);
        }
    }
    tenants.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(if tenants.is_empty() { Administers::Nothing } else { Administers::Tenants(tenants) })
}

/// As whom the person acts on a whole realm; none if they are nobody there.
pub fn realm_actor(what: &Administers, person: &User, realm: RealmId) -> Option<Actor> {
    match what {
        Administers::Deployment => Some(Actor::Operator { user: person.id }),
        Administers::Realm if person.realm_id == realm => Some(Actor::RealmAdmin { user: person.id, realm }),
        Administers::Realm | Administers::Tenants(_) | Administers::Nothing => None,
    }
}

/// As whom the person acts on one tenant; none if they are nobody there.
pub fn tenant_actor(what: &Administers, person: &User, tenant: &Tenant) -> Option<Actor> {
    let realm = tenant.realm_id;
    match what {
        Administers::Tenants(own) if person.realm_id == realm && own.iter().any(|one| one.id == tenant.id) => {
            Some(Actor::TenantAdmin { user: person.id, realm, tenant: tenant.id })
        }
        Administers::Deployment | Administers::Realm | Administers::Tenants(_) | Administers::Nothing => realm_actor(what, person, realm),
    }
}
