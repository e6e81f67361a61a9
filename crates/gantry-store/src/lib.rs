//! Remembers: rows durably, cache entries forgettably.
//!
//! The only crate that knows a database. Everything about one realm goes through a [`RealmTx`],
//! which already holds the realm; the few queries without one are in [`platform`].

use std::sync::Arc;

use gantry_core::failure::{Failure, Fault};
use gantry_core::id::RealmId;

pub mod audit_sink;
pub mod cache;
pub mod platform;
pub mod rate_limit;
mod realm_tx;
pub mod record;
pub mod seal;
pub mod snapshot;

pub use realm_tx::RealmTx;

fn unfinished<T>() -> T {
    std::process::abort()
}

/// The database, the node's memory of it and the keys that seal it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {}

impl Store {
    /// Does work in one transaction on a realm. A refusal commits what it learned, a fault rolls back.
    pub async fn transact<T>(&self, realm: RealmId, work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>) -> Result<T, Failure> {
        unfinished()
    }

    /// A handle on a realm for reads that need no transaction.
    pub fn read(&self, realm: RealmId) -> RealmTx {
        unfinished()
    }

    /// The queries without a realm.
    pub const fn platform(&self) -> platform::Platform<'_> {
        platform::Platform(self)
    }

    /// What the node keeps in memory.
    pub fn snapshots(&self) -> &Arc<snapshot::Snapshots> {
        unfinished()
    }

    /// Seals and opens.
    pub fn sealer(&self) -> &seal::Sealer {
        unfinished()
    }

    /// Rate limits, shared between nodes where Redis is configured.
    pub fn limiter(&self) -> &rate_limit::RateLimiter {
        unfinished()
    }

    /// The forgettable store.
    pub fn cache(&self) -> &Arc<dyn cache::Cache> {
        unfinished()
    }
}
