//! What Postgres commits a second when nobody is in front of it: `pgbench` with one transaction like a rotation's.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::plan::{CONNECTIONS, Plan};
use super::sample::Sample;
use crate::services::Postgres;
use crate::trouble::Trouble;

const DATABASE: &str = "yardstick";

/// Makes the yardstick's own database.
pub(super) fn prepare(plan: &Plan<'_>, postgres: &Postgres) -> Result<(), Trouble> {
    postgres.create_database(DATABASE)?;
    let mut psql = postgres.client("psql");
    psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-d", DATABASE, "-f"]).arg(plan.data("refresh_schema.sql"));
    let output = psql.output().map_err(Trouble::during("psql"))?;
    if output.status.success() { Ok(()) } else { Err(Trouble::failed(String::from_utf8_lossy(&output.stderr).trim())) }
}

/// Commits as fast as Postgres does, for the plan's time.
pub(super) fn measure(plan: &Plan<'_>, postgres: &Postgres) -> Result<Sample, Trouble> {
    let folder = TempDir::with_prefix("gantry-pgbench-").map_err(Trouble::during("making a folder for pgbench"))?;
    let mut pgbench = postgres.client("pgbench");
    pgbench.args(["-n", "-M", "prepared", "-l", "-c", &CONNECTIONS.to_string(), "-j", &plan.workers.to_string()]);
    pgbench.args(["-T", &plan.seconds.to_string(), "-f"]).arg(plan.data("refresh.sql")).arg(DATABASE);
    let output = pgbench.current_dir(folder.path()).output().map_err(Trouble::during("pgbench"))?;
    if !output.status.success() {
        return Err(Trouble::failed(format!("pgbench: {}", String::from_utf8_lossy(&output.stderr).trim())));
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let per_second = said
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok())
        .ok_or_else(|| Trouble::failed(format!("pgbench told no rate:\n{said}")))?;
    let latencies = latencies(folder.path())?;
    Ok(Sample { per_second, p50_ms: percentile(&latencies, 50), p99_ms: percentile(&latencies, 99) })
}

/// The third column of pgbench's logs is a transaction's time in microseconds. Sorted.
fn latencies(folder: &Path) -> Result<Vec<u32>, Trouble> {
    let mut latencies = Vec::new();
    for entry in fs::read_dir(folder).map_err(Trouble::during("reading pgbench's logs"))?.flatten() {
        let text = fs::read_to_string(entry.path()).map_err(Trouble::during("reading pgbench's logs"))?;
        latencies.extend(text.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<u32>().ok()));
    }
    latencies.sort_unstable();
    Ok(latencies)
}

fn percentile(sorted: &[u32], of_hundred: usize) -> f64 {
    let index = (sorted.len() * of_hundred / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).map_or(0.0, |microseconds| f64::from(*microseconds) / 1000.0)
}
