//! ID tokens.

use std::time::Duration;

use serde_json::json;

use super::verification::verified;
use crate::support::{Browser, Gantry, Person};

#[tokio::test]
async fn it_says_who_signed_in_when_and_how() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let tokens = request.tokens(&Browser::new(), Person::ALICE).await;
    let (header, claims) = verified(&gantry, &tokens.text("id_token"), "ledger").await;
    assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
    assert_eq!(claims["nonce"], request.get("nonce"));
    assert_eq!(claims["sub"], json!(gantry.user(Person::ALICE).await.id));
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert!(claims["auth_time"].is_i64() && claims["acr"].is_string() && claims["sid"].is_string());
    assert!(claims.get("email").is_none(), "claims of scopes are for userinfo");
}

#[tokio::test]
async fn without_openid_or_nonce_there_is_none() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    let tokens = app.authorize().scope("email").tokens(&Browser::new(), Person::ALICE).await;
    assert!(tokens.json().get("id_token").is_none());
    let tokens = app.authorize().without("nonce").tokens(&Browser::new(), Person::ALICE).await;
    assert!(tokens.claims("id_token").get("nonce").is_none());
}

#[tokio::test]
async fn claims_asked_for_by_name_come_in_it() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().scope("openid email").set("claims", r#"{"id_token":{"email":null,"name":null}}"#);
    let claims = request.tokens(&Browser::new(), Person::ALICE).await.claims("id_token");
    assert_eq!(claims["email"], "alice@example.com");
    assert!(claims.get("name").is_none(), "what no granted scope releases is not released");
}

#[tokio::test]
async fn a_refreshed_one_is_about_the_same_sign_in() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    let first = app.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
    gantry.clock.advance(Duration::from_secs(30));
    let (before, after) = (first.claims("id_token"), app.refresh(&first.refresh_token()).await.ok().claims("id_token"));
    for member in ["iss", "sub", "aud", "auth_time", "sid", "acr", "amr"] {
        assert_eq!(before[member], after[member], "{member}");
    }
    assert!(after["iat"].as_i64() > before["iat"].as_i64());
    assert!(after.get("nonce").is_none());
}
