//! Signing in, signing up and getting back in: the pages and their forms.
//!
//! GET shows, POST acts. Never decides what follows a sign-in: that is the dispatcher's, behind
//! `/continue`.

mod check_mail;
mod entered;
pub(crate) mod identifier;
pub(crate) mod link;
mod password;
pub(crate) mod pending;
mod reset;
pub(crate) mod sign_out;
pub(crate) mod sign_up;
mod verify_email;
pub(crate) mod wording;

use actix_web::web;

pub(crate) use entered::enter;

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    identifier::routes(cfg);
    password::routes(cfg);
    sign_up::routes(cfg);
    check_mail::routes(cfg);
    verify_email::routes(cfg);
    reset::routes(cfg);
    sign_out::routes(cfg);
}
