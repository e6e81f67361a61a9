//! What nobody makes of connections: another's, an inner address, one that its provider's metadata contradict, or a
//! change without a new proof.

use std::time::Duration;

use gantry_web::paths::console::{self as at, Verb};
use reqwest::Url;

use super::{R, T, connection, count, filled, submit};
use crate::support::upstream::CLIENT_SECRET;
use crate::support::{Console, Gantry, Page, Person};

#[tokio::test]
async fn ten_01_ten_02_a_tenants_admin_reaches_no_other_connection() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let console = gantry.tenant_admin(Person::BOB, "acme").await;
    let other = gantry.tenant("globex").await;
    let foreign = gantry.connection(&upstream, "foreign", |connection| connection.owner = Some(other)).await;
    let realms = gantry.connection(&upstream, "realms", |_| ()).await;
    let unknown = gantry_core::id::ConnectionId::new().to_string();
    let trace = gantry_core::id::TraceId::new().to_string();
    let mut looked = 0;
    for address in at::ALL.iter().filter(|address| address.path.contains("{connection}")) {
        for (tenant, id) in [("acme", &foreign.id), ("acme", &realms.id), ("globex", &foreign.id)] {
            let ids = [id.to_string(), unknown.clone()];
            let mut answers = Vec::new();
            for id in &ids {
                let path = at::fill(address.path, &[("realm", "default"), ("tenant", tenant), ("connection", id), ("trace", &trace)]);
                let url: Url = gantry.url(&path).parse().unwrap();
                for verb in address.verbs {
                    let page = match verb {
                        Verb::Get => console.browser.open_once(&url).await,
                        Verb::Post => post(&console, &url).await,
                    };
                    answers.push((*verb, page.status, page.html.replace(id.as_str(), "ID")));
                }
            }
            let (known, unknown) = answers.split_at(answers.len() / 2);
            for (known, unknown) in known.iter().zip(unknown) {
                assert_eq!(known.1, 404, "{} {}", address.path, known.2);
                assert_eq!(without_request_id(&known.2), without_request_id(&unknown.2), "{}", address.path);
            }
            looked += 1;
        }
    }
    assert!(looked > 70, "{looked}");
    assert!(connection(&gantry, "foreign").await.is_enabled());
}

/// Posts what would do something, with a token of the console's.
async fn post(console: &Console<'_>, url: &Url) -> Page {
    let page = console.get(&format!("{T}/connections/new?kind=oidc&slug=oidc-abcdefghij")).await;
    let token = page.attribute("form#new [name=csrf]", "value").expect("a token");
    let form = [("csrf".to_owned(), token), ("enabled".to_owned(), "no".to_owned()), ("client_secret".to_owned(), "theirs".to_owned())];
    console.browser.post(url, &form, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
}

/// A page without what is different each time.
fn without_request_id(html: &str) -> String {
    html.lines().filter(|line| !line.contains("trace-id") && !line.contains("csrf")).collect()
}

#[tokio::test]
async fn fed_03_what_the_providers_metadata_contradict_is_not_saved() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let console = gantry.realm_admin().await;
    let before = count(&gantry).await;
    let page = console.get(&format!("{R}/connections/new?kind=oidc&slug=acme")).await;
    for issuer in
        [format!("{}/", upstream.origin), upstream.origin.replace("127.0.0.1", "LOCALHOST"), format!("{}/nowhere", upstream.origin)]
    {
        let mut fields = filled(&upstream);
        fields.retain(|(name, _)| *name != "issuer");
        fields.push(("issuer", issuer.clone()));
        let wrong = submit(&console, &page, "new", &fields).await;
        assert_eq!(wrong.status, 422, "{issuer}: {}", wrong.html);
        assert!(wrong.has("#new-issuer[aria-invalid=true]"), "{issuer}: {}", wrong.html);
        assert_eq!(wrong.attribute("#new-issuer", "value"), Some(issuer), "what was typed stays");
        assert!(!wrong.html.contains(CLIENT_SECRET));
    }
    upstream.advertise("issuer", "https://another.example");
    assert_eq!(submit(&console, &page, "new", &filled(&upstream)).await.status, 422);
    upstream.advertise("issuer", &upstream.origin);
    assert_eq!(count(&gantry).await, before, "nothing was stored");

    // Nor does a change make it so; and one that leaves the addresses alone asks nobody.
    let made = gantry.connection(&upstream, "acme", |_| ()).await;
    let path = format!("{R}/connections/{}/settings", made.id);
    let page = console.get(&path).await;
    let wrong = console.submit(&page, "settings", &[("issuer", &format!("{}/", upstream.origin))]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    assert_eq!(connection(&gantry, "acme").await.settings, made.settings);
    upstream.go_down().await;
    let renamed = console.submit(&page, "settings", &[("name", "Renamed")]).await;
    assert_eq!(renamed.status, 200, "{}", renamed.html);
    assert_eq!(connection(&gantry, "acme").await.name, "Renamed");
}

#[tokio::test]
async fn ssr_06_ssr_11_saving_and_trying_out_reach_nothing_inside_and_all_failures_look_alike_to_a_tenant() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let console = gantry.tenant_admin(Person::BOB, "acme").await;
    let page = console.get(&format!("{T}/connections/new?kind=oidc&slug=oidc-abcdefghij")).await;
    let before = count(&gantry).await;
    let mut said = Vec::new();
    let down = gantry.upstream();
    let silent = down.origin.clone();
    down.go_down().await;
    for issuer in ["http://169.254.169.254".to_owned(), "https://10.0.0.1".to_owned(), "https://[fd00::1]/x".to_owned()] {
        let wrong = console.submit(&page, "new", &[("name", "X"), ("client_id", "x"), ("issuer", &issuer)]).await;
        assert_eq!(wrong.status, 422, "{issuer}: {}", wrong.html);
    }
    for issuer in [silent, format!("{}/", upstream.origin), format!("{}/nowhere", upstream.origin)] {
        let wrong = console.submit(&page, "new", &[("name", "X"), ("client_id", "x"), ("issuer", &issuer)]).await;
        assert_eq!(wrong.status, 422, "{issuer}: {}", wrong.html);
        said.push(wrong.text("#new-issuer-error"));
    }
    // What the provider says is not passed on either.
    upstream.advertise("issuer", "https://canary.example");
    let wrong = console.submit(&page, "new", &[("name", "X"), ("client_id", "x"), ("issuer", &upstream.origin)]).await;
    assert!(wrong.status == 422 && !wrong.html.contains("canary"), "{}", wrong.html);
    said.push(wrong.text("#new-issuer-error"));
    assert!(said.iter().all(|words| *words == said[0]), "{said:?}");
    assert_eq!(count(&gantry).await, before);
}

#[tokio::test]
async fn web_15_secrets_and_removal_of_connections_want_a_new_proof() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let console = gantry.realm_admin().await;
    let made = gantry.connection(&upstream, "acme", |_| ()).await;
    let (secrets, delete) = (format!("{R}/connections/{}/secrets", made.id), format!("{R}/connections/{}/delete", made.id));
    let (with_secrets, with_delete) = (console.get(&secrets).await, console.get(&delete).await);
    gantry.clock.advance(Duration::from_mins(11));
    for path in [&secrets, &delete] {
        assert!(console.get(path).await.has("[name=username]"), "{path}");
    }
    let page = console.submit(&with_secrets, "secrets", &[("client_secret", "another")]).await;
    assert!(page.has("[name=username]"), "{}", page.html);
    let page = console.submit(&with_delete, "remove", &[("confirm", &made.name)]).await;
    assert!(page.has("[name=username]"), "{}", page.html);
    let rows = gantry.store.read(made.realm_id);
    assert_eq!(rows.connections().secrets(made.id).await.unwrap().client_secret.unwrap().expose(), CLIENT_SECRET);

    // Signed in anew both work; the name has to be the right one.
    let page = Person::ADMIN.sign_in(&console.browser, &page).await;
    assert_eq!(page.url.path(), delete, "{}", page.html);
    assert_eq!(console.submit(&page, "remove", &[("confirm", "acme")]).await.status, 422);
    let secrets_page = console.get(&secrets).await;
    let page2 = console.submit(&secrets_page, "secrets", &[("client_secret", "another")]).await;
    assert_eq!(page2.status, 200, "{}", page2.html);
    assert!(!page2.html.contains("another"));
    let rows = gantry.store.read(made.realm_id);
    assert_eq!(rows.connections().secrets(made.id).await.unwrap().client_secret.unwrap().expose(), "another");
    let gone = console.submit(&page, "remove", &[("confirm", &made.name)]).await;
    assert_eq!((gone.status, gone.url.path()), (200, format!("{R}/connections").as_str()), "{}", gone.html);
    assert_eq!(console.get(&secrets).await.status, 404);
}
