//! The sample API against an issuer of the tests' own, which publishes one key.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
use actix_web::web::{Data, Form, get, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::clock::{Clock as _, SystemClock};
use gantry_core::secret::Secret;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{Api, Door, Errors};
use crate::issuer::{Issuer, http_client};
use crate::realm::{SampleClient, SampleTenant};

const AUDIENCE: &str = "https://api.example";

/// An issuer that is served, and what it signs with.
struct Signer {
    url: String,
    key: EncodingKey,
    key_fetches: Arc<AtomicUsize>,
}

impl Signer {
    fn start() -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let keys = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "one", "x": x }] });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let endpoint = |path: &str| format!("{url}{path}");
        let metadata = json!({
            "issuer": url,
            "userinfo_endpoint": endpoint("/userinfo"),
            "introspection_endpoint": endpoint("/introspect"),
            "jwks_uri": endpoint("/jwks"),
        });
        let key_fetches = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&key_fetches);
        let server = HttpServer::new(move || {
            let (metadata, keys, counted) = (metadata.clone(), keys.clone(), Arc::clone(&counted));
            App::new()
                .route("/.well-known/openid-configuration", get().to(move || std::future::ready(HttpResponse::Ok().json(&metadata))))
                .route(
                    "/jwks",
                    get().to(move || {
                        counted.fetch_add(1, Ordering::Relaxed);
                        std::future::ready(HttpResponse::Ok().json(&keys))
                    }),
                )
                .route("/userinfo", get().to(userinfo))
                .route("/introspect", post().to(introspect))
        });
        actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Self { url, key: EncodingKey::from_ed_der(pkcs8.as_ref()), key_fetches }
    }

    fn api(&self) -> Data<Api> {
        api_of(&self.url)
    }

    fn claims(&self) -> Value {
        let now = SystemClock.now().seconds();
        json!({ "iss": self.url, "aud": AUDIENCE, "sub": "usr_mae", "client_id": "perigee", "scope": "openid read", "exp": now + 60 })
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.key).unwrap()
    }
}

/// Who asks is known to be who they say, and the person is Mae with everything that a token may release.
async fn userinfo() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "sub": "usr_mae", "name": "Mae Carter", "email": "mae@example.com" }))
}

/// Each credential is good for something.
async fn introspect(request: HttpRequest, form: Form<HashMap<String, String>>) -> HttpResponse {
    assert!(request.headers().contains_key("authorization"));
    HttpResponse::Ok().json(match form.get("token").map(String::as_str) {
        Some("gak_good") => active("app_key", "jobs:read", AUDIENCE),
        Some("gak_poor") => active("app_key", "other", AUDIENCE),
        Some("gak_elsewhere") => active("app_key", "jobs:read", "https://other.example"),
        Some("gat_machine") => active("access_token", "jobs:read locks", AUDIENCE),
        Some("gpt_good") => active("personal_token", "locks", AUDIENCE),
        _ => json!({ "active": false }),
    })
}

fn active(kind: &str, scope: &str, audience: &str) -> Value {
    json!({ "active": true, "token_kind": kind, "sub": "usr_mae", "scope": scope, "aud": [audience] })
}

/// An API whose four platforms share one issuer.
fn api_of(issuer: &str) -> Data<Api> {
    let clock = Arc::new(SystemClock);
    let asker = SampleClient { client_id: "api".to_owned(), name: "API".to_owned(), secret: Secret::new("secret"), redirect_uri: None };
    let door = |platform, errors| Door {
        platform,
        issuer: Issuer::new(issuer, http_client().unwrap(), clock.clone()),
        audience: AUDIENCE.to_owned(),
        asker: Some(asker.clone()),
        errors,
    };
    Data::new(Api {
        rocketskip: door("RocketSkip", Errors::Flat),
        roserocket: door("Rose Rocket", Errors::Flat),
        rocketpunch: door("Rocketpunch", Errors::Nested),
        chaster: door("Chaster", Errors::Flat),
        customers: vec![SampleTenant { org_id: "org_alder".to_owned(), name: "Alder Logistics".to_owned(), members: Vec::new() }],
        app_key_header: "X-RP-API-Key".to_owned(),
        clock: clock.clone(),
    })
}

fn header() -> Header {
    Header { typ: Some("at+jwt".to_owned()), kid: Some("one".to_owned()), ..Header::new(Algorithm::EdDSA) }
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

/// Status, challenge and body for a request with these headers.
async fn get_with(api: &Data<Api>, path: &str, headers: &[(&str, &str)]) -> (StatusCode, String, Value) {
    let app = init_service(App::new().configure(|config| super::configure(config, api.clone()))).await;
    let request = TestRequest::get().uri(path);
    let request = headers.iter().fold(request, |request, header| request.append_header(*header));
    let response = call_service(&app, request.to_request()).await;
    let challenge = response.headers().get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
    (response.status(), challenge.unwrap_or_default(), read_body_json(response).await)
}

/// The answer of `GET /resource` to an `Authorization` header.
async fn ask(api: &Data<Api>, authorization: Option<&str>) -> (StatusCode, String, Value) {
    let headers: Vec<(&str, &str)> = authorization.into_iter().map(|value| ("authorization", value)).collect();
    get_with(api, "/resource", &headers).await
}

/// A platform's answer to a token with this scope, sent as its guide says.
async fn with_scope(signer: &Signer, path: &str, scope: &str) -> (StatusCode, String, Value) {
    let token = signer.sign(&header(), &with(signer.claims(), "scope", json!(scope)));
    get_with(&signer.api(), path, &[("authorization", &format!("Bearer {token}")), ("content-type", "application/json")]).await
}

#[actix_web::test]
async fn a_good_token_gets_the_launches_of_whom_it_is_for() {
    let signer = Signer::start();
    let token = signer.sign(&header(), &signer.claims());
    for scheme in ["Bearer", "bearer"] {
        let (status, _, answer) = ask(&signer.api(), Some(&format!("{scheme} {token}"))).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert_eq!(answer["asked_by"]["sub"], "usr_mae");
        assert!(answer["launches"].as_array().is_some_and(|launches| !launches.is_empty()));
    }
}

#[actix_web::test]
async fn without_a_token_no_error_is_told() {
    let signer = Signer::start();
    for authorization in [None, Some("Basic bWFlOng="), Some("Bearer")] {
        let (status, challenge, _) = ask(&signer.api(), authorization).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(challenge.starts_with("Bearer ") && !challenge.contains("error"), "{challenge}");
    }
}

#[actix_web::test]
async fn a_token_that_does_not_hold_is_refused() {
    let signer = Signer::start();
    let (api, good, now) = (signer.api(), signer.claims(), SystemClock.now().seconds());
    let another = Signer::start();
    let cut = |token: &str| token.rsplit_once('.').unwrap().0.to_owned();
    let symmetric = Header { typ: header().typ, kid: header().kid, ..Header::new(Algorithm::HS256) };
    let forged = jsonwebtoken::encode(&symmetric, &good, &EncodingKey::from_secret(b"published")).unwrap();
    let unsigned =
        format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt","kid":"one"}"#), URL_SAFE_NO_PAD.encode(good.to_string()));
    for (what, token) in [
        ("no JWT", "gat_x".to_owned()),
        ("signed by somebody else", another.sign(&header(), &good)),
        ("without a signature", format!("{}.", cut(&signer.sign(&header(), &good)))),
        ("of no algorithm", unsigned),
        ("of a symmetric algorithm", forged),
        ("for another API", signer.sign(&header(), &with(good.clone(), "aud", json!("https://other.example")))),
        ("of another issuer", signer.sign(&header(), &with(good.clone(), "iss", json!("https://other.example")))),
        ("expired", signer.sign(&header(), &with(good.clone(), "exp", json!(now - 60)))),
        ("not yet valid", signer.sign(&header(), &with(good.clone(), "nbf", json!(now + 60)))),
        ("of another type", signer.sign(&Header { typ: Some("logout+jwt".to_owned()), ..header() }, &good)),
        ("of no type", signer.sign(&Header { typ: None, ..header() }, &good)),
        ("without a key's name", signer.sign(&Header { kid: None, ..header() }, &good)),
        ("with an extension", signer.sign(&Header { crit: Some(vec!["exp".to_owned()]), ..header() }, &good)),
    ] {
        let (status, challenge, body) = ask(&api, Some(&format!("Bearer {token}"))).await;
        assert_eq!((status, body["error"].as_str()), (StatusCode::UNAUTHORIZED, Some("invalid_token")), "{what}");
        assert!(challenge.contains(r#"error="invalid_token""#), "{what}: {challenge}");
    }
}

#[actix_web::test]
async fn a_token_without_the_scope_is_not_enough() {
    let signer = Signer::start();
    for scope in [json!("openid"), json!("readme"), Value::Null] {
        let token = signer.sign(&header(), &with(signer.claims(), "scope", scope));
        let (status, challenge, _) = ask(&signer.api(), Some(&format!("Bearer {token}"))).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(challenge.contains(r#"error="insufficient_scope", scope="read""#), "{challenge}");
    }
}

#[actix_web::test]
async fn unknown_keys_cost_one_fetch_however_many_ask() {
    let signer = Signer::start();
    let api = signer.api();
    for kid in ["two", "three", "four", "two"] {
        let token = signer.sign(&Header { kid: Some(kid.to_owned()), ..header() }, &signer.claims());
        assert_eq!(ask(&api, Some(&format!("Bearer {token}"))).await.0, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(signer.key_fetches.load(Ordering::Relaxed), 1);
}

#[actix_web::test]
async fn a_silent_issuer_is_no_fault_of_the_token() {
    let signer = Signer::start();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let token = signer.sign(&header(), &signer.claims());
    let (status, ..) = ask(&api_of(&format!("http://{nobody}")), Some(&format!("Bearer {token}"))).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}

#[actix_web::test]
async fn rocketpunch_tells_the_address_to_whom_it_was_allowed() {
    let signer = Signer::start();
    let path = "/api/v1/profiles/me";
    let (status, _, profile) = with_scope(&signer, path, "profile:read profile:email").await;
    assert_eq!((status, &profile["name"], &profile["email"]), (StatusCode::OK, &json!("Mae Carter"), &json!("mae@example.com")));
    let (status, _, profile) = with_scope(&signer, path, "profile:read").await;
    assert_eq!((status, profile.get("email")), (StatusCode::OK, None), "{profile}");
    let (status, challenge, body) = with_scope(&signer, path, "profile:email").await;
    assert_eq!((status, body["error"]["code"].as_str()), (StatusCode::FORBIDDEN, Some("insufficient_scope")));
    assert!(body["error"]["message"].is_string() && challenge.contains(r#"scope="profile:read""#), "{body} {challenge}");
}

#[actix_web::test]
async fn rocketpunch_takes_one_app_key_in_its_header() {
    let signer = Signer::start();
    let good = ("X-RP-API-Key", "gak_good");
    for (headers, expected) in [
        (vec![good], StatusCode::OK),
        (vec![("x-rp-api-key", "gak_good")], StatusCode::OK),
        (vec![], StatusCode::UNAUTHORIZED),
        (vec![good, good], StatusCode::UNAUTHORIZED),
        (vec![("X-RP-API-Key", "mistyped")], StatusCode::UNAUTHORIZED),
        (vec![("X-RP-API-Key", "gak_elsewhere")], StatusCode::UNAUTHORIZED),
        (vec![("X-RP-API-Key", "gat_machine")], StatusCode::UNAUTHORIZED),
        (vec![("X-RP-API-Key", "gak_poor")], StatusCode::FORBIDDEN),
        (vec![("X-API-Key", "gak_good")], StatusCode::UNAUTHORIZED),
        (vec![("Authorization", "Bearer gak_good")], StatusCode::UNAUTHORIZED),
    ] {
        let (status, _, body) = get_with(&signer.api(), "/api/v1/jobs", &headers).await;
        assert_eq!(status, expected, "{headers:?}");
        assert_eq!(body["error"]["message"].is_string(), status != StatusCode::OK, "{body}");
    }
}

#[actix_web::test]
async fn rose_rocket_knows_the_organization_of_a_token() {
    let signer = Signer::start();
    let orders = async |org_id: Value| {
        let token = signer.sign(&header(), &with(signer.claims(), "org_id", org_id));
        get_with(&signer.api(), "/api/v1/orders", &[("authorization", &format!("Bearer {token}"))]).await
    };
    let (status, _, answer) = orders(json!("org_alder")).await;
    assert_eq!((status, &answer["organization"]), (StatusCode::OK, &json!("Alder Logistics")));
    for nobody in [Value::Null, json!("org_unknown")] {
        let (status, _, answer) = orders(nobody).await;
        assert_eq!((status, answer["error"].as_str()), (StatusCode::FORBIDDEN, Some("no_organization")));
    }
}

#[actix_web::test]
async fn chaster_takes_access_tokens_and_developer_tokens() {
    let signer = Signer::start();
    let (status, _, by_app) = with_scope(&signer, "/api/profile", "profile").await;
    assert_eq!((status, &by_app["known_by"], &by_app["name"]), (StatusCode::OK, &json!("access token"), &json!("Mae Carter")));
    let (status, _, by_hand) = get_with(&signer.api(), "/api/profile", &[("authorization", "Bearer gpt_good")]).await;
    assert_eq!((status, &by_hand["known_by"]), (StatusCode::OK, &json!("developer token")));
    assert_eq!(by_hand["locks"], by_app["locks"]);
    for bad in ["gpt_gone", "gat_machine"] {
        let (status, challenge, _) = get_with(&signer.api(), "/api/profile", &[("authorization", &format!("Bearer {bad}"))]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{bad}");
        assert!(challenge.contains(r#"error="invalid_token""#), "{challenge}");
    }
    assert_eq!(with_scope(&signer, "/api/profile", "email").await.0, StatusCode::FORBIDDEN);
}
