//! One act upon many rows of a list: asked once more, done to all, or to none.

use std::time::Duration;

use gantry_core::tenant::TenantRole;

use crate::support::{Browser, Console, Gantry, Page, Person};

const PEOPLE: &str = "/console/realms/default/people";
const SESSIONS: &str = "/console/realms/default/sessions";

/// Ticks rows of a list and presses a button of its bar.
async fn tick(console: &Console<'_>, page: &Page, list: &str, act: &str, ids: &[&str]) -> Page {
    let form = page.form_with_id(&format!("{list}-bulk"));
    let mut fields = form.fields;
    fields.retain(|(name, _)| name != "act");
    fields.push(("act".to_owned(), act.to_owned()));
    fields.extend(ids.iter().map(|id| ("id".to_owned(), (*id).to_owned())));
    console.browser.post(&form.action, &fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
}

/// Says yes on the page that asks.
async fn agree(console: &Console<'_>, page: &Page, fields: &[(&str, &str)]) -> Page {
    console.submit(page, "bulk", fields).await
}

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

async fn locked(gantry: &Gantry, person: Person) -> bool {
    gantry.user(person).await.disabled_at.is_some()
}

#[tokio::test]
async fn several_people_are_locked_signed_out_and_brought_into_a_tenant() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let (alice, bob) = (gantry.user(Person::ALICE).await.id.to_string(), gantry.user(Person::BOB).await.id.to_string());
    let (first, second) = (signed_in(&gantry, Person::ALICE).await, signed_in(&gantry, Person::BOB).await);
    let list = console.page(&format!("{PEOPLE}?q=example")).await;
    let label = list.attribute("tbody .pick input", "aria-labelledby").unwrap();
    assert!(list.has(&format!("th#{label}")) && !list.text("thead .pick").is_empty(), "each box is named by its row, the column by a word");

    let asked = tick(&console, &list, "people", "sign-out", &[&alice, &bob]).await;
    assert_eq!(asked.status, 200, "{}", asked.html);
    assert!(asked.text("h1").contains('2') && asked.html.contains(Person::ALICE.email) && asked.html.contains(Person::BOB.email));
    assert!(is_in(&gantry, &first).await, "asking ends nothing");
    let before = gantry.audited("session_ended").await;
    let done = agree(&console, &asked, &[]).await;
    assert_eq!((done.status, done.url.path(), done.url.query()), (200, PEOPLE, Some("q=example&notice=people-bulk-signed-out")));
    assert!(!is_in(&gantry, &first).await && !is_in(&gantry, &second).await);
    assert_eq!(gantry.audited("session_ended").await, before + 2, "one line for each person");

    let before = gantry.audited("updated").await;
    let asked = tick(&console, &list, "people", "lock", &[&alice, &bob, &bob]).await;
    assert!(asked.text("h1").contains('2'), "whoever is named twice is one");
    agree(&console, &asked, &[]).await;
    assert!(locked(&gantry, Person::ALICE).await && locked(&gantry, Person::BOB).await);
    assert_eq!(gantry.audited("updated").await, before + 2);
    let asked = tick(&console, &list, "people", "unlock", &[&alice, &bob]).await;
    agree(&console, &asked, &[]).await;
    assert!(!locked(&gantry, Person::ALICE).await && !locked(&gantry, Person::BOB).await);

    gantry.make_tenant_admin(Person::BOB, "org_bulk").await;
    let asked = tick(&console, &list, "people", "join", &[&alice, &bob]).await;
    let nowhere = agree(&console, &asked, &[("org_id", "org_nowhere")]).await;
    assert!(nowhere.status == 422 && nowhere.has("#bulk-org_id[aria-invalid=true]"), "{}", nowhere.html);
    let done = agree(&console, &nowhere, &[("org_id", "org_bulk")]).await;
    assert_eq!((done.status, done.url.path()), (200, PEOPLE), "{}", done.html);
    let user = gantry.user(Person::BOB).await;
    let places = gantry.store.read(user.realm_id).memberships().list_for_user(user.id).await.unwrap();
    assert!(places.iter().any(|place| place.role == TenantRole::TenantAdmin), "who is there already stays what they are");
}

#[tokio::test]
async fn several_sessions_end_and_one_that_ended_meanwhile_is_none() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let (one, two) = (signed_in(&gantry, Person::BOB).await, signed_in(&gantry, Person::BOB).await);
    let user = gantry.user(Person::BOB).await;
    let live = gantry.store.read(user.realm_id).sessions().list_live(user.id, user.created_at).await.unwrap();
    let ids: Vec<String> = live.iter().map(|session| session.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let list = console.page(SESSIONS).await;
    let asked = tick(&console, &list, "sessions", "end", &ids).await;
    assert!(asked.text("h1").contains('2'), "{}", asked.html);
    let by_one = tick(&console, &list, "sessions", "end", &ids[..1]).await;
    agree(&console, &by_one, &[]).await;
    let before = gantry.audited("session_ended").await;
    let done = agree(&console, &asked, &[]).await;
    assert_eq!((done.status, done.url.path()), (200, SESSIONS), "{}", done.html);
    assert!(!is_in(&gantry, &one).await && !is_in(&gantry, &two).await);
    assert_eq!(gantry.audited("session_ended").await, before + 1);
}

#[tokio::test]
async fn ten_02_one_foreign_or_unknown_id_in_a_list_changes_nothing_for_any() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let other = gantry.store.platform().realm_by_slug("other").await.unwrap().unwrap().id;
    let find = gantry_core::paging::Find::default();
    let stranger = gantry.store.read(other).users().search(&find).await.unwrap().items[0].id.to_string();
    let (alice, bob) = (gantry.user(Person::ALICE).await.id.to_string(), gantry.user(Person::BOB).await.id.to_string());
    let unknown = gantry_core::id::UserId::new().to_string();
    let list = console.page(PEOPLE).await;
    let lines = (gantry.audited("updated").await, gantry.audited("session_ended").await);
    for act in ["lock", "sign-out"] {
        let asked = tick(&console, &list, "people", act, &[&alice, &bob]).await;
        for odd in [stranger.as_str(), &unknown, "usr_0", "../people"] {
            let page = tick(&console, &list, "people", act, &[&alice, odd, &bob]).await;
            assert_eq!(page.status, 404, "{act} {odd}");
            let mut fields = asked.form_with_id("bulk").fields;
            fields.push(("id".to_owned(), odd.to_owned()));
            let page = console.browser.post(&asked.url, &fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
            assert_eq!(page.status, 404, "{act} {odd}, asked before");
        }
    }
    // Their own account among them: the rule for one refuses after others were locked, and all of it is undone.
    let own = gantry.user(Person::ADMIN).await.id.to_string();
    let asked = tick(&console, &list, "people", "lock", &[&alice, &bob, &own]).await;
    let refused = agree(&console, &asked, &[]).await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    assert!(!locked(&gantry, Person::ALICE).await && !locked(&gantry, Person::BOB).await);
    let session = gantry.session(Person::BOB).await.id.to_string();
    let list = console.page(SESSIONS).await;
    for odd in [gantry_core::id::SessionId::new().to_string(), unknown] {
        let page = tick(&console, &list, "sessions", "end", &[&session, &odd]).await;
        assert_eq!(page.status, 404, "{odd}");
    }
    assert_eq!((gantry.audited("updated").await, gantry.audited("session_ended").await), lines);
}

#[tokio::test]
async fn nothing_and_too_much_are_refused_and_all_can_be_ticked_without_script() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let list = console.page(PEOPLE).await;
    assert!(!list.has("tbody .pick input[checked]"));
    let none = tick(&console, &list, "people", "lock", &[]).await;
    assert_eq!(none.status, 422);
    let many: Vec<String> = (0..101).map(|_| gantry_core::id::UserId::new().to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(tick(&console, &list, "people", "lock", &many).await.status, 422);
    assert_eq!(tick(&console, &list, "people", "promote", &many[..1]).await.status, 400);
    let every = list.attribute(".every a", "href").unwrap_or_else(|| format!("{PEOPLE}?tick=all"));
    let ticked = console.get(&every).await;
    assert!(ticked.has("tbody .pick input[checked]") && !ticked.has("tbody .pick input:not([checked])"), "{}", ticked.html);
}

#[tokio::test]
async fn web_15_bulk_acts_that_open_or_shut_accounts_want_a_fresh_sign_in() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let bob = gantry.user(Person::BOB).await.id.to_string();
    let list = console.page(PEOPLE).await;
    let asked = tick(&console, &list, "people", "lock", &[&bob]).await;
    gantry.clock.advance(Duration::from_mins(11));
    for act in ["lock", "unlock", "join"] {
        assert!(!tick(&console, &list, "people", act, &[&bob]).await.url.path().starts_with("/console/realms"), "{act}");
    }
    assert!(!agree(&console, &asked, &[]).await.url.path().starts_with("/console/realms"));
    assert!(!locked(&gantry, Person::BOB).await);
}

#[tokio::test]
async fn several_clients_are_switched_off_and_on() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let list = console.page("/console/realms/default/clients").await;
    let rows = gantry.store.read(gantry.realm_id().await);
    let mine = async |id: &str| rows.clients().find_by_client_id(id).await.unwrap().unwrap();
    let (ledger, built_in) = (mine("ledger").await.id.to_string(), mine("gantry-console").await.id.to_string());
    // What is part of Gantry is none of an admin's affair.
    assert_eq!(tick(&console, &list, "clients", "disable", &[&ledger, &built_in]).await.status, 404);
    assert!(mine("ledger").await.is_enabled());
    let asked = tick(&console, &list, "clients", "disable", &[&ledger]).await;
    let done = agree(&console, &asked, &[]).await;
    assert_eq!((done.status, done.url.path()), (200, "/console/realms/default/clients"), "{}", done.html);
    assert!(!mine("ledger").await.is_enabled() && mine("gantry-console").await.is_enabled());
    let asked = tick(&console, &list, "clients", "enable", &[&ledger]).await;
    agree(&console, &asked, &[]).await;
    assert!(mine("ledger").await.is_enabled());
}

#[tokio::test]
async fn ten_02_members_and_invitations_of_one_tenant_alone_are_acted_upon_together() {
    let gantry = Gantry::start().await;
    let (tessa, nora) = (gantry.newcomer("tessa@example.com").await, gantry.newcomer("nora@example.com").await);
    gantry.make_tenant_admin(nora, "birch").await;
    let console = gantry.tenant_admin(tessa, "alder").await;
    let path = "/console/realms/default/tenants/alder/members";
    let (own, stranger) = (gantry.user(tessa).await, gantry.user(nora).await.id.to_string());
    let alder = gantry.store.read(own.realm_id).memberships().list_for_user(own.id).await.unwrap()[0].tenant_id;
    let bob = gantry.user(Person::BOB).await.id;
    let now = gantry_core::clock::Clock::now(&*gantry.clock);
    let settings = gantry_identity::members::MemberSettings::with(TenantRole::Member);
    let work = async |tx: &gantry_store::RealmTx| {
        gantry_identity::members::put(tx, gantry_core::actor::Actor::CommandLine, alder, bob, settings, now).await
    };
    gantry.store.transact(own.realm_id, work).await.unwrap();
    let role = async |user| gantry.membership(alder, user).await.map(|place| place.role);
    let (bob_id, own_id) = (bob.to_string(), own.id.to_string());
    let list = console.page(path).await;
    // Whoever belongs to another tenant is nobody, and nothing happens to the others.
    assert_eq!(tick(&console, &list, "members", "remove", &[&bob_id, &stranger]).await.status, 404);
    // The last admin cannot leave it to nobody, and then the other stays what he is as well.
    let asked = tick(&console, &list, "members", "remove", &[&bob_id, &own_id]).await;
    assert_eq!(agree(&console, &asked, &[]).await.status, 422);
    assert_eq!((role(bob).await, role(own.id).await), (Some(TenantRole::Member), Some(TenantRole::TenantAdmin)));
    let asked = tick(&console, &list, "members", "admin", &[&bob_id]).await;
    agree(&console, &asked, &[]).await;
    assert_eq!(role(bob).await, Some(TenantRole::TenantAdmin));
    let asked = tick(&console, &list, "members", "remove", &[&bob_id]).await;
    agree(&console, &asked, &[]).await;
    assert_eq!(role(bob).await, None);

    for email in ["one@alder.example", "two@alder.example"] {
        let page = console.page(&format!("{path}/invite")).await;
        console.submit(&page, "invite", &[("email", email), ("role", "member")]).await;
    }
    gantry.clock.advance(Duration::from_secs(61));
    let find = gantry_core::paging::Find::default();
    let actor = gantry_core::actor::Actor::CommandLine;
    let rows = gantry.store.read(own.realm_id);
    let waiting = gantry_identity::invitations::list(&rows, actor, Some(alder), &find).await.unwrap().items;
    let ids: Vec<String> = waiting.iter().map(|invitation| invitation.id.to_string()).collect();
    let list = console.page(path).await;
    let asked = tick(&console, &list, "invitations", "resend", &[&ids[0], &ids[1]]).await;
    let sent = agree(&console, &asked, &[]).await;
    assert_eq!(sent.status, 200, "{}", sent.html);
    gantry.mail("one@alder.example", 2).await;
    gantry.mail("two@alder.example", 2).await;
    // A realm's admin on the page of the realm's own invitations reaches none of a tenant's.
    let admin = gantry.realm_admin().await;
    let page = admin.page(path).await;
    let form = page.form_with_id("invitations-bulk");
    let mut fields = form.fields;
    fields.retain(|(name, _)| name != "act");
    fields.extend([("act".to_owned(), "revoke".to_owned()), ("id".to_owned(), ids[0].clone())]);
    let elsewhere = gantry.url("/console/realms/default/invitations/bulk").parse().unwrap();
    let headers = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    assert_eq!(admin.browser.post(&elsewhere, &fields, &headers).await.status, 404);
    let asked = tick(&console, &list, "invitations", "revoke", &[&ids[0], &ids[1]]).await;
    agree(&console, &asked, &[]).await;
    let open = gantry_core::paging::Find { facets: vec!["is:open".to_owned()], ..find };
    let waiting = gantry_identity::invitations::list(&rows, actor, Some(alder), &open).await.unwrap().items;
    assert!(waiting.is_empty(), "{waiting:?}");
}
