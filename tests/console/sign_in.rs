//! The way into the console and out of it: who gets in, what keeps them in, and what nobody can make of it.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::Origin;
use gantry_core::clock::Clock as _;
use gantry_core::email_address::EmailAddress;
use gantry_core::realm::{EndpointPolicy, PathPrefix, PathProfile, TenantDemand};
use gantry_core::secret::Secret;
use gantry_core::user::RealmRole;
use gantry_identity::bootstrap::AdminProof;
use gantry_identity::users::{self, UserChange};
use gantry_oauth::clients;
use reqwest::Url;

use base64::Engine as _;

use crate::support::{Browser, Console, Gantry, Page, Person};

const COOKIE: &str = "__Host-gantry-console";
const FLOW: &str = "__Host-gantry-console-flow";

fn is_out(page: &Page) -> bool {
    page.status == 200 && page.url.path() == "/console/sign-in"
}

#[tokio::test]
async fn everybody_arrives_at_their_own_place() {
    let gantry = Gantry::start().await;
    gantry.operator().await;
    gantry.realm_admin().await;
    gantry.tenant_admin(Person::BOB, "acme").await;
    gantry.make_tenant_admin(Person::BOB, "globex").await;
    let (_, page) = Console::sign_in(&gantry, "default", Person::BOB).await;
    assert_eq!((page.status, page.url.path()), (200, "/console/places"));
}

#[tokio::test]
async fn whoever_has_no_role_learns_so_and_gets_no_further() {
    let gantry = Gantry::start().await;
    let (console, page) = Console::sign_in(&gantry, "default", Person::BOB).await;
    assert_eq!((page.status, page.url.path()), (403, "/console/no-role"), "{}", page.html);
    for path in ["/console", "/console/places", "/console/realms", "/console/realms/default", "/console/realms/nowhere"] {
        let page = console.get(path).await;
        assert_eq!((page.status, page.url.path()), (403, "/console/no-role"), "{path}");
    }
}

#[tokio::test]
async fn a_page_that_was_asked_for_is_come_back_to() {
    let gantry = Gantry::start().await;
    gantry.make_operator().await;
    let browser = Browser::new();
    let page = browser.open(gantry.url("/console/realms?q=def")).await;
    assert!(is_out(&page), "{}", page.url);
    assert_eq!(page.url.query_pairs().find(|(name, _)| name == "return").unwrap().1, "/console/realms?q=def");
    let console = Console::sign_in(&gantry, "system", Person::OPERATOR).await.0;
    let page = console.begin("system", "/console/realms?q=def").await;
    assert_eq!(page.url.as_str(), gantry.url("/console/realms?q=def"), "signed in already: there and back");
}

#[tokio::test]
async fn red_15_nobody_is_led_elsewhere_by_the_sign_in() {
    let gantry = Gantry::start().await;
    gantry.make_operator().await;
    let console = Console::sign_in(&gantry, "system", Person::OPERATOR).await.0;
    for elsewhere in
        ["https://evil.example/", "//evil.example/console", "/account", "/console/../account", "/console\\..\\x", "/console/nowhere"]
    {
        let page = console.begin("system", elsewhere).await;
        assert_eq!((page.url.path(), page.left), ("/console/realms", None), "{elsewhere}");
    }
}

#[tokio::test]
async fn ses_14_the_console_lasts_as_long_as_the_session_and_no_longer() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    // Eight hours idle at most: each page keeps it alive, up to a day in all.
    for _ in 0..3 {
        gantry.clock.advance(Duration::from_hours(7));
        assert_eq!(console.get("/console/realms/default").await.status, 200);
    }
    gantry.clock.advance(Duration::from_hours(4));
    assert!(is_out(&console.get("/console/realms/default").await), "a day is over");
    let console = gantry.realm_admin().await;
    gantry.clock.advance(Duration::from_hours(8));
    assert!(is_out(&console.get("/console/realms/default").await), "unused for eight hours");
}

#[tokio::test]
async fn ses_12_who_is_switched_off_is_out_at_once() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    gantry.disable(Person::ADMIN).await;
    assert!(is_out(&console.get("/console/realms/default").await));
    assert!(!console.browser.cookies().is_empty());
}

#[tokio::test]
async fn ten_15_a_role_that_is_taken_away_is_gone_with_the_next_request() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let (admin, now) = (gantry.user(Person::ADMIN).await, gantry.clock.now());
    assert_eq!(admin.roles, [RealmRole::RealmAdmin]);
    let change = UserChange { roles: Some(Vec::new()), ..UserChange::default() };
    let work = async |tx: &gantry_store::RealmTx| users::update(tx, Actor::CommandLine, admin.id, change.clone(), now).await;
    gantry.store.transact(admin.realm_id, work).await.unwrap();
    assert_eq!(console.get("/console/realms/default").await.url.path(), "/console/no-role");
}

#[tokio::test]
async fn a_session_that_ends_anywhere_ends_the_console() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let admin = gantry.user(Person::ADMIN).await;
    let sessions = gantry.store.read(admin.realm_id).sessions().list_live(admin.id, gantry.clock.now()).await.unwrap();
    gantry.identity().end_session(&admin, sessions[0].id, &Origin::default()).await.unwrap();
    assert!(is_out(&console.get("/console/realms/default").await));
}

#[tokio::test]
async fn ses_09_the_cookies_tell_nothing_and_stay_where_they_belong() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let form = [("realm".to_owned(), "default".to_owned())];
    let answer = gantry.http.post(gantry.url("/console/sign-in")).form(&form).send().await.unwrap();
    let mut lines: Vec<String> = lines_of(answer.headers());
    let page = browser.open(answer.headers()["location"].to_str().unwrap()).await;
    assert!(page.has("[name=username]"));
    let console = gantry.realm_admin().await;
    let again = console.browser.open_once(gantry.url("/console/sign-in/again")).await;
    lines.extend(lines_of(&again.headers));
    assert!(lines.iter().any(|line| line.starts_with(FLOW)), "{lines:?}");
    for line in &lines {
        assert!(line.starts_with("__Host-") && line.contains("Path=/"), "{line}");
        for part in ["HttpOnly", "Secure", "SameSite=Lax"] {
            assert!(line.contains(part), "{line}");
        }
    }
    let value = console.browser.cookie("localhost", COOKIE).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(value).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(!text.contains("ses_") && !text.contains("rlm_") && !text.contains("session"), "{text}");
}

fn lines_of(headers: &reqwest::header::HeaderMap) -> Vec<String> {
    headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn ses_01_planted_and_foreign_cookies_open_nothing() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let (own, session) =
        (admin.browser.cookie("localhost", COOKIE).unwrap(), admin.browser.cookie("localhost", "__Host-gantry-default-session").unwrap());
    let begun = Console::sign_in(&gantry, "other", Person::BOB).await.0;
    begun.begin("default", "").await;
    let flow = begun.browser.cookie("localhost", FLOW).unwrap();
    let changed = format!("{}{}", own.get(..own.len() - 2).unwrap(), if own.ends_with("AA") { "BB" } else { "AA" });
    for value in [session.as_str(), flow.as_str(), changed.as_str(), "", "AAAA", "{}"] {
        let browser = Browser::new();
        browser.plant("localhost", COOKIE, value);
        assert!(is_out(&browser.open(gantry.url("/console/realms/default")).await), "{value}");
    }
    // A session that is signed out does not come back with its cookie.
    let browser = Browser::new();
    browser.plant("localhost", COOKIE, &own);
    assert_eq!(browser.open(gantry.url("/console/realms/default")).await.status, 200, "the cookie itself is good");
    let user = gantry.user(Person::ADMIN).await;
    let live = gantry.store.read(user.realm_id).sessions().list_live(user.id, gantry.clock.now()).await.unwrap();
    gantry.identity().sign_out(&live[0], &Origin::default()).await.unwrap();
    assert!(is_out(&browser.open(gantry.url("/console/realms/default")).await));
}

/// Goes as far as the answer to the console, in a browser that is signed in at its realm, and stops before it arrives there.
async fn answered(gantry: &Gantry, browser: &Browser, realm: &str) -> Url {
    let form = [("realm".to_owned(), realm.to_owned())];
    let url: Url = gantry.url("/console/sign-in").parse().unwrap();
    let answer = browser.post_once(&url, &form).await;
    let next = answer.url.join(answer.headers["location"].to_str().unwrap()).unwrap();
    let answer = browser.open_once(&next).await;
    let next = answer.url.join(answer.headers["location"].to_str().unwrap()).unwrap();
    assert_eq!(next.path(), "/console/callback", "{}", answer.html);
    next
}

#[tokio::test]
async fn ses_04_another_browsers_answer_signs_nobody_in() {
    let gantry = Gantry::start().await;
    let attacker = gantry.realm_admin().await;
    let answer = answered(&gantry, &attacker.browser, "default").await;
    // A victim without a flow, and one with a flow of their own.
    for begun in [false, true] {
        let victim = Browser::new();
        let console = Console::sign_in(&gantry, "other", Person::BOB).await.0;
        let browser = if begun { &console.browser } else { &victim };
        if begun {
            console.begin("default", "").await;
        }
        let before = browser.cookie("localhost", COOKIE);
        let page = browser.open(answer.as_str()).await;
        assert_eq!((page.status, page.url.path()), (400, "/console/callback"), "{}", page.html);
        assert_eq!(browser.cookie("localhost", COOKIE), before, "nobody became anybody");
    }
    // In the browser that began it the answer is good, once.
    let page = attacker.get(answer.as_str().strip_prefix(&gantry.base).unwrap()).await;
    assert_eq!(page.status, 200);
    let again = attacker.get(answer.as_str().strip_prefix(&gantry.base).unwrap()).await;
    assert_eq!(again.status, 400);
}

#[tokio::test]
async fn red_11_an_answer_of_another_issuer_is_not_read() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    for change in ["iss", "none", "state", "code"] {
        let mut answer = answered(&gantry, &admin.browser, "default").await;
        let pairs: Vec<(String, String)> =
            answer.query_pairs().into_owned().filter(|(name, _)| change != "none" || name != "iss").collect();
        let wrong = |(name, value): &(String, String)| {
            let value = if name == change && change == "iss" { format!("{value}/realms/other") } else { value.clone() };
            (name.clone(), if name == change && change != "iss" { format!("{value}x") } else { value })
        };
        answer.query_pairs_mut().clear().extend_pairs(pairs.iter().map(wrong));
        let page = admin.browser.open(answer.as_str()).await;
        assert_eq!((page.status, page.url.path()), (400, "/console/callback"), "{change}: {}", page.html);
    }
    let mut refused = answered(&gantry, &admin.browser, "default").await;
    let kept: Vec<(String, String)> = refused.query_pairs().into_owned().filter(|(name, _)| name != "code").collect();
    refused.query_pairs_mut().clear().extend_pairs(kept).append_pair("error", "access_denied");
    let page = admin.browser.open(refused.as_str()).await;
    assert_eq!(page.status, 400);
    assert!(!page.html.contains("access_denied"), "in words");
}

#[tokio::test]
async fn a_new_proof_is_asked_for_and_leads_back() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    gantry.clock.advance(Duration::from_mins(11));
    let page = console.get("/console/sign-in/again?return=%2Fconsole%2Frealms%2Fdefault").await;
    assert_eq!(page.attribute("[name=username]", "value").as_deref(), Some(Person::ADMIN.email), "{}", page.html);
    let before = console.browser.cookie("localhost", COOKIE);
    let page = Person::ADMIN.sign_in(&console.browser, &page).await;
    assert_eq!((page.status, page.url.path()), (200, "/console/realms/default"));
    assert_ne!(console.browser.cookie("localhost", COOKIE), before, "another session");
    let old = Browser::new();
    old.plant("localhost", COOKIE, &before.unwrap());
    assert!(is_out(&old.open(gantry.url("/console/realms/default")).await), "the one before has ended");
}

#[tokio::test]
async fn the_policies_of_a_realm_keep_none_of_its_admins_out() {
    let gantry = Gantry::start().await;
    gantry
        .change_realm(|settings| {
            settings.tenants = TenantDemand::Required;
            settings.authorization.require_pushed_requests = true;
            settings.tokens.access_lifetime = 60;
        })
        .await;
    gantry.realm_admin().await;
    gantry.change_realm(|settings| settings.endpoints = EndpointPolicy { profile: PathProfile::Keycloak, prefix: PathPrefix::Auth }).await;
    gantry.realm_admin().await;
}

#[tokio::test]
async fn ten_04_the_consoles_own_client_is_nobodys_to_change() {
    let gantry = Gantry::start().await;
    gantry.realm_admin().await;
    let realm = gantry.realm_id().await;
    let client = gantry.store.read(realm).clients().find_by_client_id("gantry-console").await.unwrap().unwrap();
    assert!(client.built_in && client.policy.first_party);
    let (now, settings) = (gantry.clock.now(), clients::ClientSettings::of(&client));
    let actor = Actor::RealmAdmin { user: gantry.user(Person::ADMIN).await.id, realm };
    let work = async |tx: &gantry_store::RealmTx| {
        assert!(clients::update(tx, actor, client.id, settings.clone(), now).await.is_err());
        assert!(clients::set_enabled(tx, actor, client.id, false, now).await.is_err());
        assert!(clients::remove(tx, actor, client.id, now).await.is_err());
        let same = clients::NewClient { client_id: Some("gantry-console".to_owned()), settings: settings.clone() };
        assert!(clients::register(tx, Actor::CommandLine, same, now).await.is_err());
        Ok(())
    };
    gantry.store.transact(realm, work).await.unwrap();
    // Nor is it an app that the person let in.
    let admin = gantry.user(Person::ADMIN).await;
    assert!(gantry.identity().apps_of(&admin).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_console_is_on_the_public_host_alone() {
    let gantry = Gantry::start().await;
    for path in ["//console", "/Console", "/console/", "/%63onsole", "/realms/default/console", "/console;x", "/consoles"] {
        let answer = gantry.http.get(format!("{}{path}", gantry.base)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{path}");
    }
    let wrong = gantry.http.delete(gantry.url("/console")).send().await.unwrap();
    assert_eq!(wrong.status().as_u16(), 405);
}

#[tokio::test]
async fn ses_03_a_sign_in_is_begun_by_our_own_page_alone() {
    let gantry = Gantry::start().await;
    let form = [("realm".to_owned(), "default".to_owned())];
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example"), ("origin", "null")]
    {
        let answer = gantry.http.post(gantry.url("/console/sign-in")).header(name, value).form(&form).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 403, "{name}: {value}");
        assert!(lines_of(answer.headers()).is_empty());
    }
    let unknown = gantry.http.post(gantry.url("/console/sign-in")).form(&[("realm", "nowhere")]).send().await.unwrap();
    assert_eq!(unknown.status().as_u16(), 422);
}

#[tokio::test]
async fn who_belongs_to_a_realm_with_a_host_of_its_own_signs_in_there_and_comes_back() {
    let gantry = Gantry::start().await;
    let host = gantry.base.replace("localhost", "127.0.0.1");
    gantry.apply(&format!("realm: {{ slug: apart, name: Apart, hosts: [\"{host}\"] }}\n")).await;
    let realm = gantry.store.platform().realm_by_slug("apart").await.unwrap().unwrap();
    let (email, password) = (EmailAddress::parse(Person::OPERATOR.email).unwrap(), Secret::new(Person::OPERATOR.password));
    gantry.identity().create_admin(&realm, &email, AdminProof::Password(&password)).await.unwrap();
    let console = Console::new(&gantry);
    let there = console.begin("apart", "").await.left.expect("the realm's own host");
    assert_eq!(there.host_str(), Some("127.0.0.1"));
    let page = Person::OPERATOR.sign_in(&console.browser, &console.browser.open(there.as_str()).await).await;
    let page = console.browser.open(page.left.expect("back").as_str()).await;
    assert_eq!((page.status, page.url.path()), (200, "/console/realms/apart"), "{}", page.html);
    for path in ["/console", "/console/sign-in", "/console/realms/apart"] {
        let page = console.browser.open_once(format!("{host}{path}")).await;
        assert_eq!(page.status, 404, "{path}");
    }
}

#[tokio::test]
async fn web_01_a_form_counts_only_with_its_token_and_from_our_own_page() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let csrf = console.get("/console/sign-out").await.attribute("[name=csrf]", "value").unwrap();
    let other = gantry.realm_admin().await.get("/console/sign-out").await.attribute("[name=csrf]", "value").unwrap();
    let account = console.get("/account").await.attribute("[name=csrf]", "value").unwrap();
    let url: Url = gantry.url("/console/sign-out").parse().unwrap();
    let site: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];
    let cross: &[(&str, &str)] = &[("sec-fetch-site", "cross-site")];
    let foreign: &[(&str, &str)] = &[("origin", "https://evil.example")];
    for (token, headers) in [("", site), (&other, site), (&account, site), (&csrf, cross), (&csrf, foreign)] {
        let page = console.browser.post(&url, &[("csrf".to_owned(), token.to_owned())], headers).await;
        page.is_error_page(403);
        assert_eq!(console.get("/console/realms/default").await.status, 200, "still signed in");
    }
}

#[tokio::test]
async fn lgo_02_signing_out_is_asked_for_and_ends_the_session_everywhere() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.get("/console/sign-out").await;
    assert_eq!(console.get("/console/realms/default").await.status, 200, "looking at the page ends nothing");
    let cookie = console.browser.cookie("localhost", COOKIE).unwrap();
    let page = console.submit(&page, "console-leave", &[]).await;
    assert_eq!((page.status, page.url.path()), (200, "/console/sign-out"), "{}", page.html);
    assert!(console.browser.cookies().iter().all(|(name, _)| name != COOKIE && name != "__Host-gantry-default-session"));
    assert!(is_out(&console.get("/console/realms/default").await));
    let back = Browser::new();
    back.plant("localhost", COOKIE, &cookie);
    assert!(is_out(&back.open(gantry.url("/console/realms/default")).await), "the cookie is worth nothing any more");
    assert!(console.begin("default", "").await.has("[name=username]"), "nobody is signed in at the realm either");
}
