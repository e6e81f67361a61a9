//! Removes lines of the audit trail and figures that are older than the deployment keeps them.

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_identity::figures;
use gantry_store::Store;

use super::Next;

pub(super) const PERIOD: Duration = Duration::from_mins(10);
/// Rows of one batch: few enough that no statement holds others up.
const BATCH: u64 = 500;

/// Removes one batch. Lines are kept for good if no time is given.
pub async fn purge_history(store: &Store, keep: Option<Duration>, now: Timestamp) -> Result<Next, Fault> {
    let lines = keep.map(|keep| now.minus(keep));
    let removed = store.platform().purge_history(lines, now.minus(figures::KEPT), BATCH).await?;
    metrics::counter!("gantry_rows_purged_total").increment(removed);
    Ok(if removed >= BATCH { Next::Now } else { Next::Later })
}
