//! What the tenants of a person that limit sign-ins demand before the account gets a new way to sign in.
//!
//! Else a tenant's rule would be met by whoever has no more than a member's password: they link an account of their
//! own elsewhere, and come back through it. Never exempts those who may break the glass: what they may do with their
//! password is to sign in.

use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, TenantId, UserId};
use gantry_core::tenant::{SignInRule, Tenant};
use gantry_store::RealmTx;

/// Whether they all take it. `through`: the connection by which the person has proved the account; none: by a
/// password or a mailbox. `linked`: the connection that is linked; where it is a tenant's, its own provider speaks.
pub(crate) async fn takes_new_way(
    tx: &RealmTx,
    user: UserId,
    through: Option<ConnectionId>,
    linked: Option<ConnectionId>,
) -> Result<bool, Fault> {
    if tells_of_more(tx, user, through).await? {
        return Ok(false);
    }
    let all: Vec<TenantId> = tx.memberships().list_for_user(user).await?.iter().map(|membership| membership.tenant_id).collect();
    let mut limiting: Vec<Tenant> = tx.tenants().find_all(&all).await?;
    limiting.retain(|tenant| tenant.sign_in != SignInRule::Any);
    let ids: Vec<TenantId> = limiting.iter().map(|tenant| tenant.id).collect();
    let (proved_to, vouched_by) = (whose(tx, through, &ids).await?, whose(tx, linked, &ids).await?);
    Ok(limiting.iter().all(|tenant| {
        let met = match tenant.sign_in {
            SignInRule::Any => true,
            SignInRule::Federated => through.is_some(),
            SignInRule::OwnConnection => proved_to.contains(&tenant.id),
        };
        met || vouched_by.contains(&tenant.id)
    }))
}

/// Whether a tenant's own connection is to prove the account of somebody who administers the realm.
async fn tells_of_more(tx: &RealmTx, user: UserId, through: Option<ConnectionId>) -> Result<bool, Fault> {
    let Some(connection) = through else { return Ok(false) };
    let owned = tx.connections().find(connection).await?.is_some_and(|connection| connection.owner.is_some());
    Ok(owned && tx.users().find(user).await?.is_some_and(|user| !user.roles.is_empty()))
}

/// Those of the tenants whose connection it is: its owner alone, or all that it is attached to.
async fn whose(tx: &RealmTx, connection: Option<ConnectionId>, tenants: &[TenantId]) -> Result<Vec<TenantId>, Fault> {
    let (Some(connection), false) = (connection, tenants.is_empty()) else { return Ok(Vec::new()) };
    match tx.connections().find(connection).await?.and_then(|connection| connection.owner) {
        Some(owner) => Ok(vec![owner]),
        None => tx.attachments().among(connection, tenants).await,
    }
}
