//! The endpoints that clients and APIs call.

use actix_web::web;

/// Mounts this area.
pub(crate) fn routes(_cfg: &mut web::ServiceConfig) {}
