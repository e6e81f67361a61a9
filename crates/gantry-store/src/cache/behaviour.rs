//! What every cache does, run over each implementation; and what becomes of it when Redis is lost.

use std::sync::Arc;
use std::time::Duration;

use gantry_core::secret::Secret;

use super::Cache;
use super::memory::MemoryCache;
use super::redis::Redis;
use super::shared::SharedCache;

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(60);

/// The Redis of the tests, if there is one, with a prefix that no other test has.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where Redis is")]
pub(crate) async fn test_redis() -> Option<Redis> {
    let url = std::env::var("GANTRY_TEST_REDIS_URL").ok()?;
    let prefix = format!("test:{}:", gantry_core::id::RealmId::new());
    Some(Redis::open(&Secret::new(url), &prefix).await.unwrap())
}

/// A Redis that nobody answers for.
pub(crate) async fn dead_redis() -> Redis {
    Redis::open(&Secret::new("redis://127.0.0.1:1/"), "test:").await.unwrap()
}

async fn every_cache() -> Vec<Arc<dyn Cache>> {
    let mut caches: Vec<Arc<dyn Cache>> = vec![Arc::new(MemoryCache::new())];
    caches.extend(test_redis().await.map(|redis| Arc::new(SharedCache::new(redis)) as Arc<dyn Cache>));
    caches
}

#[tokio::test]
async fn an_entry_is_there_until_removed() {
    for cache in every_cache().await {
        assert_eq!(cache.get("a").await.unwrap(), None);
        cache.put("a", b"one".to_vec(), LONG).await.unwrap();
        cache.put("b", b"other".to_vec(), LONG).await.unwrap();
        cache.put("a", b"two".to_vec(), LONG).await.unwrap();
        assert_eq!(cache.get("a").await.unwrap().as_deref(), Some(&b"two"[..]));
        cache.remove("a").await.unwrap();
        cache.remove("never was").await.unwrap();
        assert_eq!(cache.get("a").await.unwrap(), None);
        assert_eq!(cache.get("b").await.unwrap().as_deref(), Some(&b"other"[..]));
    }
}

#[tokio::test]
async fn an_entry_expires() {
    for cache in every_cache().await {
        cache.put("a", b"one".to_vec(), SHORT).await.unwrap();
        cache.put("gone at once", b"one".to_vec(), Duration::ZERO).await.unwrap();
        assert!(cache.get("a").await.unwrap().is_some());
        tokio::time::sleep(SHORT * 2).await;
        assert_eq!(cache.get("a").await.unwrap(), None);
        assert_eq!(cache.get("gone at once").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_counter_counts_every_one_of_many_at_once() {
    for cache in every_cache().await {
        let counts = futures_util::future::join_all((0..200).map(|_| cache.increment("n", LONG))).await;
        let mut counts: Vec<u64> = counts.into_iter().map(Result::unwrap).collect();
        counts.sort_unstable();
        assert_eq!(counts, (1..=200).collect::<Vec<u64>>());
    }
}

#[tokio::test]
async fn counting_does_not_move_the_end_of_the_window() {
    for cache in every_cache().await {
        let window = Duration::from_millis(300);
        assert_eq!(cache.increment("n", window).await.unwrap(), 1);
        tokio::time::sleep(window * 2 / 3).await;
        assert_eq!(cache.increment("n", window).await.unwrap(), 2);
        tokio::time::sleep(window * 2 / 3).await;
        assert_eq!(cache.increment("n", window).await.unwrap(), 1, "a new window");
    }
}

#[tokio::test]
async fn a_count_is_taken_back_down_to_zero_and_within_its_window() {
    for cache in every_cache().await {
        let window = Duration::from_millis(300);
        cache.decrement("n").await.unwrap();
        assert_eq!(cache.get("n").await.unwrap(), None);
        cache.increment("n", window).await.unwrap();
        for _ in 0..3 {
            cache.decrement("n").await.unwrap();
        }
        assert_eq!(cache.increment("n", LONG).await.unwrap(), 1);
        tokio::time::sleep(window + SHORT).await;
        assert_eq!(cache.get("n").await.unwrap(), None, "the first window has ended");
    }
}

#[tokio::test]
async fn without_redis_everything_works_and_counters_count() {
    let cache = SharedCache::new(dead_redis().await);
    let start = std::time::Instant::now();
    for expected in 1..=50 {
        cache.put("a", b"one".to_vec(), LONG).await.unwrap();
        assert_eq!(cache.get("a").await.unwrap(), None);
        cache.remove("a").await.unwrap();
        assert_eq!(cache.increment("n", LONG).await.unwrap(), expected);
    }
    assert!(start.elapsed() < Duration::from_millis(500), "the breaker is open, so nothing waits");
}

/// Redis that takes connections and then says nothing: what a dropped network looks like.
#[tokio::test]
async fn a_silent_redis_costs_one_time_out() {
    let Some(url) = silenced_redis().await else { return };
    let cache = SharedCache::new(Redis::open(&Secret::new(url.address()), "test:").await.unwrap());
    assert_eq!(cache.increment(&url.key, LONG).await.unwrap(), 1);
    url.silence();
    let start = std::time::Instant::now();
    for expected in 2..=101 {
        assert_eq!(cache.increment(&url.key, LONG).await.unwrap(), expected, "counted in-process, from where it stood");
    }
    let waited = start.elapsed();
    assert!((Duration::from_millis(45)..Duration::from_millis(500)).contains(&waited), "{waited:?}");
    url.speak();
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if cache.is_up() {
            assert_eq!(cache.increment(&url.key, LONG).await.unwrap(), 102, "what Redis missed is not forgotten");
            return;
        }
    }
    panic!("the breaker never closed");
}

/// A way to the tests' Redis that can be cut without anybody hearing of it.
struct Silencer {
    port: u16,
    key: String,
    open: tokio::sync::watch::Sender<bool>,
}

impl Silencer {
    fn address(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    fn silence(&self) {
        self.open.send_replace(false);
    }

    fn speak(&self) {
        self.open.send_replace(true);
    }
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where Redis is, and this one has a proxy beside it")]
async fn silenced_redis() -> Option<Silencer> {
    let target = std::env::var("GANTRY_TEST_REDIS_URL").ok()?;
    let authority = target.split("://").nth(1)?.split('/').next()?.to_owned();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (open, listening) = tokio::sync::watch::channel(true);
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let (authority, mut open) = (authority.clone(), listening.clone());
            tokio::spawn(async move {
                let far = tokio::net::TcpStream::connect(&authority).await.unwrap();
                let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
                let mut also_open = open.clone();
                let there = async { pass(&mut near_in, &mut far_out, &mut open).await };
                let back = async { pass(&mut far_in, &mut near_out, &mut also_open).await };
                tokio::join!(there, back);
            });
        }
    });
    Some(Silencer { port, key: format!("test:{}", gantry_core::id::RealmId::new()), open })
}

async fn pass(
    from: &mut tokio::net::tcp::OwnedReadHalf,
    to: &mut tokio::net::tcp::OwnedWriteHalf,
    open: &mut tokio::sync::watch::Receiver<bool>,
) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        // What arrives while the way is cut never arrives.
        if !*open.borrow_and_update() {
            continue;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
