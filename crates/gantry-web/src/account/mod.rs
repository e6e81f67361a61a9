//! The pages on which a signed-in person sees to their own account.

use actix_web::web;

/// Mounts this area.
pub(crate) fn routes(_cfg: &mut web::ServiceConfig) {}
