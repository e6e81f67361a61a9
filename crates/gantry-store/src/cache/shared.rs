//! The cache that nodes share: Redis, and this node's own memory while Redis is lost.
//!
//! Without Redis an entry reads as unknown and a write is forgotten. What this node counts it also
//! counts in its own memory, which goes on while Redis is lost, and what Redis missed is added to its
//! count afterwards: a limit is neither lifted nor begun anew because Redis was lost or slow (attack
//! catalogue BRU-14, F-15, F-16).

use std::time::Duration;

use async_trait::async_trait;
use gantry_core::failure::Fault;
use redis::Script;

use super::Cache;
use super::memory::MemoryCache;
use super::redis::{Lost, Redis};

/// Counting and the start of the window are one step, or a crash between them leaves a counter
/// that never ends.
const INCREMENT: &str = "
local count = redis.call('INCR', KEYS[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count";

/// Only what is there is counted back: `DECR` alone would start a counter without an end.
const DECREMENT: &str = "
local count = tonumber(redis.call('GET', KEYS[1]) or 0)
if count > 0 then redis.call('DECR', KEYS[1]) end
return 0";

/// Entries in Redis.
#[derive(Debug)]
pub(super) struct SharedCache {
    redis: Redis,
    increment: Script,
    decrement: Script,
    /// All that this node counted.
    own: MemoryCache,
    /// What of it Redis has not heard of.
    missed: MemoryCache,
}

impl SharedCache {
    /// A cache in this Redis.
    pub(super) fn new(redis: Redis) -> Self {
        Self {
            redis,
            increment: Script::new(INCREMENT),
            decrement: Script::new(DECREMENT),
            own: MemoryCache::new(),
            missed: MemoryCache::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn is_up(&self) -> bool {
        self.redis.is_up()
    }
}

fn millis(ttl: Duration) -> u64 {
    // Redis refuses a life of zero.
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).clamp(1, i64::MAX.unsigned_abs())
}

#[async_trait]
impl Cache for SharedCache {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        let command = redis::Cmd::get(self.redis.key(key));
        let answer = self.redis.run(async |connection| command.query_async(connection).await).await;
        Ok(answer.unwrap_or(None))
    }

    async fn put(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Result<(), Fault> {
        let command = redis::Cmd::pset_ex(self.redis.key(key), value, millis(ttl));
        let answer: Result<(), Lost> = self.redis.run(async |connection| command.query_async(connection).await).await;
        // An entry may be lost at any time; that it was lost at once is no news.
        answer.or(Ok(()))
    }

    async fn remove(&self, key: &str) -> Result<(), Fault> {
        let command = redis::Cmd::del(self.redis.key(key));
        let answer: Result<(), Lost> = self.redis.run(async |connection| command.query_async(connection).await).await;
        self.own.remove(key).await?;
        self.missed.remove(key).await?;
        answer.or(Ok(()))
    }

    async fn increment(&self, key: &str, ttl: Duration) -> Result<u64, Fault> {
        let own = self.own.count(key, ttl)?;
        let full = self.redis.key(key);
        let answer: Result<u64, Lost> =
            self.redis.run(async |connection| self.increment.key(&full).arg(millis(ttl)).invoke_async(connection).await).await;
        if let Ok(shared) = answer {
            return Ok(self.missed.counted(key)?.saturating_add(shared));
        }
        self.missed.count(key, ttl)?;
        Ok(own)
    }

    async fn decrement(&self, key: &str) -> Result<(), Fault> {
        let full = self.redis.key(key);
        let answer: Result<(), Lost> = self.redis.run(async |connection| self.decrement.key(&full).invoke_async(connection).await).await;
        self.own.count_back(key)?;
        answer.or_else(|Lost| self.missed.count_back(key))
    }
}
