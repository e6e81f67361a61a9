//! Work that goes on beside requests: one supervised task for each job.
//!
//! A job is a function that does one round and can be called by itself. The supervisor calls it
//! again and again, survives its faults and panics, and ends it between two rounds when the server
//! stops. No job walks all realms; each asks the store for the few rows that are due.

use std::future::Future;
use std::time::Duration;

use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;
use gantry_store::Store;
use gantry_store::audit_sink::AuditQueue;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::telemetry;

mod audit_batch;
mod check_domains;
mod check_upstream;
mod deliver_mail;
mod poll_changes;
mod purge_expired;
mod purge_history;
mod roll_up;
mod rotate_keys;
mod watch_credentials;

pub use audit_batch::audit_batch;
pub use check_domains::{DomainChecker, check_domains};
pub use check_upstream::{Checker, check_upstream};
pub use deliver_mail::{PostOffice, deliver_mail};
pub use poll_changes::poll_changes;
pub use purge_expired::purge_expired;
pub use purge_history::purge_history;
pub use roll_up::roll_up;
pub use rotate_keys::rotate_keys;
pub use watch_credentials::watch_credentials;

/// How long a job that panicked rests.
const REST: Duration = Duration::from_secs(1);
/// How long the last lines of the audit trail may take once all requests are answered.
const LAST_LINES: Duration = Duration::from_secs(10);

/// What a round says about the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// There is more to do; go on at once.
    Now,
    /// All is done; wait as usual.
    Later,
}

/// The running jobs.
#[derive(Debug)]
pub struct Jobs {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    audit: JoinHandle<()>,
}

impl Jobs {
    /// Starts every job.
    pub fn start(
        store: &Store,
        clock: &SharedClock,
        (post, checker, domains): (PostOffice, Checker, DomainChecker),
        (audit, keep): (AuditQueue, Option<Duration>),
        figures: &PrometheusHandle,
    ) -> Self {
        let (stop, stopped) = watch::channel(false);
        let every = |name, period, round| supervise(name, period, &stopped, round);
        let timed = (store.clone(), clock.clone());
        let tasks = vec![
            every("poll_changes", poll_changes::PERIOD, with(store, |store| async move { poll_changes(&store).await })),
            every("listen_for_changes", poll_changes::PERIOD, with(store, |store| async move { listen(&store).await })),
            every("deliver_mail", deliver_mail::PERIOD, with(&post, |post| async move { deliver_mail(&post).await })),
            every(
                "tidy_figures",
                telemetry::UPKEEP,
                with(figures, |figures| async move {
                    figures.run_upkeep();
                    Ok(Next::Later)
                }),
            ),
            every("rotate_keys", rotate_keys::PERIOD, with(&timed, |(store, clock)| async move { rotate_keys(&store, clock.now()).await })),
            every("check_upstream", check_upstream::PERIOD, with(&checker, |checker| async move { check_upstream(&checker).await })),
            every("check_domains", check_domains::PERIOD, with(&domains, |domains| async move { check_domains(&domains).await })),
            every(
                "watch_credentials",
                watch_credentials::PERIOD,
                with(&timed, |(store, clock)| async move { watch_credentials(&store, clock.now()).await }),
            ),
            every(
                "purge_expired",
                purge_expired::PERIOD,
                with(&timed, |(store, clock)| async move { purge_expired(&store, clock.now()).await }),
            ),
            every("roll_up", roll_up::PERIOD, with(store, |store| async move { roll_up(&store).await })),
            every(
                "purge_history",
                purge_history::PERIOD,
                with(&timed, move |(store, clock)| async move { purge_history(&store, keep, clock.now()).await }),
            ),
        ];
        let audit = spawn(audit_batch(store.clone(), audit));
        Self { stop, tasks, audit }
    }

    /// Ends every job between two rounds. The audit trail is written to its end: it is over when
    /// nobody is left who could hand in a line, so whoever holds a sink must be gone.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::warn!(%error, "a job ended badly");
            }
        }
        if tokio::time::timeout(LAST_LINES, self.audit).await.is_err() {
            tracing::error!("the last lines of the audit trail could not be written");
        }
    }
}

type Round = Box<dyn Fn() -> std::pin::Pin<Box<dyn Future<Output = Result<Next, Fault>> + Send>> + Send + Sync>;

/// A job that needs this for each of its rounds.
fn with<S, F>(parts: &S, round: impl Fn(S) -> F + Send + Sync + 'static) -> Round
where
    S: Clone + Send + Sync + 'static,
    F: Future<Output = Result<Next, Fault>> + Send + 'static,
{
    let parts = parts.clone();
    boxed(move || round(parts.clone()))
}

async fn listen(store: &Store) -> Result<Next, Fault> {
    store.snapshots().listen().await;
    Ok(Next::Later)
}

fn boxed<F: Future<Output = Result<Next, Fault>> + Send + 'static>(round: impl Fn() -> F + Send + Sync + 'static) -> Round {
    Box::new(move || Box::pin(round()))
}

/// Runs rounds until the server stops.
fn supervise(name: &'static str, period: Duration, stopped: &watch::Receiver<bool>, round: Round) -> JoinHandle<()> {
    let mut stopped = stopped.clone();
    spawn(async move {
        loop {
            let wait = match spawn_round(&round, &mut stopped).await {
                None => return,
                Some(Ok(Ok(Next::Now))) => Duration::ZERO,
                Some(Ok(Ok(Next::Later))) => period,
                Some(Ok(Err(fault))) => {
                    metrics::counter!("gantry_job_faults_total", "job" => name).increment(1);
                    tracing::warn!(job = name, %fault, "a job failed and will be tried again");
                    period.max(REST)
                }
                Some(Err(error)) => {
                    metrics::counter!("gantry_job_faults_total", "job" => name).increment(1);
                    tracing::error!(job = name, %error, "a job panicked and will be tried again");
                    period.max(REST)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = stopped.changed() => return,
            }
        }
    })
}

/// One round, in a task of its own so that its panic ends nothing else. `None`: the server stopped
/// and the round was given up; what it had begun rolls back, and what it leased comes due again.
async fn spawn_round(round: &Round, stopped: &mut watch::Receiver<bool>) -> Option<Result<Result<Next, Fault>, tokio::task::JoinError>> {
    let mut task = spawn(round());
    tokio::select! {
        ended = &mut task => return Some(ended),
        _ = stopped.changed() => {}
    }
    // What is under way may finish, since a mail that has left should be noted as sent.
    if tokio::time::timeout(GRACE, &mut task).await.is_err() {
        task.abort();
    }
    None
}

/// How long a round may go on once the server stops.
const GRACE: Duration = Duration::from_secs(2);

#[expect(clippy::disallowed_methods, reason = "the one place that starts background work; each task is awaited when the server stops")]
pub(crate) fn spawn<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    tokio::spawn(work)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn counting(what: impl Fn(u32) -> Result<Next, Fault> + Send + Sync + 'static) -> (Round, Arc<AtomicU32>) {
        let (count, what) = (Arc::new(AtomicU32::new(0)), Arc::new(what));
        let counter = Arc::clone(&count);
        let round = boxed(move || {
            let (counter, what) = (Arc::clone(&counter), Arc::clone(&what));
            async move { what(counter.fetch_add(1, Ordering::SeqCst)) }
        });
        (round, count)
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_outlives_faults_and_panics_and_ends_when_told() {
        let (stop, stopped) = watch::channel(false);
        let (round, count) = counting(|n| match n {
            0 => Err(Fault::new("away")),
            1 => panic!("a mistake"),
            2..=4 => Ok(Next::Now),
            _ => Ok(Next::Later),
        });
        let task = supervise("test", Duration::from_mins(1), &stopped, round);
        tokio::time::sleep(Duration::from_secs(60 * 2 + 30)).await;
        assert_eq!(count.load(Ordering::SeqCst), 6, "a fault and a panic wait a period each, then four at once");
        stop.send_replace(true);
        task.await.unwrap();
    }
}
