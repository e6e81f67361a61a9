//! Clients in the console: registered, used, rotated, tested, removed.

use std::time::Duration;

use gantry_core::client::Client;
use reqwest::Url;

use crate::support::{App, Browser, ClientAuth, Console, Gantry, Page, Person};

const R: &str = "/console/realms/default";
const CALLBACK: &str = "https://loads.example.test/callback";

async fn client(gantry: &Gantry, client_id: &str) -> Client {
    gantry.store.read(gantry.realm_id().await).clients().find_by_client_id(client_id).await.unwrap().expect("a client")
}

/// The path of a client's page.
async fn path(gantry: &Gantry, client_id: &str, page: &str) -> String {
    format!("{R}/clients/{}{page}", client(gantry, client_id).await.id)
}

async fn register(console: &Console<'_>) -> Page {
    let page = console.page(&format!("{R}/clients/new?kind=confidential")).await;
    let fields = [("name", "Load Board"), ("redirect_uris", CALLBACK), ("scopes", "openid"), ("scopes", "orders:read")];
    let page = console.submit(&page, "new", &fields).await;
    assert_eq!(page.status, 200, "{}", page.html);
    page
}

fn app<'g>(gantry: &'g Gantry, page: &Page) -> App<'g> {
    let (client_id, secret) = (page.text("#endpoints code"), page.text("#secret code"));
    App { client_id, redirect_uri: CALLBACK.to_owned(), auth: ClientAuth::Basic(secret), ..gantry.client("ledger") }
}

#[tokio::test]
async fn a_client_is_registered_shows_its_secret_once_and_works() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    assert!(console.page(&format!("{R}/clients/new")).await.has("#kinds"));
    let page = register(&console).await;
    let app = app(&gantry, &page);
    let tokens = app.authorize().scope("openid orders:read").tokens(&Browser::new(), Person::ALICE).await;
    assert!(tokens.json()["access_token"].is_string());
    let ClientAuth::Basic(secret) = &app.auth else { unreachable!() };
    for shown in ["", "/settings", "/credentials", "/access", "/test"] {
        let page = console.page(&path(&gantry, &app.client_id, shown).await).await;
        assert!(!page.html.contains(secret.as_str()), "{shown}");
    }
    let credentials = console.page(&path(&gantry, &app.client_id, "/credentials").await).await;
    assert!(credentials.text("#secrets").contains(secret.get(secret.len() - 4..).unwrap()), "told apart by its last characters");
    let list = console.page(&format!("{R}/clients?q=load")).await;
    assert!(list.text("#clients").contains("Load Board") && !list.text("#clients").contains("Ledger Sync"));
    let access = console.page(&path(&gantry, &app.client_id, "/access").await).await;
    assert!(access.text("#people").contains(Person::ALICE.email));
}

#[tokio::test]
async fn red_05_red_06_uris_that_cannot_be_registered_come_back_with_their_reasons() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let wrong = [
        ("https://*.example.test/cb", "wildcards"),
        ("https://a.example.test/cb#x", "fragment"),
        ("http://a.example.test/cb", "https"),
        ("javascript:alert(1)", "scheme"),
        ("https://a.example@evil.example/cb", "user name"),
        ("/cb", "absolute"),
    ];
    let lines: Vec<&str> = wrong.iter().map(|(uri, _)| *uri).collect();
    let page = console.get(&format!("{R}/clients/new?kind=confidential")).await;
    let page = console.submit(&page, "new", &[("name", "Bad"), ("redirect_uris", &lines.join("\n"))]).await;
    assert_eq!(page.status, 422);
    let said = page.text("#new-redirect_uris-error");
    for (uri, reason) in wrong {
        assert!(said.contains(uri) && said.contains(reason), "{uri}: {said}");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("uri", uri).append_pair("kind", "confidential").finish();
        let answer = console.get(&format!("{R}/clients/redirect-uri?{query}")).await;
        let answer: serde_json::Value = serde_json::from_str(&answer.html).unwrap();
        assert!(answer["problem"].as_str().unwrap().contains(reason), "{uri}: {answer}");
    }
    assert!(page.text("textarea[name=redirect_uris]").contains("javascript:alert(1)"), "what was typed is kept");
    let fine = console.get(&format!("{R}/clients/redirect-uri?uri=https%3A%2F%2Fa.example.test%2Fcb&kind=confidential")).await;
    assert_eq!(fine.html, r#"{"problem":null}"#);
    assert!(!console.get(&format!("{R}/clients")).await.html.contains("Bad"), "nothing was registered");
}

#[tokio::test]
async fn a_secret_is_rotated_with_an_overlap_and_both_work_until_it_ends() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let first = app(&gantry, &register(&console).await);
    let page = console.page(&path(&gantry, &first.client_id, "/secrets").await).await;
    let page = console.submit(&page, "secret-new", &[("overlap", "24")]).await;
    let second = first.clone().with_auth(ClientAuth::Basic(page.text("#secret code")));
    let works = async |app: &App<'_>| {
        let request = app.authorize().scope("openid");
        let code = request.code(&Browser::new(), Person::ALICE).await;
        request.redeem(&code).await.status == 200
    };
    assert!(works(&first).await && works(&second).await);
    gantry.clock.advance(Duration::from_hours(25));
    assert!(!works(&first).await, "its time is over");
    assert!(works(&second).await);
}

#[tokio::test]
async fn web_15_secrets_keys_and_removal_ask_for_a_fresh_sign_in() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    gantry.clock.advance(Duration::from_mins(11));
    let form = [("confirm".to_owned(), "Ledger Sync".to_owned())];
    for page in ["/secrets", "/app-keys", "/remove"] {
        let path = path(&gantry, "ledger", page).await;
        let shown = console.browser.open_once(gantry.url(&path)).await;
        assert_eq!(shown.status, 303, "{path}");
        let sent = console.browser.post_once(&gantry.url(&path).parse().unwrap(), &form).await;
        assert!(sent.status == 303 || sent.status == 403, "{path}: {}", sent.status);
    }
    assert_eq!(client(&gantry, "ledger").await.name, "Ledger Sync", "nothing happened");
}

#[tokio::test]
async fn removing_a_client_needs_its_name_and_says_what_breaks() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    gantry.client("ledger").authorize().tokens(&Browser::new(), Person::ALICE).await;
    let remove = path(&gantry, "ledger", "/remove").await;
    let page = console.page(&remove).await;
    assert!(page.text("#use").contains('1'), "{}", page.text("#use"));
    let wrong = console.submit(&page, "remove", &[("confirm", "ledger sync")]).await;
    assert_eq!(wrong.status, 422);
    let gone = console.submit(&page, "remove", &[("confirm", "Ledger Sync")]).await;
    assert_eq!((gone.status, gone.url.path()), (200, "/console/realms/default/clients"), "{}", gone.html);
    assert_eq!(console.get(&remove).await.status, 404);
    let refused = gantry.client("ledger").authorize().open(&Browser::new()).await;
    refused.is_error_page(400);
}

#[tokio::test]
async fn a_stale_form_changes_nothing_and_shows_both_versions() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let settings = path(&gantry, "ledger", "/settings").await;
    let (mine, theirs) = (console.page(&settings).await, console.get(&settings).await);
    let saved = console.submit(&theirs, "settings", &[("description", "Theirs.")]).await;
    assert_eq!(saved.status, 200, "{}", saved.html);
    let stale = console.submit(&mine, "settings", &[("description", "Mine.")]).await;
    assert_eq!(stale.status, 409);
    let both = stale.text("#both-versions");
    assert!(both.contains("Theirs.") && both.contains("Mine."), "{both}");
    assert_eq!(client(&gantry, "ledger").await.description, "Theirs.");
}

#[tokio::test]
async fn an_untouched_form_changes_nothing() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    for client_id in ["ledger", "spa", "native", "house", "worker", "signer", "orders-api"] {
        let before = client(&gantry, client_id).await;
        let page = console.page(&path(&gantry, client_id, "/settings").await).await;
        let saved = console.submit(&page, "settings", &[]).await;
        assert_eq!(saved.status, 200, "{client_id}: {}", saved.html);
        assert_eq!(client(&gantry, client_id).await, before, "{client_id}");
    }
}

#[tokio::test]
async fn con_11_an_admin_takes_one_persons_access_back() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let app = gantry.client("ledger");
    let alice = app.authorize().tokens(&Browser::new(), Person::ALICE).await.json()["access_token"].as_str().unwrap().to_owned();
    let bob = app.authorize().tokens(&Browser::new(), Person::BOB).await.json()["access_token"].as_str().unwrap().to_owned();
    let page = console.page(&path(&gantry, "ledger", "/access").await).await;
    let user = gantry.user(Person::ALICE).await.id;
    let form = page.form_to(&format!("/access/{user}"));
    console.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    let says = async |token: &str| gantry.userinfo(token).await;
    assert_eq!(says(&alice).await.status, 401);
    assert_eq!(says(&bob).await.status, 200);
}

#[tokio::test]
async fn a_test_shows_real_tokens_that_never_work() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&path(&gantry, "ledger", "/test").await).await;
    let page = console.submit(&page, "test", &[("scopes", "openid"), ("scopes", "email"), ("scopes", "orders:read")]).await;
    let result = console.browser.submit(&page, "consent-allow", &[]).await;
    assert_eq!((result.status, result.url.path()), (200, "/console/test/callback"), "{}", result.html);
    assert!(result.text("#access").contains("https://api.example.test") && result.text("#userinfo").contains(Person::ADMIN.email));
    let realm = gantry.realm_id().await;
    let user = gantry.user(Person::ADMIN).await.id;
    let ledger = client(&gantry, "ledger").await.id;
    let live = gantry.store.read(realm).grants().list_live(user).await.unwrap();
    assert!(live.iter().all(|grant| grant.client_id != ledger), "revoked at once");
    let again = console.get(result.url.as_str().strip_prefix(&gantry.base).unwrap()).await;
    assert!(again.status == 400 || again.status == 422, "used up: {}", again.status);
    assert!(!again.html.contains("id=\"access\""));
}

/// Begins a test and stops before the realm's pages.
async fn begun(gantry: &Gantry, console: &Console<'_>) -> Url {
    let page = console.get(&path(gantry, "ledger", "/test").await).await;
    let form = page.form_with_id("test");
    let answer = console.browser.post_once(&form.action, &form.fields).await;
    assert_eq!(answer.status, 303, "{}", answer.html);
    let location = answer.headers.get("location").unwrap().to_str().unwrap();
    gantry.url("").parse::<Url>().unwrap().join(location).unwrap()
}

#[tokio::test]
async fn red_01_the_consoles_address_belongs_to_no_client() {
    let gantry = Gantry::start().await;
    let callback = gantry.url("/console/test/callback");
    let asked = gantry.client("ledger").authorize().set("redirect_uri", &callback);
    asked.open(&Browser::new()).await.is_error_page(400);
    let app = gantry.client("ledger");
    let pushed = app.post(app.paths.pushed_requests, &[("response_type", "code"), ("redirect_uri", &callback), ("scope", "openid")]).await;
    assert_eq!(pushed.status, 400, "pushed nowhere either");
}

#[tokio::test]
async fn ses_02_a_test_that_ends_in_another_browser_gives_nobody_anything() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let begun = begun(&gantry, &console).await;
    // Somebody else is made to go on with it.
    let victim = Browser::new();
    let mut page = victim.open(begun.as_str()).await;
    page = Person::ALICE.sign_in(&victim, &page).await;
    let consent = page.form("consent-allow");
    let mut answer = victim.post_once(&consent.action, &consent.fields).await;
    while !answer.headers.get("location").is_some_and(|to| to.to_str().unwrap().contains("/console/test/callback")) {
        let next = answer.url.join(answer.headers.get("location").expect("a way on").to_str().unwrap()).unwrap();
        answer = victim.open_once(next.as_str()).await;
    }
    let callback = answer.headers.get("location").unwrap().to_str().unwrap().to_owned();
    let theirs = victim.open(&callback).await;
    assert!(!theirs.html.contains("id=\"access\""), "they are nobody in the console");
    // The client itself cannot redeem the code: its verifier is the console's.
    let code = callback.parse::<Url>().unwrap().query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let redirect = gantry.url("/console/test/callback");
    let form = |verifier: String| {
        let (code, redirect) = (code.clone(), redirect.clone());
        let app = gantry.client("ledger");
        async move {
            let known = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", redirect.as_str())];
            app.token(&[&known[..], &[("code_verifier", verifier.as_str())]].concat()).await.status
        }
    };
    assert_eq!(form("v".repeat(43)).await, 400);
    // Nor does another admin's browser take it, whose cookie is of no test or of another.
    let other = gantry.operator().await;
    assert_eq!(other.browser.open(&callback).await.status, 400);
}

#[tokio::test]
async fn ten_07_a_test_is_for_those_who_may_change_clients() {
    let gantry = Gantry::start().await;
    let tenant = gantry.tenant_admin(Person::BOB, "acme").await;
    let ledger = path(&gantry, "ledger", "/test").await;
    assert_eq!(tenant.get(&ledger).await.status, 404);
    let unknown = tenant.get(&format!("{R}/clients/cli_00000000000000000000000000000000/test")).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_machine_is_tested_without_a_browser() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&path(&gantry, "worker", "/test").await).await;
    let result = console.submit(&page, "test", &[("scopes", "orders:read")]).await;
    assert_eq!(result.status, 200, "{}", result.html);
    assert!(result.text("#access").contains("worker"));
}

#[tokio::test]
async fn app_keys_are_made_shown_once_and_revoked() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&path(&gantry, "ledger", "/app-keys").await).await;
    let empty = console.submit(&page, "key-new", &[("name", "Stock feed")]).await;
    assert_eq!(empty.status, 422);
    let made = console.submit(&page, "key-new", &[("name", "Stock feed"), ("scopes", "orders:read")]).await;
    let key = made.text("#secret code");
    assert!(key.starts_with("gak_"), "{key}");
    let list = console.page(&path(&gantry, "ledger", "/credentials").await).await;
    assert!(list.text("#app-keys").contains("Stock feed") && !list.html.contains(&key));
    let stored = gantry.store.read(gantry.realm_id().await).app_keys().list(client(&gantry, "ledger").await.id).await.unwrap();
    let form = list.form_to(&format!("/app-keys/{}", stored[0].id));
    console.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    assert!(gantry.store.read(gantry.realm_id().await).app_keys().list(client(&gantry, "ledger").await.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn web_02_con_07_what_people_call_an_app_is_text() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.get(&format!("{R}/clients/new?kind=machine")).await;
    let name = "<img src=x onerror=alert(1)> {{7*7}}";
    let made = console.submit(&page, "new", &[("name", name), ("scopes", "orders:read")]).await;
    for page in [&made, &console.page(&format!("{R}/clients")).await] {
        assert!(page.html.contains("{{7*7}}") && !page.html.contains("<img src=x"), "{}", page.status);
    }
    let page = console.get(&format!("{R}/clients/new?kind=machine")).await;
    let bidi = console.submit(&page, "new", &[("name", "Goo\u{202e}gle"), ("scopes", "orders:read")]).await;
    assert_eq!(bidi.status, 422, "a name that deceives is refused");
}

#[tokio::test]
async fn ten_04_gantrys_own_clients_are_nobodys_to_change() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let all = gantry.store.read(gantry.realm_id().await).clients().list(None, 200).await.unwrap();
    let own: Vec<_> = all.iter().filter(|client| client.built_in).collect();
    assert!(!own.is_empty(), "the console signs people in as a client of Gantry's");
    for client in own {
        for page in ["", "/settings", "/credentials", "/secrets", "/remove", "/test", "/access", "/app-keys"] {
            assert_eq!(console.get(&format!("{R}/clients/{}{page}", client.id)).await.status, 404, "{page}");
        }
    }
}
