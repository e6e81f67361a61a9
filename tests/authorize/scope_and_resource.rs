//! Scopes and the APIs they are for.

use crate::support::{Browser, Gantry, Person};

#[tokio::test]
async fn only_known_scopes_of_the_app_are_taken() {
    let gantry = Gantry::start().await;
    for scope in ["nonsense", "openid nonsense", "openid\torders:read", "openid \"", "OPENID", &"x".repeat(200)] {
        let page = gantry.client("ledger").authorize().scope(scope).open(&Browser::new()).await;
        assert_eq!(page.error(), "invalid_scope", "{scope}");
    }
    assert_eq!(gantry.client("spa").authorize().scope("orders:write").open(&Browser::new()).await.error(), "invalid_scope");
}

#[tokio::test]
async fn order_and_spelling_of_spaces_do_not_matter() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().scope("email orders:read openid");
    let tokens = request.tokens(&Browser::new(), Person::ALICE).await;
    assert_eq!(tokens.text("scope"), "email orders:read openid");
    let spelt = request.url().replace("email+orders%3Aread+openid", "email%20orders%3Aread%20%20openid%20email");
    assert_ne!(spelt, request.url());
    let browser = Browser::new();
    let page = Person::ALICE.sign_in(&browser, &browser.open(&spelt).await).await;
    assert_eq!(request.redeem(&page.code()).await.ok().text("scope"), "email orders:read openid");
}

#[tokio::test]
async fn no_scope_means_what_the_app_is_registered_for() {
    let gantry = Gantry::start().await;
    let tokens = gantry.client("spa").authorize().without("scope").tokens(&Browser::new(), Person::ALICE).await;
    assert_eq!(tokens.text("scope"), "profile email orders:read");
    assert!(tokens.json().get("id_token").is_none() && tokens.json().get("refresh_token").is_none());
}

#[tokio::test]
async fn without_openid_there_is_no_id_token() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().scope("profile email");
    let tokens = request.tokens(&Browser::new(), Person::ALICE).await;
    assert!(tokens.json().get("id_token").is_none());
    let userinfo = gantry.userinfo(&tokens.access_token()).await.ok().json();
    assert_eq!(userinfo["email"], "alice@example.com");
}

#[tokio::test]
async fn resource_and_audience_name_the_api() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let request = gantry.client("ledger").authorize().scope("openid orders:read es:read");
    for name in ["resource", "audience"] {
        let tokens = request.clone().set(name, "https://es.example.test").tokens(&browser, Person::ALICE).await;
        assert_eq!(tokens.claims("access_token")["aud"], "https://es.example.test", "{name}");
    }
    let both = request.clone().set("resource", "https://es.example.test").set("audience", "https://es.example.test");
    both.open(&browser).await.code();
    for (name, value) in [
        ("resource", "https://nobody.example.test"),
        ("resource", "https://api.example.test/"),
        ("resource", "https://api.example.test#x"),
        ("audience", "nonsense"),
    ] {
        assert_eq!(request.clone().set(name, value).open(&browser).await.error(), "invalid_target", "{value}");
    }
    let torn = request.clone().set("resource", "https://es.example.test").set("audience", "https://api.example.test");
    assert_eq!(torn.open(&browser).await.error(), "invalid_target");
    let foreign = gantry.client("notes").authorize().set("resource", "https://api.example.test");
    assert_eq!(foreign.open(&browser).await.error(), "invalid_target");
}

#[tokio::test]
async fn several_resources_may_be_named() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize().scope("openid orders:read es:read"));
    let url = format!("{}&resource=https%3A%2F%2Fapi.example.test&resource=https%3A%2F%2Fes.example.test", request.url());
    let page = Person::ALICE.sign_in(&browser, &browser.open(&url).await).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let tokens = request.redeem(&page.code()).await.ok();
    assert_eq!(tokens.claims("access_token")["aud"], serde_json::json!(["https://api.example.test", "https://es.example.test"]));
}

#[tokio::test]
async fn without_a_resource_the_default_counts() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let request = gantry.client("ledger").authorize().scope("openid orders:read");
    let tokens = request.tokens(&browser, Person::ALICE).await;
    assert_eq!(tokens.claims("access_token")["aud"], "https://api.example.test");
    gantry.change_realm(|settings| settings.authorization.default_resource = Some("https://es.example.test".to_owned())).await;
    let tokens = request.tokens(&browser, Person::ALICE).await;
    assert_eq!(tokens.claims("access_token")["aud"], "https://es.example.test");
}
