//! One act upon several clients: each as if it were done to it alone; one that is not there ends it for all.

use gantry_core::actor::Actor;
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::ClientId;
use gantry_identity::at_once::in_order;
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;

use super::{find, set_enabled};

/// The clients with these ids, if all of them are there.
pub async fn find_several(tx: &RealmTx, actor: Actor, ids: Vec<ClientId>) -> Result<Vec<Client>, Failure> {
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    let mut clients = Vec::new();
    for id in in_order(ids)? {
        clients.push(find(tx, actor, id).await?);
    }
    Ok(clients)
}

/// Switches several clients off or on; returns how many they are.
pub async fn set_several_enabled(tx: &RealmTx, actor: Actor, ids: Vec<ClientId>, enabled: bool, now: Timestamp) -> Result<usize, Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let clients = find_several(tx, actor, ids).await?;
    for client in &clients {
        set_enabled(tx, actor, client.id, enabled, now).await?;
    }
    Ok(clients.len())
}
