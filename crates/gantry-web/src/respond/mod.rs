//! The three renderers of answers: pages, OAuth JSON, and redirects. No handler picks a status.

mod oauth;
mod page;
mod problem;

use actix_web::HttpResponse;
use actix_web::http::header;

pub(crate) use oauth::sample_body;
pub use oauth::{OAuthFailure, json_no_store};
pub use page::{PageAnswer, PageFailure};
pub(crate) use page::{PendingErrorPage, error_page, locale_of};
pub(crate) use problem::problem_of;

/// Sends the browser on by GET. Always 303: 307 and 308 would repeat a POST's body, password and
/// all, at the next address (RFC 9700 §4.12).
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).insert_header((header::CACHE_CONTROL, "no-store")).finish()
}
