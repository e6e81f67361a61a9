//! Making a realm in the console.

use crate::support::{Console, Gantry, Page, Person};

const NEW: &str = "/console/realms/new";

async fn make(console: &Console<'_>, slug: &str, name: &str) -> Page {
    let page = console.page(NEW).await;
    console.submit(&page, "realm-new", &[("slug", slug), ("name", name)]).await
}

#[tokio::test]
async fn an_operator_makes_a_realm_that_works_at_once() {
    let gantry = Gantry::start().await;
    let console = gantry.operator().await;
    let made = make(&console, "freight", " Freight & Co ").await;
    assert_eq!((made.status, made.url.path()), (200, "/console/realms/freight"), "{}", made.html);
    assert!(made.html.contains("Freight &amp; Co"), "{}", made.html);
    assert!(console.page("/console/realms").await.text("#realms").contains("Freight & Co"));
    let discovery = gantry.http.get(gantry.url("/realms/freight/.well-known/openid-configuration")).send().await.unwrap();
    assert_eq!(discovery.status(), 200);
    console.page("/console/realms/freight/keys").await;
    console.page("/console/realms/freight/settings").await;
}

#[tokio::test]
async fn a_realms_name_in_addresses_is_its_own_well_formed_and_not_reserved() {
    let gantry = Gantry::start().await;
    let console = gantry.operator().await;
    let long = "a".repeat(41);
    for slug in ["", "Freight", "fre ight", "-freight", "freight/../x", "frächt", &long, "system", "new"] {
        let wrong = make(&console, slug, "Freight").await;
        assert_eq!(wrong.status, 422, "{slug}");
        assert!(wrong.has("#realm-new-slug-error"), "{slug}: {}", wrong.html);
        let kept = |name: &str| wrong.attribute(&format!("#realm-new-{name}"), "value");
        assert_eq!((kept("slug").as_deref(), kept("name").as_deref()), (Some(slug), Some("Freight")));
    }
    let taken = make(&console, "default", "Another").await;
    assert_eq!(taken.status, 422, "{}", taken.html);
    assert!(taken.text("[role=alert]").contains("belongs to another realm"), "{}", taken.html);
    for name in ["", "a\u{202e}b", &"a".repeat(121)] {
        let wrong = make(&console, "freight", name).await;
        assert_eq!(wrong.status, 422, "{name:?}");
        assert!(wrong.has("#realm-new-name-error"), "{name:?}: {}", wrong.html);
    }
    assert!(gantry.store.platform().realm_by_slug("freight").await.unwrap().is_none());
    let default = gantry.store.platform().realm_by_slug("default").await.unwrap().unwrap();
    assert_ne!(default.name, "Another");
}

#[tokio::test]
async fn ten_02_a_realm_is_an_operators_to_make() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let there = gantry.tenant_admin(Person::BOB, "acme").await;
    for console in [&admin, &there] {
        let sent = console.post_once(NEW, &[("slug", "freight"), ("name", "Freight")]).await;
        assert!(matches!(sent.status, 403 | 404), "{}: {}", sent.status, sent.html);
    }
    assert!(gantry.store.platform().realm_by_slug("freight").await.unwrap().is_none());
}
