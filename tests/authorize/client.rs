//! Who asks: an app that is known and works.

use gantry_core::grant_type::GrantType;

use crate::support::{Browser, Gantry, Page, Person};

/// The page without the id that every answer has of its own.
fn without_id(page: &Page) -> String {
    let id = page.headers.get("x-request-id").unwrap().to_str().unwrap();
    page.html.replace(id, "")
}

#[tokio::test]
async fn red_12_nobody_learns_why_an_app_does_not_work() {
    let gantry = Gantry::start().await;
    let (notes, house) = (gantry.client("notes").authorize(), gantry.client("house").authorize());
    gantry.disable_client("notes").await;
    let realm = gantry.realm_id().await;
    let removed = gantry.store.read(realm).clients().find_by_client_id("house").await.unwrap().unwrap();
    gantry.store.transact(realm, async |tx| Ok(tx.clients().remove(removed.id).await?)).await.unwrap();
    gantry.settle().await;

    let mut pages = Vec::new();
    for request in [notes.clone(), house, notes.set("client_id", "nobody")] {
        let page = request.set("redirect_uri", "https://evil.example/").open(&Browser::new()).await;
        page.is_error_page(400);
        pages.push(without_id(&page));
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "{pages:#?}");
}

#[tokio::test]
async fn an_app_is_known_in_its_own_realm_only() {
    let gantry = Gantry::start().await;
    gantry.apply("realm: { slug: empty, name: Empty }").await;
    let mut request = gantry.client("ledger").authorize();
    request.app.base = gantry.url("/realms/empty");
    request.open(&Browser::new()).await.is_error_page(400);
    request.app.base = gantry.url("/realms/nowhere");
    request.open(&Browser::new()).await.is_error_page(404);
}

#[tokio::test]
async fn a_request_without_an_app_is_a_page() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    request.clone().without("client_id").open(&Browser::new()).await.is_error_page(400);
    request.set("client_id", &"a".repeat(4000)).open(&Browser::new()).await.is_error_page(400);
    Browser::new().open(gantry.url("/oauth/authorize")).await.is_error_page(400);
}

#[tokio::test]
async fn an_app_without_the_code_grant_is_told_so() {
    let gantry = Gantry::start().await;
    let realm = gantry.realm_id().await;
    let mut client = gantry.store.read(realm).clients().find_by_client_id("ledger").await.unwrap().unwrap();
    client.grant_types = vec![GrantType::ClientCredentials];
    assert!(gantry.store.transact(realm, async |tx| Ok(tx.clients().update(&client).await?)).await.unwrap());
    gantry.settle().await;
    let request = gantry.client("ledger").authorize();
    assert_eq!(request.open(&Browser::new()).await.error(), "unauthorized_client");
}

#[tokio::test]
async fn an_app_that_is_switched_off_in_mid_flow_gets_no_code() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    let page = request.open(&browser).await;
    let page = browser.submit(&page, "login-submit", &[("username", Person::ALICE.email)]).await;
    gantry.disable_client("ledger").await;
    let page = browser.submit(&page, "login-submit", &[("password", Person::ALICE.password)]).await;
    page.is_error_page(400);
    assert_eq!(gantry.live_grants(Person::ALICE).await, 0);
}
