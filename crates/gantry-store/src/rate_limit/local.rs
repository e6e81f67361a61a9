//! Limits of one process, in bounded memory.
//!
//! For each key one instant is kept: when its quota will be whole again. Keys whose instant has
//! passed are as good as unknown and are dropped when room is needed. When a flood of keys leaves
//! no room, further keys share a few instants: strangers may then limit each other, but nobody is
//! without a limit.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Limited, Quota};

const SHARDS: usize = 16;
const KEYS_PER_SHARD: usize = 8192;
const SHARED_PER_SHARD: u64 = 256;
/// Looking for room walks a whole shard, so not for every key of a flood.
const LEAST_BETWEEN_SWEEPS: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(super) struct LocalLimiter {
    /// Keys are kept as hashes under a secret of this process, so that none can be chosen to collide.
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
}

#[derive(Debug)]
struct Shard {
    whole_again: HashMap<u64, Instant>,
    swept: Option<Instant>,
}

impl LocalLimiter {
    pub(super) fn new() -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::new(Shard { whole_again: HashMap::new(), swept: None })).collect();
        Self { hasher: RandomState::new(), shards }
    }

    pub(super) fn check(&self, key: &str, quota: Quota) -> Result<(), Limited> {
        let hash = self.hasher.hash_one(key);
        let index = usize::try_from(hash >> 32).unwrap_or_default() % SHARDS;
        let Some(shard) = self.shards.get(index) else { return Err(Limited { retry_after: quota.period }) };
        // A shard is whole after every statement, so one that a panic poisoned is as good as any.
        shard.lock().unwrap_or_else(PoisonError::into_inner).check(hash, quota, Instant::now())
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap().whole_again.len()).sum()
    }
}

impl Shard {
    fn check(&mut self, hash: u64, quota: Quota, now: Instant) -> Result<(), Limited> {
        let slot = self.slot_of(hash, now);
        let whole_again = self.whole_again.get(&slot).copied().map_or(now, |instant| instant.max(now));
        let next = whole_again + quota.interval();
        let wait = next.saturating_duration_since(now).saturating_sub(quota.period);
        if !wait.is_zero() {
            return Err(Limited { retry_after: wait });
        }
        self.whole_again.insert(slot, next);
        Ok(())
    }

    /// Where a key's instant is: at its hash while there is room, else among the shared ones,
    /// which are the smallest numbers.
    fn slot_of(&mut self, hash: u64, now: Instant) -> u64 {
        if self.whole_again.len() < KEYS_PER_SHARD || self.whole_again.contains_key(&hash) {
            return hash;
        }
        if self.swept.is_none_or(|swept| now.saturating_duration_since(swept) >= LEAST_BETWEEN_SWEEPS) {
            self.swept = Some(now);
            self.whole_again.retain(|_, instant| *instant > now);
        }
        if self.whole_again.len() < KEYS_PER_SHARD { hash } else { hash % SHARED_PER_SHARD }
    }
}
