//! Which uses of credentials are noted: each credential's once an hour, after the answer.
//!
//! A note is a help for people and worth no wait: never a write on the hot path, and dropped where
//! the database lags. Never decides anything.

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::id::RealmId;
use gantry_store::audit_sink::{AuditSink, UsedCredential};

/// How long one credential's use is not noted again.
const INTERVAL: Duration = Duration::from_hours(1);
/// The most credentials that are remembered.
const MAX_CREDENTIALS: u64 = 100_000;

/// Notes uses. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct UseLog {
    sink: AuditSink,
    noted: moka::sync::Cache<UsedCredential, ()>,
}

impl UseLog {
    /// A log that writes there.
    pub(crate) fn new(sink: AuditSink) -> Self {
        Self { sink, noted: moka::sync::Cache::builder().max_capacity(MAX_CREDENTIALS).time_to_live(INTERVAL).build() }
    }

    /// Notes a use, unless one was noted within the hour.
    pub(crate) fn note(&self, realm: RealmId, credential: UsedCredential, last: Option<Timestamp>, now: Timestamp) {
        let recently = last.is_some_and(|at| now.since(at) < INTERVAL);
        if recently || self.noted.contains_key(&credential) {
            return;
        }
        self.noted.insert(credential, ());
        self.sink.used(realm, credential, now);
    }
}
