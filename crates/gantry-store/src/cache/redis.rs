//! The connection to Redis and its breaker.
//!
//! A command waits 50 ms at most. The first that fails opens the breaker: the connection is
//! dropped (after a silent loss the old one would hang for minutes in TCP's retransmissions) and
//! every caller is told at once that Redis is lost. One task of this module connects anew and
//! closes the breaker when Redis answers. Never decides what a caller does without Redis.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use gantry_core::failure::Fault;
use gantry_core::secret::Secret;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult};
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

/// The longest that a request waits for Redis (attack catalogue F-16).
const COMMAND_TIMEOUT: Duration = Duration::from_millis(50);
/// The longest that connecting may take; no request waits for it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Redis did not answer; do without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

/// The way to Redis, which cache, rate limits and change notices share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Redis(Arc<Link>);

#[derive(Debug)]
struct Link {
    client: Client,
    prefix: String,
    /// The runtime that owns the connection, so that it outlives the web worker that asked for it.
    runtime: Handle,
    connection: ArcSwapOption<MultiplexedConnection>,
    connecting: AtomicBool,
}

impl Redis {
    /// Prepares the way and gives Redis a second to answer. Not reaching it is no fault: the
    /// breaker starts open and closes when Redis is there.
    pub async fn open(url: &Secret, prefix: &str) -> Result<Self, Fault> {
        // The driver's error may repeat the URL, and with it the password.
        let client = Client::open(url.expose()).or(Err(Fault::new("the Redis URL must be `redis://…` or `rediss://…`")))?;
        let link = Self(Arc::new(Link {
            client,
            prefix: prefix.to_owned(),
            runtime: Handle::current(),
            connection: ArcSwapOption::empty(),
            connecting: AtomicBool::new(false),
        }));
        if timeout(CONNECT_TIMEOUT, link.0.connect()).await != Ok(true) {
            tracing::warn!("Redis does not answer; going on without it until it does");
            link.reconnect();
        }
        Ok(link)
    }

    /// The full name of a key.
    pub fn key(&self, key: &str) -> String {
        format!("{}{key}", self.0.prefix)
    }

    /// Whether Redis answered last.
    pub fn is_up(&self) -> bool {
        self.0.connection.load().is_some()
    }

    /// A client for connections of one's own, such as a subscription.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    /// Runs commands within the time limit.
    pub async fn run<T>(&self, work: impl AsyncFnOnce(&mut MultiplexedConnection) -> RedisResult<T>) -> Result<T, Lost> {
        let current = self.0.connection.load_full().ok_or(Lost)?;
        let mut connection = MultiplexedConnection::clone(&current);
        let cause = match timeout(COMMAND_TIMEOUT, work(&mut connection)).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error.to_string(),
            Err(elapsed) => elapsed.to_string(),
        };
        self.lose(&current, &cause);
        Err(Lost)
    }

    /// Opens the breaker, unless a fresh connection has replaced the failed one meanwhile.
    fn lose(&self, failed: &Arc<MultiplexedConnection>, cause: &str) {
        let before = self.0.connection.compare_and_swap(&Some(Arc::clone(failed)), None);
        if before.as_ref().is_some_and(|before| Arc::ptr_eq(before, failed)) {
            tracing::warn!(cause, "Redis is lost; going on without it");
            self.reconnect();
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the breaker's own task, one at a time; it ends when Redis answers or the link is dropped"
    )]
    fn reconnect(&self) {
        if self.0.connecting.swap(true, Ordering::SeqCst) {
            return;
        }
        let link = Arc::downgrade(&self.0);
        let _guard = self.0.runtime.enter();
        tokio::spawn(async move {
            let mut pause = FIRST_PAUSE;
            loop {
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                let Some(link) = link.upgrade() else { return };
                if timeout(CONNECT_TIMEOUT, link.connect()).await == Ok(true) {
                    tracing::info!("Redis answers again");
                    link.connecting.store(false, Ordering::SeqCst);
                    return;
                }
            }
        });
    }
}

impl Link {
    /// Makes a connection and keeps it if Redis answers on it in time.
    async fn connect(&self) -> bool {
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_TIMEOUT)).set_response_timeout(Some(CONNECT_TIMEOUT));
        let Ok(mut connection) = self.client.get_multiplexed_async_connection_with_config(&config).await else { return false };
        let answers =
            timeout(COMMAND_TIMEOUT, redis::cmd("PING").query_async::<()>(&mut connection)).await.is_ok_and(|answer| answer.is_ok());
        if answers {
            self.connection.store(Some(Arc::new(connection)));
        }
        answers
    }
}
