//! The flow between request and answer: bound to its browser, never mixed with another.

use std::time::Duration;

use crate::support::{Browser, Gantry, Page, Person};

/// The value that a page's form carries for its flow.
fn handle(page: &Page) -> String {
    page.attribute("[name=request]", "value").unwrap_or_else(|| panic!("no flow on {}:\n{}", page.url, page.html))
}

#[tokio::test]
async fn ses_02_another_browsers_flow_never_completes() {
    let gantry = Gantry::start().await;
    let (attacker, victim) = (Browser::new(), Browser::new());
    gantry.client("ledger").authorize().walk(&victim, Person::ALICE).await.code();
    let before = gantry.live_grants(Person::ALICE).await;

    let request = gantry.client("ledger").authorize();
    let sealed_page = request.open(&attacker).await;
    let page = attacker.submit(&sealed_page, "login-submit", &[("username", Person::BOB.email)]).await;
    assert!(handle(&page).starts_with("arq_"));
    for planted in [handle(&page), handle(&sealed_page)] {
        victim.open(gantry.url(&format!("/continue?request={planted}"))).await.is_error_page(400);
        victim.open(gantry.url(&format!("/sign-in?request={planted}"))).await.is_error_page(400);
    }
    // Nor by the victim's own consent page with the attacker's flow in it.
    let consent = gantry.client("ledger").authorize().set("prompt", "consent").open(&victim).await;
    for planted in [handle(&page), handle(&sealed_page)] {
        victim.submit(&consent, "consent-allow", &[("request", &planted)]).await.is_error_page(400);
    }
    assert_eq!(gantry.live_grants(Person::ALICE).await, before);

    // Its owner goes on undisturbed.
    let page = attacker.submit(&page, "login-submit", &[("password", Person::BOB.password)]).await;
    attacker.submit(&page, "consent-allow", &[]).await.code();
}

#[tokio::test]
async fn ses_02_a_flow_belongs_to_its_realm() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = gantry.client("ledger").authorize().open(&browser).await;
    let page = browser.submit(&page, "login-submit", &[("username", Person::BOB.email)]).await;
    for path in ["/continue", "/sign-in"] {
        browser.open(format!("{}{path}?request={}", gantry.other_realm(), handle(&page))).await.is_error_page(400);
    }
}

#[tokio::test]
async fn ses_05_two_tabs_never_mix() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let (ledger, notes) = (gantry.client("ledger").authorize().scope("openid orders:read"), gantry.client("notes").authorize());
    let mut elsewhere = gantry.client("spa").authorize();
    elsewhere.app.base = gantry.other_realm();

    let one = ledger.open(&browser).await;
    let two = notes.open(&browser).await;
    let three = elsewhere.open(&browser).await;
    let one = browser.submit(&one, "login-submit", &[("username", Person::ALICE.email)]).await;
    let three = browser.submit(&three, "login-submit", &[("username", Person::BOB.email)]).await;
    let two = browser.submit(&two, "login-submit", &[("username", Person::ALICE.email)]).await;
    let two = browser.submit(&two, "login-submit", &[("password", Person::ALICE.password)]).await;
    let three = browser.submit(&three, "login-submit", &[("password", Person::BOB.password)]).await;
    // The first tab's password page was shown before anybody had signed in.
    let one = browser.submit(&one, "login-submit", &[("password", Person::ALICE.password)]).await;

    let one = browser.submit(&one, "consent-allow", &[]).await;
    let two = notes.open(&browser).await.left.map_or(two, |_| panic!("nobody has allowed this yet"));
    let three = browser.submit(&three, "consent-allow", &[]).await;
    assert_eq!(one.left.as_ref().unwrap().host_str(), Some("ledger.example.test"));
    assert_eq!(one.answer()["state"], ledger.get("state"));
    assert_eq!(three.left.as_ref().unwrap().host_str(), Some("spa.example.test"));
    assert_eq!(three.answer()["iss"], gantry.other_realm());
    let tokens = ledger.redeem(&one.code()).await.ok();
    assert_eq!(tokens.claims("id_token")["nonce"], ledger.get("nonce"));
    assert_eq!(tokens.text("scope"), "openid orders:read");
    let elsewhere = elsewhere.redeem(&three.code()).await.ok();
    assert_eq!(elsewhere.claims("id_token")["iss"], gantry.other_realm());

    // The second tab was shown in a session that the first tab has replaced: it asks again, for its own app.
    let two = browser.open(gantry.url(&format!("/continue?request={}", handle(&two)))).await;
    let two = browser.submit(&two, "consent-allow", &[]).await;
    assert_eq!(two.left.as_ref().unwrap().host_str(), Some("notes.example.test"));
    notes.redeem(&two.code()).await.ok();
}

#[tokio::test]
async fn ses_06_another_person_gets_another_session() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    let alice = request.tokens(&browser, Person::ALICE).await.claims("id_token");
    let page = request.clone().set("prompt", "login").open(&browser).await;
    let page = Person::BOB.sign_in(&browser, &page).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let bob = request.redeem(&page.code()).await.ok().claims("id_token");
    assert_ne!(alice["sub"], bob["sub"]);
    assert_ne!(alice["sid"], bob["sid"]);
}

#[tokio::test]
async fn a_flow_that_waited_too_long_is_over() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let request = gantry.client("ledger").authorize();
    let sealed = request.open(&browser).await;
    let stored = browser.submit(&request.open(&browser).await, "login-submit", &[("username", Person::ALICE.email)]).await;
    gantry.clock.advance(Duration::from_secs(3601));
    browser.submit(&sealed, "login-submit", &[("username", Person::ALICE.email)]).await.is_error_page(400);
    browser.open(gantry.url(&format!("/continue?request={}", handle(&stored)))).await.is_error_page(400);
}

#[tokio::test]
async fn nothing_is_stored_for_a_request_that_nobody_acts_on() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let request = gantry.client("ledger").authorize();
    let one = request.open(&browser).await;
    assert!(!handle(&one).starts_with("arq_"));
    // Sent twice, the same page is one request.
    let first = browser.submit(&one, "login-submit", &[("username", Person::ALICE.email)]).await;
    let second = browser.submit(&one, "login-submit", &[("username", Person::BOB.email)]).await;
    assert_eq!(handle(&first), handle(&second));
}

#[tokio::test]
async fn nonsense_in_place_of_a_flow_is_a_page() {
    let gantry = Gantry::start().await;
    for value in ["", "arq_", "arq_0", "nonsense", "%00", "ses_01890000000070008000000000000000"] {
        Browser::new().open(gantry.url(&format!("/continue?request={value}"))).await.is_error_page(400);
    }
    Browser::new().open(gantry.url("/continue")).await.is_error_page(400);
}
