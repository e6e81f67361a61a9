//! Seeing clients: lists, one of them, its secrets by what is known of them.
//!
//! Never shows a secret, nor a digest to anybody but those who compare it (attack catalogue CLI-16).

use gantry_core::actor::Actor;
use gantry_core::client::{Client, ClientSecret};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::ClientId;
use gantry_core::paging::{Find, Page};
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;

/// The clients that people registered, newest first; those that words or facets find, in the search's order. Facets:
/// `kind:<kind>`, `is:disabled`, `publisher:<id>`. A page may be short and still have a next one.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<Client>, Failure> {
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    let mut page = tx.clients().search(find).await?;
    page.items.retain(|client| !client.built_in);
    Ok(page)
}

/// One client. What is part of Gantry itself is none of an admin's affair (attack catalogue TEN-04).
pub async fn find(tx: &RealmTx, actor: Actor, id: ClientId) -> Result<Client, Failure> {
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    let client = tx.clients().find(id).await?.filter(|client| !client.built_in);
    Ok(client.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is no such client"))?)
}

/// What is known of a client's secrets, newest first, those included that have ended.
pub async fn secrets(tx: &RealmTx, actor: Actor, client: ClientId) -> Result<Vec<ClientSecret>, Failure> {
    let client = find(tx, actor, client).await?;
    Ok(tx.client_secrets().list(client.id).await?)
}
