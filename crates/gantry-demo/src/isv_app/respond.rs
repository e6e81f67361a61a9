//! How the app answers: its cookie, its headers, its files.
//!
//! Owns what every answer has in common. Never decides what is said.

use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, LOCATION, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use gantry_core::secret::Secret;

use super::IsvApp;
use super::pages;
use super::platform::Platform;
use super::trouble::Trouble;

const COOKIE: &str = "perigee_session";
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Sends whoever came by another name to the one that answers are sent to: the cookie is of that
/// name, and no other site can pass itself off as this one.
pub(crate) async fn under_own_name(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let origin = request.app_data::<Data<IsvApp>>().map(|app| app.origin.clone()).unwrap_or_default();
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(|host| Some(host) == origin.strip_prefix("http://")) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    Ok(request.into_response(see_other(&format!("{origin}/"))))
}

/// The platform and the session of a form that this app's own page sent; another site's counts for
/// nothing, nor does one without a session, which every page gives.
pub(super) fn own_post<'a>(request: &HttpRequest, app: &'a IsvApp, word: &str) -> Option<(&'a Platform, Secret)> {
    let origin = request.headers().get(ORIGIN)?.to_str().ok()?;
    let key = session(request).filter(|_| origin == app.origin)?;
    Some((app.platform(word)?, key))
}

/// The page of a trouble.
pub(super) fn troubled(platform: &Platform, trouble: &Trouble) -> HttpResponse {
    tracing::info!(?trouble, "the sample app shows what went wrong");
    let status = match trouble {
        Trouble::Refused(_) => StatusCode::OK,
        Trouble::Distrusted(_) => StatusCode::BAD_REQUEST,
        Trouble::Silent(_) => StatusCode::BAD_GATEWAY,
    };
    page(status, pages::trouble(platform, trouble))
}

/// The key of the browser's session, if it has one.
pub(super) fn session(request: &HttpRequest) -> Option<Secret> {
    request.cookie(COOKIE).map(|cookie| Secret::new(cookie.value()))
}

/// With the session's cookie.
pub(super) fn with_cookie(mut response: HttpResponse, key: &Secret) -> HttpResponse {
    // Without `Secure`, since the demo speaks plain http with this machine; a real app would have it.
    let cookie = Cookie::build(COOKIE, key.expose()).path("/").http_only(true).same_site(SameSite::Lax).finish();
    // Only a value that no header can carry fails, and keys are base64url.
    let _ = response.add_cookie(&cookie);
    response
}

/// On to another page.
pub(super) fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, location))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .finish()
}

/// A page.
pub(super) fn page(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // An origin of `null` would come with the forms if no page at all were told.
        .insert_header((REFERRER_POLICY, "same-origin"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(html)
}

pub(super) async fn style() -> HttpResponse {
    file("text/css; charset=utf-8", include_str!("../../assets/isv_app/perigee.css"))
}

pub(super) async fn icon() -> HttpResponse {
    file("image/svg+xml", include_str!("../../assets/isv_app/perigee.svg"))
}

fn file(mime: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(mime)
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "max-age=60"))
        .body(text)
}
