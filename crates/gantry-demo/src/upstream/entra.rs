//! Like Microsoft Entra ID: several directories under one roof, a template for an issuer, keys that speak for some of
//! them, pairwise subjects, groups that do not fit, and Graph.
//!
//! Sources: Microsoft identity platform, «OpenID Connect» (`v2-protocols-oidc`), «ID token claims reference», «Access
//! tokens» (key issuers); Microsoft Graph v1.0, «directoryObject: getMemberObjects».

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::codes::Agreed;
use super::pages::{self, Failure, Question};
use super::people::{Account, CONSUMERS, FJORD, OVERAGE, Provider, STRANGER};
use super::{Upstream, respond, token};

/// How long an ID token is good for, in seconds.
const LIFETIME: i64 = 3600;

/// Whether a segment of the address names people that the look-alike has.
fn is_audience(segment: &str) -> bool {
    matches!(segment, "common" | "organizations" | "consumers" | FJORD | STRANGER | CONSUMERS)
}

/// Whether somebody of a directory may sign in for an audience.
fn is_for(audience: &str, directory: &str) -> bool {
    match audience {
        "common" => true,
        "organizations" => directory != CONSUMERS,
        "consumers" => directory == CONSUMERS,
        own => own == directory,
    }
}

pub(super) async fn metadata(upstream: Data<Upstream>, audience: Path<String>) -> HttpResponse {
    let origin = &upstream.origin;
    let issuer = match audience.as_str() {
        "common" | "organizations" => format!("{origin}/{{tenantid}}/v2.0"),
        "consumers" => format!("{origin}/{CONSUMERS}/v2.0"),
        directory => format!("{origin}/{directory}/v2.0"),
    };
    if !is_audience(&audience) {
        return token::error(StatusCode::BAD_REQUEST, "invalid_tenant", "AADSTS90002: Tenant not found.");
    }
    let at = |path: &str| format!("{origin}/{audience}/{path}");
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": at("oauth2/v2.0/authorize"),
        "token_endpoint": at("oauth2/v2.0/token"),
        "end_session_endpoint": at("oauth2/v2.0/logout"),
        "jwks_uri": at("discovery/v2.0/keys"),
        "userinfo_endpoint": format!("{origin}/oidc/userinfo"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver", "oid", "email"],
        "tenant_region_scope": null,
        "cloud_instance_name": "microsoftonline.com",
    });
    respond::json(StatusCode::OK, &document)
}

/// The keys: one for every work account, one for personal accounts alone, each naming whom it speaks for.
pub(super) async fn keys(upstream: Data<Upstream>) -> HttpResponse {
    let origin = &upstream.origin;
    let keys = [
        upstream.work_key.public(&json!({ "issuer": format!("{origin}/{{tenantid}}/v2.0") })),
        upstream.personal_key.public(&json!({ "issuer": format!("{origin}/{CONSUMERS}/v2.0") })),
    ];
    respond::json(StatusCode::OK, &json!({ "keys": keys }))
}

pub(super) async fn authorize(upstream: Data<Upstream>, audience: Path<String>, request: HttpRequest) -> HttpResponse {
    match Question::read(&upstream, request.query_string()) {
        Ok(_) if !is_audience(&audience) => pages::trouble("AADSTS90002: There is no such directory."),
        Ok(question) => pages::sign_in(Provider::Entra, "Sign in like at Microsoft", &question),
        Err(reason) => pages::trouble(reason),
    }
}

pub(super) async fn chosen(upstream: Data<Upstream>, form: String) -> HttpResponse {
    pages::chosen(&upstream, Provider::Entra, &form)
}

pub(super) async fn token(upstream: Data<Upstream>, audience: Path<String>, request: HttpRequest, form: String) -> HttpResponse {
    let agreed = match token::redeem(&upstream, Provider::Entra, &request, &form).await {
        Ok(agreed) => agreed,
        Err(refusal) => return refusal,
    };
    let directory = agreed.account.directory.unwrap_or(FJORD);
    if !is_for(&audience, directory) {
        return token::error(StatusCode::BAD_REQUEST, "invalid_grant", "AADSTS50020: The account does not exist in this tenant.");
    }
    let claims = claims(&upstream, &agreed, directory);
    let right = if directory == CONSUMERS { &upstream.personal_key } else { &upstream.work_key };
    // A key that is published, but speaks for others.
    let key = if agreed.failure == Failure::Signature { &upstream.personal_key } else { right };
    match key.sign(&Value::Object(claims)) {
        Ok(id_token) => {
            let scope = agreed.scope.clone();
            let access_token = upstream.codes.token(agreed);
            let body = json!({
                "token_type": "Bearer", "scope": scope, "expires_in": LIFETIME, "ext_expires_in": LIFETIME,
                "access_token": access_token, "id_token": id_token,
            });
            respond::json(StatusCode::OK, &body)
        }
        Err(fault) => pages::broken(&fault),
    }
}

fn claims(upstream: &Upstream, agreed: &Agreed, directory: &str) -> Map<String, Value> {
    let (account, now) = (agreed.account, upstream.now());
    let issued_at = if agreed.failure == Failure::Expired { now - 2 * LIFETIME } else { now };
    let issuer = if agreed.failure == Failure::Legacy {
        format!("https://sts.windows.net/{directory}/")
    } else {
        let another = if directory == FJORD { STRANGER } else { FJORD };
        format!("{}/{}/v2.0", upstream.origin, if agreed.failure == Failure::Issuer { another } else { directory })
    };
    let nonce = if agreed.failure == Failure::Nonce { Some("another".to_owned()) } else { agreed.nonce.clone() };
    let name = if account.guest { guest_name(account) } else { account.email.to_owned() };
    let mut claims = Map::from_iter([
        ("aud".to_owned(), json!(agreed.client_id)),
        ("iss".to_owned(), json!(issuer)),
        ("iat".to_owned(), json!(issued_at)),
        ("nbf".to_owned(), json!(issued_at)),
        ("exp".to_owned(), json!(issued_at + LIFETIME)),
        ("name".to_owned(), json!(account.name)),
        ("oid".to_owned(), json!(account.id)),
        ("sub".to_owned(), json!(pairwise(account, &agreed.client_id))),
        ("tid".to_owned(), json!(directory)),
        ("email".to_owned(), json!(account.email)),
    ]);
    let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    if let Some(nonce) = nonce {
        add("nonce", json!(nonce));
    }
    if agreed.failure == Failure::Legacy {
        add("ver", json!("1.0"));
        add("upn", json!(name));
        add("unique_name", json!(name));
    } else {
        add("ver", json!("2.0"));
        add("preferred_username", json!(name));
    }
    if account.verified {
        add("xms_edov", json!(true));
    }
    if account.guest {
        add("idp", json!("mail"));
        add("acct", json!(1));
    }
    groups(account, directory, &mut add);
    claims
}

/// The groups, or where Entra ID says that they could be had.
fn groups(account: &Account, directory: &str, add: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let all = account.all_groups();
    if all.len() > OVERAGE {
        let endpoint = format!("https://graph.windows.net/{directory}/users/{}/getMemberObjects", account.id);
        add("_claim_names", json!({ "groups": "src1" }));
        add("_claim_sources", json!({ "src1": { "endpoint": endpoint } }));
    } else if !all.is_empty() {
        add("groups", json!(all));
    }
}

/// Another one for each app, as Entra ID does it.
fn pairwise(account: &Account, client_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, format!("{client_id} {}", account.id).as_bytes()))
}

fn guest_name(account: &Account) -> String {
    format!("{}#EXT#@fjord.example", account.email.replace('@', "_"))
}

/// Graph: everything that the bearer belongs to.
pub(super) async fn member_objects(upstream: Data<Upstream>, request: HttpRequest) -> HttpResponse {
    match token::bearer(&upstream, &request) {
        Some(agreed) if agreed.failure == Failure::GraphDown => HttpResponse::ServiceUnavailable().finish(),
        Some(agreed) if agreed.account.provider == Provider::Entra => {
            respond::json(StatusCode::OK, &json!({ "value": agreed.account.all_groups() }))
        }
        Some(_) | None => token::error(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", "The token is not one of Graph's."),
    }
}

/// Signed out: nobody stays signed in here anyway.
pub(super) async fn logout(upstream: Data<Upstream>, request: HttpRequest) -> HttpResponse {
    let query: Vec<(String, String)> = form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    let get = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let back = get("post_logout_redirect_uri").and_then(|uri| url::Url::parse(uri).ok());
    // Only to an app that is registered here: its origin is that of its redirect URI.
    let known =
        |back: &url::Url| upstream.apps.iter().any(|app| url::Url::parse(&app.redirect_uri).is_ok_and(|own| own.origin() == back.origin()));
    match back.filter(known) {
        Some(mut back) => {
            if let Some(state) = get("state") {
                back.query_pairs_mut().append_pair("state", state);
            }
            respond::see_other(back.as_str())
        }
        None => pages::said(StatusCode::OK, "Signed out", "Nobody stays signed in here anyway."),
    }
}
