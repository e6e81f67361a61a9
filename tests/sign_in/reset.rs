//! Getting back in by mail.

use std::time::Duration;

use super::{fill_in, seen};
use crate::support::{Browser, Gantry, Page, Person};

const NEW: &str = "an even longer phrase";

async fn ask(gantry: &Gantry, email: &str) -> Page {
    fill_in(gantry, &Browser::new(), "/reset", "reset-submit", &[("username", email)]).await
}

async fn link(gantry: &Gantry) -> String {
    ask(gantry, "alice@example.com").await;
    gantry.mail("alice@example.com", 1).await.link("/reset/password?token=")
}

async fn signs_in(gantry: &Gantry, password: &str) -> bool {
    let browser = Browser::new();
    let page = browser.open(gantry.url("/sign-in")).await;
    Person::ALICE.sign_in_with(&browser, &page, password).await.url.path() == "/account"
}

#[tokio::test]
async fn pre_02_rtk_11_a_reset_ends_every_session_and_every_token() {
    let gantry = Gantry::start().await;
    let (thief, app) = (Browser::new(), gantry.client("ledger"));
    let tokens = app.authorize().scope("openid offline_access").tokens(&thief, Person::ALICE).await;
    let (owner, link) = (Browser::new(), link(&gantry).await);
    let page = owner.open(&link).await;
    let page = owner.submit(&page, "reset-submit", &[("password", NEW)]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert_eq!(thief.open(gantry.url("/account")).await.url.path(), "/sign-in");
    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    assert_eq!(gantry.userinfo(&tokens.access_token()).await.status, 401);
    assert!(!signs_in(&gantry, Person::ALICE.password).await && signs_in(&gantry, NEW).await);
    let told = gantry.mail("alice@example.com", 2).await;
    assert!(told.text.contains("/reset") && !told.text.contains("token="), "{}", told.text);
}

#[tokio::test]
async fn pre_07_a_link_works_once_and_for_half_an_hour() {
    let gantry = Gantry::start().await;
    let (browser, link) = (Browser::new(), link(&gantry).await);
    for _ in 0..3 {
        assert_eq!(browser.open(&link).await.status, 200, "looking does not use it up");
    }
    let page = browser.open(&link).await;
    assert_eq!(browser.submit(&page, "reset-submit", &[("password", "short")]).await.status, 422);
    browser.submit(&page, "reset-submit", &[("password", NEW)]).await;
    let used = browser.submit(&page, "reset-submit", &[("password", "yet another long phrase")]).await;
    let made_up = browser.open(gantry.url("/reset/password?token=gal_x")).await;
    assert_eq!((used.status, made_up.status), (410, 410));
    assert_eq!(seen(&used).3, seen(&made_up).3);
    assert!(signs_in(&gantry, NEW).await);
}

#[tokio::test]
async fn pre_07_a_link_is_dead_after_half_an_hour() {
    let gantry = Gantry::start().await;
    let (browser, link) = (Browser::new(), link(&gantry).await);
    let page = browser.open(&link).await;
    gantry.clock.advance(Duration::from_mins(30));
    assert_eq!(browser.submit(&page, "reset-submit", &[("password", NEW)]).await.status, 410);
    assert!(signs_in(&gantry, Person::ALICE.password).await);
}

#[tokio::test]
async fn pre_10_pre_20_every_request_is_answered_alike_and_a_flood_is_one_mail() {
    let gantry = Gantry::start().await;
    let mut answers = Vec::new();
    for email in ["alice@example.com", "wrong@example.com", "alice@example.com", "alice@example.com"] {
        let (status, headers, length, text) = seen(&ask(&gantry, email).await);
        answers.push((status, headers, length, text.replace(email, "…")));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    gantry.mail("alice@example.com", 1).await;
    assert_eq!((gantry.mails("alice@example.com"), gantry.mails("wrong@example.com")), (1, 0));
}

#[tokio::test]
async fn pre_05_the_link_follows_configuration_whatever_the_request_says() {
    let gantry = Gantry::start().await;
    let poisoned = Browser::new()
        .with_header("x-forwarded-host", "evil.example")
        .with_header("x-forwarded-proto", "https")
        .with_header("forwarded", "host=evil.example;proto=https");
    fill_in(&gantry, &poisoned, "/reset", "reset-submit", &[("username", "alice@example.com")]).await;
    let mail = gantry.mail("alice@example.com", 1).await;
    assert!(!mail.text.contains("evil.example"));
    assert!(mail.link("token=").starts_with(&gantry.base));
    let answer = gantry.http.get(gantry.url("/reset")).header("host", "evil.example").send().await.unwrap();
    assert_eq!(answer.status(), 421);
}

#[tokio::test]
async fn pre_08_there_is_no_way_to_the_page_but_the_mail() {
    let gantry = Gantry::start().await;
    ask(&gantry, "alice@example.com").await;
    let browser = Browser::new();
    for path in ["/reset/password", "/reset/password?token=", "/reset/password?token=gal_AAAA"] {
        assert_eq!(browser.open(gantry.url(path)).await.status, 410, "{path}");
    }
    // A sign-up's link is for another purpose.
    let fields = [("name", ""), ("username", "carol@example.com"), ("password", NEW)];
    fill_in(&gantry, &browser, "/sign-up", "login-submit", &fields).await;
    let other = gantry.mail("carol@example.com", 1).await.link("token=").replace("/verify-email", "/reset/password");
    assert_eq!(browser.open(&other).await.status, 410);
}

#[tokio::test]
async fn after_a_reset_one_goes_on_to_the_app() {
    let gantry = Gantry::start().await;
    let (browser, app) = (Browser::new(), gantry.client("ledger"));
    let asked = app.authorize();
    let page = asked.open(&browser).await;
    let page = browser.submit(&page, "login-submit", &[("username", "alice@example.com")]).await;
    let reset = page.attribute("a[href*=\"/reset\"]", "href").unwrap();
    let page = browser.open(page.url.join(&reset).unwrap()).await;
    browser.submit(&page, "reset-submit", &[("username", "alice@example.com")]).await;
    let page = browser.open(gantry.mail("alice@example.com", 1).await.link("/reset/password?token=")).await;
    let page = browser.submit(&page, "reset-submit", &[("password", NEW)]).await;
    let on = page.attribute("main a[href*=\"/sign-in\"]", "href").unwrap();
    let page = browser.open(page.url.join(&on).unwrap()).await;
    let page = Person::ALICE.sign_in_with(&browser, &page, NEW).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    asked.redeem(&page.code()).await.ok();
}
