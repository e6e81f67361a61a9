//! What lines are about, by the names that admins know. What is gone has no name any more.

use std::collections::BTreeMap;

use gantry_core::audit::AuditEntry;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, ConnectionId, TenantId, UserId};
use gantry_store::RealmTx;

/// A line with the names of what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line.
    pub entry: AuditEntry,
    /// The person's address.
    pub person: Option<String>,
    /// The app's name.
    pub client: Option<String>,
    /// The tenant's `org_id` and name.
    pub tenant: Option<(String, String)>,
    /// The record concerned, where it is none of those.
    pub target: Option<Target>,
}

/// The record that a line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A person, by their address.
    Person(UserId, String),
    /// An app, by its name.
    Client(ClientId, String),
    /// A tenant, by its `org_id` and name.
    Tenant(String, String),
    /// A way to sign in, by its slug and name.
    Connection(String, String),
    /// Anything else, or something that is gone: its id.
    Other(String),
}

/// Looks each thing up once, however many lines name it.
#[derive(Default)]
struct Names {
    people: BTreeMap<UserId, Option<String>>,
    clients: BTreeMap<ClientId, Option<String>>,
    tenants: BTreeMap<TenantId, Option<(String, String)>>,
    connections: BTreeMap<ConnectionId, Option<(String, String)>>,
}

pub(super) async fn named(tx: &RealmTx, entries: Vec<AuditEntry>) -> Result<Vec<Line>, Fault> {
    let mut names = Names::default();
    let mut lines = Vec::with_capacity(entries.len());
    for entry in entries {
        let person = match entry.user_id {
            Some(id) => names.person(tx, id).await?,
            None => None,
        };
        let client = match entry.client_id {
            Some(id) => names.client(tx, id).await?,
            None => None,
        };
        let tenant = match entry.tenant_id {
            Some(id) => names.tenant(tx, id).await?,
            None => None,
        };
        let target = match &entry.target {
            Some(text) => Some(names.target(tx, text).await?),
            None => None,
        };
        lines.push(Line { entry, person, client, tenant, target });
    }
    Ok(lines)
}

impl Names {
    async fn person(&mut self, tx: &RealmTx, id: UserId) -> Result<Option<String>, Fault> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let name = tx.users().find(id).await?.map(|user| user.email.to_string());
        self.people.insert(id, name.clone());
        Ok(name)
    }

    async fn client(&mut self, tx: &RealmTx, id: ClientId) -> Result<Option<String>, Fault> {
        if let Some(known) = self.clients.get(&id) {
            return Ok(known.clone());
        }
        let name = tx.clients().find(id).await?.map(|client| client.name);
        self.clients.insert(id, name.clone());
        Ok(name)
    }

    async fn tenant(&mut self, tx: &RealmTx, id: TenantId) -> Result<Option<(String, String)>, Fault> {
        if let Some(known) = self.tenants.get(&id) {
            return Ok(known.clone());
        }
        let name = tx.tenants().find(id).await?.map(|tenant| (tenant.org_id, tenant.name));
        self.tenants.insert(id, name.clone());
        Ok(name)
    }

    async fn connection(&mut self, tx: &RealmTx, id: ConnectionId) -> Result<Option<(String, String)>, Fault> {
        if let Some(known) = self.connections.get(&id) {
            return Ok(known.clone());
        }
        let name = tx.connections().find(id).await?.map(|connection| (connection.slug, connection.name));
        self.connections.insert(id, name.clone());
        Ok(name)
    }

    async fn target(&mut self, tx: &RealmTx, text: &str) -> Result<Target, Fault> {
        let found = if let Ok(id) = text.parse::<UserId>() {
            self.person(tx, id).await?.map(|email| Target::Person(id, email))
        } else if let Ok(id) = text.parse::<ClientId>() {
            self.client(tx, id).await?.map(|name| Target::Client(id, name))
        } else if let Ok(id) = text.parse::<TenantId>() {
            self.tenant(tx, id).await?.map(|(org_id, name)| Target::Tenant(org_id, name))
        } else if let Ok(id) = text.parse::<ConnectionId>() {
            self.connection(tx, id).await?.map(|(slug, name)| Target::Connection(slug, name))
        } else {
            None
        };
        Ok(found.unwrap_or_else(|| Target::Other(text.to_owned())))
    }
}
