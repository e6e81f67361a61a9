//! Remembers: rows durably, cache entries forgettably.
//!
//! The only crate that knows a database. Everything about one realm goes through a [`RealmTx`],
//! which already holds the realm; the few queries without one are in [`platform`].

use std::sync::Arc;

use gantry_core::audit::Origin;
use gantry_core::clock::SharedClock;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::RealmId;
use gantry_core::secret::Secret;

pub mod audit_sink;
pub mod cache;
mod database;
mod entity;
pub mod platform;
mod pool;
mod purge;
pub mod rate_limit;
mod realm_tx;
pub mod record;
pub mod seal;
pub mod snapshot;
mod statement;

pub use realm_tx::RealmTx;

use cache::redis::Redis;
use database::Database;

/// Where the rows are.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `sqlite://path` or `postgres://…`; hidden, since it may hold a password.
    pub database_url: Secret,
    /// The most connections to hold: all of Postgres', or SQLite's readers (its writer is one more).
    pub max_connections: u32,
}

/// The database, the node's memory of it and the keys that seal it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    database: Arc<Database>,
    snapshots: Arc<snapshot::Snapshots>,
    limiter: Arc<rate_limit::RateLimiter>,
    cache: Arc<dyn cache::Cache>,
}

impl Store {
    /// Opens a database whose schema is up to date; `gantry_migrations` makes it so. What may be
    /// lost is kept in Redis where one is given, else in this process.
    pub async fn open(settings: &StoreSettings, sealer: seal::Sealer, clock: SharedClock, redis: Option<Redis>) -> Result<Self, Fault> {
        let database = Arc::new(Database::open(settings, sealer, clock).await?);
        Ok(Self {
            snapshots: Arc::new(snapshot::Snapshots::new(Arc::clone(&database), redis.clone())),
            limiter: Arc::new(rate_limit::RateLimiter::new(redis.as_ref())),
            cache: cache::choose(redis),
            database,
        })
    }

    /// Does work in one transaction on a realm. A refusal commits what it learned, a fault rolls back.
    pub async fn transact<T>(&self, realm: RealmId, work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>) -> Result<T, Failure> {
        let tx = self.database.begin(realm).await?;
        self.carry_out(tx, work, |outcome| matches!(outcome, Err(Failure::Broken(_)))).await
    }

    /// The same for a request: each line of the audit trail that is written meanwhile says where it came from.
    pub async fn transact_from<T>(
        &self,
        realm: RealmId,
        origin: &Origin,
        work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let tx = self.database.begin(realm).await?.from(origin);
        self.carry_out(tx, work, |outcome| matches!(outcome, Err(Failure::Broken(_)))).await
    }

    /// The same for one act upon many things: where one of them is refused, nothing is done to the others either.
    pub async fn transact_whole_from<T>(
        &self,
        realm: RealmId,
        origin: &Origin,
        work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let tx = self.database.begin(realm).await?.from(origin);
        self.carry_out(tx, work, Result::is_err).await
    }

    async fn carry_out<T>(
        &self,
        tx: RealmTx,
        work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>,
        undoes: impl FnOnce(&Result<T, Failure>) -> bool,
    ) -> Result<T, Failure> {
        let outcome = work(&tx).await;
        if undoes(&outcome) {
            tx.roll_back().await;
            return outcome;
        }
        let changes = tx.commit().await?;
        // This node sees its own changes at once; the others when they poll.
        self.snapshots.forget(&changes).await;
        outcome
    }

    /// A handle on a realm for reads that need no transaction.
    pub fn read(&self, realm: RealmId) -> RealmTx {
        self.database.read(realm)
    }

    /// The queries without a realm.
    pub fn platform(&self) -> platform::Platform<'_> {
        platform::Platform(&self.database)
    }

    /// What the node keeps in memory.
    pub const fn snapshots(&self) -> &Arc<snapshot::Snapshots> {
        &self.snapshots
    }

    /// Closes the database once running work is done. Every later use is a fault.
    pub async fn close(&self) -> Result<(), Fault> {
        self.database.pools.close().await
    }

    /// Seals and opens.
    pub fn sealer(&self) -> &seal::Sealer {
        &self.database.sealer
    }

    /// Rate limits, shared between nodes where Redis is configured.
    pub fn limiter(&self) -> &rate_limit::RateLimiter {
        &self.limiter
    }

    /// The forgettable store.
    pub const fn cache(&self) -> &Arc<dyn cache::Cache> {
        &self.cache
    }
}
