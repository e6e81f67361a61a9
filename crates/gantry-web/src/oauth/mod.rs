//! The endpoints that clients and APIs call.

mod authorize;
mod cors;
mod discovery;
mod forward_auth;
mod introspect;
mod jwks;
mod logout;
mod par;
mod revoke;
mod token;
mod upstream_token;
mod userinfo;

use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::http::header::{self, ContentType, HeaderValue};
use actix_web::{HttpResponse, Resource, Route, web};
use gantry_oauth::endpoint_paths::{EndpointPaths, PathFamilies};
use gantry_oauth::keys::JWKS_MAX_AGE;

use crate::extract::Below;
use crate::paths;

/// Mounts what is below a realm's base.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    endpoints(cfg, &PATH_FAMILIES.oauth, Below::Base);
    cfg.service(web::resource(paths::LOGOUT_CONFIRM).route(web::post().to(logout::confirm)))
        .service(web::resource(paths::UPSTREAM_TOKEN).route(web::get().to(upstream_token::show)))
        // Whatever the method: gateways ask with the one of the request that they hold.
        .service(web::resource(paths::FORWARD_AUTH).to(forward_auth::check));
}

/// Mounts the endpoints of the profile `keycloak`.
pub(crate) fn keycloak_routes(cfg: &mut web::ServiceConfig) {
    endpoints(cfg, &PATH_FAMILIES.keycloak, Below::Keycloak);
}

/// Mounts the metadata of realms whose issuer may be here.
pub(crate) fn metadata_routes(cfg: &mut web::ServiceConfig) {
    cfg.service(metadata(paths::OPENID_CONFIGURATION)).service(metadata(paths::OAUTH_METADATA));
}

/// The resource that serves the metadata, at any of its addresses.
pub(crate) fn metadata(path: &'static str) -> Resource {
    web::resource(path).app_data(Below::Issuer).route(web::get().to(discovery::show)).route(preflight())
}

fn endpoints(cfg: &mut web::ServiceConfig, paths: &EndpointPaths, below: Below) {
    let at = |path: &str| web::resource(path).app_data(below);
    cfg.service(at(paths.authorization).route(web::get().to(authorize::show)).route(web::post().to(authorize::create)))
        .service(at(paths.end_session).route(web::get().to(logout::show)).route(web::post().to(logout::create)))
        .service(at(paths.pushed_requests).route(web::post().to(par::create)).route(preflight()))
        .service(at(paths.token).route(web::post().to(token::create)).route(preflight()))
        .service(at(paths.introspection).route(web::post().to(introspect::create)))
        .service(at(paths.revocation).route(web::post().to(revoke::create)).route(preflight()))
        .service(at(paths.userinfo).route(web::get().to(userinfo::show)).route(web::post().to(userinfo::create)).route(preflight()))
        .service(at(paths.jwks).route(web::get().to(jwks::show)).route(preflight()));
}

fn preflight() -> Route {
    web::method(Method::OPTIONS).to(cors::preflight)
}

/// Where the endpoints are: mounted here, named by the metadata.
pub const PATH_FAMILIES: PathFamilies = PathFamilies {
    oauth: EndpointPaths {
        authorization: paths::AUTHORIZE,
        pushed_requests: paths::PAR,
        token: paths::TOKEN,
        userinfo: paths::USERINFO,
        jwks: paths::JWKS,
        introspection: paths::INTROSPECT,
        revocation: paths::REVOKE,
        end_session: paths::LOGOUT,
    },
    keycloak: EndpointPaths {
        authorization: paths::KEYCLOAK_AUTHORIZE,
        pushed_requests: paths::KEYCLOAK_PAR,
        token: paths::KEYCLOAK_TOKEN,
        userinfo: paths::KEYCLOAK_USERINFO,
        jwks: paths::KEYCLOAK_JWKS,
        introspection: paths::KEYCLOAK_INTROSPECT,
        revocation: paths::KEYCLOAK_REVOKE,
        end_session: paths::KEYCLOAK_LOGOUT,
    },
};

/// RFC 6750 §3.1: who sends no token is told of no error.
fn challenge() -> HttpResponse {
    HttpResponse::Unauthorized()
        .insert_header((header::WWW_AUTHENTICATE, "Bearer"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain")
        .finish()
}

/// How long others may keep a document.
static KEPT: LazyLock<HeaderValue> = LazyLock::new(|| {
    HeaderValue::try_from(format!("public, max-age={}", JWKS_MAX_AGE.as_secs())).unwrap_or(HeaderValue::from_static("no-cache"))
});

/// A public document from memory.
fn document(text: &str) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    let mut response = response
        .content_type(ContentType::json())
        .insert_header((header::CACHE_CONTROL, KEPT.clone()))
        .body(web::Bytes::copy_from_slice(text.as_bytes()));
    cors::allow_any(response.headers_mut());
    response
}
