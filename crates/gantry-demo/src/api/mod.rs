//! The sample API: it takes access tokens and trusts nothing but the keys of their issuer.
//!
//! Owns its answer and its challenges (RFC 6750 §3). Never asks the server about a single token.

mod launches;
#[cfg(test)]
mod tests;

use actix_web::http::header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use actix_web::web::{Data, ServiceConfig, resource};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use gantry_core::clock::SharedClock;
use serde::Deserialize;
use serde_json::json;

use crate::issuer::Issuer;
use crate::signed::{Distrust, verify};

/// The scope without which nothing is told.
const SCOPE: &str = "read";
/// RFC 9068 §2.1, and what realms for older verifiers say instead.
const TYPES: [&str; 2] = ["at+jwt", "JWT"];

/// What the API needs.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    /// Whose tokens it takes.
    pub(crate) issuer: Issuer,
    /// Its own name in them.
    pub(crate) audience: String,
    /// What tells the time.
    pub(crate) clock: SharedClock,
}

/// The claims that it looks at.
#[derive(Debug, Clone, Deserialize)]
struct Claims {
    sub: String,
    client_id: String,
    scope: Option<String>,
}

enum Denied {
    /// No token at all.
    NoToken,
    Untrusted(Distrust),
    TooLittle,
}

/// Its addresses.
pub(crate) fn configure(config: &mut ServiceConfig, api: Data<Api>) {
    config
        .app_data(api)
        .service(resource("/").get(show).default_service(actix_web::web::to(wrong_method)))
        .service(resource("/resource").get(show).default_service(actix_web::web::to(wrong_method)))
        .default_service(actix_web::web::to(nothing));
}

async fn show(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    match caller(&request, &api).await {
        Ok(claims) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(launches::answer(
            &launches::AskedBy { sub: claims.sub, client_id: claims.client_id, scope: claims.scope.unwrap_or_default() },
            api.clock.now(),
        )),
        Err(denied) => challenge(&denied),
    }
}

async fn caller(request: &HttpRequest, api: &Api) -> Result<Claims, Denied> {
    let token = bearer(request).ok_or(Denied::NoToken)?;
    let claims: Claims = verify(&api.issuer, token, &TYPES, &api.audience).await.map_err(Denied::Untrusted)?;
    let granted = claims.scope.as_deref().unwrap_or_default().split(' ').any(|scope| scope == SCOPE);
    if granted { Ok(claims) } else { Err(Denied::TooLittle) }
}

/// The token of the one `Authorization` header (RFC 6750 §2.1). A token in the address or the body counts for nothing.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let (scheme, token) = headers.next()?.to_str().ok()?.split_once(' ')?;
    (headers.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then(|| token.trim())
}

fn challenge(denied: &Denied) -> HttpResponse {
    match denied {
        // RFC 6750 §3.1: who has shown nothing is told of no error.
        Denied::NoToken => refusal(
            HttpResponse::Unauthorized(),
            r#"Bearer realm="RocketSkip API", scope="read""#,
            "unauthorized",
            "Send an access token: `Authorization: Bearer …`.",
        ),
        Denied::Untrusted(Distrust::Invalid(reason)) => {
            let description = format!("The token {reason}.");
            let header = format!(r#"Bearer realm="RocketSkip API", error="invalid_token", error_description="{description}""#);
            refusal(HttpResponse::Unauthorized(), &header, "invalid_token", &description)
        }
        Denied::Untrusted(Distrust::Unknown(silent)) => {
            tracing::warn!(%silent, "the sample API cannot check tokens");
            let body = json!({ "error": "temporarily_unavailable", "error_description": format!("The issuer of the token {silent}.") });
            HttpResponse::ServiceUnavailable().insert_header(("Retry-After", "5")).json(body)
        }
        Denied::TooLittle => refusal(
            HttpResponse::Forbidden(),
            r#"Bearer realm="RocketSkip API", error="insufficient_scope", scope="read""#,
            "insufficient_scope",
            "The token lacks the scope `read`.",
        ),
    }
}

fn refusal(mut response: HttpResponseBuilder, header: &str, code: &str, description: &str) -> HttpResponse {
    response
        .insert_header((WWW_AUTHENTICATE, header))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({ "error": code, "error_description": description }))
}

async fn wrong_method() -> HttpResponse {
    HttpResponse::MethodNotAllowed().insert_header((ALLOW, "GET")).json(json!({ "error": "method_not_allowed" }))
}

async fn nothing() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "error": "not_found", "error_description": "Ask for `GET /resource`." }))
}
