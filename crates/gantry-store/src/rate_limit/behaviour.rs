//! What every limiter does, run over each way of counting; and that none is ever without a limit.

use std::time::Duration;

use super::{Quota, RateLimiter, local::LocalLimiter};
use crate::cache::behaviour::{dead_redis, test_redis};

const THREE: Quota = Quota { burst: 3, period: Duration::from_mins(1) };

async fn every_limiter() -> Vec<RateLimiter> {
    let mut limiters = vec![RateLimiter::new(None), RateLimiter::new(Some(&dead_redis().await))];
    limiters.extend(test_redis().await.map(|redis| RateLimiter::new(Some(&redis))));
    limiters
}

#[tokio::test]
async fn a_burst_passes_and_the_next_waits_for_one_to_come_back() {
    for limiter in every_limiter().await {
        for _ in 0..3 {
            limiter.check("a", THREE).await.unwrap();
        }
        let limited = limiter.check("a", THREE).await.unwrap_err();
        assert!((Duration::from_secs(15)..=Duration::from_secs(20)).contains(&limited.retry_after), "{limited:?}");
        limiter.check("b", THREE).await.unwrap();
    }
}

#[tokio::test]
async fn waiting_as_told_is_enough() {
    let quota = Quota { burst: 2, period: Duration::from_millis(400) };
    for limiter in every_limiter().await {
        limiter.check("a", quota).await.unwrap();
        limiter.check("a", quota).await.unwrap();
        let limited = limiter.check("a", quota).await.unwrap_err();
        tokio::time::sleep(limited.retry_after + Duration::from_millis(5)).await;
        limiter.check("a", quota).await.unwrap();
        limiter.check("a", quota).await.unwrap_err();
    }
}

#[tokio::test]
async fn of_many_at_once_exactly_the_burst_passes() {
    for limiter in every_limiter().await {
        let checks = futures_util::future::join_all((0..100).map(|_| limiter.check("a", Quota { burst: 7, ..THREE }))).await;
        assert_eq!(checks.iter().filter(|check| check.is_ok()).count(), 7);
    }
}

#[tokio::test]
async fn a_quota_of_nothing_lets_nothing_pass() {
    for limiter in every_limiter().await {
        limiter.check("a", Quota { burst: 0, ..THREE }).await.unwrap_err();
    }
}

#[tokio::test]
async fn long_keys_are_told_apart() {
    for limiter in every_limiter().await {
        let (one, other) = ("x".repeat(100_000), "x".repeat(100_001));
        limiter.check(&one, Quota { burst: 1, ..THREE }).await.unwrap();
        limiter.check(&one, Quota { burst: 1, ..THREE }).await.unwrap_err();
        limiter.check(&other, Quota { burst: 1, ..THREE }).await.unwrap();
    }
}

/// Attack catalogue BRU-14 and INP-09: bounded, and limits hold in the flood and after it.
#[test]
fn a_flood_of_keys_is_bounded_and_lifts_no_limit() {
    let limiter = LocalLimiter::new();
    let one = Quota { burst: 1, period: Duration::from_mins(1) };
    limiter.check("victim", one).unwrap();
    for n in 0..400_000 {
        let _ = limiter.check(&format!("flood {n}"), one);
    }
    assert!(limiter.len() <= 16 * (8192 + 256), "{}", limiter.len());
    limiter.check("victim", one).unwrap_err();
    let passed = (0..10_000).filter(|n| limiter.check(&format!("late {n}"), one).is_ok()).count();
    assert_eq!(passed, 0, "the shared instants are used up");
}
