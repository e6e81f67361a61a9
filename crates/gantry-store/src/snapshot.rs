//! What a node keeps in memory of realms and clients, so that the hot path asks no database.
//!
//! Bounded, loaded once per key however many ask (single flight), and dropped when a `change` row
//! names it. A node that has not polled for a second reads through (architecture §14.11).

use std::sync::Arc;

use gantry_core::change::Change;
use gantry_core::client::{Client, ClientSecret};
use gantry_core::connection::Connection;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, RealmId};
use gantry_core::publisher::Publisher;
use gantry_core::realm::Realm;
use gantry_core::resource::Resource;
use gantry_core::scope::Scope;
use gantry_core::signing_key::SigningKey;

use crate::database::Database;

/// A realm with everything that each of its requests needs.
#[derive(Debug, Clone)]
pub struct RealmSnapshot {
    /// The realm.
    pub realm: Realm,
    /// Its connections.
    pub connections: Vec<Connection>,
    /// Its APIs.
    pub resources: Vec<Resource>,
    /// Its own scopes; the standard ones are in `gantry_core::scope`.
    pub scopes: Vec<Scope>,
    /// Its keys, private parts opened.
    pub keys: Vec<SigningKey>,
}

/// A client with everything that each of its requests needs.
#[derive(Debug, Clone)]
pub struct ClientSnapshot {
    /// The client.
    pub client: Client,
    /// Its secrets.
    pub secrets: Vec<ClientSecret>,
    /// The team that owns it.
    pub publisher: Option<Publisher>,
}

/// The node's memory.
#[derive(Debug)]
pub struct Snapshots {
    database: Arc<Database>,
}

impl Snapshots {
    pub(crate) const fn new(database: Arc<Database>) -> Self {
        Self { database }
    }

    /// Drops what a commit of this node changed, before any other request can ask.
    pub(crate) fn forget(&self, changes: &[Change]) {
        crate::unfinished()
    }

    /// The realm with this id.
    pub async fn realm(&self, id: RealmId) -> Result<Option<Arc<RealmSnapshot>>, Fault> {
        crate::unfinished()
    }

    /// The realm with this slug. That there is none is remembered too, for a moment and bounded.
    pub async fn realm_by_slug(&self, slug: &str) -> Result<Option<Arc<RealmSnapshot>>, Fault> {
        crate::unfinished()
    }

    /// The realm that this host (`scheme://host[:port]`) names.
    pub async fn realm_by_host(&self, host: &str) -> Result<Option<Arc<RealmSnapshot>>, Fault> {
        crate::unfinished()
    }

    /// The client with this name on the wire.
    pub async fn client(&self, realm: RealmId, client_id: &str) -> Result<Option<Arc<ClientSnapshot>>, Fault> {
        crate::unfinished()
    }

    /// The client with this key.
    pub async fn client_by_key(&self, realm: RealmId, id: ClientId) -> Result<Option<Arc<ClientSnapshot>>, Fault> {
        crate::unfinished()
    }

    /// Reads the changes since the last poll and drops what they name. The `gantry` crate calls it every 250 ms.
    pub async fn poll(&self) -> Result<(), Fault> {
        crate::unfinished()
    }
}
