//! Removes rows that can matter to nobody any more.

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_store::Store;

use super::Next;

pub(super) const PERIOD: Duration = Duration::from_mins(1);
/// Rows of one batch: few enough that no statement holds others up.
const BATCH: u64 = 500;

/// Removes one batch.
pub async fn purge_expired(store: &Store, now: Timestamp) -> Result<Next, Fault> {
    let removed = store.platform().purge_expired(now, BATCH).await?;
    metrics::counter!("gantry_rows_purged_total").increment(removed);
    Ok(if removed >= BATCH { Next::Now } else { Next::Later })
}
