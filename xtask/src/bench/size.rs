//! What the console's pages and the admin API's lists cost where there are many tenants, apps and people.
//!
//! Owns running the package `gantry-size`; filling and asking are its own.

use std::fs;

use serde::Deserialize;
use tempfile::TempDir;

use super::plan::Plan;
use super::server::Backend;
use super::table::{Latency, Row};
use crate::master_key;
use crate::services::free_port;
use crate::task;
use crate::trouble::Trouble;

/// A line that `gantry-size` prints.
#[derive(Deserialize)]
struct Line {
    work: String,
    p50_ms: f64,
    p99_ms: f64,
    small_p99_ms: f64,
    most_ms: f64,
}

/// A tenth of everything, for a run that only shows that it works.
const QUICK: [&str; 8] = ["--tenants", "1000", "--clients", "10000", "--users", "100000", "--samples", "50"];

/// Fills a server and asks it. Takes minutes: a million people are written one by one.
pub(super) fn measure(plan: &Plan<'_>, backend: Backend<'_>) -> Result<Vec<Row>, Trouble> {
    if plan.server.is_none() || !plan.wants("size") {
        return Ok(Vec::new());
    }
    let folder = TempDir::with_prefix("gantry-bench-").map_err(Trouble::during("making a folder for the server"))?;
    let port = free_port()?;
    let mut command = plan.workspace.command(&plan.workspace.binary("release", "gantry-size"));
    command
        .current_dir(folder.path())
        .env("GANTRY_PUBLIC_URL", format!("http://localhost:{port}"))
        .env("GANTRY_LISTEN", format!("127.0.0.1:{port}"))
        .env("GANTRY_MANAGEMENT_LISTEN", format!("127.0.0.1:{}", free_port()?))
        .env("GANTRY_DATA_DIR", folder.path().join("data"))
        .env("RUST_LOG", "warn");
    if let Backend::Shared(services) = backend {
        services.postgres().create_database("bench_size")?;
        command.env("DATABASE_URL", services.postgres().url("bench_size"));
        command.env("REDIS_URL", services.redis().url());
        command.env("GANTRY_MASTER_KEY", master_key::fresh()?);
    }
    if plan.quick {
        command.args(QUICK);
    }
    let log = plan.log(&format!("bench-size-{}", backend.name().split(' ').next().unwrap_or_default()));
    let _absent = fs::remove_file(&log);
    task::run_well(&format!("size, {}", backend.name()), &mut command, &log, plan.interrupt)?;
    let text = fs::read_to_string(&log).map_err(Trouble::during("reading what was measured"))?;
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    Ok(lines.map(|line| row(&line, backend.name())).collect())
}

fn row(line: &Line, backend: &str) -> Row {
    Row::Size {
        work: format!("size: {}, {backend}", line.work),
        own: Latency { p50_ms: line.p50_ms, p99_ms: line.p99_ms },
        small_p99_ms: line.small_p99_ms,
        most_ms: line.most_ms,
    }
}
