//! Changing the password.

use super::account;
use crate::support::{Browser, Gantry, Person};

const NEW: &str = "an even longer phrase";

#[tokio::test]
async fn rtk_11_a_changed_password_ends_the_other_sessions_and_their_tokens() {
    let gantry = Gantry::start().await;
    let (here, thief, app) = (Browser::new(), Browser::new(), gantry.client("ledger"));
    let stolen = app.authorize().scope("openid offline_access").tokens(&thief, Person::ALICE).await;
    let own = gantry.client("notes").authorize().scope("openid offline_access").tokens(&here, Person::ALICE).await;
    let page = account(&gantry, &here, Person::ALICE).await;
    let before = here.cookies();
    let page = here.submit(&page, "password-save", &[("current_password", Person::ALICE.password), ("password", NEW)]).await;
    assert_eq!((page.url.path(), page.url.query()), ("/account", Some("notice=password-changed")), "{}", page.html);
    assert_ne!(here.cookies(), before, "the session goes on under another cookie");
    assert_eq!(thief.open(gantry.url("/account")).await.url.path(), "/sign-in");
    app.refresh(&stolen.refresh_token()).await.is_error(400, "invalid_grant");
    gantry.client("notes").refresh(&own.refresh_token()).await.ok();
    gantry.mail("alice@example.com", 1).await;
    let browser = Browser::new();
    let page = browser.open(gantry.url("/sign-in")).await;
    assert_eq!(Person::ALICE.sign_in_with(&browser, &page, NEW).await.url.path(), "/account");
}

#[tokio::test]
async fn the_present_password_is_asked_for_and_tries_are_counted() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let mut page = account(&gantry, &browser, Person::ALICE).await;
    let change = async |page: &_, current: &str, new: &str| {
        browser.submit(page, "password-save", &[("current_password", current), ("password", new)]).await
    };
    page = change(&page, "not the right one", NEW).await;
    assert_eq!(page.status, 422);
    assert!(page.has("#current_password-error"));
    page = change(&page, Person::ALICE.password, Person::ALICE.password).await;
    assert!(page.status == 422 && page.has("#password-error"));
    for _ in 0..10 {
        page = change(&page, "not the right one", NEW).await;
    }
    assert_eq!(change(&page, Person::ALICE.password, NEW).await.status, 429);
    assert_eq!(browser.open(gantry.url("/account")).await.url.path(), "/account", "but the session stands");
}
