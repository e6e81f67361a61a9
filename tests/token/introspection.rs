//! What APIs learn about tokens, and who learns nothing.

use serde_json::json;

use crate::support::{Browser, ClientAuth, Gantry, Person};

#[tokio::test]
async fn an_api_learns_what_it_needs() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    let tokens = app.authorize().scope("openid orders:read").tokens(&Browser::new(), Person::ALICE).await;
    let known = gantry.client("orders-api").introspect(&tokens.access_token()).await.ok().json();
    let user = gantry.user(Person::ALICE).await;
    assert_eq!(known["active"], true);
    for (member, expected) in [
        ("iss", json!(gantry.issuer())),
        ("sub", json!(user.id)),
        ("client_id", json!("ledger")),
        ("scope", json!("openid orders:read")),
        ("aud", json!(["https://api.example.test"])),
        ("token_type", json!("Bearer")),
    ] {
        assert_eq!(known[member], expected, "{member}");
    }
    assert_eq!(known["exp"].as_i64().unwrap() - known["iat"].as_i64().unwrap(), 300);
}

#[tokio::test]
async fn rtk_16_nobody_else_learns_anything() {
    let gantry = Gantry::start().await;
    let token = gantry.client("worker").client_credentials("orders:read").await.ok().access_token();
    let nobody = gantry.client("worker").with_auth(ClientAuth::ByHand);
    nobody.introspect(&token).await.is_error(401, "invalid_client");
    gantry.client("spa").introspect(&token).await.is_error(401, "invalid_client");
    gantry.client("spa").post("/oauth/introspect", &[("token", &token), ("client_secret", "")]).await.is_error(401, "invalid_client");
    for other in ["opaque-api", "ledger"] {
        assert_eq!(gantry.client(other).introspect(&token).await.ok().json(), json!({ "active": false }), "{other}");
    }
    assert!(gantry.client("orders-api").is_active(&token).await);
}

#[tokio::test]
async fn par_19_a_token_for_one_api_is_nothing_to_another() {
    let gantry = Gantry::start().await;
    let token = gantry.client("worker").client_credentials("opaque:read").await.ok().access_token();
    assert!(token.starts_with("gat_"));
    assert!(gantry.client("opaque-api").is_active(&token).await);
    assert!(!gantry.client("orders-api").is_active(&token).await);
}

#[tokio::test]
async fn jwt_13_another_realms_token_is_inactive() {
    let gantry = Gantry::start().await;
    let token = gantry.client("worker").client_credentials("orders:read").await.ok().access_token();
    let mut elsewhere = gantry.client("orders-api");
    elsewhere.base = gantry.other_realm();
    assert!(!elsewhere.is_active(&token).await);
    let answer = gantry.http.get(format!("{}/oauth/userinfo", gantry.other_realm())).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn refresh_tokens_are_between_a_client_and_the_server() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    let tokens = app.authorize().scope("openid offline_access orders:read").tokens(&Browser::new(), Person::ALICE).await;
    assert!(app.is_active(&tokens.refresh_token()).await);
    assert!(!gantry.client("orders-api").is_active(&tokens.refresh_token()).await);
    let rotated = app.refresh(&tokens.refresh_token()).await.ok();
    assert!(!app.is_active(&tokens.refresh_token()).await);
    assert!(app.is_active(&rotated.refresh_token()).await);
}
