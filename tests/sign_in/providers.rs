//! Somebody else's server on the sign-in page: which buttons there are, where they lead, and the page of what fails before
//! anybody has left.

use std::collections::BTreeMap;

use gantry_core::clock::Clock as _;
use gantry_core::connection::{Connection, ConnectionSettings, UpstreamEndpoints};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::id::ConnectionId;
use gantry_core::sign_in_trace::{SignInProblem, TraceOutcome};
use gantry_store::RealmTx;

use crate::support::{Browser, Gantry, Page, Person};

/// Adds a connection whose endpoints nobody has to be asked for.
async fn add(gantry: &Gantry, slug: &str, change: impl FnOnce(&mut Connection)) -> Connection {
    let at = |path: &str| Some(format!("https://{slug}.example.test{path}"));
    let endpoints =
        UpstreamEndpoints { authorization: at("/authorize"), token: at("/token"), userinfo: at("/me"), ..UpstreamEndpoints::default() };
    let settings = ConnectionSettings { client_id: Some("gantry".to_owned()), endpoints, ..ConnectionSettings::default() };
    let realm = gantry.realm_id().await;
    let mut connection = Connection {
        id: ConnectionId::new(),
        realm_id: realm,
        slug: slug.to_owned(),
        name: format!("The {slug} hub"),
        kind: ConnectorKind::Oauth2,
        owner: None,
        settings,
        credential_expires_at: None,
        not_before: None,
        disabled_at: None,
        created_at: gantry.clock.now(),
    };
    change(&mut connection);
    let work = async |tx: &RealmTx| Ok(tx.connections().insert(&connection).await?);
    assert!(gantry.store.transact(realm, work).await.unwrap());
    gantry.settle().await;
    connection
}

/// The addresses of a page's provider buttons.
fn buttons(page: &Page) -> Vec<String> {
    (1..).map_while(|index| page.attribute(&format!("#provider-{index}"), "formaction")).collect()
}

/// What the browser left with.
fn sent(page: &Page) -> BTreeMap<String, String> {
    page.answer()
}

#[tokio::test]
async fn the_page_shows_what_may_be_used_and_nothing_else() {
    let gantry = Gantry::start().await;
    add(&gantry, "open", |_| ()).await;
    add(&gantry, "hidden", |connection| connection.settings.hidden = true).await;
    add(&gantry, "linking", |connection| connection.settings.link_only = true).await;
    add(&gantry, "off", |connection| connection.disabled_at = Some(connection.created_at)).await;
    let browser = Browser::new();
    let page = gantry.client("ledger").authorize().open(&browser).await;
    assert_eq!(buttons(&page), ["/connections/open/start"]);
    assert!(page.has("#username") && page.text("main").contains("Continue with The open hub"));
    gantry.change_realm(|settings| settings.sign_in.password = false).await;
    let page = gantry.client("ledger").authorize().open(&Browser::new()).await;
    assert!(page.has("#username") && buttons(&page) == ["/connections/open/start"], "{}", page.html);
}

#[tokio::test]
async fn each_button_leads_away_with_values_of_its_own() {
    let gantry = Gantry::start().await;
    add(&gantry, "open", |_| ()).await;
    let (mut states, mut challenges) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let browser = Browser::new();
        let page = gantry.client("ledger").authorize().open(&browser).await;
        let away = sent(&browser.submit(&page, "provider-1", &[]).await);
        assert_eq!(away["redirect_uri"], gantry.url("/connections/open/callback"));
        assert_eq!(away["code_challenge_method"], "S256");
        states.push(away["state"].clone());
        challenges.push(away["code_challenge"].clone());
    }
    for values in [&mut states, &mut challenges] {
        assert!(values.iter().all(|value| value.len() >= 43), "{values:?}");
        values.sort();
        values.dedup();
        assert_eq!(values.len(), 3);
    }
}

#[tokio::test]
async fn a_hint_leads_away_at_once_but_not_where_the_person_is_to_choose() {
    let gantry = Gantry::start().await;
    add(&gantry, "open", |_| ()).await;
    let asked = || gantry.client("ledger").authorize().set("connection", "open");
    let page = asked().open(&Browser::new()).await;
    assert_eq!(page.left.as_ref().and_then(|url| url.host_str()), Some("open.example.test"));
    let page = asked().set("prompt", "select_account").open(&Browser::new()).await;
    assert!(page.left.is_none() && page.has("#provider-1"), "{}", page.html);
    assert_eq!(asked().set("prompt", "none").open(&Browser::new()).await.error(), "login_required");
    let unknown = gantry.client("ledger").authorize().set("connection", "nowhere").open(&Browser::new()).await;
    assert!(unknown.left.is_none() && unknown.has("#username"));
}

#[tokio::test]
async fn what_only_links_signs_nobody_in_and_the_app_hears_no() {
    let gantry = Gantry::start().await;
    add(&gantry, "open", |_| ()).await;
    let linking = add(&gantry, "linking", |connection| connection.settings.link_only = true).await;
    let browser = Browser::new();
    let page = gantry.client("ledger").authorize().set("state", "back").open(&browser).await;
    let mut form = page.form("provider-1");
    form.action.set_path("/connections/linking/start");
    let page = browser.post(&form.action, &form.fields, &[]).await;
    page.is_error_page(403);
    assert_eq!(page.attribute("#error-page", "data-problem").as_deref(), Some("link_only"));
    let trace = page.text("#trace-id").trim().parse().unwrap();
    let traces = gantry.store.read(gantry.realm_id().await);
    let trace = traces.sign_in_traces().find(trace).await.unwrap().unwrap();
    assert_eq!((trace.outcome, trace.problem), (TraceOutcome::Refused, Some(SignInProblem::LinkOnly)));
    assert_eq!(trace.connection_id, Some(linking.id));
    assert!(page.has("#failure-other") && !page.has("#failure-again"));
    assert_eq!(gantry.audited("sign_in_refused").await, 1);
    let page = browser.submit(&page, "failure-back", &[]).await;
    assert_eq!(page.error(), "access_denied");
    assert_eq!(page.answer()["state"], "back");
}

#[tokio::test]
async fn a_callback_that_nobody_began_here_is_refused() {
    let gantry = Gantry::start().await;
    add(&gantry, "open", |_| ()).await;
    let (began, other) = (Browser::new(), Browser::new());
    let page = gantry.client("ledger").authorize().open(&began).await;
    let state = sent(&began.submit(&page, "provider-1", &[]).await)["state"].clone();
    let callback = |state: &str| gantry.url(&format!("/connections/open/callback?code=stolen&state={state}"));
    other.open(callback(&state)).await.is_error_page(400);
    began.open(callback("made-up")).await.is_error_page(400);
    began.open(gantry.url("/connections/open/callback")).await.is_error_page(400);
    began.open(gantry.url(&format!("/connections/open/callback?state={state}&state={state}"))).await.is_error_page(400);
    began.open(gantry.url(&format!("/connections/nowhere/callback?state={state}"))).await.is_error_page(404);
    assert!(began.cookies().iter().chain(&other.cookies()).all(|(name, _)| !name.ends_with("-session")));
}

#[tokio::test]
async fn a_callback_by_post_acts_only_once_it_comes_as_a_get() {
    let gantry = Gantry::start().await;
    add(&gantry, "open", |_| ()).await;
    let form = [("state", "s t"), ("code", "c&d")];
    let request = gantry.http.post(gantry.url("/connections/open/callback")).header("sec-fetch-site", "cross-site").form(&form);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], "/connections/open/callback?state=s+t&code=c%26d");
    let large = [("state", "x".repeat(20_000))];
    let answer = gantry.http.post(gantry.url("/connections/open/callback")).form(&large).send().await.unwrap();
    assert_eq!(answer.status(), 413);
}

#[tokio::test]
async fn the_account_page_offers_to_link_and_only_in_its_own_session() {
    let gantry = Gantry::start().await;
    add(&gantry, "linking", |connection| connection.settings.link_only = true).await;
    add(&gantry, "hidden", |connection| connection.settings.hidden = true).await;
    let browser = Browser::new();
    let page = browser.open(gantry.url("/account")).await;
    let page = Person::ALICE.sign_in(&browser, &page).await;
    assert!(page.has("#connections") && page.attribute("#link-1", "value").as_deref() == Some("linking") && !page.has("#link-2"));
    let form = page.form("link-1");
    let away = browser.submit(&page, "link-1", &[]).await;
    assert_eq!(away.left.as_ref().and_then(|url| url.host_str()), Some("linking.example.test"));
    let stranger = Browser::new();
    stranger.open(gantry.url("/sign-in")).await;
    stranger.post(&form.action, &form.fields, &[]).await.is_error_page(403);
}
