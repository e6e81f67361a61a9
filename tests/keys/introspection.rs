//! One question about whatever a caller sent.

use std::time::{Duration, Instant};

use gantry_core::app_key::AppKey;
use gantry_core::personal_token::PersonalToken;
use serde_json::json;

use super::{API, app_key, personal_token};
use crate::support::{Browser, Gantry, Person};

#[tokio::test]
async fn an_api_learns_of_all_kinds_in_one_call() {
    let gantry = Gantry::start().await;
    let api = gantry.client("orders-api");
    let (key, key_text) = app_key(&gantry, "worker", "orders:read opaque:read", None).await;
    let (token, token_text) = personal_token(&gantry, Person::ALICE, "orders:read orders:write opaque:read profile").await;
    let alice = gantry.user(Person::ALICE).await.id.to_string();
    assert_eq!(
        api.introspect(&key_text).await.ok().json(),
        json!({
            "active": true, "token_kind": "app_key", "iss": gantry.issuer(), "sub": "worker", "client_id": "worker",
            "scope": "orders:read", "aud": [API], "iat": key.created_at.seconds(), "jti": key.id,
        })
    );
    assert_eq!(
        api.introspect(&token_text).await.ok().json(),
        json!({
            "active": true, "token_kind": "personal_token", "token_type": "Bearer", "iss": gantry.issuer(), "sub": alice,
            "scope": "orders:read orders:write profile", "aud": [API], "iat": token.created_at.seconds(),
            "exp": token.expires_at.seconds(), "jti": token.id,
        })
    );
    let jwt = gantry.client("worker").client_credentials("orders:read").await.ok().access_token();
    let known = api.introspect(&jwt).await.ok().json();
    assert_eq!((&known["token_kind"], &known["token_type"], &known["sub"]), (&json!("access_token"), &json!("Bearer"), &json!("worker")));
    let opaque = gantry.client("worker").client_credentials("opaque:read").await.ok().access_token();
    let api = gantry.client("opaque-api");
    for (text, kind) in [(&opaque, "access_token"), (&key_text, "app_key"), (&token_text, "personal_token")] {
        let known = api.introspect(text).await.ok().json();
        assert_eq!((known["token_kind"].as_str(), &known["active"]), (Some(kind), &json!(true)));
        let expected = if kind == "personal_token" { "opaque:read profile" } else { "opaque:read" };
        assert_eq!((known["scope"].as_str(), &known["aud"]), (Some(expected), &json!(["https://opaque.example.test"])), "{kind}");
    }
    let own = gantry.client("worker").introspect(&key_text).await.ok().json();
    assert_eq!(own["scope"], "orders:read opaque:read", "its own client sees all of a key");
    let refresh = gantry.client("ledger").authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
    let known = gantry.client("ledger").introspect(&refresh.refresh_token()).await.ok().json();
    assert_eq!(known["token_kind"], "refresh_token");
}

#[tokio::test]
async fn ten_13_a_key_opens_nothing_beside_its_own_api() {
    let gantry = Gantry::start().await;
    let (_, key) = app_key(&gantry, "worker", "orders:read", None).await;
    let (_, token) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    for (other, credential) in [("opaque-api", &key), ("ledger", &key), ("opaque-api", &token), ("worker", &token), ("ledger", &token)] {
        assert_eq!(gantry.client(other).introspect(credential).await.ok().body, r#"{"active":false}"#, "{other}");
    }
    let mut elsewhere = gantry.client("orders-api");
    elsewhere.base = gantry.other_realm();
    for credential in [&key, &token] {
        assert!(!elsewhere.is_active(credential).await, "another realm");
        let as_secret = gantry.client("worker").with_auth(crate::support::ClientAuth::Post(credential.clone()));
        as_secret.client_credentials("orders:read").await.is_error(401, "invalid_client");
        gantry.client("ledger").refresh(credential).await.is_error(400, "invalid_grant");
        gantry.client("worker").revoke(credential).await.ok();
        assert!(gantry.client("orders-api").is_active(credential).await, "it ends where it was made");
        let page = gantry.http.get(gantry.url("/account")).bearer_auth(credential).send().await.unwrap();
        assert_eq!(page.status(), 303, "no page takes it");
    }
    assert_eq!(gantry.userinfo(&key).await.status, 401);
    let cut: String = key.chars().take(key.len() - 1).collect();
    assert!(!gantry.client("orders-api").is_active(&cut).await);
}

#[tokio::test]
async fn userinfo_takes_a_personal_token_as_far_as_its_scopes_go() {
    let gantry = Gantry::start().await;
    let (_, with_claims) = personal_token(&gantry, Person::ALICE, "email orders:read").await;
    let claims = gantry.userinfo(&with_claims).await.ok().json();
    let alice = gantry.user(Person::ALICE).await.id.to_string();
    assert_eq!(claims, json!({ "sub": alice, "email": "alice@example.com", "email_verified": true }));
    let (_, without) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    gantry.userinfo(&without).await.is_error(403, "insufficient_scope");
    gantry.disable(Person::ALICE).await;
    assert_eq!(gantry.userinfo(&with_claims).await.status, 401);
}

#[tokio::test]
async fn a_use_is_noted_once_it_was_seen_by_whom_it_concerns() {
    let gantry = Gantry::start().await;
    let tx = gantry.store.read(gantry.realm_id().await);
    let key_used = async |key: &AppKey| tx.app_keys().find(key.digest).await.unwrap().unwrap().last_used_at.is_some();
    let token_used = async |token: &PersonalToken| tx.personal_tokens().find(token.digest).await.unwrap().unwrap().last_used_at.is_some();
    let (unseen_key, key_text) = app_key(&gantry, "worker", "orders:read", None).await;
    let (unseen_token, token_text) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    for text in [&key_text, &token_text] {
        assert!(!gantry.client("opaque-api").is_active(text).await);
    }
    let (key, key_text) = app_key(&gantry, "worker", "orders:read", None).await;
    let (token, token_text) = personal_token(&gantry, Person::BOB, "orders:read").await;
    for text in [&key_text, &token_text] {
        assert!(gantry.client("orders-api").is_active(text).await);
    }
    let began = Instant::now();
    while !(key_used(&key).await && token_used(&token).await) {
        assert!(began.elapsed() < Duration::from_secs(10), "the use was not noted");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Uses are noted in the order in which they were made, so the earlier ones would be there by now.
    assert!(!key_used(&unseen_key).await && !token_used(&unseen_token).await, "who is told nothing leaves no trace");
}
