//! Pushed requests: what a reference is good for, and what a browser cannot change about it.

use std::time::Duration;

use gantry_core::realm::PkceDemand;
use reqwest::Method;

use crate::support::{Answer, App, Authorization, Browser, ClientAuth, Gantry, Person};

/// Pushes a request as its app does.
async fn push(request: &Authorization<'_>) -> Answer {
    let parameters: Vec<(&str, &str)> = request.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let parameters: Vec<(&str, &str)> = match request.app.auth {
        ClientAuth::Public | ClientAuth::Post(_) => parameters.into_iter().filter(|(name, _)| *name != "client_id").collect(),
        ClientAuth::Basic(_) | ClientAuth::ByHand => parameters,
    };
    request.app.post(request.app.paths.pushed_requests, &parameters).await
}

/// The request that the browser is sent with afterwards.
fn refer<'g>(app: &App<'g>, request_uri: &str) -> Authorization<'g> {
    let mut reference = app.authorize().set("request_uri", request_uri);
    reference.parameters.retain(|name, _| name == "client_id" || name == "request_uri");
    reference
}

async fn pushed<'g>(request: &Authorization<'g>) -> Authorization<'g> {
    let answer = push(request).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    refer(&request.app, &answer.text("request_uri"))
}

#[tokio::test]
async fn a_pushed_request_is_answered_like_any_other() {
    let gantry = Gantry::start().await;
    for app in [
        gantry.client("ledger"),
        gantry.client("ledger").with_auth(ClientAuth::Post(crate::support::CLIENT_SECRET.to_owned())),
        gantry.client("spa"),
    ] {
        let request = app.authorize().scope("openid profile");
        let answer = push(&request).await;
        assert_eq!((answer.status, answer.json()["expires_in"].as_i64()), (201, Some(90)));
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.text("request_uri").starts_with("urn:ietf:params:oauth:request_uri:gpr_"));
        let back = refer(&app, &answer.text("request_uri")).walk(&Browser::new(), Person::ALICE).await;
        assert_eq!(back.answer()["state"], request.get("state"));
        let tokens = request.redeem(&back.code()).await.ok();
        assert_eq!(tokens.text("scope"), "openid profile");
        assert_eq!(tokens.claims("id_token")["nonce"], request.get("nonce"));
    }
    let document = Answer::of(gantry.http.get(gantry.url("/.well-known/openid-configuration")).send().await.unwrap()).await.json();
    assert_eq!(document["pushed_authorization_request_endpoint"], gantry.url("/oauth/par"));
    assert_eq!(document["require_pushed_authorization_requests"], false);
}

/// Until then the page may be loaded again; after it, in this browser or another, it may not.
#[tokio::test]
async fn par_01_a_reference_leads_to_one_answer() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    let reference = pushed(&request).await;
    let (first, second) = (reference.open(&browser).await, reference.open(&browser).await);
    let page = Person::ALICE.sign_in(&browser, &first).await;
    browser.submit(&page, "consent-allow", &[]).await.code();
    reference.open(&browser).await.is_error_page(400);
    reference.open(&Browser::new()).await.is_error_page(400);
    // Whose page was shown before is too late as well: the session and the consent stand, the reference does not.
    let late = browser.submit(&second, "login-submit", &[("username", Person::ALICE.email)]).await;
    assert!(late.left.is_none_or(|left| !left.as_str().contains("code=")));

    let reference = pushed(&request).await;
    let browser = Browser::new();
    let page = Person::BOB.sign_in(&browser, &reference.open(&browser).await).await;
    assert_eq!(browser.submit(&page, "consent-deny", &[]).await.error(), "access_denied");
    reference.open(&browser).await.is_error_page(400);
}

#[tokio::test]
async fn par_02_another_apps_reference_is_nothing() {
    let gantry = Gantry::start().await;
    let reference = pushed(&gantry.client("ledger").authorize()).await;
    let browser = Browser::new();
    reference.clone().set("client_id", "notes").open(&browser).await.is_error_page(400);
    reference.clone().without("client_id").open(&browser).await.is_error_page(400);
    reference.walk(&browser, Person::ALICE).await.code();
}

#[tokio::test]
async fn par_03_an_old_cut_or_foreign_reference_is_nothing() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    let answer = push(&app.authorize()).await;
    let uri = answer.text("request_uri");
    let browser = Browser::new();
    for wrong in [uri.get(..uri.len() - 1).unwrap(), "urn:ietf:params:oauth:request_uri:", "urn:ietf:params:oauth:request_uri:gpr_unknown"]
    {
        refer(&app, wrong).open(&browser).await.is_error_page(400);
    }
    refer(&app.clone().at(&gantry.other_realm(), app.paths), &uri).open(&browser).await.is_error_page(400);
    // Who came in time may take longer; nobody else may come.
    let page = refer(&app, &uri).open(&browser).await;
    gantry.clock.advance(Duration::from_secs(91));
    refer(&app, &uri).open(&browser).await.is_error_page(400);
    let page = Person::ALICE.sign_in(&browser, &page).await;
    browser.submit(&page, "consent-allow", &[]).await.code();
}

#[tokio::test]
async fn par_04_what_is_pushed_is_a_plain_request_of_an_app_that_proves_itself() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    push(&request.clone().set("request_uri", "urn:ietf:params:oauth:request_uri:x")).await.is_error(400, "invalid_request");
    push(&request.clone().set("request", "eyJhbGciOiJub25lIn0.e30.")).await.is_error(400, "request_not_supported");
    let by = |auth| {
        let mut request = request.clone();
        request.app = request.app.with_auth(auth);
        request
    };
    push(&by(ClientAuth::Public)).await.is_error(401, "invalid_client");
    push(&by(ClientAuth::Basic("wrong".repeat(8)))).await.is_error(401, "invalid_client");
    let by_get = gantry.http.request(Method::GET, format!("{}?{}", gantry.url("/oauth/par"), request.query())).send().await.unwrap();
    assert_eq!(by_get.status(), 405);
    for (name, value, code) in [
        ("redirect_uri", "https://evil.example/", "invalid_request"),
        ("scope", "admin", "invalid_scope"),
        ("resource", "https://unknown.example.test", "invalid_target"),
        ("response_type", "token", "unsupported_response_type"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("client_id", "notes", "invalid_client"),
    ] {
        let answer = push(&request.clone().set(name, value)).await;
        assert_eq!(answer.json()["error"], code, "{name}: {}", answer.body);
    }
}

#[tokio::test]
async fn par_05_a_browser_changes_nothing_about_it() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().scope("openid profile");
    let mut reference = pushed(&request).await;
    for (name, value) in [
        ("scope", "openid profile email orders:write offline_access"),
        ("redirect_uri", "https://ledger.example.test/other"),
        ("resource", "https://opaque.example.test"),
        ("organization", "org_acme"),
        ("org_id", "org_other"),
        ("prompt", "none"),
        ("state", "changed"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "plain"),
        ("response_mode", "form_post"),
    ] {
        reference = reference.set(name, value);
    }
    let back = reference.walk(&Browser::new(), Person::ALICE).await;
    assert_eq!(back.answer()["state"], request.get("state"));
    assert!(back.left.as_ref().unwrap().as_str().starts_with("https://ledger.example.test/callback?"));
    assert_eq!(request.redeem(&back.code()).await.ok().text("scope"), "openid profile");
}

#[tokio::test]
async fn par_06_who_must_push_must_push() {
    let gantry = Gantry::start().await;
    gantry.change_realm(|settings| settings.authorization.require_pushed_requests = true).await;
    let request = gantry.client("ledger").authorize();
    assert_eq!(request.open(&Browser::new()).await.error(), "invalid_request");
    pushed(&request).await.walk(&Browser::new(), Person::ALICE).await.code();
    let document = Answer::of(gantry.http.get(gantry.url("/.well-known/openid-configuration")).send().await.unwrap()).await.json();
    assert_eq!(document["require_pushed_authorization_requests"], true);

    gantry.change_realm(|settings| settings.authorization.require_pushed_requests = false).await;
    let file = crate::support::gantry::REALM_FILE.replace("policy: { first_party: true }", "policy: { require_pushed_requests: true }");
    gantry.apply(&file).await;
    assert_eq!(gantry.client("house").authorize().open(&Browser::new()).await.error(), "invalid_request");
    gantry.client("ledger").authorize().walk(&Browser::new(), Person::ALICE).await.code();
}

/// What was pushed is nobody's to read: not in addresses, pages' links or cookies.
#[tokio::test]
async fn par_07_what_was_pushed_shows_up_nowhere() {
    let gantry = Gantry::start().await;
    let canary = "canary-of-a-pushed-hint@example.com";
    let request = gantry.client("ledger").authorize().set("login_hint", canary).set("state", "canary-of-a-state");
    let reference = pushed(&request).await;
    let browser = Browser::new();
    let page = reference.open(&browser).await;
    assert!(!page.url.as_str().contains("canary"));
    assert!(browser.cookies().iter().all(|(_, value)| !value.contains("canary")));
    // The hint fills the field that it is for, and stands nowhere else.
    assert_eq!(page.html.matches(canary).count(), 1);
    assert!(!page.html.contains("canary-of-a-state"));
}

#[tokio::test]
async fn par_08_a_reference_to_another_server_is_never_followed() {
    let gantry = Gantry::start().await;
    for uri in ["https://attacker.example/x", "http://127.0.0.1:9/x", "urn:example:x"] {
        let refused = gantry.client("ledger").authorize().set("request_uri", uri).open(&Browser::new()).await;
        assert_eq!(refused.error(), "request_uri_not_supported", "{uri}");
    }
}

#[tokio::test]
async fn what_is_pushed_is_judged_at_once_and_swept_away_in_the_end() {
    let gantry = Gantry::start().await;
    gantry.change_realm(|settings| settings.authorization.pkce = PkceDemand::All).await;
    let request = gantry.client("ledger").authorize();
    push(&request.clone().without_pkce()).await.is_error(400, "invalid_request");
    let reference = pushed(&request).await;
    gantry.clock.advance(Duration::from_hours(2));
    gantry.purge().await;
    reference.open(&Browser::new()).await.is_error_page(400);
}

#[tokio::test]
async fn an_app_without_a_secret_fills_no_table() {
    let gantry = Gantry::start().await;
    let request = gantry.client("spa").authorize();
    let mut last = 201;
    for _ in 0..70 {
        last = push(&request).await.status;
    }
    assert_eq!(last, 429);
    let other = gantry.client("ledger").authorize();
    pushed(&other).await;
}
