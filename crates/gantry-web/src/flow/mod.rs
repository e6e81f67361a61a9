//! The browser flow between an authorization request and its answer.

use actix_web::web;

/// Mounts this area.
pub(crate) fn routes(_cfg: &mut web::ServiceConfig) {}
