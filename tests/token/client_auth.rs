//! How clients prove who they are, and what does not pass for a proof.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, Header};
use reqwest::header;
use serde_json::{Value, json};

use crate::support::{Answer, App, CLIENT_SECRET, ClientAuth, Gantry, sign};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn with_assertion(gantry: &Gantry, assertion: &str, more: &[(&str, &str)]) -> Answer {
    let mut parameters = vec![("grant_type", "client_credentials"), ("client_assertion_type", ASSERTION), ("client_assertion", assertion)];
    parameters.extend_from_slice(more);
    gantry.client("signer").with_auth(ClientAuth::ByHand).token(&parameters).await
}

/// An assertion of the app `signer`, changed.
fn changed(gantry: &Gantry, change: impl FnOnce(&mut Header, &mut Value)) -> String {
    let good = gantry.assertion("signer", &gantry.issuer(), Duration::from_mins(1));
    let mut claims = crate::support::claims_of(&good);
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some("signer".to_owned());
    change(&mut header, &mut claims);
    sign(&header, &claims)
}

async fn with_header(gantry: &Gantry, value: &[u8]) -> Answer {
    let request = gantry.http.post(gantry.url("/oauth/token")).header(header::AUTHORIZATION, value);
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body("grant_type=client_credentials");
    Answer::of(request.send().await.unwrap()).await
}

fn basic(credentials: &str) -> Vec<u8> {
    format!("Basic {}", STANDARD.encode(credentials)).into_bytes()
}

#[tokio::test]
async fn either_secret_method_works_unless_one_is_registered() {
    let gantry = Gantry::start().await;
    let worker = gantry.client("worker");
    worker.client_credentials("orders:read").await.ok();
    worker.clone().with_auth(ClientAuth::Post(CLIENT_SECRET.to_owned())).client_credentials("orders:read").await.ok();
    for auth in [ClientAuth::Basic("wrong".to_owned()), ClientAuth::Post("wrong".to_owned()), ClientAuth::Public, ClientAuth::ByHand] {
        worker.clone().with_auth(auth).client_credentials("orders:read").await.is_error(401, "invalid_client");
    }
    let unknown = App { client_id: "nobody".to_owned(), ..worker };
    unknown.client_credentials("orders:read").await.is_error(401, "invalid_client");
    assert_eq!(gantry.audited("client_auth_failed").await, 0, "the trail is written a moment later");
}

#[tokio::test]
async fn cli_01_two_methods_at_once_are_refused() {
    let gantry = Gantry::start().await;
    let worker = gantry.client("worker");
    let grant = ("grant_type", "client_credentials");
    worker.token(&[grant, ("client_secret", CLIENT_SECRET)]).await.is_error(400, "invalid_request");
    worker.token(&[grant, ("client_assertion_type", ASSERTION), ("client_assertion", "x")]).await.is_error(400, "invalid_request");
    let post = worker.clone().with_auth(ClientAuth::Post(CLIENT_SECRET.to_owned()));
    post.token(&[grant, ("client_assertion", "x")]).await.is_error(400, "invalid_request");
    worker.token(&[grant, ("client_id", "worker")]).await.ok();
    worker.token(&[grant, ("client_id", "ledger")]).await.is_error(401, "invalid_client");
}

#[tokio::test]
async fn cli_02_a_client_of_keys_has_no_use_for_a_secret() {
    let gantry = Gantry::start().await;
    for auth in [ClientAuth::Basic(CLIENT_SECRET.to_owned()), ClientAuth::Post(CLIENT_SECRET.to_owned()), ClientAuth::Public] {
        gantry.client("signer").with_auth(auth).client_credentials("orders:read").await.is_error(401, "invalid_client");
    }
    with_assertion(&gantry, "garbage", &[("client_id", "signer")]).await.is_error(401, "invalid_client");
    let assertion = gantry.assertion("worker", &gantry.issuer(), Duration::from_mins(1));
    with_assertion(&gantry, &assertion, &[]).await.is_error(401, "invalid_client");
}

#[tokio::test]
async fn cli_03_another_algorithm_or_key_proves_nothing() {
    let gantry = Gantry::start().await;
    with_assertion(&gantry, &changed(&gantry, |_, _| {}), &[]).await.ok();
    let claims = crate::support::claims_of(&changed(&gantry, |_, _| {}));
    let hmac = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &jsonwebtoken::EncodingKey::from_secret(b"signer")).unwrap();
    let good = changed(&gantry, |_, _| {});
    let (head, _) = good.rsplit_once('.').unwrap();
    let payload = head.split_once('.').unwrap().1;
    let none = format!("eyJhbGciOiJub25lIn0.{payload}.");
    for wrong in [
        hmac,
        none,
        format!("{head}."),
        format!("{head}.AAAA"),
        good.replace('.', ".."),
        changed(&gantry, |header, _| header.kid = Some("other".to_owned())),
    ] {
        with_assertion(&gantry, &wrong, &[]).await.is_error(401, "invalid_client");
    }
}

#[tokio::test]
async fn cli_04_the_audience_is_the_issuer_or_the_token_endpoint() {
    let gantry = Gantry::start().await;
    for right in [json!(gantry.issuer()), json!(gantry.url("/oauth/token")), json!([gantry.issuer(), gantry.url("/oauth/token")])] {
        with_assertion(&gantry, &changed(&gantry, |_, claims| claims["aud"] = right), &[]).await.ok();
    }
    for wrong in [json!(gantry.other_realm()), json!([gantry.issuer(), "https://other.example.test"]), json!("signer"), Value::Null] {
        with_assertion(&gantry, &changed(&gantry, |_, claims| claims["aud"] = wrong), &[]).await.is_error(401, "invalid_client");
    }
}

#[tokio::test]
async fn cli_06_a_long_life_is_refused() {
    let gantry = Gantry::start().await;
    let assertion = gantry.assertion("signer", &gantry.issuer(), Duration::from_hours(48));
    with_assertion(&gantry, &assertion, &[]).await.is_error(401, "invalid_client");
}

#[tokio::test]
async fn cli_07_times_are_strict_but_for_a_little_skew() {
    let gantry = Gantry::start().await;
    let now = crate::support::claims_of(&changed(&gantry, |_, _| {}))["iat"].as_i64().unwrap();
    for exp in [json!(now - 1), json!("soon"), json!(-1), Value::Null, json!(f64::MAX)] {
        with_assertion(&gantry, &changed(&gantry, |_, claims| claims["exp"] = exp), &[]).await.is_error(401, "invalid_client");
    }
    for member in ["iat", "nbf"] {
        with_assertion(&gantry, &changed(&gantry, |_, claims| claims[member] = json!(now + 61)), &[]).await.is_error(401, "invalid_client");
        with_assertion(&gantry, &changed(&gantry, |_, claims| claims[member] = json!(now + 8)), &[]).await.ok();
    }
}

#[tokio::test]
async fn cli_08_issuer_subject_and_client_are_one() {
    let gantry = Gantry::start().await;
    for member in ["iss", "sub"] {
        with_assertion(&gantry, &changed(&gantry, |_, claims| claims[member] = json!("worker")), &[]).await.is_error(401, "invalid_client");
    }
    with_assertion(&gantry, &changed(&gantry, |_, _| {}), &[("client_id", "worker")]).await.is_error(401, "invalid_client");
    with_assertion(&gantry, &changed(&gantry, |_, _| {}), &[("client_id", "signer")]).await.ok();
}

#[tokio::test]
async fn cli_11_malformed_headers_are_answered_with_a_challenge() {
    let gantry = Gantry::start().await;
    for wrong in [
        &b"Basic"[..],
        b"Basic !!!",
        b"Basic d29ya2Vy",
        b"Bearer abc",
        b"\xff\xfe",
        &basic("worker\0:x"),
        &basic(&format!("worker%00:{CLIENT_SECRET}")),
        &basic(&"a".repeat(20_000)),
        &basic(&format!("wörker:{CLIENT_SECRET}")),
    ] {
        with_header(&gantry, wrong).await.is_error(401, "invalid_client");
    }
    with_header(&gantry, &basic(&format!("worker:{CLIENT_SECRET}"))).await.ok();
    with_header(&gantry, &basic(&format!("%77orker:{}", CLIENT_SECRET.replace('-', "%2D")))).await.ok();
}

#[tokio::test]
async fn jwt_05_an_assertion_with_extensions_is_refused() {
    let gantry = Gantry::start().await;
    let good = changed(&gantry, |_, _| {});
    let payload = good.split('.').nth(1).unwrap();
    for header in [
        r#"{"alg":"ES256","kid":"signer","crit":["x"],"x":1}"#,
        r#"{"alg":"ES256","kid":"signer","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"ES256","alg":"ES256","kid":"signer"}"#,
        r#"{"alg":"ES256","kid":"signer","typ":"at+jwt"}"#,
        r#"{"alg":"ES256","kid":["signer","signer"]}"#,
    ] {
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let message = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header));
        let key = jsonwebtoken::EncodingKey::from_ec_pem(include_bytes!("../support/keys/signer.pem")).unwrap();
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::ES256).unwrap();
        with_assertion(&gantry, &format!("{message}.{signature}"), &[]).await.is_error(401, "invalid_client");
    }
}
