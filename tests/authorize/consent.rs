//! The consent page: what it shows, what a decision means, and that nobody else can make it.

use std::time::Duration;

use crate::support::{Authorization, Browser, Gantry, Page, Person};

async fn consent_page<'g>(gantry: &'g Gantry, scope: &str) -> (Browser, Authorization<'g>, Page) {
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize().scope(scope));
    let page = request.open(&browser).await;
    let page = Person::ALICE.sign_in(&browser, &page).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
    (browser, request, page)
}

/// The form with one field changed, as it is sent.
fn changed(page: &Page, name: &str, value: Option<&str>) -> Vec<(String, String)> {
    let mut fields = page.form("consent-allow").fields;
    fields.retain(|(known, _)| known != name);
    fields.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    fields
}

const OWN: &[(&str, &str)] = &[("sec-fetch-site", "same-origin"), ("origin", "null")];

#[tokio::test]
async fn the_page_says_who_asks_for_what_and_where_it_leads() {
    let gantry = Gantry::start().await;
    let (_, _, page) = consent_page(&gantry, "openid email orders:read").await;
    let text = page.text("main");
    for shown in [
        "Ledger Sync",
        "Keeps your books in step",
        "Ledgerworks",
        "alice@example.com",
        "see your orders",
        "Orders API",
        "ledger.example.test",
    ] {
        assert!(text.contains(shown), "{shown} is not in: {text}");
    }
}

#[tokio::test]
async fn con_01_no_page_can_be_framed() {
    let gantry = Gantry::start().await;
    let (browser, request, consent) = consent_page(&gantry, "openid").await;
    let sign_in = request.open(&Browser::new()).await;
    let error = request.without("redirect_uri").open(&browser).await;
    for page in [sign_in, consent, error] {
        assert!(page.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
        assert_eq!(page.headers["x-frame-options"], "DENY");
        assert_eq!(page.headers["cross-origin-opener-policy"], "same-origin");
    }
}

#[tokio::test]
async fn con_02_only_the_page_itself_can_decide() {
    let gantry = Gantry::start().await;
    let (browser, _, page) = consent_page(&gantry, "openid email").await;
    let (_, _, other) = consent_page(&gantry, "openid email").await;
    let foreign = other.attribute("[name=csrf]", "value").unwrap();
    let action = page.form("consent-allow").action;

    for token in [None, Some(""), Some("nonsense"), Some(foreign.as_str())] {
        browser.post(&action, &changed(&page, "csrf", token), OWN).await.is_error_page(403);
    }
    let whole = page.form("consent-allow").fields;
    for headers in [
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        [("sec-fetch-site", "same-site"), ("origin", "null")],
        [("sec-fetch-site", "none"), ("origin", "null")],
    ] {
        browser.post(&action, &whole, &headers).await.is_error_page(403);
    }
    browser.post(&action, &whole, &[("origin", "https://evil.example")]).await.is_error_page(403);
    assert_eq!(gantry.live_grants(Person::ALICE).await, 0);

    browser.post(&action, &whole, OWN).await.code();
}

#[tokio::test]
async fn con_03_the_request_that_the_server_holds_wins() {
    let gantry = Gantry::start().await;
    let (browser, request, page) = consent_page(&gantry, "openid email").await;
    let mut fields = page.form("consent-allow").fields;
    for (name, value) in [
        ("scope", "orders:write"),
        ("scope", "offline_access"),
        ("client_id", "notes"),
        ("redirect_uri", "https://evil.example/"),
        ("resource", "https://opaque.example.test"),
        ("state", "other"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("nonce", "other"),
    ] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    let page = browser.post(&page.form("consent-allow").action, &fields, OWN).await;
    assert!(page.left.as_ref().unwrap().as_str().starts_with(request.get("redirect_uri")));
    assert_eq!(page.answer()["state"], request.get("state"));
    let tokens = request.redeem(&page.code()).await.ok();
    assert_eq!(tokens.text("scope"), "openid email");
    assert!(tokens.json().get("refresh_token").is_none());
    assert_eq!(tokens.claims("id_token")["nonce"], request.get("nonce"));
}

#[tokio::test]
async fn con_04_a_decision_counts_once_and_in_time() {
    let gantry = Gantry::start().await;
    let (browser, request, page) = consent_page(&gantry, "openid email").await;
    browser.submit(&page, "consent-allow", &[]).await.code();
    browser.submit(&page, "consent-allow", &[]).await.is_error_page(400);
    browser.submit(&page, "consent-deny", &[]).await.is_error_page(400);
    assert_eq!(gantry.live_grants(Person::ALICE).await, 1);

    // The same with a page that no row stood behind when it was shown.
    let page = request.clone().set("prompt", "consent").open(&browser).await;
    browser.submit(&page, "consent-allow", &[]).await.code();
    browser.submit(&page, "consent-allow", &[]).await.is_error_page(400);
    assert_eq!(gantry.live_grants(Person::ALICE).await, 2);

    let page = request.set("prompt", "consent").open(&browser).await;
    gantry.clock.advance(Duration::from_secs(3601));
    browser.submit(&page, "consent-allow", &[]).await.is_error_page(400);
    assert_eq!(gantry.live_grants(Person::ALICE).await, 2);
}

#[tokio::test]
async fn con_04_of_many_at_once_one_wins() {
    let gantry = Gantry::start().await;
    let (browser, _, page) = consent_page(&gantry, "openid email").await;
    let form = page.form("consent-allow");
    let attempts = futures_util::future::join_all((0..16).map(|_| browser.post(&form.action, &form.fields, OWN))).await;
    assert_eq!(attempts.iter().filter(|page| page.left.is_some()).count(), 1);
    for page in attempts.iter().filter(|page| page.left.is_none()) {
        page.is_error_page(400);
    }
    assert_eq!(gantry.live_grants(Person::ALICE).await, 1);
}

#[tokio::test]
async fn con_05_an_unticked_scope_is_nowhere() {
    let gantry = Gantry::start().await;
    let (browser, request, page) = consent_page(&gantry, "openid profile email orders:read").await;
    let page = browser.submit(&page, "consent-allow", &[("scope", "orders:read")]).await;
    let tokens = request.redeem(&page.code()).await.ok();
    assert_eq!(tokens.text("scope"), "openid orders:read");
    assert_eq!(tokens.claims("access_token")["scope"], "openid orders:read");
    let userinfo = gantry.userinfo(&tokens.access_token()).await.ok().json();
    assert_eq!(userinfo.as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"]);

    // What was not allowed is asked for again, and only then.
    assert!(request.open(&browser).await.has("#consent-allow"));
    request.scope("openid orders:read").open(&browser).await.code();
}

#[tokio::test]
async fn con_07_an_unverified_publisher_is_marked() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("notes").authorize());
    let page = request.open(&browser).await;
    let page = Person::ALICE.sign_in(&browser, &page).await;
    let text = page.text("main");
    assert!(text.contains("A Stranger") && text.contains("notes.example.test"), "{text}");
    assert!(page.has(".badge.warn") && !page.has(".badge.good"), "{}", page.html);
    let (_, _, verified) = consent_page(&gantry, "openid").await;
    assert!(verified.has(".badge.good") && !verified.has(".badge.warn"), "{}", verified.html);
}

#[tokio::test]
async fn con_09_no_is_no_and_is_not_remembered() {
    let gantry = Gantry::start().await;
    let (browser, request, page) = consent_page(&gantry, "openid email").await;
    let refused = browser.submit(&page, "consent-deny", &[]).await;
    assert_eq!(refused.error(), "access_denied");
    assert_eq!(refused.answer()["state"], request.get("state"));
    assert_eq!(refused.answer()["iss"], gantry.issuer());
    assert_eq!((gantry.live_grants(Person::ALICE).await, gantry.audited("denied").await), (0, 1));

    let page = request.open(&browser).await;
    let nothing_ticked = changed(&page, "scope", None);
    assert_eq!(browser.post(&page.form("consent-allow").action, &nothing_ticked, OWN).await.error(), "access_denied");
    assert!(request.open(&browser).await.has("#consent-allow"));
}

#[tokio::test]
async fn con_10_access_is_kept_only_by_those_who_were_allowed_to() {
    let gantry = Gantry::start().await;
    let (browser, request, page) = consent_page(&gantry, "openid email offline_access").await;
    let page = browser.submit(&page, "consent-allow", &[("scope", "email")]).await;
    assert!(request.redeem(&page.code()).await.ok().json().get("refresh_token").is_none());

    assert_eq!(request.clone().set("prompt", "none").open(&browser).await.error(), "consent_required");
    let page = request.open(&browser).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    request.redeem(&page.code()).await.ok().refresh_token();
    request.tokens(&browser, Person::ALICE).await.refresh_token();
}

#[tokio::test]
async fn con_11_a_consent_that_is_withdrawn_ends_everything() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    let request = request.scope("openid orders:read offline_access");
    let tokens = request.tokens(&browser, Person::ALICE).await;
    assert!(gantry.client("orders-api").is_active(&tokens.access_token()).await);

    gantry.withdraw(Person::ALICE, "ledger").await;

    assert!(!gantry.client("orders-api").is_active(&tokens.access_token()).await);
    request.app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    assert!(request.open(&browser).await.has("#consent-allow"));
}

#[tokio::test]
async fn a_standing_session_and_consent_answer_in_one_request() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    request.walk(&browser, Person::ALICE).await.code();
    let page = browser.open_once(request.url()).await;
    assert_eq!(page.status, 303);
    assert!(page.headers["location"].to_str().unwrap().starts_with(request.get("redirect_uri")));
    // Every grant, and every consent, has its line.
    assert_eq!((gantry.audited("code_issued").await, gantry.audited("consented").await), (2, 1));
}

#[tokio::test]
async fn the_platforms_own_app_needs_no_page() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("house").authorize());
    let page = request.open(&browser).await;
    let page = Person::ALICE.sign_in(&browser, &page).await;
    request.redeem(&page.code()).await.ok();
    assert_eq!(gantry.audited("consented").await, 0);
}

#[tokio::test]
async fn another_person_is_asked_anew() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    request.walk(&Browser::new(), Person::ALICE).await.code();
    let bobs = Browser::new();
    let page = request.open(&bobs).await;
    assert!(Person::BOB.sign_in(&bobs, &page).await.has("#consent-allow"));
}
