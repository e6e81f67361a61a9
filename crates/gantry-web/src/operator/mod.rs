//! The page behind the one-time link of the first operator.

use actix_web::web;

/// Mounts this area.
pub(crate) fn routes(_cfg: &mut web::ServiceConfig) {}
