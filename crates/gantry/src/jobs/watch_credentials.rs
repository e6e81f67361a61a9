//! Tells people before the secret or certificate of a connection ends.
//!
//! By the index on the end, a few at a time; each connection once for each threshold, whichever node comes first.

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Fault};
use gantry_identity::credential_expiry;
use gantry_store::Store;

use super::Next;

pub(super) const PERIOD: Duration = Duration::from_hours(1);
/// Connections of one round and threshold.
const BATCH: u64 = 50;

/// Tells of one batch for each threshold, the nearest first: whoever was told that it is a day is not told of the month.
pub async fn watch_credentials(store: &Store, now: Timestamp) -> Result<Next, Fault> {
    let (mut told, mut most) = (0, 0);
    for ahead in credential_expiry::THRESHOLDS {
        let ending = store.platform().expiring_connections(now, ahead, BATCH).await?;
        most = most.max(ending.len());
        for connection in ending {
            match credential_expiry::tell(store, &connection, ahead, now).await {
                Ok(first) => told += usize::from(first),
                // One realm's trouble is not the others'.
                Err(Failure::Broken(fault)) => tracing::error!(connection = %connection.id, %fault, "nobody could be told of a credential"),
                Err(Failure::Refused(_)) => {}
            }
        }
    }
    let more = u64::try_from(most).is_ok_and(|most| most >= BATCH) && told > 0;
    Ok(if more { Next::Now } else { Next::Later })
}
