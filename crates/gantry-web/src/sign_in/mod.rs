//! Signing in, signing up and getting back in: the pages and their forms.

use actix_web::web;

/// Mounts this area.
pub(crate) fn routes(_cfg: &mut web::ServiceConfig) {}
