//! Limits that all nodes on one Redis share: one script for each check, on Redis's own clock.

use std::time::Duration;

use redis::Script;

use super::{Limited, Quota};
use crate::cache::redis::{Lost, Redis};

/// Keeps, in microseconds, the instant when the key's quota will be whole again. Answers how long
/// to wait, 0 for not at all.
const CHECK: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, period = tonumber(ARGV[1]), tonumber(ARGV[2])
local whole_again = tonumber(redis.call('GET', KEYS[1]) or 0) or 0
if whole_again < now then whole_again = now end
local after = whole_again + interval
local wait = after - now - period
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return 0";

#[derive(Debug)]
pub(super) struct SharedLimiter {
    redis: Redis,
    check: Script,
}

impl SharedLimiter {
    pub(super) fn new(redis: Redis) -> Self {
        Self { redis, check: Script::new(CHECK) }
    }

    pub(super) async fn check(&self, key: &str, quota: Quota) -> Result<Result<(), Limited>, Lost> {
        let key = self.redis.key(&format!("limit:{key}"));
        let interval = micros(quota.interval()).max(1);
        // Rounding the interval up must not make the last of the burst wait.
        let period = interval.saturating_mul(u64::from(quota.burst));
        let wait: u64 =
            self.redis.run(async |connection| self.check.key(&key).arg(interval).arg(period).invoke_async(connection).await).await?;
        Ok(if wait == 0 { Ok(()) } else { Err(Limited { retry_after: Duration::from_micros(wait) }) })
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
