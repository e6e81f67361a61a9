//! The cache of one node: bounded, in-process, forgotten on restart.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use gantry_core::failure::Fault;
use moka::Expiry;
use moka::ops::compute::{CompResult, Op};
use moka::policy::EvictionPolicy;
use moka::sync::Cache as Entries;

use super::Cache;

/// What all entries together may weigh, in bytes of keys and values.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// What an entry weighs beside its bytes, roughly.
const OVERHEAD: usize = 128;

/// Entries in this process.
#[derive(Debug)]
pub(super) struct MemoryCache {
    entries: Entries<String, Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    value: Vec<u8>,
    expires: Instant,
}

impl Entry {
    fn new(value: Vec<u8>, ttl: Duration) -> Self {
        let now = Instant::now();
        Self { value, expires: now.checked_add(ttl).unwrap_or(now) }
    }

    fn is_live(&self) -> bool {
        self.expires > Instant::now()
    }
}

/// An entry says itself when it expires: counting up must not move the end of the window.
struct OwnExpiry;

impl Expiry<String, Entry> for OwnExpiry {
    fn expire_after_create(&self, _: &String, entry: &Entry, now: Instant) -> Option<Duration> {
        Some(entry.expires.saturating_duration_since(now))
    }

    fn expire_after_update(&self, _: &String, entry: &Entry, now: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(entry.expires.saturating_duration_since(now))
    }
}

impl MemoryCache {
    /// An empty cache of the usual size.
    pub(super) fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    fn with_capacity(bytes: u64) -> Self {
        let entries = Entries::builder()
            .max_capacity(bytes)
            .weigher(|key: &String, entry: &Entry| u32::try_from(key.len() + entry.value.len() + OVERHEAD).unwrap_or(u32::MAX))
            // Not the default policy: it may refuse a new entry, and a counter that is refused each
            // time never counts beyond one.
            .eviction_policy(EvictionPolicy::lru())
            .expire_after(OwnExpiry)
            .build();
        Self { entries }
    }

    /// Counts up without waiting for anything: see [`Cache::increment`].
    pub(super) fn count(&self, key: &str, ttl: Duration) -> Result<u64, Fault> {
        let result = self.entries.entry_by_ref(key).and_try_compute_with(|entry| {
            let next = match entry.map(moka::Entry::into_value).filter(Entry::is_live) {
                None => Entry::new(b"1".to_vec(), ttl),
                Some(Entry { value, expires }) => Entry { value: text(number(&value)?.saturating_add(1)), expires },
            };
            Ok::<_, Fault>(Op::Put(next))
        })?;
        match result {
            CompResult::Inserted(entry) | CompResult::ReplacedWith(entry) | CompResult::Unchanged(entry) => {
                number(&entry.into_value().value)
            }
            CompResult::Removed(_) | CompResult::StillNone(_) => Err(not_a_counter()),
        }
    }

    /// How far a counter has come; nothing counted is zero.
    pub(super) fn counted(&self, key: &str) -> Result<u64, Fault> {
        self.entries.get(key).filter(Entry::is_live).map_or(Ok(0), |entry| number(&entry.value))
    }

    /// Takes one count back: see [`Cache::decrement`].
    pub(super) fn count_back(&self, key: &str) -> Result<(), Fault> {
        self.entries.entry_by_ref(key).and_try_compute_with(|entry| match entry.map(moka::Entry::into_value).filter(Entry::is_live) {
            None => Ok::<_, Fault>(Op::Nop),
            Some(Entry { value, expires }) => Ok(Op::Put(Entry { value: text(number(&value)?.saturating_sub(1)), expires })),
        })?;
        Ok(())
    }
}

fn number(value: &[u8]) -> Result<u64, Fault> {
    std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()).ok_or_else(not_a_counter)
}

fn text(number: u64) -> Vec<u8> {
    number.to_string().into_bytes()
}

fn not_a_counter() -> Fault {
    Fault::new("a cache entry that is no counter was counted up")
}

#[async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.entries.get(key).filter(Entry::is_live).map(|entry| entry.value))
    }

    async fn put(&self, key: &str, value: Vec<u8>, ttl: Duration) -> Result<(), Fault> {
        self.entries.insert(key.to_owned(), Entry::new(value, ttl));
        Ok(())
    }

    async fn remove(&self, key: &str) -> Result<(), Fault> {
        self.entries.invalidate(key);
        Ok(())
    }

    async fn increment(&self, key: &str, ttl: Duration) -> Result<u64, Fault> {
        self.count(key, ttl)
    }

    async fn decrement(&self, key: &str) -> Result<(), Fault> {
        self.count_back(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_flood_of_keys_stays_within_the_bound_and_a_new_counter_counts() {
        let cache = MemoryCache::with_capacity(64 * 1024);
        for n in 0..10_000 {
            cache.count(&format!("flood:{n}"), Duration::from_mins(1)).unwrap();
        }
        cache.entries.run_pending_tasks();
        assert!(cache.entries.weighted_size() <= 64 * 1024);
        for expected in 1..=20 {
            assert_eq!(cache.count("late", Duration::from_mins(1)).unwrap(), expected);
        }
    }
}
