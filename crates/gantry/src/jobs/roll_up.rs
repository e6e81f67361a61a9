//! Adds lines of the audit trail up to the figures that pages draw.
//!
//! Each line carries a mark until it is counted, so a line that was committed late counts late, and none counts
//! twice. Nodes may do this at the same time; they take different lines.

use std::time::Duration;

use gantry_core::failure::Fault;
use gantry_store::Store;

use super::Next;

pub(super) const PERIOD: Duration = Duration::from_secs(5);
/// Lines of one round.
const BATCH: u64 = 1000;

/// Counts one batch of lines.
pub async fn roll_up(store: &Store) -> Result<Next, Fault> {
    let counted = store.platform().roll_up_figures(BATCH).await?;
    metrics::counter!("gantry_audit_lines_counted_total").increment(counted);
    Ok(if counted >= BATCH { Next::Now } else { Next::Later })
}
