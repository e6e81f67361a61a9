//! The endpoints that clients and APIs call.

mod authorize;
mod cors;
mod discovery;
mod forward_auth;
mod introspect;
mod jwks;
mod logout;
mod revoke;
mod token;
mod userinfo;

use actix_web::http::Method;
use actix_web::http::header::{self, ContentType};
use actix_web::{HttpResponse, Resource, Route, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;
use gantry_oauth::discovery::EndpointPaths;
use gantry_oauth::keys::JWKS_MAX_AGE;

use crate::paths;
use crate::respond::{PageFailure, see_other};

/// Mounts this area.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(paths::AUTHORIZE).route(web::get().to(authorize::show)).route(web::post().to(authorize::create)))
        .service(web::resource(paths::LOGOUT).route(web::get().to(logout::show)).route(web::post().to(logout::create)))
        .service(web::resource(paths::LOGOUT_CONFIRM).route(web::post().to(logout::confirm)))
        .service(web::resource(paths::TOKEN).route(web::post().to(token::create)).route(preflight()))
        .service(web::resource(paths::INTROSPECT).route(web::post().to(introspect::create)))
        // Whatever the method: gateways ask with the one of the request that they hold.
        .service(web::resource(paths::FORWARD_AUTH).to(forward_auth::check))
        .service(web::resource(paths::REVOKE).route(web::post().to(revoke::create)).route(preflight()))
        .service(
            web::resource(paths::USERINFO).route(web::get().to(userinfo::show)).route(web::post().to(userinfo::create)).route(preflight()),
        )
        .service(web::resource(paths::JWKS).route(web::get().to(jwks::show)).route(preflight()))
        .service(metadata(paths::OPENID_CONFIGURATION))
        .service(metadata(paths::OAUTH_METADATA));
}

/// The resource that serves the metadata, at any of its addresses.
pub(crate) fn metadata(path: &'static str) -> Resource {
    web::resource(path).route(web::get().to(discovery::show)).route(preflight())
}

fn preflight() -> Route {
    web::method(Method::OPTIONS).to(cors::preflight)
}

/// Where the endpoints are, for those that name them.
pub const ENDPOINT_PATHS: EndpointPaths = EndpointPaths {
    authorization: paths::AUTHORIZE,
    token: paths::TOKEN,
    userinfo: paths::USERINFO,
    jwks: paths::JWKS,
    introspection: paths::INTROSPECT,
    revocation: paths::REVOKE,
    end_session: paths::LOGOUT,
};

/// RFC 6750 §3.1: who sends no token is told of no error.
fn challenge() -> HttpResponse {
    HttpResponse::Unauthorized()
        .insert_header((header::WWW_AUTHENTICATE, "Bearer"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain")
        .finish()
}

/// A public document from memory.
fn document(text: &str) -> HttpResponse {
    let kept = format!("public, max-age={}", JWKS_MAX_AGE.as_secs());
    let mut response = HttpResponse::Ok();
    let mut response = response
        .content_type(ContentType::json())
        .insert_header((header::CACHE_CONTROL, kept))
        .body(web::Bytes::copy_from_slice(text.as_bytes()));
    cors::allow_any(response.headers_mut());
    response
}

/// The longest query that a request may go on with.
const MAX_QUERY: usize = 15 * 1024;

/// Sends the browser to the same request as a GET, which carries its cookies whoever made the
/// POST (architecture §8).
fn repeat_as_get(path: &str, parameters: &Parameters) -> Result<HttpResponse, PageFailure> {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters.iter()).finish();
    if query.len() > MAX_QUERY {
        return Err(Refusal::new(ErrorCode::TooLarge, "the request is too large").into());
    }
    Ok(see_other(&format!("{path}?{query}")))
}
