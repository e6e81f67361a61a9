//! The only queries without a realm: finding one, the work that spans all, and housekeeping.

use std::sync::Arc;

use gantry_core::change::Change;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{OutboxId, RealmId};
use gantry_core::outbox::OutboxMessage;
use gantry_core::realm::Realm;

use crate::database::Database;

/// The unscoped queries.
#[derive(Debug)]
pub struct Platform<'s>(pub(crate) &'s Arc<Database>);

impl Platform<'_> {
    /// The realm with this slug.
    pub async fn realm_by_slug(&self, slug: &str) -> Result<Option<Realm>, Fault> {
        crate::unfinished()
    }

    /// The realm that one of its hosts (`scheme://host[:port]`) names.
    pub async fn realm_by_host(&self, host: &str) -> Result<Option<Realm>, Fault> {
        crate::unfinished()
    }

    /// Realms in order of slug after `after`, at most `limit`.
    pub async fn list_realms(&self, after: Option<&str>, limit: u64) -> Result<Vec<Realm>, Fault> {
        crate::unfinished()
    }

    /// Leases up to `limit` due messages to this caller for a minute, so that no two nodes send the same one.
    pub async fn lease_due_mail(&self, now: Timestamp, limit: u64) -> Result<Vec<OutboxMessage>, Fault> {
        crate::unfinished()
    }

    /// Notes that a message left.
    pub async fn mail_sent(&self, id: OutboxId, now: Timestamp) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Notes that a message did not leave; `retry_at` is none when it was the last try.
    pub async fn mail_failed(&self, id: OutboxId, error: &str, retry_at: Option<Timestamp>) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Realms that have an active signing key older than `activated_before`, at most `limit`.
    pub async fn realms_with_aged_keys(&self, activated_before: Timestamp, limit: u64) -> Result<Vec<RealmId>, Fault> {
        crate::unfinished()
    }

    /// Removes rows that can matter to nobody any more, in bounded batches, by indexes on time; returns how many.
    pub async fn purge_expired(&self, now: Timestamp, limit: u64) -> Result<u64, Fault> {
        crate::unfinished()
    }

    /// What was committed after the change with this number, in order; 0 for all that is still known.
    ///
    /// Numbers are given out under a lock that each commit holds to its end, so they become visible
    /// in their order and a reader that saw one has seen all before it. Rows are kept for ten
    /// minutes: whoever has not asked for so long must forget everything.
    pub async fn changes_since(&self, number: i64) -> Result<Vec<(i64, Change)>, Fault> {
        crate::unfinished()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        crate::unfinished()
    }
}
