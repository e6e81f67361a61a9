//! A connection's own page: asking its provider now, its last sign-ins, and the way back from an administrator's consent.

use gantry_core::connection::{Connection, MicrosoftAudience, MicrosoftSettings};
use gantry_core::connector_kind::ConnectorKind;
use reqwest::Url;

use crate::support::upstream::{Account, Upstream};
use crate::support::{Browser, Console, Gantry, Page, Person};

const R: &str = "/console/realms/default";

async fn entra(gantry: &Gantry, upstream: &Upstream) -> Connection {
    let change = |connection: &mut Connection| {
        connection.kind = ConnectorKind::Microsoft;
        let directories = vec!["3d0c5a1e-7d2c-4a2f-9d55-0a9f6d8f3a10".to_owned()];
        let settings = MicrosoftSettings { audience: MicrosoftAudience::Organizations, directories, ..MicrosoftSettings::default() };
        connection.settings.microsoft = Some(settings);
    };
    gantry.connection(upstream, "entra", change).await
}

/// The link that an admin gives to the administrator of a directory.
fn consent_link(page: &Page) -> Url {
    let document = page.html.replace("&amp;", "&");
    let link = document.split('"').find(|part| part.contains("/adminconsent?")).expect("the link");
    link.parse().unwrap()
}

/// Where Microsoft sends the browser afterwards.
fn way_back(link: &Url, with: &[(&str, &str)]) -> Url {
    let given = |name: &str| link.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    let mut back: Url = given("redirect_uri").parse().unwrap();
    back.query_pairs_mut().append_pair("state", &given("state")).extend_pairs(with);
    back
}

async fn ask(console: &Console<'_>, connection: &Connection) -> Page {
    let page = console.page(&format!("{R}/connections/{}", connection.id)).await;
    console.submit(&page, "probe", &[]).await
}

#[tokio::test]
async fn the_provider_is_asked_now_and_its_answer_is_shown() {
    let gantry = Gantry::start().await;
    let (upstream, console) = (gantry.upstream(), gantry.realm_admin().await);
    let connection = gantry.connection(&upstream, "acme", |_| ()).await;
    let lines = gantry.audited("updated").await;
    let found = ask(&console, &connection).await;
    assert_eq!(found.status, 200, "{}", found.html);
    assert!(found.text("#found").contains(&upstream.origin), "{}", found.html);
    upstream.advertise("issuer", "https://another.example");
    let wrong = ask(&console, &connection).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    assert!(!wrong.has("#found") && wrong.html.contains("issuer"), "{}", wrong.html);
    upstream.go_down().await;
    assert_eq!(ask(&console, &connection).await.status, 422);
    assert_eq!(gantry.audited("updated").await, lines, "nothing was changed by looking");
    // Nobody else is a way to make this server ask: a tenant's admin has no such page of a realm's connection.
    let tessa = gantry.newcomer("tessa@example.com").await;
    let theirs = gantry.tenant_admin(tessa, "alder").await;
    for path in [format!("{R}/connections/{}/probe", connection.id), format!("{R}/tenants/alder/connections/{}/probe", connection.id)] {
        assert_eq!(theirs.post_once(&path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn its_sign_ins_are_one_link_away() {
    let gantry = Gantry::start().await;
    let (upstream, console) = (gantry.upstream(), gantry.realm_admin().await);
    let (mine, other) = (gantry.connection(&upstream, "acme", |_| ()).await, gantry.connection(&upstream, "birch", |_| ()).await);
    let mut traces = Vec::new();
    for connection in [&mine, &other] {
        let account = Account::person(&format!("at-{}", connection.slug), "carol@acme.example");
        let _ = gantry.client("ledger").authorize().walk_to_provider(&Browser::new(), connection, &account).await;
        traces.push(gantry.newest_trace().await.0.id.to_string());
    }
    let page = console.page(&format!("{R}/connections/{}", mine.id)).await;
    assert_eq!(page.attribute("#newest tbody a", "href"), Some(format!("{R}/traces/{}", traces[0])), "{}", page.html);
    let all = page.attribute("#newest .actions a", "href").unwrap();
    assert_eq!(all, format!("{R}/traces?connection=acme"));
    let list = console.page(&all).await;
    assert!(list.html.contains(&traces[0]) && !list.html.contains(&traces[1]), "{}", list.html);
    // A further filter keeps to the connection.
    let chosen = list.attribute("select[name=connection] option[selected]", "value");
    assert_eq!(chosen.as_deref(), Some("acme"), "{}", list.html);
    let program = gantry.program("default").await;
    let listed = program.get("/realms/default/traces?connection=acme").await;
    let listed = listed.json();
    let ids: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|trace| trace["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [traces[0].as_str()]);
}

#[tokio::test]
async fn an_administrators_consent_comes_back_to_the_connections_page() {
    let gantry = Gantry::start().await;
    let (upstream, console) = (gantry.upstream(), gantry.realm_admin().await);
    let connection = entra(&gantry, &upstream).await;
    let path = format!("{R}/connections/{}", connection.id);
    let link = consent_link(&console.page(&path).await);
    let directory = "3d0c5a1e-7d2c-4a2f-9d55-0a9f6d8f3a10";
    let given = way_back(&link, &[("admin_consent", "True"), ("tenant", directory)]);
    let page = console.browser.open(&given).await;
    assert_eq!((page.status, page.url.path()), (200, path.as_str()), "{}", page.html);
    assert!(page.text(".note.good").contains(directory), "{}", page.html);
    let page = console.browser.open(way_back(&link, &[("error", "access_denied"), ("error_description", "<b>no</b>")])).await;
    assert_eq!((page.status, page.url.path()), (200, path.as_str()));
    assert!(page.text(".note.bad").contains("access_denied") && !page.html.contains("<b>no"), "{}", page.html);
    // It proves nothing, so nobody is told of a consent that was not asked for here: by another's link, or by one of another
    // connection.
    let other = Console::sign_in(&gantry, "default", Person::ADMIN).await.0;
    let page = other.browser.open(&given).await;
    assert_eq!((page.status, page.url.path()), (200, path.as_str()));
    assert!(!page.html.contains(directory) || !page.has(".note.good"), "{}", page.html);
    let second = gantry.connection(&upstream, "second", |second| second.kind = ConnectorKind::Microsoft).await;
    let elsewhere = given.as_str().replace("/connections/entra/", "/connections/second/");
    let page = console.browser.open(elsewhere).await;
    assert_eq!(page.url.path(), format!("{R}/connections/{}", second.id));
    assert!(!page.has(".note.good"), "{}", page.html);
    assert_eq!(gantry.audited("signed_in").await, 2, "the two admins, and nobody else");
}
