//! The token endpoint that the providers share: who asks, for which code, with which verifier.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use super::codes::Agreed;
use super::pages::Failure;
use super::people::Provider;
use super::{Upstream, respond};

/// A code is good for this many seconds.
const CODE_LIFETIME: i64 = 300;
/// How long a slow endpoint takes: longer than anybody should wait for it.
const SLOW: Duration = Duration::from_secs(8);

/// Redeems a code, or says why not.
pub(super) async fn redeem(upstream: &Upstream, provider: Provider, request: &HttpRequest, form: &str) -> Result<Agreed, HttpResponse> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let get = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let basic = basic(request);
    let (client_id, secret) = match &basic {
        Some((id, secret)) => (id.as_str(), secret.as_str()),
        None => (get("client_id").unwrap_or_default(), get("client_secret").unwrap_or_default()),
    };
    if !upstream.apps.iter().any(|app| app.client_id == client_id && app.has_secret(secret)) {
        return Err(error(StatusCode::UNAUTHORIZED, "invalid_client", "AADSTS7000215: Invalid client secret provided."));
    }
    if get("grant_type").is_some_and(|grant| grant != "authorization_code") {
        return Err(error(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Only codes are redeemed here."));
    }
    let refused = || error(StatusCode::BAD_REQUEST, "invalid_grant", "AADSTS70008: The provided authorization code is not valid.");
    let agreed = upstream.codes.take(get("code").unwrap_or_default()).ok_or_else(refused)?;
    let fits = agreed.account.provider == provider
        && agreed.client_id == client_id
        && get("redirect_uri") == Some(agreed.redirect_uri.as_str())
        && upstream.now() < agreed.at + CODE_LIFETIME
        && proves(agreed.challenge.as_deref(), get("code_verifier"));
    if !fits {
        return Err(refused());
    }
    if agreed.failure == Failure::Broken {
        return Err(HttpResponse::InternalServerError().body("sorry"));
    }
    if agreed.failure == Failure::Slow {
        tokio::time::sleep(SLOW).await;
    }
    Ok(agreed)
}

/// Whether the verifier is the challenge's (RFC 7636 §4.6). Whoever sent no challenge sends no verifier.
fn proves(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    let digest = |text: &str| URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()));
    match (challenge, verifier) {
        (Some(challenge), Some(verifier)) => digest(verifier) == challenge,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Id and secret of the header (RFC 6749 §2.3.1).
fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(header).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let plain = |text: &str| form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default();
    Some((plain(id), plain(secret)))
}

/// What the bearer of an access token agreed to.
pub(super) fn bearer(upstream: &Upstream, request: &HttpRequest) -> Option<Agreed> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let token = header.strip_prefix("Bearer ").or_else(|| header.strip_prefix("token "))?;
    upstream.codes.bearer(token)
}

pub(super) fn error(status: StatusCode, error: &str, description: &str) -> HttpResponse {
    respond::json(status, &json!({ "error": error, "error_description": description }))
}
