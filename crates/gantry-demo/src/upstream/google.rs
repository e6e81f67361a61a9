//! Like Google: OpenID Connect with `hd` for the people of a Workspace.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::pages::{self, Failure, Question};
use super::people::Provider;
use super::{Upstream, respond, token};

const LIFETIME: i64 = 3600;

pub(super) async fn metadata(upstream: Data<Upstream>) -> HttpResponse {
    let base = format!("{}/google", upstream.origin);
    let document = json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["plain", "S256"],
    });
    respond::json(StatusCode::OK, &document)
}

pub(super) async fn keys(upstream: Data<Upstream>) -> HttpResponse {
    respond::json(StatusCode::OK, &json!({ "keys": [upstream.work_key.public(&json!({ "alg": "RS256" }))] }))
}

pub(super) async fn authorize(upstream: Data<Upstream>, request: HttpRequest) -> HttpResponse {
    match Question::read(&upstream, request.query_string()) {
        Ok(question) => pages::sign_in(Provider::Google, "Sign in like at Google", &question),
        Err(reason) => pages::trouble(reason),
    }
}

pub(super) async fn chosen(upstream: Data<Upstream>, form: String) -> HttpResponse {
    pages::chosen(&upstream, Provider::Google, &form)
}

pub(super) async fn token(upstream: Data<Upstream>, request: HttpRequest, form: String) -> HttpResponse {
    let agreed = match token::redeem(&upstream, Provider::Google, &request, &form).await {
        Ok(agreed) => agreed,
        Err(refusal) => return refusal,
    };
    let (account, now) = (agreed.account, upstream.now());
    let issued_at = if agreed.failure == Failure::Expired { now - 2 * LIFETIME } else { now };
    let issuer =
        if agreed.failure == Failure::Issuer { "https://accounts.google.com".to_owned() } else { format!("{}/google", upstream.origin) };
    let nonce = if agreed.failure == Failure::Nonce { Some("another".to_owned()) } else { agreed.nonce.clone() };
    let (given, family) = account.name.split_once(' ').unwrap_or((account.name, ""));
    let mut claims = json!({
        "iss": issuer, "aud": agreed.client_id, "azp": agreed.client_id, "sub": account.id,
        "iat": issued_at, "exp": issued_at + LIFETIME,
        "email": account.email, "email_verified": account.verified,
        "name": account.name, "given_name": given, "family_name": family,
    });
    if let Some(claims) = claims.as_object_mut() {
        claims.extend(nonce.map(|nonce| ("nonce".to_owned(), json!(nonce))));
        claims.extend(account.directory.map(|domain| ("hd".to_owned(), json!(domain))));
    }
    let key = if agreed.failure == Failure::Signature { &upstream.personal_key } else { &upstream.work_key };
    match key.sign(&claims) {
        Ok(id_token) => {
            let scope = agreed.scope.clone();
            let access_token = upstream.codes.token(agreed);
            let body = json!({
                "token_type": "Bearer", "scope": scope, "expires_in": LIFETIME, "access_token": access_token, "id_token": id_token,
            });
            respond::json(StatusCode::OK, &body)
        }
        Err(fault) => pages::broken(&fault),
    }
}
