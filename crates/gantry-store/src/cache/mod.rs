//! The forgettable store: losing all of it costs speed or a counter, never safety.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gantry_core::failure::Fault;

mod memory;
pub mod redis;
mod shared;

#[cfg(test)]
pub(crate) mod behaviour;

/// The Redis cache where there is a Redis, else the one of this process.
pub(crate) fn choose(redis: Option<redis::Redis>) -> Arc<dyn Cache> {
    match redis {
        Some(redis) => Arc::new(shared::SharedCache::new(redis)),
        None => Arc::new(memory::MemoryCache::new()),
    }
}

/// Entries that may be lost. In-process by default, Redis where nodes share counters.
///
/// Removal is best effort as well: while Redis is lost an entry may come back until its time is
/// up, so nothing belongs here that would do harm when stale.
#[async_trait]
pub trait Cache: Send + Sync + Debug {
    /// The entry, unless it is unknown, lost or expired.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Fault>;
    /// Writes an entry for at most `ttl`.
    async fn put(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Result<(), Fault>;
    /// Removes an entry.
    async fn remove(&self, key: &str) -> Result<(), Fault>;
    /// Counts up, atomically, and returns the count. The first count starts the window of `ttl`.
    async fn increment(&self, key: &str, ttl: Duration) -> Result<u64, Fault>;
    /// Takes one count back, atomically; never below zero, and never starts or prolongs a window.
    async fn decrement(&self, key: &str) -> Result<(), Fault>;
}
