//! Which apps have access.

use super::{account, post};
use crate::support::{Browser, Gantry, Person};

#[tokio::test]
async fn con_11_removing_an_app_ends_its_access_and_forgets_the_consent() {
    let gantry = Gantry::start().await;
    let (browser, app) = (Browser::new(), gantry.client("ledger"));
    let tokens = app.authorize().scope("openid profile orders:read offline_access").tokens(&browser, Person::ALICE).await;
    let of_other = gantry.client("notes").authorize().scope("openid offline_access").tokens(&browser, Person::ALICE).await;
    let page = account(&gantry, &browser, Person::ALICE).await;
    for text in ["Ledger Sync", "Ledgerworks", "Read orders", "Notes"] {
        assert!(page.html.contains(text), "{text}");
    }
    let realm = gantry.realm_id().await;
    let ledger = gantry.store.read(realm).clients().find_by_client_id("ledger").await.unwrap().unwrap().id.to_string();
    let page = post(&gantry, &browser, &page, "/account/apps", &[("app", &ledger)]).await;
    assert_eq!(page.url.query(), Some("notice=app-removed"));
    assert!(!page.html.contains("Ledger Sync"));
    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    assert_eq!(gantry.userinfo(&tokens.access_token()).await.status, 401);
    gantry.client("notes").refresh(&of_other.refresh_token()).await.ok();
    // The person is still signed in, but is asked again.
    let page = app.authorize().open(&browser).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
}

#[tokio::test]
async fn an_app_without_tokens_but_with_a_remembered_consent_is_listed_too() {
    let gantry = Gantry::start().await;
    let (browser, app) = (Browser::new(), gantry.client("ledger"));
    app.authorize().tokens(&browser, Person::ALICE).await;
    let page = account(&gantry, &browser, Person::ALICE).await;
    browser.submit(&page, "sign-out", &[]).await;
    let page = account(&gantry, &browser, Person::ALICE).await;
    assert!(page.html.contains("Ledger Sync"));
}

#[tokio::test]
async fn nobody_removes_anothers_app() {
    let gantry = Gantry::start().await;
    let (alice, bob) = (Browser::new(), Browser::new());
    let app = gantry.client("ledger");
    let tokens = app.authorize().scope("openid offline_access").tokens(&alice, Person::ALICE).await;
    let ledger = gantry.store.read(gantry.realm_id().await).clients().find_by_client_id("ledger").await.unwrap().unwrap().id.to_string();
    let page = account(&gantry, &bob, Person::BOB).await;
    post(&gantry, &bob, &page, "/account/apps", &[("app", &ledger)]).await;
    app.refresh(&tokens.refresh_token()).await.ok();
    assert_eq!(post(&gantry, &bob, &page, "/account/apps", &[("app", "ledger")]).await.status, 404);
}
