//! The management listener: whether the process runs, whether it can answer, and its figures.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use gantry_store::Store;
use tokio::time::timeout;

/// A probe is answered within this, whatever the database does (attack catalogue F-07).
const PATIENCE: Duration = Duration::from_secs(2);
/// The poll of changes runs four times a second; after this it is broken, not late.
const STALE: Duration = Duration::from_secs(5);

/// Renders the metrics; handed in by the `gantry` crate, which owns the recorder.
pub type RenderMetrics = dyn Fn() -> String + Send + Sync;

/// The process runs.
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("live\n")
}

/// Requests will be answered: the database answers, and what this node remembers is kept up to date.
pub(crate) async fn ready(store: web::Data<Store>) -> HttpResponse {
    let why_not = match timeout(PATIENCE, store.platform().ping()).await {
        Ok(Ok(())) if store.snapshots().polled().is_some_and(|ago| ago < STALE) => None,
        Ok(Ok(())) => Some("changes are not read from the database"),
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "not ready");
            Some("the database does not answer")
        }
        Err(_) => Some("the database does not answer in time"),
    };
    let (mut answer, body) = match why_not {
        None => (HttpResponse::Ok(), "ready\n".to_owned()),
        Some(why) => (HttpResponse::ServiceUnavailable(), format!("not ready: {why}\n")),
    };
    answer.content_type("text/plain; charset=utf-8").body(body)
}

/// Figures for Prometheus.
pub(crate) async fn metrics(render: web::Data<RenderMetrics>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(render())
}
