//! The cache that nodes share: Redis, and this node's own memory while Redis is lost.
//!
//! Without Redis an entry reads as unknown, a write is forgotten, and counters go on counting in
//! this process: a limit is never lifted by a fault (attack catalogue F-15, F-16).

use std::time::Duration;

use async_trait::async_trait;
use gantry_core::failure::Fault;
use redis::Script;

use super::memory::MemoryCache;
use super::redis_link::{Lost, RedisLink};
use super::Cache;

/// Counting and the start of the window are one step, or a crash between them leaves a counter
/// that never ends.
const INCREMENT: &str = "
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count";

/// Entries in Redis.
#[derive(Debug)]
pub struct RedisCache {
    link: RedisLink,
    increment: Script,
    fallback: MemoryCache,
}

impl RedisCache {
    /// A cache at the end of a link.
    pub fn new(link: RedisLink) -> Self {
        Self { link, increment: Script::new(INCREMENT), fallback: MemoryCache::new() }
    }

    #[cfg(test)]
    pub(super) fn link_is_up(&self) -> bool {
        self.link.is_up()
    }
}

fn millis(ttl: Duration) -> u64 {
    // Redis refuses a life of zero.
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).clamp(1, i64::MAX.unsigned_abs())
}

#[async_trait]
impl Cache for RedisCache {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        let command = redis::Cmd::get(self.link.key(key));
        let answer = self.link.run(async |connection| command.query_async(connection).await).await;
        Ok(answer.unwrap_or(None))
    }

    async fn put(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Result<(), Fault> {
        let command = redis::Cmd::pset_ex(self.link.key(key), value, millis(ttl));
        let answer: Result<(), Lost> = self.link.run(async |connection| command.query_async(connection).await).await;
        // An entry may be lost at any time; that it was lost at once is no news.
        answer.or(Ok(()))
    }

    async fn remove(&self, key: &str) -> Result<(), Fault> {
        let command = redis::Cmd::del(self.link.key(key));
        let answer: Result<(), Lost> = self.link.run(async |connection| command.query_async(connection).await).await;
        answer.or(Ok(()))
    }

    async fn increment(&self, key: &str, ttl: Duration) -> Result<u64, Fault> {
        let full = self.link.key(key);
        let answer = self
            .link
            .run(async |connection| self.increment.key(&full).arg(millis(ttl)).invoke_async(connection).await)
            .await;
        answer.or_else(|Lost| self.fallback.count(key, ttl))
    }
}
