//! Asks providers whether the accounts behind sessions still stand, where a connection wants that.
//!
//! Walks nothing: each round leases the few sessions that are due, by an index on time. An account that is gone ends its
//! session and what is bound to it; a provider that cannot be asked ends nothing.

use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use gantry_connect::connector::Connectors;
use gantry_core::address::PublicUrl;
use gantry_core::clock::SharedClock;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{RealmId, SessionId};
use gantry_identity::upstream_sessions;
use gantry_store::Store;
use gantry_web::paths;

use super::Next;

pub(super) const PERIOD: Duration = Duration::from_secs(15);
/// Sessions of one round.
const BATCH: u64 = 50;
/// Providers asked at once.
const AT_ONCE: usize = 8;

/// What the job needs.
#[derive(Debug, Clone)]
pub struct Checker {
    /// Rows.
    pub store: Store,
    /// Asks providers.
    pub connectors: Connectors,
    /// Where realms live, for callbacks.
    pub public_url: PublicUrl,
    /// The time.
    pub clock: SharedClock,
}

/// Asks about one batch of sessions.
pub async fn check_upstream(checker: &Checker) -> Result<Next, Fault> {
    let due = checker.store.platform().lease_due_checks(checker.clock.now(), BATCH).await?;
    let count = due.len();
    stream::iter(due)
        .for_each_concurrent(AT_ONCE, async |(realm, session)| {
            // One session's trouble is not the others'; its lease runs out and it is asked about again.
            if let Err(failure) = check(checker, realm, session).await {
                tracing::warn!(%realm, %session, %failure, "a session's provider could not be asked");
            }
        })
        .await;
    Ok(if u64::try_from(count).is_ok_and(|count| count >= BATCH) { Next::Now } else { Next::Later })
}

async fn check(checker: &Checker, realm: RealmId, session: SessionId) -> Result<(), Failure> {
    let Checker { store, connectors, public_url, clock } = checker;
    let Some(snapshot) = store.snapshots().realm(realm).await? else { return Ok(()) };
    let address = public_url.address_of(&snapshot.realm);
    let callback =
        |connection: &gantry_core::connection::Connection| address.url(&paths::CONNECTION_CALLBACK.replace("{slug}", &connection.slug));
    upstream_sessions::check(store, connectors, (realm, session), callback, clock.now()).await
}
