//! What looks like Microsoft Entra ID: a templated issuer, keys that name theirs, `tid` and `oid`, groups that do not fit.
//!
//! By "OpenID Connect on the Microsoft identity platform", "ID token claims reference" and "Configure group claims" of
//! Microsoft's documentation. An account's claims `tid` and `oid` are what identifies it.

use actix_web::HttpResponse;
use serde_json::{Map, Value, json};

use super::answers::Shape;
use super::{Account, Place, Seen, Shared};

/// The directory of personal accounts.
pub const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

pub(super) fn find(path: &str) -> Option<(Shape, Place)> {
    if path.starts_with("/graph/") {
        return Some((Shape::Entra(String::new()), Place::Graph));
    }
    let (directory, rest) = path.trim_start_matches('/').split_once('/')?;
    let place = match rest {
        "v2.0/.well-known/openid-configuration" => Place::Metadata,
        "oauth2/v2.0/authorize" => Place::Authorization,
        "oauth2/v2.0/token" => Place::Token,
        "discovery/v2.0/keys" => Place::Jwks,
        _ => return None,
    };
    Some((Shape::Entra(directory.to_owned()), place))
}

/// For one directory its own issuer; for several a template.
pub(super) fn metadata(shared: &Shared, directory: &str) -> Value {
    let issuer = match directory {
        "organizations" | "common" => "{tenantid}",
        "consumers" => CONSUMERS,
        directory => directory,
    };
    let at = |path: &str| format!("{}/{directory}{path}", shared.origin);
    json!({
        "issuer": format!("{}/{issuer}/v2.0", shared.origin),
        "authorization_endpoint": at("/oauth2/v2.0/authorize"),
        "token_endpoint": at("/oauth2/v2.0/token"),
        "jwks_uri": at("/discovery/v2.0/keys"),
        "userinfo_endpoint": format!("{}/userinfo", shared.origin),
        "end_session_endpoint": format!("{}/logout", shared.origin),
        "response_types_supported": ["code", "id_token", "code id_token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    })
}

/// The keys, each with the issuer that it signs for.
pub(super) fn keys(shared: &Shared) -> Value {
    let state = shared.state();
    let issuer = state.key_issuer.clone().unwrap_or_else(|| format!("{}/{{tenantid}}/v2.0", shared.origin));
    let keys = state.keys.iter().map(|key| {
        let mut jwk = key.jwk();
        jwk["issuer"] = json!(issuer);
        jwk
    });
    json!({ "keys": keys.collect::<Vec<_>>() })
}

/// The issuer of an account's tokens, and what they say of it. More than 200 groups do not fit.
pub(super) fn claims(shared: &Shared, account: &Account) -> (String, Map<String, Value>) {
    let mut claims = account.claims.clone();
    let directory = claims.get("tid").and_then(Value::as_str).unwrap_or_default().to_owned();
    let issuer = claims.remove("iss").and_then(|issuer| issuer.as_str().map(str::to_owned));
    claims.entry("ver").or_insert_with(|| json!("2.0"));
    if claims.get("groups").and_then(Value::as_array).is_some_and(|groups| groups.len() > 200) {
        claims.remove("groups");
        claims.insert("_claim_names".to_owned(), json!({ "groups": "src1" }));
        let source = format!("{}/strangers-graph/users/x/getMemberObjects", shared.origin);
        claims.insert("_claim_sources".to_owned(), json!({ "src1": { "endpoint": source } }));
    }
    (issuer.unwrap_or_else(|| format!("{}/{directory}/v2.0", shared.origin)), claims)
}

/// The groups of whoever the token is for.
pub(super) fn graph(shared: &Shared, seen: &Seen) -> HttpResponse {
    let account = seen.bearer().and_then(|token| shared.state().tokens.get(token).cloned());
    let Some(account) = account else { return HttpResponse::Unauthorized().finish() };
    let groups = account.claims.get("groups").and_then(Value::as_array).cloned().unwrap_or_default();
    HttpResponse::Ok().json(json!({ "value": groups }))
}
