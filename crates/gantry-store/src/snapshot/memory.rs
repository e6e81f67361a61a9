//! A bounded memory of loaded values: one load for each key however many ask, and never a value
//! that a change has spoilt.

use std::hash::Hash;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gantry_core::failure::Fault;
use moka::Expiry;
use moka::future::Cache;

use super::marks::Marks;

/// How often a value may be spoilt while it is loaded before its asker goes past the memory.
const ATTEMPTS: usize = 3;
/// Nothing is kept longer, so that nothing forgotten by everybody fills the memory.
const LONGEST: Duration = Duration::from_hours(1);
/// That something is not there is kept for a moment only: anybody can ask for what is not there.
const ABSENT: Duration = Duration::from_secs(5);

/// A load under way. Boxed, so that what waits for it can move between threads; a hit makes none.
pub(super) type Loading<'l, V> = Pin<Box<dyn Future<Output = Result<Option<V>, Fault>> + Send + 'l>>;

/// What was loaded, if it was there, and the count when its load began.
#[derive(Debug)]
struct Loaded<V> {
    value: Option<V>,
    count: u64,
}

#[derive(Debug)]
pub(super) struct Memory<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static> {
    entries: Cache<K, Arc<Loaded<V>>>,
}

struct ByPresence;

impl<K, V> Expiry<K, Arc<Loaded<V>>> for ByPresence {
    fn expire_after_create(&self, _: &K, loaded: &Arc<Loaded<V>>, _: Instant) -> Option<Duration> {
        Some(if loaded.value.is_some() { LONGEST } else { ABSENT })
    }

    fn expire_after_update(&self, key: &K, loaded: &Arc<Loaded<V>>, now: Instant, _: Option<Duration>) -> Option<Duration> {
        self.expire_after_create(key, loaded, now)
    }
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static, V: Clone + Send + Sync + 'static> Memory<K, V> {
    pub(super) fn new(entries: u64) -> Self {
        Self { entries: Cache::builder().max_capacity(entries).expire_after(ByPresence).build() }
    }

    /// The value, from memory if it is there and `is_good` says so of it and the count of its load.
    pub(super) async fn get<'l>(
        &self,
        key: &K,
        marks: &Marks,
        is_good: impl Fn(Option<&V>, u64) -> bool,
        load: impl Fn() -> Loading<'l, V>,
    ) -> Result<Option<V>, Fault> {
        for _ in 0..ATTEMPTS {
            if let Some(loaded) = self.entries.get(key).await {
                if is_good(loaded.value.as_ref(), loaded.count) {
                    return Ok(loaded.value.clone());
                }
                self.entries.invalidate(key).await;
            }
            let loading = async {
                let count = marks.count();
                Ok::<_, Fault>(Arc::new(Loaded { value: load().await?, count }))
            };
            // The load may be another asker's that began before a change, so it is judged as well.
            let loaded = self.entries.try_get_with_by_ref(key, loading).await.map_err(|fault| repeat(&fault))?;
            if is_good(loaded.value.as_ref(), loaded.count) {
                return Ok(loaded.value.clone());
            }
        }
        load().await
    }
}

/// The same fault for every asker of one load.
fn repeat(fault: &Fault) -> Fault {
    let same = Fault::new(fault.to_string());
    if fault.is_unavailable() { same.unavailable() } else { same }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use gantry_core::change::Change;
    use gantry_core::id::RealmId;

    use super::super::marks::Subject;
    use super::*;

    struct Probe {
        memory: Memory<RealmId, u32>,
        marks: Marks,
        loads: AtomicU32,
        realm: RealmId,
    }

    impl Probe {
        fn new() -> Self {
            Self { memory: Memory::new(100), marks: Marks::new(), loads: AtomicU32::new(0), realm: RealmId::new() }
        }

        async fn get<'l, F>(&self, during: impl Fn(u32) -> F) -> Result<Option<u32>, Fault>
        where
            F: Future<Output = Result<Option<u32>, Fault>> + Send + 'l,
        {
            let is_good = |_: Option<&u32>, count| self.marks.unchanged(Subject::Realm(self.realm), count);
            self.memory.get(&self.realm, &self.marks, is_good, || Box::pin(during(self.loads.fetch_add(1, Ordering::SeqCst)))).await
        }
    }

    async fn slowly(n: u32) -> Result<Option<u32>, Fault> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(Some(n))
    }

    /// Attack catalogue RES-04.
    #[tokio::test]
    async fn many_askers_make_one_load() {
        let probe = Probe::new();
        let answers = futures_util::future::join_all((0..100).map(|_| probe.get(slowly))).await;
        assert!(answers.into_iter().all(|answer| answer.unwrap() == Some(0)));
        assert_eq!(probe.loads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_change_spoils_what_is_remembered() {
        let probe = Probe::new();
        assert_eq!(probe.get(slowly).await.unwrap(), Some(0));
        assert_eq!(probe.get(slowly).await.unwrap(), Some(0));
        probe.marks.note(Change::Realm(probe.realm));
        assert_eq!(probe.get(slowly).await.unwrap(), Some(1));
        assert_eq!(probe.get(slowly).await.unwrap(), Some(1));
    }

    #[tokio::test]
    async fn a_change_in_the_middle_of_a_load_is_not_missed() {
        let probe = Probe::new();
        let answer = probe
            .get(|n| {
                if n == 0 {
                    probe.marks.note(Change::Realm(probe.realm));
                }
                async move { Ok(Some(n)) }
            })
            .await;
        assert_eq!(answer.unwrap(), Some(1));
    }

    #[tokio::test]
    async fn changes_without_end_do_not_hang_an_asker() {
        let probe = Probe::new();
        let answer = probe
            .get(|n| {
                probe.marks.note(Change::Realm(probe.realm));
                async move { Ok(Some(n)) }
            })
            .await;
        assert!(answer.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_fault_is_told_and_not_remembered() {
        let probe = Probe::new();
        let fault = probe.get(|_| async { Err(Fault::new("the database is away").unavailable()) }).await.unwrap_err();
        assert!(fault.is_unavailable());
        assert_eq!(probe.get(slowly).await.unwrap(), Some(1));
    }
}
