//! The provider's endpoints.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gantry_core::connection::UpstreamAuth;
use gantry_core::secret::Digest;
use serde_json::{Map, Value, json};

use super::id_token::{self, Facts};
use super::{Account, CLIENT_ID, CLIENT_SECRET, Issued, Lie, Place, Seen, Shared, entra, github};
use crate::support::authorization::random_text;

/// Which provider an address belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    Oidc,
    Github,
    /// With the directory of the path.
    Entra(String),
}

/// Answers any request.
pub(super) async fn answer(shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let (path, honest) = match request.path().strip_suffix("/honest") {
        Some(path) => (path, true),
        None => (request.path(), false),
    };
    let Some((shape, place)) = find(path) else { return HttpResponse::NotFound().body("nothing here") };
    let Some(seen) = Seen::of(place, path, &request, &body) else { return refused("a parameter is there twice") };
    let fault = {
        let mut state = shared.state();
        state.seen.push(seen.clone());
        state.faults.get(&place).copied()
    };
    if let (Some(fault), false) = (fault, honest) {
        return fault.answer(path).await;
    }
    match (place, &shape) {
        (Place::Metadata, Shape::Entra(directory)) => HttpResponse::Ok().json(entra::metadata(&shared, directory)),
        (Place::Metadata, Shape::Oidc | Shape::Github) => HttpResponse::Ok().json(metadata(&shared)),
        (Place::Jwks, Shape::Entra(_)) => HttpResponse::Ok().json(entra::keys(&shared)),
        (Place::Jwks, Shape::Oidc | Shape::Github) => HttpResponse::Ok().json(keys(&shared)),
        (Place::Authorization, _) => authorization(&shared, &shape, &seen),
        (Place::Token, _) => token(&shared, &shape, &seen),
        (Place::Userinfo, Shape::Github) => github::user(&shared, &seen),
        (Place::Emails, _) => github::emails(&shared, &seen),
        (Place::Userinfo, Shape::Oidc | Shape::Entra(_)) => userinfo(&shared, &seen),
        (Place::Graph, _) => entra::graph(&shared, &seen),
        (Place::EndSession, _) => {
            let target = format!("{}?state={}", seen.get("post_logout_redirect_uri"), seen.get("state"));
            HttpResponse::Found().insert_header((header::LOCATION, target)).finish()
        }
    }
}

fn find(path: &str) -> Option<(Shape, Place)> {
    let own = match path {
        "/.well-known/openid-configuration" => Some((Shape::Oidc, Place::Metadata)),
        "/authorize" => Some((Shape::Oidc, Place::Authorization)),
        "/token" => Some((Shape::Oidc, Place::Token)),
        "/jwks" => Some((Shape::Oidc, Place::Jwks)),
        "/userinfo" => Some((Shape::Oidc, Place::Userinfo)),
        "/logout" => Some((Shape::Oidc, Place::EndSession)),
        "/login/oauth/authorize" => Some((Shape::Github, Place::Authorization)),
        "/login/oauth/access_token" => Some((Shape::Github, Place::Token)),
        "/user" => Some((Shape::Github, Place::Userinfo)),
        "/user/emails" => Some((Shape::Github, Place::Emails)),
        _ => None,
    };
    own.or_else(|| entra::find(path))
}

/// A page that says what Gantry did wrongly. Tests that come here fail, since nobody gets on from here.
pub(super) fn refused(why: &str) -> HttpResponse {
    HttpResponse::BadRequest().content_type("text/plain").body(format!("the provider refuses: {why}"))
}

fn metadata(shared: &Shared) -> Value {
    let at = |path: &str| format!("{}{path}", shared.origin);
    let mut document = json!({
        "issuer": shared.origin,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"),
        "userinfo_endpoint": at("/userinfo"),
        "end_session_endpoint": at("/logout"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    for (member, value) in &shared.state().advertised {
        document[member] = json!(value);
    }
    if shared.lies(Lie::OtherIssuerInMetadata) {
        document["issuer"] = json!("https://other.example.test");
    }
    if shared.lies(Lie::SlashInMetadata) {
        document["issuer"] = json!(at("/"));
    }
    if shared.lies(Lie::NoTokenEndpoint) {
        document.as_object_mut().unwrap().remove("token_endpoint");
    }
    document
}

fn keys(shared: &Shared) -> Value {
    if shared.lies(Lie::NoKeys) {
        return json!({ "keys": [] });
    }
    if shared.lies(Lie::JunkKeys) {
        return json!({ "keys": [{ "kty": "RSA", "kid": "first", "n": "!", "e": 3 }, 7, null] });
    }
    json!({ "keys": shared.state().keys.iter().map(|key| key.jwk()).collect::<Vec<_>>() })
}

/// Why an authorization request is not one that a careful client sends (FED-26).
fn careless(shared: &Shared, shape: &Shape, seen: &Seen) -> Option<&'static str> {
    let wrong = [
        (seen.get("response_type") != "code", "response_type"),
        (seen.get("client_id") != CLIENT_ID, "client_id"),
        (!shared.state().callbacks.contains(seen.get("redirect_uri")), "redirect_uri is not registered"),
        (seen.get("state").len() < 22, "state"),
        (seen.get("code_challenge_method") != "S256" || seen.get("code_challenge").len() != 43, "code_challenge"),
        (*shape != Shape::Github && seen.get("nonce").len() < 22, "nonce"),
        (*shape != Shape::Github && !seen.get("scope").split(' ').any(|scope| scope == "openid"), "scope"),
    ];
    wrong.into_iter().find(|(is, _)| *is).map(|(_, what)| what)
}

fn authorization(shared: &Shared, shape: &Shape, seen: &Seen) -> HttpResponse {
    if let Some(what) = careless(shared, shape, seen) {
        return refused(what);
    }
    let Some(account) = seen.account.as_deref().and_then(|text| serde_json::from_str::<Account>(text).ok()) else {
        return refused("nobody signs in");
    };
    let mut answer: Vec<(&str, String)> = Vec::new();
    if let Some((error, description)) = error_of(shared) {
        answer.extend([("error", error.to_owned()), ("error_description", description)]);
    } else {
        let code = random_text();
        let issued = Issued { account, asked: seen.parameters.clone(), session: random_text() };
        shared.state().codes.insert(code.clone(), issued);
        answer.push(("code", if shared.lies(Lie::MadeUpCode) { random_text() } else { code }));
    }
    answer.push(("state", if shared.lies(Lie::WrongState) { random_text() } else { seen.get("state").to_owned() }));
    if *shape == Shape::Oidc && !shared.lies(Lie::NoResponseIss) {
        let other = shared.lies(Lie::WrongResponseIss);
        answer.push(("iss", if other { "https://other.example.test".to_owned() } else { shared.origin.clone() }));
    }
    if shared.lies(Lie::Doubled) {
        answer.extend(answer.clone());
    }
    deliver(seen, &answer)
}

fn error_of(shared: &Shared) -> Option<(&'static str, String)> {
    let script = || format!("<script>alert('upstream')</script>\r\nSet-Cookie: upstream=1\r\n{}", "x".repeat(8 * 1024));
    let errors = [
        (Lie::ErrorWithScript, "<script>alert('upstream')</script>", script()),
        (Lie::Denied, "access_denied", "The person said no.".to_owned()),
        (Lie::LoginRequired, "login_required", "Nobody is signed in.".to_owned()),
        (Lie::OddError, "the_moon_is_full", "Come back later.".to_owned()),
    ];
    errors.into_iter().find(|(lie, ..)| shared.lies(*lie)).map(|(_, error, description)| (error, description))
}

/// Sends the browser back.
fn deliver(seen: &Seen, answer: &[(&str, String)]) -> HttpResponse {
    let back = seen.get("redirect_uri");
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
    HttpResponse::Found().insert_header((header::LOCATION, format!("{back}?{query}"))).finish()
}

fn token_error(status: u16, error: &str) -> HttpResponse {
    HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap()).json(json!({ "error": error }))
}

fn token(shared: &Shared, shape: &Shape, seen: &Seen) -> HttpResponse {
    if shared.lies(Lie::InvalidClient) || !proves_itself(shared, seen) {
        return token_error(401, "invalid_client");
    }
    if shared.lies(Lie::InvalidGrant) {
        return token_error(400, "invalid_grant");
    }
    let issued = match seen.get("grant_type") {
        "authorization_code" => {
            let Some(issued) = shared.state().codes.remove(seen.get("code")) else { return token_error(400, "invalid_grant") };
            let challenge = URL_SAFE_NO_PAD.encode(Digest::of(seen.get("code_verifier").as_bytes()).as_bytes());
            if issued.asked["redirect_uri"] != seen.get("redirect_uri") || issued.asked["code_challenge"] != challenge {
                return token_error(400, "invalid_grant");
            }
            issued
        }
        "refresh_token" => {
            let Some(issued) = shared.state().refreshes.remove(seen.get("refresh_token")) else { return token_error(400, "invalid_grant") };
            issued
        }
        _ => return token_error(400, "unsupported_grant_type"),
    };
    let (access, refresh) = (format!("upstream-access-{}", random_text()), format!("upstream-refresh-{}", random_text()));
    {
        let mut state = shared.state();
        state.tokens.insert(access.clone(), issued.account.clone());
        state.refreshes.insert(refresh.clone(), issued.clone());
    }
    if *shape == Shape::Github {
        return github::token(seen, &access);
    }
    let mut answer = json!({
        "access_token": access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": refresh,
        "scope": issued.asked.get("scope"),
    });
    if !shared.lies(Lie::NoIdToken) {
        answer["id_token"] = json!(id_token(shared, shape, &issued, &access));
    }
    HttpResponse::Ok().json(answer)
}

fn id_token(shared: &Shared, shape: &Shape, grant: &Issued, access_token: &str) -> String {
    let (lies, key) = {
        let state = shared.state();
        (state.lies.clone(), state.keys[0])
    };
    let now = shared.now();
    let (issuer, more) = match shape {
        Shape::Oidc | Shape::Github => (shared.origin.clone(), told_in_token(shared, &grant.account)),
        Shape::Entra(_) => entra::claims(shared, &grant.account),
    };
    let facts = Facts {
        issuer: &issuer,
        client_id: CLIENT_ID,
        subject: &grant.account.subject,
        nonce: grant.asked.get("nonce").map(String::as_str),
        access_token,
        session: &grant.session,
        now,
        more: &more,
    };
    let mut claims = id_token::claims(&facts);
    for lie in &lies {
        id_token::bend(*lie, &mut claims, now);
    }
    id_token::sign(lies.first().copied(), key, &Value::Object(claims))
}

/// What an ID token says of somebody beside what it is about.
fn told_in_token(shared: &Shared, account: &Account) -> Map<String, Value> {
    const USERINFO: &[&str] = &["name", "given_name", "family_name", "email", "email_verified", "picture", "groups"];
    let mut claims = account.claims.clone();
    if !shared.state().tells_in_tokens {
        claims.retain(|name, _| !USERINFO.contains(&name.as_str()));
    }
    claims
}

/// Whether the client proves itself by the one method that it is registered with.
fn proves_itself(shared: &Shared, seen: &Seen) -> bool {
    let (auth, key) = {
        let state = shared.state();
        (state.auth, state.client_key.clone())
    };
    let basic = seen.authorization.as_deref().and_then(|header| header.strip_prefix("Basic "));
    let (has_secret, has_assertion) = (seen.parameters.contains_key("client_secret"), seen.parameters.contains_key("client_assertion"));
    match auth {
        UpstreamAuth::ClientSecretBasic => {
            let pair = basic.and_then(|text| STANDARD.decode(text).ok()).and_then(|bytes| String::from_utf8(bytes).ok());
            pair.as_deref() == Some(&format!("{CLIENT_ID}:{CLIENT_SECRET}")) && !has_secret && !has_assertion
        }
        UpstreamAuth::ClientSecretPost => {
            seen.get("client_id") == CLIENT_ID && seen.get("client_secret") == CLIENT_SECRET && basic.is_none() && !has_assertion
        }
        UpstreamAuth::PrivateKeyJwt => {
            let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            seen.get("client_assertion_type") == kind
                && basic.is_none()
                && !has_secret
                && key.is_some_and(|key| is_assertion(&key, seen.get("client_assertion"), &shared.origin, shared.now()))
        }
        UpstreamAuth::None => seen.get("client_id") == CLIENT_ID && basic.is_none() && !has_secret && !has_assertion,
    }
}

/// Whether it is an assertion for this provider and nobody else, short-lived, by the client's key.
fn is_assertion(key: &str, assertion: &str, audience: &str, now: i64) -> bool {
    let Ok(header) = jsonwebtoken::decode_header(assertion) else { return false };
    let elliptic = header.alg == jsonwebtoken::Algorithm::ES256;
    let pem = key.as_bytes();
    let key = if elliptic { jsonwebtoken::DecodingKey::from_ec_pem(pem) } else { jsonwebtoken::DecodingKey::from_rsa_pem(pem) };
    let mut validation = jsonwebtoken::Validation::new(header.alg);
    validation.set_audience(&[audience]);
    validation.validate_exp = false;
    let Ok(Ok(token)) = key.map(|key| jsonwebtoken::decode::<Value>(assertion, &key, &validation)) else { return false };
    let claims = token.claims;
    let expires = claims["exp"].as_i64().unwrap_or_default();
    claims["aud"].is_string()
        && claims["iss"] == CLIENT_ID
        && claims["sub"] == CLIENT_ID
        && claims["jti"].as_str().is_some_and(|jti| jti.len() >= 22)
        && expires > now - 5
        && expires <= now + 305
}

fn userinfo(shared: &Shared, seen: &Seen) -> HttpResponse {
    let account = seen.bearer().and_then(|token| shared.state().tokens.get(token).cloned());
    let Some(account) = account else { return HttpResponse::Unauthorized().finish() };
    let mut claims = account.claims;
    if !shared.lies(Lie::UserinfoNoSub) {
        let other = shared.lies(Lie::UserinfoOtherSub);
        claims.insert("sub".to_owned(), json!(if other { "somebody-else" } else { &account.subject }));
    }
    HttpResponse::Ok().json(claims)
}
