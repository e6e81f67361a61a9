//! How much one connection may cost: requests in flight, parallel fetches of a tenant, a breaker.
//!
//! A provider that is slow or down takes no more than its share, and sign-ins through it fail at once until it
//! answers again (attack catalogue F-21, SSR-10). Knows nothing of what is asked.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::connection::Connection;
use gantry_core::id::{ConnectionId, TenantId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most requests in flight through one connection.
pub const MAX_IN_FLIGHT: usize = 32;
/// The most fetches of metadata and keys at once for the connections of one tenant.
pub const MAX_TENANT_FETCHES: usize = 8;
/// So many failures in a row open the breaker.
pub const MAX_FAILURES: u32 = 5;
/// So long an open breaker lets nothing through; then one request tries.
pub const OPEN_FOR: Duration = Duration::from_secs(10);
/// The most connections that are remembered.
const MAX_LANES: u64 = 10_000;

/// Why nothing may be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It failed several times in a row.
    #[error("the provider failed several times in a row and is asked again in a few seconds")]
    Open,
    /// Too much is in flight.
    #[error("too many requests to the provider are in flight")]
    Full,
}

/// What a request says about the health of whom it asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It answered.
    Good,
    /// It did not, or said itself that it is broken.
    Bad,
}

/// The budgets of all connections. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Budgets {
    clock: SharedClock,
    lanes: moka::sync::Cache<ConnectionId, Arc<Lane>>,
    tenants: moka::sync::Cache<TenantId, Arc<Semaphore>>,
}

#[derive(Debug)]
struct Lane {
    permits: Arc<Semaphore>,
    breaker: Mutex<Breaker>,
}

#[derive(Debug, Default)]
struct Breaker {
    failures: u32,
    opened_at: Option<Timestamp>,
    probing: bool,
}

/// Leave to ask once. Whoever drops it without a word has learned nothing about the provider.
#[derive(Debug)]
pub struct Leave {
    clock: SharedClock,
    lane: Arc<Lane>,
    /// Whether an open breaker waits for the outcome of this one.
    probes: bool,
    _permit: OwnedSemaphorePermit,
}

impl Budgets {
    /// Fresh budgets.
    pub fn new(clock: SharedClock) -> Self {
        Self { clock, lanes: moka::sync::Cache::new(MAX_LANES), tenants: moka::sync::Cache::new(MAX_LANES) }
    }

    /// Leave to ask once through this connection.
    pub fn enter(&self, connection: &Connection) -> Result<Leave, Refused> {
        let lane = self
            .lanes
            .get_with(connection.id, || Arc::new(Lane { permits: Arc::new(Semaphore::new(MAX_IN_FLIGHT)), breaker: Mutex::default() }));
        let permit = Arc::clone(&lane.permits).try_acquire_owned().or(Err(Refused::Full))?;
        let probes = lane.breaker().admit(self.clock.now())?;
        Ok(Leave { clock: Arc::clone(&self.clock), lane, probes, _permit: permit })
    }

    /// Leave to fetch metadata or keys, if the connection's owner has any left. The realm's own connections need none.
    pub fn fetch(&self, connection: &Connection) -> Result<Option<OwnedSemaphorePermit>, Refused> {
        let Some(tenant) = connection.owner else { return Ok(None) };
        let permits = self.tenants.get_with(tenant, || Arc::new(Semaphore::new(MAX_TENANT_FETCHES)));
        permits.try_acquire_owned().map(Some).or(Err(Refused::Full))
    }
}

impl Lane {
    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Breaker {
    /// Whether one may pass; true if it is the one that tries.
    fn admit(&mut self, now: Timestamp) -> Result<bool, Refused> {
        match self.opened_at {
            None => Ok(false),
            Some(at) if self.probing || now.since(at) < OPEN_FOR => Err(Refused::Open),
            Some(_) => {
                self.probing = true;
                Ok(true)
            }
        }
    }

    fn settle(&mut self, health: Health, probes: bool, now: Timestamp) {
        match health {
            Health::Good => *self = Self::default(),
            Health::Bad => {
                self.failures = self.failures.saturating_add(1);
                if probes || self.failures >= MAX_FAILURES {
                    self.opened_at = Some(now);
                }
                self.probing &= !probes;
            }
        }
    }
}

impl Leave {
    /// Says how it went.
    pub fn settle(mut self, health: Health) {
        let probes = std::mem::take(&mut self.probes);
        self.lane.breaker().settle(health, probes, self.clock.now());
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        if self.probes {
            self.lane.breaker().probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn f_21_a_breaker_opens_after_five_failures_and_lets_one_try() {
        let mut breaker = Breaker::default();
        for _ in 0..MAX_FAILURES {
            assert_eq!(breaker.admit(at(0)), Ok(false));
            breaker.settle(Health::Bad, false, at(0));
        }
        assert_eq!(breaker.admit(at(9)), Err(Refused::Open));
        assert_eq!(breaker.admit(at(10)), Ok(true));
        assert_eq!(breaker.admit(at(10)), Err(Refused::Open), "one at a time");
        breaker.settle(Health::Bad, true, at(11));
        assert_eq!(breaker.admit(at(20)), Err(Refused::Open), "it rests again");
        assert_eq!(breaker.admit(at(21)), Ok(true));
        breaker.settle(Health::Good, true, at(21));
        assert_eq!(breaker.admit(at(21)), Ok(false));
    }

    #[test]
    fn a_success_in_between_starts_the_count_anew() {
        let mut breaker = Breaker::default();
        for _ in 0..20 {
            breaker.settle(Health::Bad, false, at(0));
            breaker.settle(Health::Good, false, at(0));
        }
        assert_eq!(breaker.admit(at(0)), Ok(false));
    }
}
