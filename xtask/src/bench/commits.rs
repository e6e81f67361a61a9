//! Work that is bounded by commits, on Postgres: refresh with rotation and the whole code flow, against the commits a second of
//! one comparable transaction with nothing in front of it.

use super::pgbench;
use super::plan::{CONNECTIONS, Plan};
use super::sample::Sample;
use super::server::{Backend, Server, Stores};
use super::table::Row;
use crate::services::Services;
use crate::trouble::Trouble;

/// The work, its name for the load, its commits, and the share of the yardstick that is the goal.
const WORKS: &[(&str, &str, f64, f64)] =
    &[("refresh with rotation, Postgres", "refresh", 1.0, 70.0), ("code flow in a session, Postgres", "code-flow", 2.0, 60.0)];

pub(super) fn measure(plan: &Plan<'_>, services: &Services) -> Result<Vec<Row>, Trouble> {
    let wanted: Vec<_> = WORKS.iter().filter(|(work, ..)| plan.wants(work)).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    pgbench::prepare(plan, services.postgres())?;
    let stores = Stores::prepare(plan, Backend::Shared(services), "bench_commits")?;
    let server = stores.as_ref().map(|stores| stores.start(plan)).transpose()?;
    let mut rows = Vec::new();
    for (work, load, commits, goal) in wanted {
        let bare = || pgbench::measure(plan, services.postgres()).map(|sample| each_of(sample, *commits));
        rows.push(match &server {
            Some(server) => plan.compare(work, *goal, Some(&|| drive(plan, server, load)), &bare)?,
            None => plan.compare(work, *goal, None, &bare)?,
        });
    }
    Ok(rows)
}

/// What can be done a second if each piece of work needs that many commits.
fn each_of(sample: Sample, commits: f64) -> Sample {
    Sample { per_second: sample.per_second / commits, p50_ms: sample.p50_ms * commits, p99_ms: sample.p99_ms * commits }
}

/// The load of the package `gantry-baseline`, as the app and the person of the bench's realm file.
fn drive(plan: &Plan<'_>, server: &Server, load: &str) -> Result<Sample, Trouble> {
    let mut command = plan.workspace.command(&plan.yardsticks);
    command.args(["load", load, "--base", &server.url("/"), "--connections", &CONNECTIONS.to_string()]);
    command.args(["--seconds", &plan.seconds.to_string(), "--redirect-uri", "https://app.bench.example/callback"]);
    command.args(["--client-id", "bench-app", "--client-secret", "bench-app-secret-that-opens-nothing-either"]);
    command.args(["--scope", "es256.read", "--resource", "https://api.bench.example/es256"]);
    command.args(["--email", "person@bench.example", "--password", "a person who exists for the bench alone"]);
    let output = command.output().map_err(Trouble::during(load))?;
    if !output.status.success() {
        return Err(Trouble::failed(format!("{load}: {}", String::from_utf8_lossy(&output.stderr).trim())));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Trouble::failed(format!("{load}: {error}")))
}
