//! Which pages of other origins may read an answer (Fetch standard, CORS protocol).
//!
//! Credentials are never allowed: these endpoints know no cookies. A preflight tells nothing that
//! is not public, so any origin may make one; the answer itself is for the client's own pages.

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::failure::Fault;
use gantry_oauth::client_auth::runs_in_browsers;
use gantry_store::Store;
use url::Url;

use crate::extract::ClientForm;

const ANY: HeaderValue = HeaderValue::from_static("*");

/// Answers a preflight.
pub(super) async fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}

/// Lets every page read the answer: public documents, and errors that say nothing of anybody.
pub(super) fn allow_any(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("www-authenticate"));
}

/// Lets the page that asks read the answer, if a redirect URI of the client is on its origin.
pub(super) fn allow_own(headers: &mut HeaderMap, request: &HttpRequest, redirect_uris: &[String]) {
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    let Some(origin) = request.headers().get(header::ORIGIN) else { return };
    if redirect_uris.iter().any(|uri| is_on(uri, origin)) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("www-authenticate"));
    }
}

/// The same for a form that names its client.
pub(super) async fn allow_named(
    headers: &mut HeaderMap,
    request: &HttpRequest,
    form: &ClientForm,
    store: &web::Data<Store>,
) -> Result<(), Fault> {
    if !request.headers().contains_key(header::ORIGIN) {
        return Ok(());
    }
    let Some(client_id) = form.parameters.get("client_id").filter(|id| id.len() <= 255) else { return Ok(()) };
    let known = store.snapshots().client(form.realm.id(), client_id).await?;
    let known = known.filter(|known| runs_in_browsers(known));
    allow_own(headers, request, known.as_ref().map_or(&[], |known| &known.client.redirect_uris));
    Ok(())
}

fn is_on(uri: &str, origin: &HeaderValue) -> bool {
    let own = Url::parse(uri).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    own.is_some_and(|url| url.origin().ascii_serialization().as_bytes() == origin.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_compared_as_a_whole() {
        let on = |uri: &str, origin: &'static str| is_on(uri, &HeaderValue::from_static(origin));
        assert!(on("https://app.example/cb?x=1", "https://app.example"));
        assert!(on("http://localhost:3000/cb", "http://localhost:3000"));
        for (uri, origin) in [
            ("https://app.example/cb", "https://app.example.evil.example"),
            ("https://app.example/cb", "http://app.example"),
            ("https://app.example:8443/cb", "https://app.example"),
            ("https://app.example/cb", "null"),
            ("com.example.app:/cb", "null"),
        ] {
            assert!(!on(uri, origin), "{uri} {origin}");
        }
    }
}
