//! The sample API: one server that plays the APIs of all four platforms.
//!
//! Owns their addresses. Each platform has a door of its own, which lets in what that platform's
//! issuer vouches for and nothing else.

mod chaster;
mod denied;
mod dice;
mod door;
mod rocketpunch;
mod rocketskip;
mod roserocket;
#[cfg(test)]
mod tests;

use actix_web::http::header::{ALLOW, CACHE_CONTROL};
use actix_web::web::{Data, ServiceConfig, resource, to};
use actix_web::{HttpResponse, Resource};
use gantry_core::clock::SharedClock;
use serde::Serialize;
use serde_json::json;

pub(crate) use denied::Errors;
pub(crate) use door::Door;

use crate::realm::SampleTenant;

/// What the API needs.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) rocketskip: Door,
    pub(crate) roserocket: Door,
    pub(crate) rocketpunch: Door,
    pub(crate) chaster: Door,
    /// The customers of Rose Rocket, whose orders it keeps.
    pub(crate) customers: Vec<SampleTenant>,
    /// The header in which Rocketpunch takes App Keys.
    pub(crate) app_key_header: String,
    /// What tells the time.
    pub(crate) clock: SharedClock,
}

/// Its addresses.
pub(crate) fn configure(config: &mut ServiceConfig, api: Data<Api>) {
    config
        .app_data(api)
        .service(only_get("/").get(index))
        .service(only_get("/resource").get(rocketskip::launches))
        .service(only_get("/api/v1/orders").get(roserocket::orders))
        .service(only_get("/api/v1/profiles/me").get(rocketpunch::profile))
        .service(only_get("/api/v1/jobs").get(rocketpunch::jobs))
        .service(only_get("/api/profile").get(chaster::profile))
        .default_service(to(nothing));
}

fn only_get(path: &str) -> Resource {
    resource(path).default_service(to(wrong_method))
}

/// A good answer. What is somebody's own is for nobody's cache.
fn answer_with(answer: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer)
}

/// What there is, for whoever looks around.
async fn index(api: Data<Api>) -> HttpResponse {
    let header = &api.app_key_header;
    answer_with(&json!({
        "RocketSkip": { "GET /resource": "an access token with `read`" },
        "Rose Rocket": { "GET /api/v1/orders": "an access token for an organization" },
        "Rocketpunch": {
            "GET /api/v1/profiles/me": "an access token with `profile:read`; the e-mail address with `profile:email`",
            "GET /api/v1/jobs": format!("an App Key in `{header}`"),
        },
        "Chaster": { "GET /api/profile": "an access token with `profile`, or a developer token" },
    }))
}

async fn wrong_method() -> HttpResponse {
    HttpResponse::MethodNotAllowed().insert_header((ALLOW, "GET")).json(json!({ "error": "method_not_allowed" }))
}

async fn nothing() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "error": "not_found", "error_description": "`GET /` says what there is." }))
}
