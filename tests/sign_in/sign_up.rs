//! Making an account, from the form to the mail and back.

use gantry_core::email_address::EmailAddress;

use super::{fill_in, seen};
use crate::support::{Browser, Gantry, Page, Person};

const PASSWORD: &str = "a fine and long phrase";

async fn sign_up(gantry: &Gantry, browser: &Browser, email: &str, password: &str) -> Page {
    fill_in(gantry, browser, "/sign-up", "login-submit", &[("name", "New Person"), ("username", email), ("password", password)]).await
}

#[tokio::test]
async fn a_new_person_gets_from_the_app_through_the_mail_back_to_the_app() {
    let gantry = Gantry::start().await;
    let (browser, app) = (Browser::new(), gantry.client("ledger"));
    let asked = app.authorize().set("prompt", "create");
    let page = asked.open(&browser).await;
    let fields = [("name", "Carol"), ("username", "carol@example.com"), ("password", PASSWORD)];
    let page = browser.submit(&page, "login-submit", &fields).await;
    assert_eq!((page.status, page.url.path()), (200, "/check-mail"), "{}", page.html);
    assert!(!page.url.query().unwrap().contains("carol"), "no address of a person in an address of ours");
    let link = gantry.mail("carol@example.com", 1).await.link("/verify-email?token=");
    // A mail scanner that opens links proves nothing.
    Browser::new().open(&link).await;
    let page = browser.open(&link).await;
    assert!(!page.has("[name=password]"), "the browser that signed up need not give the password");
    let page = browser.submit(&page, "verify-submit", &[]).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let tokens = asked.redeem(&page.code()).await.ok();
    assert_eq!(gantry.userinfo(&tokens.access_token()).await.ok().text("email"), "carol@example.com");
    assert_eq!(browser.open(&link).await.status, 410, "the link has been used");
}

#[tokio::test]
async fn pre_01_in_another_browser_the_link_needs_the_password() {
    let gantry = Gantry::start().await;
    sign_up(&gantry, &Browser::new(), "carol@example.com", PASSWORD).await;
    let link = gantry.mail("carol@example.com", 1).await.link("/verify-email?token=");
    let phone = Browser::new();
    let page = phone.open(&link).await;
    let page = phone.submit(&page, "verify-submit", &[("password", "somebody else's guess")]).await;
    assert_eq!(page.status, 422);
    let page = phone.submit(&page, "verify-submit", &[("password", PASSWORD)]).await;
    assert_eq!((page.status, page.url.path()), (200, "/account"), "{}", page.html);
}

#[tokio::test]
async fn pre_01_whoever_proves_the_address_has_it_alone() {
    let gantry = Gantry::start().await;
    let (attacker, victim) = (Browser::new(), Browser::new());
    sign_up(&gantry, &attacker, "victim@example.com", "the attacker's phrase").await;
    let of_attacker = gantry.mail("victim@example.com", 1).await.link("/verify-email?token=");
    // The owner signs in by another way; here an admin made the account.
    gantry
        .apply("realm: { slug: default, name: Test Platform }\nusers: [{ email: victim@example.com, password: the victim's own phrase }]")
        .await;
    let page = attacker.open(&of_attacker).await;
    assert_eq!(page.status, 410);
    let page = fill_in(&gantry, &attacker, "/sign-in", "login-submit", &[("username", "victim@example.com")]).await;
    assert_eq!(attacker.submit(&page, "login-submit", &[("password", "the attacker's phrase")]).await.status, 422);
    let page = fill_in(&gantry, &victim, "/sign-in", "login-submit", &[("username", "victim@example.com")]).await;
    assert_eq!(victim.submit(&page, "login-submit", &[("password", "the victim's own phrase")]).await.url.path(), "/account");
}

#[tokio::test]
async fn pre_10_sign_up_answers_alike_for_known_and_unknown_addresses() {
    let gantry = Gantry::start().await;
    let unknown = sign_up(&gantry, &Browser::new(), "carol@example.com", PASSWORD).await;
    let known = sign_up(&gantry, &Browser::new(), "alice@example.com", PASSWORD).await;
    let (mut left, mut right) = (seen(&unknown), seen(&known));
    left.3 = left.3.replace("carol", "…");
    right.3 = right.3.replace("alice", "…");
    assert_eq!(left, right);
    let mail = gantry.mail("alice@example.com", 1).await;
    assert!(mail.text.contains("/reset") && !mail.text.contains("token="), "{}", mail.text);
    // Her password is what it was.
    let browser = Browser::new();
    let page = browser.open(gantry.url("/sign-in")).await;
    assert_eq!(Person::ALICE.sign_in(&browser, &page).await.url.path(), "/account");
}

#[tokio::test]
async fn pre_16_closed_sign_up_is_closed_to_a_form_sent_directly() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = browser.open(gantry.url("/sign-up")).await;
    gantry.change_realm(|settings| settings.sign_in.sign_up = false).await;
    let fields = [("name", "Carol"), ("username", "carol@example.com"), ("password", PASSWORD)];
    browser.submit(&page, "login-submit", &fields).await.is_error_page(404);
    browser.open(gantry.url("/sign-up")).await.is_error_page(404);
    let email = EmailAddress::parse("carol@example.com").unwrap();
    let rows = gantry.store.read(gantry.realm_id().await);
    assert!(rows.users().list_unverified(&email).await.unwrap().is_empty());
    assert!(!browser.open(gantry.url("/sign-in")).await.html.contains("/sign-up"), "nor is it offered");
}

#[tokio::test]
async fn pre_17_names_carry_nothing_into_mails_and_pages() {
    let gantry = Gantry::start().await;
    for name in ["Eve\u{202e}", "<b>Eve</b>\u{200b}", &"x".repeat(10_240)] {
        let fields = [("name", name), ("username", "eve@example.com"), ("password", PASSWORD)];
        let page = fill_in(&gantry, &Browser::new(), "/sign-up", "login-submit", &fields).await;
        assert_eq!(page.status, 422, "{name:?}");
        assert!(!page.html.contains("<b>Eve"));
    }
    for address in ["eve@example.com\u{0a}", "eve@example.com, bob@example.com", "eve@example.com>", "\"eve x\"@example.com"] {
        let fields = [("name", ""), ("username", address), ("password", PASSWORD)];
        let page = fill_in(&gantry, &Browser::new(), "/sign-up", "login-submit", &fields).await;
        assert_eq!(page.status, 422, "{address:?}");
    }
    assert_eq!(gantry.mails("eve@example.com") + gantry.mails("bob@example.com"), 0);
}

#[tokio::test]
async fn pre_20_a_flood_of_sign_ups_is_one_mail_with_answers_unchanged() {
    let gantry = Gantry::start().await;
    let mut answers: Vec<_> = Vec::new();
    for _ in 0..5 {
        answers.push(seen(&sign_up(&gantry, &Browser::new(), "carol@example.com", PASSWORD).await));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    gantry.mail("carol@example.com", 1).await;
    assert_eq!(gantry.mails("carol@example.com"), 1);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept() {
    let gantry = Gantry::start().await;
    let page = sign_up(&gantry, &Browser::new(), "carol@example", "password1").await;
    assert_eq!(page.status, 422);
    assert_eq!(page.attribute("[name=username]", "value").as_deref(), Some("carol@example"));
    assert!(page.has("#username-error") && page.has("#password-error") && !page.has("#name-error"));
    assert_eq!(page.attribute("[name=password]", "value"), None, "but never a password");
}
