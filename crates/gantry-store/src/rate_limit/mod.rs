//! Rate limits: so many events in a period for a key, smoothly refilled.
//!
//! The generic cell rate algorithm, once in this process (`local`) and once as a Redis script
//! (`shared`). Never lifts a limit because something broke: without Redis it counts in-process.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::cache::redis::{Lost, Redis};

mod local;
mod shared;

#[cfg(test)]
mod behaviour;

/// Longer keys are replaced by their digest, so that no caller can fill the memory with one.
const LONGEST_KEY: usize = 128;

/// So many in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many at once.
    pub burst: u32,
    /// How long until all of them are back.
    pub period: Duration,
}

impl Quota {
    /// How long until one is back.
    fn interval(self) -> Duration {
        self.period.checked_div(self.burst).unwrap_or(self.period)
    }
}

/// The limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limited {
    /// When one more is possible.
    pub retry_after: Duration,
}

/// Counts events. In-process by default; by one Redis script where nodes share limits. When Redis
/// is lost it falls back to counting in-process: a limit is never lifted by a fault.
#[derive(Debug)]
pub struct RateLimiter {
    local: local::LocalLimiter,
    shared: Option<shared::SharedLimiter>,
}

impl RateLimiter {
    /// Limits that all nodes on this Redis share; without one, limits of this process alone.
    pub(crate) fn new(redis: Option<&Redis>) -> Self {
        Self { local: local::LocalLimiter::new(), shared: redis.cloned().map(shared::SharedLimiter::new) }
    }

    /// Counts one event for the key, or says when to come back.
    pub async fn check(&self, key: &str, quota: Quota) -> Result<(), Limited> {
        if quota.burst == 0 {
            return Err(Limited { retry_after: quota.period });
        }
        let short;
        let key = if key.len() > LONGEST_KEY {
            short = URL_SAFE_NO_PAD.encode(digest(&SHA256, key.as_bytes()));
            &short
        } else {
            key
        };
        let shared = match &self.shared {
            Some(shared) => shared.check(key, quota).await,
            None => Err(Lost),
        };
        shared.unwrap_or_else(|Lost| self.local.check(key, quota))
    }
}
