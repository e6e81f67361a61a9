//! Rate limits: so many events in a period for a key, smoothly refilled.

use std::time::Duration;

use crate::cache::redis::Redis;

/// So many in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many at once.
    pub burst: u32,
    /// How long until all of them are back.
    pub period: Duration,
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
pub struct RateLimiter {}

impl RateLimiter {
    pub(crate) const fn new(redis: Option<&Redis>) -> Self {
        Self {}
    }

    /// Counts one event for the key, or says when to come back.
    pub async fn check(&self, key: &str, quota: Quota) -> Result<(), Limited> {
        crate::unfinished()
    }
}
