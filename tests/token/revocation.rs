//! Tokens given back.

use crate::support::{Browser, ClientAuth, Gantry, Person};

#[tokio::test]
async fn an_access_token_ends_alone() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    for scope in ["openid offline_access orders:read", "openid offline_access opaque:read"] {
        let tokens = app.authorize().scope(scope).set("prompt", "consent").tokens(&Browser::new(), Person::ALICE).await;
        assert_eq!(gantry.userinfo(&tokens.access_token()).await.status, 200, "{scope}");
        app.revoke(&tokens.access_token()).await.ok();
        assert_eq!(gantry.userinfo(&tokens.access_token()).await.status, 401, "{scope}");
        assert!(!app.is_active(&tokens.access_token()).await);
        app.refresh(&tokens.refresh_token()).await.ok();
    }
}

#[tokio::test]
async fn a_machines_token_can_be_revoked() {
    let gantry = Gantry::start().await;
    let worker = gantry.client("worker");
    let (gone, kept) = (worker.client_credentials("orders:read").await.ok(), worker.client_credentials("orders:read").await.ok());
    worker.revoke(&gone.access_token()).await.ok();
    assert!(!worker.is_active(&gone.access_token()).await);
    assert!(worker.is_active(&kept.access_token()).await);
}

#[tokio::test]
async fn what_is_unknown_is_answered_like_what_was_revoked() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    for token in ["unknown", "gat_x", "grt_x", "a.b.c", "%00"] {
        let answer = app.revoke(token).await.ok();
        assert_eq!(answer.body, "");
    }
    app.post("/oauth/revoke", &[]).await.is_error(400, "invalid_request");
    app.post("/oauth/revoke", &[("token", "x"), ("token_type_hint", "nonsense")]).await.ok();
    app.with_auth(ClientAuth::Public).revoke("unknown").await.is_error(401, "invalid_client");
}

#[tokio::test]
async fn a_public_client_gives_its_own_back() {
    let gantry = Gantry::start().await;
    let spa = gantry.client("spa");
    let tokens = spa.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
    spa.revoke(&tokens.refresh_token()).await.ok();
    spa.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    assert_eq!(gantry.live_grants(Person::ALICE).await, 0);
}
