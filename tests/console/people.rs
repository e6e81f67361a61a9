//! People in the console: found, made, mended, locked, signed out, taken out and erased.

use std::time::Duration;

use gantry_core::audit::AuditEvent;
use gantry_core::clock::Clock as _;
use gantry_core::user::RealmRole;
use reqwest::Url;

use crate::support::{Browser, Console, Gantry, Page, Person};

const PEOPLE: &str = "/console/realms/default/people";

async fn person_path(gantry: &Gantry, person: Person) -> String {
    format!("{PEOPLE}/{}", gantry.user(person).await.id)
}

/// Sends one of a page's small forms: a button that acts at once.
async fn press(console: &Console<'_>, page: &Page, path: &str) -> Page {
    let form = page.form_to(path);
    console.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
}

/// Opens a browser in which somebody is signed in to their account.
async fn signed_in(gantry: &Gantry, person: Person) -> Browser {
    let browser = Browser::new();
    let page = browser.open(gantry.url("/account")).await;
    let page = person.sign_in(&browser, &page).await;
    assert_eq!((page.status, page.url.path()), (200, "/account"), "{}", page.html);
    browser
}

async fn is_in(gantry: &Gantry, browser: &Browser) -> bool {
    browser.open(gantry.url("/account")).await.url.path() == "/account"
}

#[tokio::test]
async fn people_are_found_by_words_and_state() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(PEOPLE).await;
    for email in ["alice@example.com", "bob@example.com", "admin@example.com"] {
        assert!(page.html.contains(email), "{email}");
    }
    gantry.disable(Person::BOB).await;
    for (query, alice, bob) in [
        ("?q=ali", true, false),
        ("?q=EXAMPLE+bo", false, true),
        ("?q=&is=&role=", true, true),
        ("?is=disabled", false, true),
        ("?q=example&is=verified&role=realm_admin", false, false),
        ("?q=%25", false, false),
        ("?q=nobody", false, false),
        ("?q=ali&after=bm90aGluZw", false, false),
    ] {
        let page = console.page(&format!("{PEOPLE}{query}")).await;
        let rows = page.html.split("<tbody").nth(1).unwrap_or_default();
        assert_eq!((rows.contains("alice@example.com"), rows.contains("bob@example.com")), (alice, bob), "{query}");
    }
}

#[tokio::test]
async fn a_person_is_made_and_mailed_a_link() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let form = console.page(&format!("{PEOPLE}/new")).await;
    let wrong = console.submit(&form, "person-new", &[("email", "no address"), ("name", "Grace Hopper")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("#person-new-email[aria-invalid=true]") && wrong.html.contains("value=\"Grace Hopper\""), "{}", wrong.html);
    let taken = console.submit(&form, "person-new", &[("email", "alice@example.com")]).await;
    assert_eq!(taken.status, 422);
    assert!(taken.has("#person-new-email[aria-invalid=true]"), "{}", taken.html);
    let made = console.submit(&form, "person-new", &[("email", "grace@navy.test"), ("name", "Grace <b>Hopper")]).await;
    assert_eq!(made.status, 200, "{}", made.html);
    assert!(made.url.path().starts_with(&format!("{PEOPLE}/usr_")) && !made.html.contains("Grace <b>Hopper"), "{}", made.html);
    let mail = gantry.mail("grace@navy.test", 1).await;
    assert!(mail.link("/reset/password").contains("token="));
    console.page(made.url.path()).await;
    let quiet = console.submit(&form, "person-new", &[("email", "quiet@navy.test"), ("mail", "")]).await;
    assert_eq!(quiet.status, 200);
    assert_eq!(gantry.mails("quiet@navy.test"), 0);
}

#[tokio::test]
async fn a_profile_is_mended_and_a_stale_form_shows_both_versions() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let path = person_path(&gantry, Person::ALICE).await;
    let page = console.page(&path).await;
    assert!(page.html.contains("alice@example.com") && page.html.contains("users:"), "the excerpt of the realm file is there");
    let wrong = console.submit(&page, "profile", &[("picture", "javascript:alert(1)"), ("given_name", "Alicia")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("#profile-picture[aria-invalid=true]") && wrong.html.contains("Alicia"), "{}", wrong.html);
    let saved = console.submit(&page, "profile", &[("name", "Alice Liddell"), ("website", "")]).await;
    assert_eq!((saved.status, saved.url.path()), (200, path.as_str()), "{}", saved.html);
    let user = gantry.user(Person::ALICE).await;
    assert_eq!((user.profile.name.as_deref(), user.profile.website), (Some("Alice Liddell"), None));
    assert_eq!(user.profile.birthdate.as_deref(), Some("1990-01-01"), "what the form does not have stays");
    let stale = console.submit(&page, "profile", &[("name", "Alice Typed")]).await;
    assert_eq!(stale.status, 409);
    assert!(stale.html.contains("Alice Typed") && stale.text("#both-versions").contains("Alice Liddell"), "{}", stale.html);
    let again = console.submit(&stale, "profile", &[("keep_mine", "on")]).await;
    assert_eq!(again.status, 200);
    assert_eq!(gantry.user(Person::ALICE).await.profile.name.as_deref(), Some("Alice Typed"));
}

#[tokio::test]
async fn web_15_what_is_dangerous_wants_a_fresh_sign_in_on_the_page_and_on_its_form() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let path = person_path(&gantry, Person::BOB).await;
    let forms = [("address", "address"), ("roles", "roles"), ("delete", "delete"), ("data/erase", "erase")];
    let mut pages = Vec::new();
    for (address, form) in forms {
        pages.push((console.page(&format!("{path}/{address}")).await, form));
    }
    let (data, overview) = (console.page(&format!("{path}/data")).await, console.page(&path).await);
    gantry.clock.advance(Duration::from_mins(11));
    let away = |page: &Page| !page.url.path().starts_with("/console/realms");
    for (address, _) in forms {
        assert!(away(&console.get(&format!("{path}/{address}")).await), "{address}");
    }
    for (page, form) in &pages {
        let fields = [("email", "new@example.com"), ("realm_admin", "on"), ("confirm", "bob@example.com")];
        assert!(away(&console.submit(page, form, &fields).await), "{form}");
    }
    assert!(away(&console.submit(&data, "export", &[]).await));
    assert!(away(&press(&console, &overview, "/lock").await));
    let bob = gantry.user(Person::BOB).await;
    assert_eq!((bob.roles.len(), bob.disabled_at), (0, None));
    assert_eq!(gantry.audited("person_exported").await, 0);
}

#[tokio::test]
async fn address_roles_and_lock_take_effect_at_once() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let (path, bob) = (person_path(&gantry, Person::BOB).await, signed_in(&gantry, Person::BOB).await);
    let page = console.page(&format!("{path}/roles")).await;
    assert!(!page.has("#roles-operator"), "nobody becomes an operator here");
    let forged = console.submit(&page, "roles", &[("realm_admin", "on"), ("operator", "on")]).await;
    assert_eq!((forged.status, forged.url.path()), (200, path.as_str()), "{}", forged.html);
    assert_eq!(gantry.user(Person::BOB).await.roles, [RealmRole::RealmAdmin]);
    let page = console.page(&format!("{path}/roles")).await;
    console.submit(&page, "roles", &[("realm_admin", "")]).await;
    assert_eq!(gantry.user(Person::BOB).await.roles, []);
    let page = press(&console, &console.get(&path).await, "/lock").await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert!(gantry.user(Person::BOB).await.disabled_at.is_some() && !is_in(&gantry, &bob).await);
    press(&console, &page, "/lock").await;
    assert!(gantry.user(Person::BOB).await.disabled_at.is_none() && !is_in(&gantry, &bob).await);
    let page = console.page(&format!("{path}/address")).await;
    let wrong = console.submit(&page, "address", &[("email", "nonsense")]).await;
    assert!(wrong.status == 422 && wrong.has("#address-email[aria-invalid=true]"));
    let done = console.submit(&page, "address", &[("email", "robert@example.com")]).await;
    assert_eq!(done.status, 200, "{}", done.html);
    assert!(done.html.contains("robert@example.com"));
    // Whoever locks themself out is asked to leave that to somebody else.
    let own = person_path(&gantry, Person::ADMIN).await;
    let refused = press(&console, &console.get(&own).await, "/lock").await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    assert!(gantry.user(Person::ADMIN).await.disabled_at.is_none());
}

#[tokio::test]
async fn sessions_are_ended_from_the_persons_page_and_the_realms() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let path = person_path(&gantry, Person::BOB).await;
    let (one, two) = (signed_in(&gantry, Person::BOB).await, signed_in(&gantry, Person::BOB).await);
    let all = console.page("/console/realms/default/sessions").await;
    assert!(all.html.contains("bob@example.com") && all.html.contains("admin@example.com"));
    let user = gantry.user(Person::BOB).await;
    let live = gantry.store.read(user.realm_id).sessions().list_live(user.id, gantry.clock.now()).await.unwrap();
    let newest = live.first().unwrap();
    let page = press(&console, &all, &format!("/sessions/{}/end", newest.id)).await;
    assert_eq!((page.status, page.url.path()), (200, "/console/realms/default/sessions"), "{}", page.html);
    assert_ne!(is_in(&gantry, &one).await, is_in(&gantry, &two).await, "one of the two is out");
    let page = console.page(&format!("{path}/sessions")).await;
    let page = console.submit(&page, "sign-out", &[]).await;
    assert_eq!(page.status, 200);
    assert!(!is_in(&gantry, &one).await && !is_in(&gantry, &two).await);
}

#[tokio::test]
async fn access_is_seen_and_revoked() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let path = person_path(&gantry, Person::ALICE).await;
    for tab in ["identities", "memberships", "sessions", "access", "history", "data"] {
        console.page(&format!("{path}/{tab}")).await;
    }
    assert!(console.page(&format!("{path}/memberships")).await.html.contains("org_acme"));
    let history = console.page(&format!("{path}/history")).await;
    signed_in(&gantry, Person::ALICE).await;
    gantry.settle().await;
    let after = console.page(&format!("{path}/history")).await;
    assert!(after.html.matches("<tr").count() > history.html.matches("<tr").count());
    let reset = press(&console, &console.get(&path).await, "/reset").await;
    assert_eq!(reset.status, 200, "{}", reset.html);
    assert!(gantry.mail("alice@example.com", 1).await.link("/reset/password").contains("token="));
}

#[tokio::test]
async fn everything_about_a_person_can_be_taken_out() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    signed_in(&gantry, Person::ALICE).await;
    let path = person_path(&gantry, Person::ALICE).await;
    let page = console.page(&format!("{path}/data")).await;
    let bare: Url = gantry.url(&format!("{path}/data/export")).parse().unwrap();
    let forged = console.browser.post(&bare, &[], &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]).await;
    assert_eq!(forged.status, 403);
    let unsealed = console.browser.post(&bare, &[], &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    assert_eq!(unsealed.status, 403);
    let file = console.submit(&page, "export", &[]).await;
    let header = |name: &str| file.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!((header("content-type"), header("cache-control")), ("application/json".to_owned(), "no-store".to_owned()));
    assert!(header("content-disposition").starts_with("attachment; filename=\"usr_"));
    let document: serde_json::Value = serde_json::from_str(&file.html).unwrap();
    assert_eq!((&document["account"]["email"], &document["complete"]), (&"alice@example.com".into(), &true.into()));
    assert_eq!(document["memberships"][0]["org_id"], "org_acme");
    assert!(!document["sessions"].as_array().unwrap().is_empty() && !document["events"].as_array().unwrap().is_empty());
    assert!(!file.html.contains("argon2") && !file.html.contains(Person::ALICE.password));
    assert_eq!(gantry.audited("person_exported").await, 1);
}

#[tokio::test]
async fn deleting_and_erasing_want_the_address_typed() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let (alice, bob) = (gantry.user(Person::ALICE).await, gantry.user(Person::BOB).await);
    let browser = signed_in(&gantry, Person::ALICE).await;
    for (user, address, form) in [(&bob, "delete", "delete"), (&alice, "data/erase", "erase")] {
        let path = format!("{PEOPLE}/{}/{address}", user.id);
        let page = console.page(&path).await;
        for typed in ["", "someone@example.com"] {
            let wrong = console.submit(&page, form, &[("confirm", typed)]).await;
            assert_eq!(wrong.status, 422, "{address}");
        }
        assert!(gantry.store.read(user.realm_id).users().find(user.id).await.unwrap().is_some());
        let done = console.submit(&page, form, &[("confirm", user.email.as_str())]).await;
        assert_eq!((done.status, done.url.path()), (200, PEOPLE), "{}", done.html);
        assert_eq!(console.get(&format!("{PEOPLE}/{}", user.id)).await.status, 404);
    }
    assert!(!is_in(&gantry, &browser).await);
    let lines = gantry.store.read(alice.realm_id).person_trail().events(alice.id, &[], None, 100).await.unwrap();
    assert_eq!(lines[0].event, AuditEvent::PersonErased);
    assert!(lines.iter().skip(1).all(|line| line.ip.is_none() && line.detail.is_none()), "{lines:?}");
    assert!(lines[0].at <= gantry.clock.now());
}

#[tokio::test]
async fn ten_02_people_of_another_realm_are_nobody() {
    let gantry = Gantry::start().await;
    let console = gantry.operator().await;
    let bob = gantry.user(Person::BOB).await;
    let (foreign, unknown) = (format!("/console/realms/other/people/{}", bob.id), "/console/realms/other/people/usr_0");
    let tabs =
        ["", "/identities", "/memberships", "/sessions", "/access", "/history", "/data", "/address", "/roles", "/delete", "/data/erase"];
    for tab in tabs {
        assert_eq!(console.get(&format!("{foreign}{tab}")).await.status, 404, "{tab}");
        assert_eq!(console.get(&format!("{unknown}{tab}")).await.status, 404, "{tab}");
    }
    let page = console.page("/console/realms/system/people").await;
    assert!(page.html.contains(Person::OPERATOR.email) && !page.html.contains("bob@example.com"));
}
