//! Apps that act for themselves.

use crate::support::{Browser, ClientAuth, Gantry, Person};

#[tokio::test]
async fn a_machine_gets_an_access_token_and_nothing_else() {
    let gantry = Gantry::start().await;
    let answer = gantry.client("worker").client_credentials("orders:read").await.ok();
    let json = answer.json();
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["expires_in"], 300);
    assert_eq!(json["scope"], "orders:read");
    assert!(json.get("refresh_token").is_none() && json.get("id_token").is_none());
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn without_a_scope_it_gets_what_it_is_registered_for() {
    let gantry = Gantry::start().await;
    let answer = gantry.client("worker").token(&[("grant_type", "client_credentials")]).await.ok();
    assert_eq!(answer.text("scope"), "orders:read opaque:read es:read ed:read");
    let narrowed = [("grant_type", "client_credentials"), ("resource", "https://api.example.test")];
    assert_eq!(gantry.client("worker").token(&narrowed).await.ok().text("scope"), "orders:read");
}

#[tokio::test]
async fn one_app_may_act_for_itself_and_for_people() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    assert_eq!(app.client_credentials("orders:read").await.ok().claims("access_token")["sub"], "ledger");
    assert!(
        app.authorize().tokens(&Browser::new(), Person::ALICE).await.claims("access_token")["sub"].as_str().unwrap().starts_with("usr_")
    );
}

#[tokio::test]
async fn cli_12_who_may_not_act_for_itself_is_told_so() {
    let gantry = Gantry::start().await;
    gantry.client("spa").client_credentials("orders:read").await.is_error(400, "unauthorized_client");
    gantry.client("notes").client_credentials("email").await.is_error(400, "unauthorized_client");
    let worker = gantry.client("worker");
    worker.token(&[("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "y")]).await.is_error(400, "unauthorized_client");
    for grant_type in ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"] {
        worker.token(&[("grant_type", grant_type)]).await.is_error(400, "unsupported_grant_type");
    }
}

#[tokio::test]
async fn cli_13_scopes_of_people_and_of_others_are_refused() {
    let gantry = Gantry::start().await;
    for scope in ["openid", "offline_access", "profile", "orders:write", "nonsense", "orders:read openid", "a\"b"] {
        gantry.client("ledger").client_credentials(scope).await.is_error(400, "invalid_scope");
    }
    for resource in ["https://unknown.example.test", "/relative", "https://api.example.test#x"] {
        let parameters = [("grant_type", "client_credentials"), ("resource", resource)];
        gantry.client("worker").token(&parameters).await.is_error(400, "invalid_target");
    }
}

#[tokio::test]
async fn cli_15_a_machine_never_passes_for_a_person() {
    let gantry = Gantry::start().await;
    let token = gantry.client("worker").client_credentials("orders:read").await.ok().access_token();
    assert_eq!(gantry.userinfo(&token).await.status, 401);
    gantry.client("worker").with_auth(ClientAuth::Public).client_credentials("orders:read").await.is_error(401, "invalid_client");
}

#[tokio::test]
async fn a_disabled_machine_gets_nothing_and_has_nothing() {
    let gantry = Gantry::start().await;
    let (worker, api) = (gantry.client("worker"), gantry.client("orders-api"));
    let token = worker.client_credentials("orders:read").await.ok().access_token();
    assert!(api.is_active(&token).await);
    gantry.disable_client("worker").await;
    worker.client_credentials("orders:read").await.is_error(401, "invalid_client");
    assert!(!api.is_active(&token).await);
}
