//! Who sees which connections, and how much of them.
//!
//! The realm's admins see all of all. A tenant's admin sees what their tenant owns, and of what the realm offers their
//! tenant the name and the kind. Never says a secret: of those only [`super::held`] tells that they are there.

use gantry_core::actor::Actor;
use gantry_core::connection::{Attachment, Connection};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Failure;
use gantry_core::id::{ConnectionId, TenantId};
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};
use gantry_core::tenant::Tenant;
use gantry_store::RealmTx;

use super::{hide, no_connection};
use crate::permission::{self, Action, TenantAction};

/// A connection as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// All of it.
    Whole(Box<Connection>),
    /// That the realm offers it.
    Offered(Offered),
}

/// A connection of the realm that a tenant has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The key.
    pub id: ConnectionId,
    /// The name that people read.
    pub name: String,
    /// What serves it.
    pub kind: ConnectorKind,
}

/// The connections of the realm that are looked for, newest first unless words are.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<Connection>, Failure> {
    permission::check(actor, Action::ReadConnections, tx.realm_id())?;
    Ok(tx.connections().search(find).await?)
}

/// The tenants that own these connections, for whoever sees all of the realm's.
pub async fn owners(tx: &RealmTx, actor: Actor, of: &[Connection]) -> Result<Vec<Tenant>, Failure> {
    permission::check(actor, Action::ReadConnections, tx.realm_id())?;
    let ids: Vec<TenantId> = of.iter().filter_map(|connection| connection.owner).collect();
    Ok(tx.tenants().find_all(&ids).await?)
}

/// A connection's place at a tenant, for whoever sees the tenant; none where it has none.
pub async fn place_at(tx: &RealmTx, actor: Actor, id: ConnectionId, tenant: TenantId) -> Result<Option<Attachment>, Failure> {
    hide(actor, permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant))?;
    Ok(tx.attachments().find(id, tenant).await?)
}

/// The connections of a tenant: its own, and those of the realm that it has.
pub async fn of_tenant(tx: &RealmTx, actor: Actor, tenant: TenantId) -> Result<Vec<Seen>, Failure> {
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?;
    let mut seen: Vec<Seen> = tx.connections().list_of_tenant(tenant).await?.into_iter().map(|own| Seen::Whole(Box::new(own))).collect();
    let attached: Vec<ConnectionId> =
        tx.attachments().list_of_tenant(tenant).await?.into_iter().map(|attachment| attachment.connection_id).collect();
    for connection in tx.connections().find_all(&attached).await? {
        if connection.owner.is_none() {
            seen.push(as_seen(actor, connection));
        }
    }
    Ok(seen)
}

/// A connection, as far as the actor sees it.
pub async fn find(tx: &RealmTx, actor: Actor, id: ConnectionId) -> Result<Seen, Failure> {
    let connection = tx.connections().find(id).await?.ok_or_else(no_connection)?;
    let Some(own) = actor.tenant() else {
        permission::check(actor, Action::ReadConnections, tx.realm_id())?;
        return Ok(Seen::Whole(Box::new(connection)));
    };
    hide(actor, permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), own))?;
    let has = match connection.owner {
        Some(owner) => owner == own,
        None => tx.attachments().find(id, own).await?.is_some(),
    };
    if has { Ok(as_seen(actor, connection)) } else { Err(no_connection()) }
}

/// The tenants that a connection is attached to, for whoever sees all of it.
pub async fn attached_to(
    tx: &RealmTx,
    actor: Actor,
    id: ConnectionId,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page<(Attachment, Tenant)>, Failure> {
    let Seen::Whole(_) = find(tx, actor, id).await? else { return Err(no_connection()) };
    let limit = limit.clamp(1, MAX_LIMIT);
    let found = tx.attachments().page_of_connection(id, after.map(Cursor::place), u64::from(limit) + 1).await?;
    let page = cut(found, limit, |attachment| attachment.tenant_id.to_string());
    let ids: Vec<TenantId> = page.items.iter().map(|attachment| attachment.tenant_id).collect();
    let mut tenants = tx.tenants().find_all(&ids).await?;
    let mut with_tenant = |attachment: Attachment| {
        let at = tenants.iter().position(|tenant| tenant.id == attachment.tenant_id)?;
        Some((attachment, tenants.swap_remove(at)))
    };
    Ok(Page { items: page.items.into_iter().filter_map(&mut with_tenant).collect(), next: page.next })
}

fn as_seen(actor: Actor, connection: Connection) -> Seen {
    if actor.tenant().is_some() && connection.owner.is_none() {
        let Connection { id, name, kind, .. } = connection;
        return Seen::Offered(Offered { id, name, kind });
    }
    Seen::Whole(Box::new(connection))
}

/// One page of what was read with one entry more.
fn cut<T>(mut found: Vec<T>, limit: u32, place: impl Fn(&T) -> String) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| Cursor::at(place(last)));
    Page { items: found, next }
}
