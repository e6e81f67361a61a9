//! One search over everything that an actor may see of a realm.
//!
//! Owns which kinds of records an actor finds. Never searches for an admin of a tenant: whoever is not theirs to know of is
//! not theirs to find (attack catalogue §0.7).

use gantry_core::actor::Actor;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::search::{Hit, SearchKind};
use gantry_store::RealmTx;

use crate::permission::{self, Action};

/// Records of each kind at most.
const EACH: u32 = 6;

/// A record that was found, as a list of them names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: SearchKind,
    /// The id by which its page is addressed: for tenants their `org_id`.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What tells it from others of the same name: an address, a `client_id`, an audience.
    pub detail: String,
}

/// The first few records of each kind that the actor may see and that have all the words.
pub async fn anywhere(tx: &RealmTx, actor: Actor, text: &str) -> Result<Vec<Found>, Failure> {
    let may_see = |kind: &SearchKind| permission::check(actor, read_action(*kind), tx.realm_id()).is_ok();
    let kinds: Vec<SearchKind> = SearchKind::ALL.iter().copied().filter(may_see).collect();
    if kinds.is_empty() {
        return Err(Refusal::new(ErrorCode::NotFound, "There is nothing here").into());
    }
    let mut found = Vec::new();
    for hit in tx.search().anywhere(&kinds, text, EACH).await? {
        found.extend(name(tx, hit).await?);
    }
    Ok(found)
}

const fn read_action(kind: SearchKind) -> Action {
    match kind {
        SearchKind::User => Action::ReadUsers,
        SearchKind::Client | SearchKind::Publisher => Action::ReadClients,
        SearchKind::Tenant => Action::ReadTenants,
        SearchKind::Connection => Action::ReadConnections,
        SearchKind::Resource | SearchKind::Scope => Action::ReadResources,
    }
}

/// What a hit is called; none if it went meanwhile.
async fn name(tx: &RealmTx, Hit { kind, id }: Hit) -> Result<Option<Found>, Failure> {
    let names = match kind {
        SearchKind::User => match id.parse() {
            Ok(key) => tx.users().find(key).await?.map(|user| (id, user.display_name().to_owned(), user.email.as_str().to_owned())),
            Err(_) => None,
        },
        SearchKind::Client => match id.parse() {
            Ok(key) => tx.clients().find(key).await?.map(|client| (id, client.name, client.client_id)),
            Err(_) => None,
        },
        SearchKind::Tenant => match id.parse() {
            Ok(key) => tx.tenants().find(key).await?.map(|tenant| (tenant.org_id.clone(), tenant.name, tenant.org_id)),
            Err(_) => None,
        },
        SearchKind::Connection => match id.parse() {
            Ok(key) => tx.connections().find(key).await?.map(|connection| (id, connection.name, connection.slug)),
            Err(_) => None,
        },
        SearchKind::Publisher => match id.parse() {
            Ok(key) => tx.publishers().find(key).await?.map(|publisher| (id, publisher.name, publisher.slug)),
            Err(_) => None,
        },
        // A realm has few of these, and they are read as a whole everywhere else.
        SearchKind::Resource => {
            let found = tx.resources().list().await?.into_iter().find(|resource| resource.id.to_string() == id);
            found.map(|resource| (id, resource.name, resource.audience))
        }
        SearchKind::Scope => {
            let found = tx.scopes().list().await?.into_iter().find(|scope| scope.id.to_string() == id);
            found.map(|scope| (id, scope.name, scope.title))
        }
    };
    Ok(names.map(|(id, name, detail)| Found { kind, id, name, detail }))
}
