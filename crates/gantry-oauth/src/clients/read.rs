//! Seeing clients: lists, one of them, its secrets by what is known of them.
//!
//! Never shows a secret, nor a digest to anybody but those who compare it (attack catalogue CLI-16).

use gantry_core::actor::Actor;
use gantry_core::client::{Client, ClientKind, ClientSecret};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::ClientId;
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;
use gantry_store::record::client::ClientFilter;

use crate::listing;

/// The clients that people registered, newest first. Facets: `kind:<kind>`, several of which are any of them,
/// `is:enabled`, `is:disabled`, `publisher:<slug>`. A facet that is none of these finds nothing.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<Client>, Failure> {
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    let Some(filter) = filter_of(tx, find).await? else { return Ok(Page::empty()) };
    let limit = usize::try_from(find.limit.clamp(1, MAX_LIMIT)).unwrap_or(1);
    let mut before = match &find.after {
        Some(cursor) => match cursor.place().parse::<ClientId>() {
            Ok(id) => Some(id),
            Err(_) => return Ok(Page::empty()),
        },
        None => None,
    };
    let mut items = Vec::new();
    loop {
        let some = tx.clients().newest(&filter, before, u64::from(MAX_LIMIT)).await?;
        let last = some.len() < MAX_LIMIT as usize;
        before = some.last().map(|client| client.id);
        items.extend(some.into_iter().filter(|client| listing::fits(&find.text, &[&client.name, &client.client_id, &client.description])));
        if last || items.len() > limit {
            break;
        }
    }
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(|client| Cursor::at(client.id.to_string())) } else { None };
    Ok(Page { items, next })
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

/// What the facets mean; none: nothing can be found.
async fn filter_of(tx: &RealmTx, find: &Find) -> Result<Option<ClientFilter>, Failure> {
    let mut filter = ClientFilter::default();
    for facet in &find.facets {
        match facet.split_once(':') {
            Some(("is", "enabled")) => filter.enabled = Some(true),
            Some(("is", "disabled")) => filter.enabled = Some(false),
            Some(("kind", kind)) => match ClientKind::parse(kind) {
                Some(kind) => filter.kinds.push(kind),
                None => return Ok(None),
            },
            Some(("publisher", slug)) => match tx.publishers().list().await?.into_iter().find(|known| known.slug == slug) {
                Some(publisher) => filter.publisher = Some(publisher.id),
                None => return Ok(None),
            },
            Some(_) | None => return Ok(None),
        }
    }
    Ok(Some(filter))
}
