//! The three renderers of answers: pages, OAuth JSON, and redirects. No handler picks a status.

mod oauth;
mod page;
mod problem;

use actix_web::HttpResponse;
use actix_web::http::header;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;

pub(crate) use oauth::sample_body;
pub use oauth::{OAuthFailure, json_no_store};
pub(crate) use page::log as log_failure;
pub use page::{PageAnswer, PageFailure};
pub(crate) use page::{PendingErrorPage, accept_language, data, error_page, html_response, locale_of};
pub(crate) use problem::problem_of;

/// Sends the browser on by GET. Always 303: 307 and 308 would repeat a POST's body, password and
/// all, at the next address (RFC 9700 §4.12).
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).insert_header((header::CACHE_CONTROL, "no-store")).finish()
}

/// The longest query that a request may go on with.
const MAX_QUERY: usize = 15 * 1024;

/// Sends the browser to the same request as a GET, which carries its cookies whoever made the
/// POST (architecture §8).
pub(crate) fn repeat_as_get(path: &str, parameters: &Parameters) -> Result<HttpResponse, PageFailure> {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters.iter()).finish();
    if query.len() > MAX_QUERY {
        return Err(Refusal::new(ErrorCode::TooLarge, "the request is too large").into());
    }
    Ok(see_other(&format!("{path}?{query}")))
}
