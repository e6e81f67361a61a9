//! Refresh with rotation on Postgres, against the commits a second of one comparable transaction.

use super::pgbench;
use super::plan::Plan;
use super::table::Row;
use crate::services::Services;
use crate::trouble::Trouble;

const WORK: &str = "refresh with rotation, Postgres";

/// The share of the yardstick that is the goal.
const GOAL_PERCENT: f64 = 70.0;

pub(super) fn measure(plan: &Plan<'_>, services: &Services) -> Result<Option<Row>, Trouble> {
    if !plan.wants(WORK) {
        return Ok(None);
    }
    pgbench::prepare(plan, services.postgres())?;
    plan.compare(WORK, GOAL_PERCENT, None, &|| pgbench::measure(plan, services.postgres())).map(Some)
}
