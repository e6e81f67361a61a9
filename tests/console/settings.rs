//! What a realm decides about itself, in the console: settings, hosts, branding, keys, and the person's own sessions.

use std::time::Duration;

use crate::support::{Gantry, Page};

const TABS: [&str; 7] = ["", "/sign-in", "/authorization", "/tenants", "/endpoints", "/app-keys", "/personal-tokens"];

fn at(path: &str) -> String {
    format!("/console/realms/default{path}")
}

#[track_caller]
fn is_done(page: &Page, path: &str) {
    assert_eq!((page.status, page.url.path()), (200, at(path).as_str()), "{}", page.html);
}

#[tokio::test]
async fn every_tab_shows_itself_and_saves_what_it_shows() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    for tab in TABS {
        let path = format!("/settings{tab}");
        let page = console.page(&at(&path)).await;
        let confirm: &[(&str, &str)] = if tab == "/endpoints" { &[("confirm", "default")] } else { &[] };
        is_done(&console.submit(&page, "settings", confirm).await, &path);
    }
    let before = gantry.store.platform().realm_by_slug("default").await.unwrap().unwrap();
    assert!(before.settings.sign_in.sign_up && before.settings.app_keys.header.as_deref() == Some("X-Sample-Key"), "left as it was");
}

#[tokio::test]
async fn a_setting_is_changed_and_a_wrong_one_comes_back_with_what_was_typed() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.get(&at("/settings")).await;
    let changed = [("tokens.access_lifetime", "120"), ("tokens.signing_algorithm", "ES256"), ("tokens.response.not_before_policy", "on")];
    is_done(&console.submit(&page, "settings", &changed).await, "/settings");
    let realm = gantry.store.platform().realm_by_slug("default").await.unwrap().unwrap();
    assert_eq!(realm.settings.tokens.access_lifetime, 120);
    assert!(realm.settings.tokens.response.not_before_policy);
    for (name, value) in [("tokens.access_lifetime", "59"), ("tokens.access_lifetime", "soon"), ("tokens.code_lifetime", "601")] {
        let page = console.get(&at("/settings")).await;
        let page = console.submit(&page, "settings", &[(name, value)]).await;
        assert_eq!(page.status, 422, "{name}: {value}");
        assert_eq!(page.attribute(&format!("[name=\"{name}\"]"), "value").as_deref(), Some(value), "{}", page.html);
    }
    let page = console.get(&at("/settings/authorization")).await;
    let page = console.submit(&page, "settings", &[("authorization.default_resource", "https://nobody.example")]).await;
    assert_eq!(page.status, 422);
}

#[tokio::test]
async fn a_form_that_has_not_seen_the_latest_version_says_so() {
    let gantry = Gantry::start().await;
    let (one, other) = (gantry.realm_admin().await, gantry.realm_admin().await);
    let (first, second) = (one.get(&at("/settings")).await, other.get(&at("/settings")).await);
    is_done(&one.submit(&first, "settings", &[("tokens.access_lifetime", "100")]).await, "/settings");
    let stale = other.submit(&second, "settings", &[("tokens.access_lifetime", "200")]).await;
    assert_eq!(stale.status, 409);
    assert!(stale.text("#both-versions").contains("100"), "what is there now: {}", stale.html);
    assert_eq!(stale.attribute("[name=\"tokens.access_lifetime\"]", "value").as_deref(), Some("200"), "what was typed");
    is_done(&other.submit(&stale, "settings", &[("keep_mine", "on")]).await, "/settings");
    let realm = gantry.store.platform().realm_by_slug("default").await.unwrap().unwrap();
    assert_eq!(realm.settings.tokens.access_lifetime, 200);
}

#[tokio::test]
async fn web_15_what_ends_much_wants_a_new_proof_and_the_realms_name() {
    let gantry = Gantry::start().await;
    let console = gantry.operator().await;
    let page = console.page(&at("/settings/standing")).await;
    let unconfirmed = console.submit(&page, "revoke", &[("confirm", "other")]).await;
    assert_eq!(unconfirmed.status, 422);
    is_done(&console.submit(&page, "revoke", &[("confirm", "default")]).await, "/settings/standing");
    is_done(&console.submit(&page, "disable", &[("confirm", "default")]).await, "/settings/standing");
    assert_eq!(console.get("/sign-in").await.status, 404, "nothing of it answers");
    let page = console.get(&at("/settings/standing")).await;
    is_done(&console.submit(&page, "enable", &[]).await, "/settings/standing");
    assert_eq!(console.get("/sign-in").await.status, 200);
    let page = console.get("/console/realms/system/settings/standing").await;
    assert!(!page.has("#disable"), "never the operators' own");
    gantry.clock.advance(Duration::from_mins(11));
    for path in ["/settings/standing", "/settings/endpoints", "/settings/hosts"] {
        let page = console.get(&at(path)).await;
        assert!(page.has("[name=username]"), "{path}: {}", page.url);
    }
    let late = console.submit(&page, "revoke", &[("confirm", "system")]).await;
    assert!(late.has("[name=username]"), "{}", late.url);
}

#[tokio::test]
async fn hosts_are_for_operators() {
    let gantry = Gantry::start().await;
    assert_eq!(gantry.realm_admin().await.get(&at("/settings/hosts")).await.status, 403);
    let console = gantry.operator().await;
    let page = console.page(&at("/settings/hosts")).await;
    let wrong = console.submit(&page, "hosts", &[("hosts", "ID.example"), ("confirm", "default")]).await;
    assert_eq!(wrong.status, 422);
    is_done(&console.submit(&page, "hosts", &[("hosts", "https://id.example"), ("confirm", "default")]).await, "/settings/hosts");
    let realm = gantry.store.platform().realm_by_slug("default").await.unwrap().unwrap();
    assert_eq!(realm.hosts, ["https://id.example"]);
}

#[tokio::test]
async fn web_03_branding_is_data_and_its_preview_is_framed_by_ourselves_alone() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&at("/branding")).await;
    let look = [("name", "Acme <b>"), ("coloured", "on"), ("branding.accent", "#ffee00"), ("branding.welcome", "Good to see you")];
    is_done(&console.submit(&page, "branding", &look).await, "/branding");
    for (name, value) in [("branding.accent", "red;}</style>"), ("branding.support_contact", "javascript:alert(1)"), ("name", "")] {
        let page = console.get(&at("/branding")).await;
        assert_eq!(console.submit(&page, "branding", &[("coloured", "on"), (name, value)]).await.status, 422, "{value}");
    }
    let header = |page: &Page, name: &str| page.headers.get(name).unwrap().to_str().unwrap().to_owned();
    let preview = console.get(&at("/branding/preview?name=%3Ci%3E&coloured=on&branding.accent=red%3B%7D")).await;
    assert_eq!(preview.status, 200);
    assert!(header(&preview, "content-security-policy").contains("frame-ancestors 'self'") && !preview.html.contains("<i>"));
    assert_eq!(header(&preview, "x-frame-options"), "SAMEORIGIN");
    assert!(header(&page, "content-security-policy").contains("frame-ancestors 'none'"));
    let css = console.get(&at("/branding/preview.css?coloured=on&branding.accent=red%3B%7D")).await;
    assert_eq!((css.status, css.html.as_str()), (200, ""));
    let css = console.get(&at("/branding/preview.css?coloured=on&branding.accent=%23ffee00")).await;
    assert!(css.html.contains("#ffee00"));
    let page = console.get(&at("/branding")).await;
    let seen = console.submit(&page, "branding", &[("name", "Never"), ("preview_only", "on")]).await;
    assert_eq!(seen.status, 200);
    assert_eq!(gantry.store.platform().realm_by_slug("default").await.unwrap().unwrap().name, "Acme <b>");
}

#[tokio::test]
async fn keys_rotate_and_are_withdrawn() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&at("/keys")).await;
    assert!(!page.html.contains("PRIVATE") && !page.html.contains("\"d\""));
    is_done(&console.submit(&page, "keys-rotate", &[]).await, "/keys");
    let page = console.get(&at("/keys")).await;
    assert_eq!(console.submit(&page, "keys-withdraw", &[]).await.status, 422);
    is_done(&console.submit(&page, "keys-withdraw", &[("confirm", "default")]).await, "/keys");
    let keys = gantry.store.read(gantry.realm_id().await).signing_keys().list().await.unwrap();
    let states: Vec<&str> = keys.iter().map(|key| key.state.as_str()).collect();
    assert!(states.contains(&"retired") && states.contains(&"withdrawn"), "{states:?}");
    gantry.clock.advance(Duration::from_mins(11));
    let late = console.submit(&page, "keys-rotate", &[]).await;
    assert!(late.has("[name=username]"), "a new proof: {}", late.url);
}

#[tokio::test]
async fn own_sessions_are_listed_and_end() {
    let gantry = Gantry::start().await;
    let (one, other) = (gantry.realm_admin().await, gantry.realm_admin().await);
    let page = one.page("/console/sessions").await;
    let user = gantry.user(crate::support::Person::ADMIN).await;
    let own = gantry.store.read(user.realm_id).sessions().list_live(user.id, gantry_core::clock::Clock::now(&*gantry.clock)).await.unwrap();
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|session| page.html.contains(&session.id.to_string())));
    for session in &own {
        let page = one.get("/console/sessions").await;
        let csrf = page.attribute("[name=csrf]", "value").unwrap();
        let form = [("csrf".to_owned(), csrf), ("session".to_owned(), session.id.to_string())];
        let url = gantry.url("/console/sessions").parse().unwrap();
        if one.browser.post(&url, &form, &[("sec-fetch-site", "same-origin")]).await.url.path() == "/console/sign-out" {
            break;
        }
        assert_eq!(other.get("/console/sessions").await.url.path(), "/console/sign-in");
    }
}
