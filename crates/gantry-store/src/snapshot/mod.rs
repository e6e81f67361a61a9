//! What a node keeps in memory of realms and clients, so that the hot path asks no database.
//!
//! Bounded, loaded once per key however many ask (single flight), and dropped when a `change` row
//! names it. A node that has not polled for a second polls before it answers (architecture
//! §14.11), so that losing every notice costs time and never shows what is gone. Never decides
//! anything from what it holds.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use gantry_core::change::Change;
use gantry_core::client::{Client, ClientSecret};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, RealmId};
use gantry_core::publisher::Publisher;
use gantry_core::realm::Realm;
use gantry_core::resource::Resource;
use gantry_core::scope::Scope;
use gantry_core::signing_key::SigningKey;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::cache::redis::Redis;
use crate::database::Database;
use crate::platform::Platform;

mod marks;
mod memory;
mod notice;

use marks::{Marks, Subject};
use memory::{Loading, Memory};

/// How old the last poll may be for what is remembered to count.
const FRESHNESS: Duration = Duration::from_secs(1);
/// How long a poll may take; a request that needs one waits no longer.
const PATIENCE: Duration = Duration::from_secs(1);
/// Change rows are kept for ten minutes. Who has slept for longer than this may have missed some.
const LONGEST_SLEEP: Duration = Duration::from_mins(5);
const REALMS: u64 = 2_000;
const CLIENTS: u64 = 20_000;
/// No name of a realm, host or client is longer; longer ones are not asked for.
const LONGEST_NAME: usize = 255;

/// A realm with everything that each of its requests needs.
#[derive(Debug, Clone)]
pub struct RealmSnapshot {
    /// The realm.
    pub realm: Realm,
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

/// What names a realm from outside.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum RealmName {
    Slug(String),
    Host(String),
}

/// The node's memory.
#[derive(Debug)]
pub struct Snapshots {
    database: Arc<Database>,
    redis: Option<Redis>,
    marks: Marks,
    realm_names: Memory<RealmName, RealmId>,
    realms: Memory<RealmId, Arc<RealmSnapshot>>,
    client_names: Memory<(RealmId, String), ClientId>,
    clients: Memory<(RealmId, ClientId), Arc<ClientSnapshot>>,
    polled: RwLock<Option<Instant>>,
    progress: Mutex<Progress>,
}

/// How far the polls have come.
#[derive(Debug, Default)]
struct Progress {
    last_change: i64,
    at: Option<Timestamp>,
    failed: Option<Instant>,
}

impl Snapshots {
    pub(crate) fn new(database: Arc<Database>, redis: Option<Redis>) -> Self {
        Self {
            database,
            redis,
            marks: Marks::new(),
            realm_names: Memory::new(REALMS * 4),
            realms: Memory::new(REALMS),
            client_names: Memory::new(CLIENTS * 2),
            clients: Memory::new(CLIENTS),
            polled: RwLock::new(None),
            progress: Mutex::default(),
        }
    }

    /// The realm with this id.
    pub async fn realm(&self, id: RealmId) -> Result<Option<Arc<RealmSnapshot>>, Fault> {
        self.keep_up().await?;
        let is_good = |_: Option<&Arc<RealmSnapshot>>, count| self.marks.unchanged(Subject::Realm(id), count);
        self.realms.get(&id, &self.marks, is_good, || Box::pin(self.load_realm(id))).await
    }

    /// The realm with this slug. That there is none is remembered too, for a moment and bounded.
    pub async fn realm_by_slug(&self, slug: &str) -> Result<Option<Arc<RealmSnapshot>>, Fault> {
        self.realm_by_name(slug, RealmName::Slug, |snapshot| snapshot.realm.slug == slug).await
    }

    /// The realm that this host (`scheme://host[:port]`) names.
    pub async fn realm_by_host(&self, host: &str) -> Result<Option<Arc<RealmSnapshot>>, Fault> {
        self.realm_by_name(host, RealmName::Host, |snapshot| snapshot.realm.hosts.iter().any(|one| one == host)).await
    }

    /// The client with this name on the wire.
    pub async fn client(&self, realm: RealmId, client_id: &str) -> Result<Option<Arc<ClientSnapshot>>, Fault> {
        if client_id.len() > LONGEST_NAME {
            return Ok(None);
        }
        self.keep_up().await?;
        // A name on the wire stays with its client for ever; only that there is none may change.
        let is_good = |id: Option<&ClientId>, count| id.is_some() || self.marks.unchanged(Subject::ClientsOf(realm), count);
        let load = || Box::pin(self.load_client_id(realm, client_id)) as Loading<'_, ClientId>;
        match self.client_names.get(&(realm, client_id.to_owned()), &self.marks, is_good, load).await? {
            Some(id) => self.client_by_key(realm, id).await,
            None => Ok(None),
        }
    }

    /// The client with this key.
    pub async fn client_by_key(&self, realm: RealmId, id: ClientId) -> Result<Option<Arc<ClientSnapshot>>, Fault> {
        self.keep_up().await?;
        let is_good = |_: Option<&Arc<ClientSnapshot>>, count| self.marks.unchanged(Subject::Client(id), count);
        self.clients.get(&(realm, id), &self.marks, is_good, || Box::pin(self.load_client(realm, id))).await
    }

    /// Reads the changes since the last poll and drops what they name. The `gantry` crate calls it every 250 ms.
    pub async fn poll(&self) -> Result<(), Fault> {
        self.poll_with(&mut *self.progress.lock().await).await
    }

    /// How long ago the last poll began; none before the first.
    pub fn polled(&self) -> Option<Duration> {
        self.polled.read().unwrap_or_else(PoisonError::into_inner).map(|at| at.elapsed())
    }

    /// Drops what a commit of this node changed, before any other request can ask, and gives the
    /// other nodes a hint to poll.
    pub(crate) async fn forget(&self, changes: &[Change]) {
        for change in changes {
            self.marks.note(*change);
        }
        if !changes.is_empty() {
            self.announce().await;
        }
    }

    /// Makes sure that what is remembered is from within the last second.
    async fn keep_up(&self) -> Result<(), Fault> {
        let is_current = || self.polled().is_some_and(|ago| ago < FRESHNESS);
        if is_current() {
            return Ok(());
        }
        let asked = Instant::now();
        let mut progress = self.progress.lock().await;
        // Whoever held the lock meanwhile polled for all who waited, or failed for all: one after
        // the other they would wait longer the more they are.
        if is_current() {
            return Ok(());
        }
        if progress.failed.is_some_and(|failed| failed >= asked) {
            return Err(Fault::new("could not find out what changed").unavailable());
        }
        self.poll_with(&mut progress).await
    }

    async fn poll_with(&self, progress: &mut Progress) -> Result<(), Fault> {
        let (began, now) = (Instant::now(), self.database.clock.now());
        if progress.at.is_some_and(|at| now.since(at) > LONGEST_SLEEP) {
            self.marks.note_everything();
        }
        let asked = timeout(PATIENCE, Platform(&self.database).changes_since(progress.last_change)).await;
        let changes = match asked {
            Ok(Ok(changes)) => changes,
            Ok(Err(fault)) => {
                progress.failed = Some(Instant::now());
                return Err(fault);
            }
            Err(elapsed) => {
                progress.failed = Some(Instant::now());
                return Err(Fault::caused("could not find out in time what changed", elapsed).unavailable());
            }
        };
        for (number, change) in changes {
            self.marks.note(change);
            progress.last_change = progress.last_change.max(number);
        }
        progress.at = Some(now);
        *self.polled.write().unwrap_or_else(PoisonError::into_inner) = Some(began);
        Ok(())
    }

    async fn realm_by_name(
        &self,
        name: &str,
        kind: fn(String) -> RealmName,
        still_named: impl Fn(&RealmSnapshot) -> bool,
    ) -> Result<Option<Arc<RealmSnapshot>>, Fault> {
        if name.len() > LONGEST_NAME {
            return Ok(None);
        }
        self.keep_up().await?;
        let key = kind(name.to_owned());
        let good_id = |id: Option<&RealmId>, count| id.is_some() || self.marks.unchanged(Subject::AllRealms, count);
        let Some(id) = self.realm_names.get(&key, &self.marks, good_id, || Box::pin(self.load_realm_id(&key))).await? else {
            return Ok(None);
        };
        if let Some(snapshot) = self.realm(id).await?.filter(|snapshot| still_named(snapshot)) {
            return Ok(Some(snapshot));
        }
        // The name has moved on to another realm, or to none.
        let unchanged = |_: Option<&RealmId>, count| self.marks.unchanged(Subject::AllRealms, count);
        match self.realm_names.get(&key, &self.marks, unchanged, || Box::pin(self.load_realm_id(&key))).await? {
            Some(id) => Ok(self.realm(id).await?.filter(|snapshot| still_named(snapshot))),
            None => Ok(None),
        }
    }

    async fn load_realm_id(&self, name: &RealmName) -> Result<Option<RealmId>, Fault> {
        let platform = Platform(&self.database);
        let realm = match name {
            RealmName::Slug(slug) => platform.realm_by_slug(slug).await?,
            RealmName::Host(host) => platform.realm_by_host(host).await?,
        };
        Ok(realm.map(|realm| realm.id))
    }

    async fn load_client_id(&self, realm: RealmId, client_id: &str) -> Result<Option<ClientId>, Fault> {
        Ok(self.database.read(realm).clients().find_by_client_id(client_id).await?.map(|client| client.id))
    }

    async fn load_realm(&self, id: RealmId) -> Result<Option<Arc<RealmSnapshot>>, Fault> {
        let rows = self.database.read(id);
        let Some(realm) = rows.realms().find().await? else { return Ok(None) };
        Ok(Some(Arc::new(RealmSnapshot {
            realm,
            resources: rows.resources().list().await?,
            scopes: rows.scopes().list().await?,
            keys: rows.signing_keys().list().await?,
        })))
    }

    async fn load_client(&self, realm: RealmId, id: ClientId) -> Result<Option<Arc<ClientSnapshot>>, Fault> {
        let rows = self.database.read(realm);
        let Some(client) = rows.clients().find(id).await? else { return Ok(None) };
        let publisher = match client.publisher_id {
            Some(publisher) => rows.publishers().find(publisher).await?,
            None => None,
        };
        Ok(Some(Arc::new(ClientSnapshot { secrets: rows.client_secrets().list(id).await?, client, publisher })))
    }
}
