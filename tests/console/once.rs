//! Forms whose answer shows a secret: a reload, or a second click, makes nothing.

use crate::support::{Console, Gantry, Page};

const R: &str = "/console/realms/default";

/// Sends a form twice, as a browser does that reloads the answer. Gives both answers.
async fn twice(console: &Console<'_>, page: &Page, form: &str, fields: &[(&str, &str)]) -> (Page, Page) {
    let first = console.submit(page, form, fields).await;
    (first, console.submit(page, form, fields).await)
}

/// What the page shows this once.
fn secret(page: &Page) -> String {
    page.text(".once code")
}

#[track_caller]
fn made_once(what: &str, (first, again): &(Page, Page)) {
    assert_eq!(first.status, 200, "{what}: {}", first.html);
    assert_eq!(again.status, 409, "{what}: {}", again.html);
    assert!(again.text("main").contains("was sent before") && !again.has(".once"), "{what}: {}", again.html);
    assert!(!again.html.contains(&secret(first)), "{what}: shown once");
}

async fn rows(console: &Console<'_>, path: &str, table: &str) -> usize {
    let page = console.get(path).await;
    let count = page.html.split(&format!("id=\"{table}\"")).nth(1).unwrap_or_default();
    count.split("</section>").next().unwrap_or_default().matches("<tr").count().saturating_sub(1)
}

#[tokio::test]
async fn a_reload_makes_no_second_client_secret_app_key_account_service_key_or_link() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;

    let page = console.page(&format!("{R}/clients/new?kind=confidential")).await;
    let fields = [("name", "Reloaded"), ("redirect_uris", "https://reloaded.example.test/callback")];
    let both = twice(&console, &page, "new", &fields).await;
    made_once("a client", &both);
    assert_eq!(rows(&console, &format!("{R}/clients?q=reloaded"), "clients").await, 1);

    let client = console.get(&format!("{R}/clients?q=reloaded")).await.attribute("#clients tbody a", "href").unwrap();
    let credentials = format!("{client}/credentials");
    let page = console.page(&format!("{client}/secrets")).await;
    made_once("a secret", &twice(&console, &page, "secret-new", &[("overlap", "24")]).await);
    assert_eq!(rows(&console, &credentials, "secrets").await, 2);

    let ledger = console.get(&format!("{R}/clients?q=ledger")).await.attribute("#clients tbody a", "href").unwrap();
    let page = console.page(&format!("{ledger}/app-keys")).await;
    made_once("an App Key", &twice(&console, &page, "key-new", &[("name", "server"), ("scopes", "orders:read")]).await);
    assert_eq!(rows(&console, &format!("{ledger}/credentials"), "app-keys").await, 1);

    let page = console.page(&format!("{R}/service-accounts/new")).await;
    made_once("an account", &twice(&console, &page, "account-new", &[("name", "Bot"), ("scopes", "clients:read")]).await);
    let accounts = format!("{R}/service-accounts");
    assert_eq!(rows(&console, &accounts, "accounts").await, 1);

    let account = console.get(&accounts).await.attribute("#accounts tbody a", "href").unwrap();
    let page = console.page(&format!("{account}/settings")).await;
    made_once("a key", &twice(&console, &page, "key-new", &[]).await);
    assert_eq!(rows(&console, &account, "keys").await, 2);
}

#[tokio::test]
async fn of_two_clicks_at_once_one_makes_a_client() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&format!("{R}/clients/new?kind=confidential")).await;
    let fields = [("name", "Doubled"), ("redirect_uris", "https://doubled.example.test/callback")];
    let (one, other) = tokio::join!(console.submit(&page, "new", &fields), console.submit(&page, "new", &fields));
    let mut answers = [one.status, other.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    assert_eq!(rows(&console, &format!("{R}/clients?q=doubled"), "clients").await, 1);
}

#[tokio::test]
async fn what_was_refused_can_be_mended_on_the_same_page() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&format!("{R}/clients/new?kind=confidential")).await;
    let wrong = console.submit(&page, "new", &[("name", "Mended"), ("redirect_uris", "javascript:alert(1)")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    // Back in the browser, and once more from the page as it was.
    let made = console.submit(&page, "new", &[("name", "Mended"), ("redirect_uris", "https://mended.example.test/callback")]).await;
    assert_eq!(made.status, 200, "{}", made.html);
    let unnumbered = console.post_once(&format!("{R}/clients/new"), &[("kind", "machine"), ("name", "Numberless")]).await;
    assert_eq!(unnumbered.status, 409, "a form without its number makes nothing");
}
