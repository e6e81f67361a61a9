//! The password page.

use reqwest::header;

use super::{fill_in, seen};
use crate::support::{Browser, Gantry, Page, Person};

/// The password page for an address, from a browser that nobody knows.
async fn password_page(gantry: &Gantry, browser: &Browser, email: &str) -> Page {
    fill_in(gantry, browser, "/sign-in", "login-submit", &[("username", email)]).await
}

async fn guess(gantry: &Gantry, email: &str, password: &str) -> Page {
    let browser = Browser::new();
    let page = password_page(gantry, &browser, email).await;
    browser.submit(&page, "login-submit", &[("password", password)]).await
}

#[tokio::test]
async fn without_an_app_one_signs_in_to_ones_account() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = browser.open(gantry.url("/account")).await;
    assert_eq!(page.url.path(), "/sign-in");
    let page = Person::ALICE.sign_in(&browser, &page).await;
    assert_eq!((page.status, page.url.path()), (200, "/account"));
    assert!(page.html.contains("alice@example.com"));
}

#[tokio::test]
async fn pre_10_no_answer_tells_whether_an_account_exists() {
    let gantry = Gantry::start().await;
    gantry.disable(Person::BOB).await;
    // All addresses are of one length, since each page repeats what was typed.
    let emails = ["alice@example.com", "wrong@example.com", "bobby@example.com"];
    let mut pages = Vec::new();
    let mut refusals = Vec::new();
    for email in emails {
        let browser = Browser::new();
        let page = password_page(&gantry, &browser, email).await;
        pages.push(seen(&page).3.replace(email, "…"));
        let refused = browser.submit(&page, "login-submit", &[("password", "not the right one")]).await;
        let (status, headers, length, text) = seen(&refused);
        assert_eq!(status, 422);
        refusals.push((headers, length, text.replace(email, "…")));
    }
    let of_bob = guess(&gantry, Person::BOB.email, Person::BOB.password).await;
    assert_eq!(of_bob.status, 422, "a disabled person's right password is like a wrong one");
    pages.dedup();
    refusals.dedup();
    assert_eq!((pages.len(), refusals.len()), (1, 1), "{refusals:?}");
}

#[tokio::test]
async fn bru_01_bru_14_a_throttled_account_answers_right_and_wrong_alike() {
    let gantry = Gantry::start().await;
    for _ in 0..10 {
        assert_eq!(guess(&gantry, "alice@example.com", "wrong guess").await.status, 422);
    }
    let wrong = guess(&gantry, "alice@example.com", "wrong guess").await;
    let right = guess(&gantry, " ALICE@example.com", Person::ALICE.password).await;
    assert_eq!((wrong.status, right.status), (429, 429));
    assert!(wrong.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(seen(&wrong), seen(&right));
    assert_eq!(gantry.audited("sign_in_throttled").await, 1, "one line for the whole flood");
    // Another account is not concerned.
    assert_eq!(guess(&gantry, Person::BOB.email, Person::BOB.password).await.url.path(), "/account");
}

#[tokio::test]
async fn bru_03_a_known_device_gets_in_while_strangers_are_throttled() {
    let gantry = Gantry::start().await;
    let known = Browser::new();
    let page = known.open(gantry.url("/sign-in")).await;
    Person::ALICE.sign_in(&known, &page).await;
    for _ in 0..12 {
        guess(&gantry, "alice@example.com", "wrong guess").await;
    }
    known.forget("-session");
    let page = known.open(gantry.url("/sign-in")).await;
    assert_eq!(Person::ALICE.sign_in(&known, &page).await.url.path(), "/account");
}

#[tokio::test]
async fn ses_03_a_form_from_another_site_signs_nobody_in() {
    let gantry = Gantry::start().await;
    let victim = Browser::new();
    let page = password_page(&gantry, &victim, "bob@example.com").await;
    let form = page.form("login-submit");
    let mut own: Vec<(String, String)> = form.fields.into_iter().filter(|(name, _)| name != "password").collect();
    own.push(("password".to_owned(), Person::BOB.password.to_owned()));
    let attackers = Browser::new();
    let foreign = password_page(&gantry, &attackers, "bob@example.com").await;
    let mut planted = own.clone();
    planted.retain(|(name, _)| name != "csrf");
    planted.push(("csrf".to_owned(), foreign.attribute("[name=csrf]", "value").unwrap()));
    let without: Vec<_> = own.iter().filter(|(name, _)| name != "csrf").cloned().collect();
    let own_site = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    for (body, headers) in [
        (&own, [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]),
        (&own, [("sec-fetch-site", "same-site"), ("origin", "null")]),
        (&own, [("x-none", "1"), ("origin", "https://evil.example")]),
        (&own, [("x-none", "1"), ("origin", "null")]),
        (&planted, own_site),
        (&without, own_site),
    ] {
        let answer = victim.post(&form.action, body, &headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
        assert!(!victim.cookies().iter().any(|(name, _)| name.ends_with("-session")), "{headers:?}");
    }
    assert_eq!(victim.post(&form.action, &own, &own_site).await.url.path(), "/account");
}

#[tokio::test]
async fn bru_11_a_huge_password_is_turned_away_unread() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = password_page(&gantry, &browser, "alice@example.com").await;
    let answer = browser.submit(&page, "login-submit", &[("password", &"x".repeat(1024 * 1024))]).await;
    answer.is_error_page(413);
    assert_eq!(gantry.audited("sign_in_refused").await, 0);
}

#[tokio::test]
async fn a_password_page_without_an_address_goes_back_to_ask_for_it() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = password_page(&gantry, &browser, "alice@example.com").await;
    let back = browser.submit(&page, "login-submit", &[("username", "nobody"), ("password", "x")]).await;
    assert_eq!((back.status, back.url.path()), (200, "/sign-in"));
}

#[tokio::test]
async fn a_realm_without_passwords_offers_none() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = password_page(&gantry, &browser, "alice@example.com").await;
    gantry.change_realm(|settings| settings.sign_in.password = false).await;
    browser.submit(&page, "login-submit", &[("password", Person::ALICE.password)]).await.is_error_page(404);
    assert!(!browser.cookies().iter().any(|(name, _)| name.ends_with("-session")));
}
