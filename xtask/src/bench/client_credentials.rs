//! A machine's token in three algorithms, against a bare handler that only signs the same token.

use std::path::PathBuf;

use serde::Deserialize;

use super::baseline;
use super::oha::{self, Request};
use super::plan::Plan;
use super::server::{Backend, Server, Stores};
use super::table::Row;
use crate::trouble::Trouble;

const ENDPOINT: &str = "/oauth/token";

/// The algorithm and the share of the yardstick that is the goal.
const GOALS: &[(&str, f64)] = &[("RS256", 85.0), ("ES256", 60.0), ("EdDSA", 60.0)];

#[derive(Deserialize)]
struct Answer {
    access_token: String,
}

pub(super) fn measure(plan: &Plan<'_>, backend: Backend<'_>) -> Result<Vec<Row>, Trouble> {
    let wanted: Vec<(String, &str, f64)> = GOALS
        .iter()
        .map(|(algorithm, goal)| (format!("client_credentials {algorithm}, {}", backend.name()), *algorithm, *goal))
        .filter(|(work, _, _)| plan.wants(work))
        .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let stores = Stores::prepare(plan, backend, "bench_client_credentials")?;
    let server = stores.as_ref().map(|stores| stores.start(plan)).transpose()?;
    let running = stores.as_ref().zip(server.as_ref());
    wanted.into_iter().map(|(work, algorithm, goal)| row(plan, running, &work, algorithm, goal)).collect()
}

fn row(plan: &Plan<'_>, running: Option<(&Stores, &Server)>, work: &str, algorithm: &str, goal: f64) -> Result<Row, Trouble> {
    let like = running.map(|(stores, server)| one_token(stores, server, algorithm)).transpose()?;
    let yardstick = baseline::signing(plan, algorithm, like.as_deref())?;
    let bare = Request { url: yardstick.url.clone(), form: Some(form(algorithm)) };
    let bare = || oha::measure(plan, &bare);
    let Some((_, server)) = running else { return plan.compare(work, goal, None, &bare) };
    let own = Request { url: server.url(ENDPOINT), form: Some(form(algorithm)) };
    plan.compare(work, goal, Some(&|| oha::measure(plan, &own)), &bare)
}

/// A token for the yardstick to copy, in a file.
fn one_token(stores: &Stores, server: &Server, algorithm: &str) -> Result<PathBuf, Trouble> {
    let body = server.post(ENDPOINT, &form(algorithm))?;
    let answer: Answer = serde_json::from_slice(&body).map_err(|error| Trouble::failed(format!("{ENDPOINT}: {error}")))?;
    stores.file("token", answer.access_token.as_bytes())
}

/// The machine client of the bench's realm file; it has one resource for each algorithm.
fn form(algorithm: &str) -> String {
    let name = algorithm.to_lowercase();
    format!(
        "grant_type=client_credentials&client_id=bench-machine&client_secret=bench-machine-secret-that-opens-nothing\
         &scope={name}.read&resource=https%3A%2F%2Fapi.bench.example%2F{name}"
    )
}
