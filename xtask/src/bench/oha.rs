//! The load generator: oha from the package registry, run with the same arguments against either side.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::plan::{CONNECTIONS, Plan};
use super::sample::Sample;
use crate::interrupt::Interrupt;
use crate::task;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

const VERSION: &str = "1.16.0";

/// What to ask for.
pub(super) struct Request {
    pub(super) url: String,
    /// A form to post; none is a GET.
    pub(super) form: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    summary: Summary,
    latency_percentiles: Percentiles,
    status_code_distribution: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    requests_per_sec: f64,
}

#[derive(Deserialize)]
struct Percentiles {
    p50: Option<f64>,
    p99: Option<f64>,
}

/// Builds oha into the cache, unless this version is there.
pub(super) fn installed(workspace: &Workspace, log: &Path, interrupt: &Interrupt) -> Result<PathBuf, Trouble> {
    workspace.install_tool("oha", VERSION, &[], |mut install| task::run_well("oha", &mut install, log, interrupt))
}

/// Asks as fast as the other side answers, for the plan's time. Any answer but 200 makes the sample worthless.
pub(super) fn measure(plan: &Plan<'_>, request: &Request) -> Result<Sample, Trouble> {
    let output = command(plan, request).output().map_err(Trouble::during("oha"))?;
    let said = || String::from_utf8_lossy(&output.stderr).into_owned();
    let report: Report = serde_json::from_slice(&output.stdout).map_err(|error| Trouble::failed(format!("oha: {error}: {}", said())))?;
    let unlike = report.status_code_distribution.iter().find(|(status, _)| *status != "200");
    match (unlike, report.latency_percentiles) {
        (Some((status, count)), _) => Err(Trouble::failed(format!("{}: {count} answers were {status}", request.url))),
        (None, Percentiles { p50: Some(p50), p99: Some(p99) }) => {
            Ok(Sample { per_second: report.summary.requests_per_sec, p50_ms: p50 * 1000.0, p99_ms: p99 * 1000.0 })
        }
        (None, _) => Err(Trouble::failed(format!("{}: no answer", request.url))),
    }
}

fn command(plan: &Plan<'_>, request: &Request) -> Command {
    let mut command = plan.workspace.command(&plan.oha);
    command.args(["--no-tui", "--output-format", "json", "--disable-compression", "--wait-ongoing-requests-after-deadline"]);
    command.args(["-z", &format!("{}s", plan.seconds), "-c", &CONNECTIONS.to_string()]);
    if let Some(form) = &request.form {
        command.args(["-m", "POST", "-T", "application/x-www-form-urlencoded", "-d", form]);
    }
    command.arg(&request.url);
    command
}
