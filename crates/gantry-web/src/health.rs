//! The management listener: whether the process runs, whether it can answer, and its figures.

use actix_web::{HttpResponse, web};
use gantry_store::Store;

/// Renders the metrics; handed in by the `gantry` crate, which owns the recorder.
pub type RenderMetrics = dyn Fn() -> String + Send + Sync;

/// The process runs.
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("live\n")
}

/// Requests will be answered: the database answers.
pub(crate) async fn ready(store: web::Data<Store>) -> HttpResponse {
    match store.platform().ping().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"),
        Err(fault) => {
            tracing::warn!(fault = %fault, "not ready");
            HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("not ready: the database does not answer\n")
        }
    }
}

/// Figures for Prometheus.
pub(crate) async fn metrics(render: web::Data<RenderMetrics>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(render())
}
