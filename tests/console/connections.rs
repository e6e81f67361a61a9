//! Connections in the console: set up, tried out, switched on, and used; by the realm's admins and by a tenant's for
//! their own. And what nobody makes of it: somebody else's test, a form that is out of date.

mod guarding;

use gantry_core::connection::Connection;
use gantry_core::realm::TenantDemand;
use gantry_core::sign_in_trace::{HopKind, SignInTrace, TraceOutcome};
use reqwest::Url;

use crate::support::upstream::{Account, CLIENT_ID, CLIENT_SECRET, Place, Upstream};
use crate::support::{Browser, Console, Gantry, Page, Person};

const R: &str = "/console/realms/default";
const T: &str = "/console/realms/default/tenants/acme";

fn carol() -> Account {
    Account::person("carol-there", "carol@acme.example")
}

/// What the wizard's form says for a provider of the tests.
fn filled(upstream: &Upstream) -> Vec<(&'static str, String)> {
    vec![
        ("name", "Acme SSO".to_owned()),
        ("client_id", CLIENT_ID.to_owned()),
        ("issuer", upstream.origin.clone()),
        ("client_secret", CLIENT_SECRET.to_owned()),
    ]
}

async fn submit(console: &Console<'_>, page: &Page, form: &str, fields: &[(&'static str, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    console.submit(page, form, &fields).await
}

/// Goes through the wizard: the page of the new connection's test sign-in, and its slug.
async fn make(console: &Console<'_>, place: &str, upstream: &Upstream) -> (Page, String) {
    let choice = console.page(&format!("{place}/connections/new")).await;
    assert!(choice.html.contains("kind=microsoft") && choice.html.contains("kind=apple"), "{}", choice.html);
    let page = console.get(&format!("{place}/connections/new?kind=oidc")).await;
    let slug = page.url.query_pairs().find(|(name, _)| name == "slug").expect("a name in the address").1.into_owned();
    let callback = format!("/connections/{slug}/callback");
    assert!(page.html.contains(&callback) && page.html.contains(&format!("/connections/{slug}/logout")), "{}", page.html);
    upstream.register(&console_url(&page, &callback));
    let page = submit(console, &page, "new", &filled(upstream)).await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert!(page.url.path().ends_with("/test"), "{}", page.url);
    (page, slug)
}

fn console_url(page: &Page, path: &str) -> String {
    let origin = page.url.origin().ascii_serialization();
    format!("{origin}{path}")
}

async fn connection(gantry: &Gantry, slug: &str) -> Connection {
    let rows = gantry.store.read(gantry.realm_id().await);
    rows.connections().find_by_slug(slug).await.unwrap().expect("the connection is there")
}

async fn count(gantry: &Gantry) -> usize {
    gantry.store.read(gantry.realm_id().await).connections().list().await.unwrap().len()
}

/// Where the provider sends somebody who tries the connection out.
async fn at_provider(console: &Console<'_>, test_page: &Page, account: &Account) -> Url {
    let left = console.submit(test_page, "trial", &[]).await;
    console.browser.at_provider(&left, account).await
}

async fn newest(gantry: &Gantry) -> SignInTrace {
    gantry.newest_trace().await.0
}

async fn switched_on(console: &Console<'_>, path: &str) {
    let page = console.page(path).await;
    let page = console.submit(&page, "switch", &[]).await;
    assert_eq!(page.status, 200, "{}", page.html);
}

/// Every page of a connection, in both languages.
async fn all_pages(console: &Console<'_>, place: &str, id: &str) {
    let joining = if place == T { "joining" } else { "tenants" };
    console.page(&format!("{place}/connections")).await;
    for tab in ["", "/settings", "/secrets", "/claims", "/linking", "/dry-run", "/test", "/delete", &format!("/{joining}")] {
        let page = console.page(&format!("{place}/connections/{id}{tab}")).await;
        assert!(!page.html.contains(CLIENT_SECRET), "ten_09: {tab}");
    }
}

#[tokio::test]
async fn a_connection_is_set_up_tried_out_switched_on_and_used() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let console = gantry.realm_admin().await;
    let (test, slug) = make(&console, R, &upstream).await;
    assert_eq!(slug, "oidc");
    let made = connection(&gantry, &slug).await;
    assert!(!made.is_enabled(), "it begins switched off");

    // A test sign-in while it is off: shows what would be, and changes nothing.
    let back = at_provider(&console, &test, &carol()).await;
    let page = console.browser.open(back).await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert!(page.url.path().contains("/test/trc_") || page.url.path().contains("/test/"), "{}", page.url);
    assert!(page.html.contains("carol@acme.example") && page.html.contains("carol-there"), "{}", page.html);
    let trace = newest(&gantry).await;
    assert_eq!((trace.outcome, trace.user_id), (TraceOutcome::Tried, None));
    assert!(gantry.account("carol@acme.example").await.is_none() && gantry.linked(&made, &upstream.origin, "carol-there").await.is_none());
    assert_eq!(gantry.audited("connection_tried").await, 1);
    let german = console.page(page.url.path()).await;
    assert!(german.html.contains("carol@acme.example"));
    // Nobody else comes in by it yet.
    let stranger = Browser::new();
    let start = gantry.client("ledger").authorize().open(&stranger).await;
    assert!(!start.html.contains("Acme SSO"), "no button while it is off");

    let id = made.id.to_string();
    all_pages(&console, R, &id).await;
    switched_on(&console, &format!("{R}/connections/{id}")).await;
    gantry.settle().await;
    let made = connection(&gantry, &slug).await;
    assert!(made.is_enabled());
    let page = gantry.client("ledger").authorize().open(&stranger).await;
    let page = stranger.sign_in_with(&page, &made, &carol()).await;
    // What the provider says of the address proves nothing yet, so the mailbox is asked for.
    assert!(page.has("#address-submit"), "{}", page.html);
}

#[tokio::test]
async fn a_tenants_admin_sets_up_their_own_and_their_people_come_in() {
    let gantry = Gantry::with_tenants(TenantDemand::Optional).await;
    let upstream = gantry.upstream();
    let console = gantry.tenant_admin(Person::BOB, "acme").await;
    let tenant = gantry.store.read(gantry.realm_id().await).tenants().find_by_org_id("acme").await.unwrap().unwrap();
    gantry.prove_domain(tenant.id, "acme.example").await;
    let (test, slug) = make(&console, T, &upstream).await;
    assert!(slug.starts_with("oidc-") && slug.len() == 15, "a made name: {slug}");
    let made = connection(&gantry, &slug).await;
    assert_eq!(made.owner, Some(tenant.id));

    let page = console.browser.open(at_provider(&console, &test, &carol()).await).await;
    assert_eq!((page.status, page.url.path().starts_with(T)), (200, true), "{}", page.html);
    assert!(page.html.contains("carol@acme.example") && page.html.contains("proved_domain"), "{}", page.html);
    let id = made.id.to_string();
    all_pages(&console, T, &id).await;
    switched_on(&console, &format!("{T}/connections/{id}")).await;
    gantry.settle().await;

    let browser = Browser::new();
    let page = browser.open(gantry.client("ledger").authorize().set("org_id", "acme").url()).await;
    let page = if page.left.is_some() {
        browser.come_back(&page, &carol()).await
    } else {
        browser.sign_in_with(&page, &connection(&gantry, &slug).await, &carol()).await
    };
    assert!(page.has("#consent-allow"), "{}", page.html);
    let user = gantry.account("carol@acme.example").await.expect("an account was made");
    assert!(gantry.membership(tenant.id, user.id).await.is_some(), "and joined");
}

#[tokio::test]
async fn a_test_belongs_to_whoever_began_it_and_never_becomes_a_sign_in() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let attacker = gantry.tenant_admin(Person::BOB, "acme").await;
    let (test, slug) = make(&attacker, T, &upstream).await;
    let made = connection(&gantry, &slug).await;

    // A victim is led to where the attacker's test comes back to, as themself: nothing is asked, nothing is told.
    let back = at_provider(&attacker, &test, &Account::person("victim", "victim@acme.example")).await;
    upstream.forget_seen();
    let victim = Browser::new();
    let page = victim.open(back.as_str()).await;
    assert_eq!(page.url.path(), "/console/sign-in", "{}", page.html);
    let other_admin = gantry.realm_admin().await;
    let page = other_admin.browser.open(back.as_str()).await;
    assert_eq!(page.status, 400, "{}", page.html);
    assert!(upstream.seen(Place::Token).is_empty(), "the code stays unused");
    let trace = newest(&gantry).await;
    assert_eq!(trace.outcome, TraceOutcome::Open);
    let (_, hops) = gantry.trace(trace.id).await;
    assert!(!format!("{hops:?}").contains("victim"), "{hops:?}");

    // In its own session it works once.
    let page = attacker.browser.open(back.as_str()).await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert_eq!(attacker.browser.open(back.as_str()).await.status, 400, "twice");

    // A sign-in's answer is none for the console, and the other way round nobody is signed in.
    gantry.change_connection(&made, |connection| connection.disabled_at = None).await;
    let browser = Browser::new();
    let start = gantry.client("ledger").authorize().set("connection", &slug).open(&browser).await;
    let left = if start.left.is_some() { start } else { browser.leave_for(&start, &made).await };
    let sign_in = browser.at_provider(&left, &carol()).await;
    let stolen = format!("{T}/connections/{}/test/back?{}", made.id, sign_in.query().unwrap());
    assert_eq!(attacker.get(&stolen).await.status, 400);
    assert!(!browser.is_signed_in(&gantry).await);
    let trial = at_provider(&attacker, &attacker.get(&format!("{T}/connections/{}/test", made.id)).await, &carol()).await;
    browser.open(trial.as_str()).await;
    assert!(!browser.is_signed_in(&gantry).await);
    assert!(gantry.account("carol@acme.example").await.is_none());
}

#[tokio::test]
async fn a_test_that_fails_says_why_and_tests_are_counted() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let console = gantry.realm_admin().await;
    let (test, _) = make(&console, R, &upstream).await;
    upstream.lie(crate::support::upstream::Lie::Denied);
    let page = console.browser.open(at_provider(&console, &test, &carol()).await).await;
    assert_eq!(page.status, 200, "{}", page.html);
    assert!(page.html.contains("denied_upstream"), "{}", page.html);
    let (trace, hops) = gantry.newest_trace().await;
    assert_eq!(trace.outcome, TraceOutcome::Refused);
    assert_eq!(hops.last().map(|hop| hop.kind), Some(HopKind::Refusal));
    assert_eq!(gantry.audited("sign_in_refused").await, 0, "nobody's sign-in was refused");
    upstream.mend();
    let mut last = page;
    for _ in 0..11 {
        last = console.submit(&test, "trial", &[]).await;
    }
    assert_eq!(last.status, 429, "{}", last.html);
}

#[tokio::test]
async fn a_stale_form_shows_both_versions_and_writes_nothing() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let console = gantry.realm_admin().await;
    let made = gantry.connection(&upstream, "acme", |_| ()).await;
    let path = format!("{R}/connections/{}/linking", made.id);
    let page = console.get(&path).await;
    gantry.change_connection(&made, |connection| connection.settings.hidden = true).await;
    let stale = console.submit(&page, "linking", &[("linking", "never")]).await;
    assert_eq!(stale.status, 409, "{}", stale.html);
    assert!(stale.text("#both-versions").contains("never"), "{}", stale.html);
    assert_eq!(connection(&gantry, "acme").await.settings.linking, made.settings.linking);
    assert_eq!(console.submit(&stale, "linking", &[]).await.status, 409, "nothing is written over by sending again");
    let saved = console.submit(&stale, "linking", &[("keep_mine", "on")]).await;
    assert_eq!(saved.status, 200, "{}", saved.html);
    let now = connection(&gantry, "acme").await.settings;
    assert!(now.hidden && now.linking == gantry_core::connection::LinkingPolicy::Never);
}

#[tokio::test]
async fn where_it_is_offered_and_what_would_come_of_claims() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let console = gantry.realm_admin().await;
    let tenant = gantry.tenant("acme").await;
    gantry.prove_domain(tenant, "acme.example").await;
    let made = gantry.connection(&upstream, "work", |_| ()).await;
    let page = console.get(&format!("{R}/connections/{}/tenants", made.id)).await;
    assert_eq!(console.submit(&page, "attach", &[("org_id", "nowhere")]).await.status, 422);
    let page = console.submit(&page, "attach", &[("org_id", "acme")]).await;
    assert_eq!(page.url.path(), format!("{T}/connections/{}/joining", made.id), "{}", page.html);
    let wrong = console.submit(&page, "joining", &[("roles", "admins")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    let saved = console.submit(&page, "joining", &[("join", "proved_domain"), ("roles", "admins = tenant_admin\r\nall = member")]).await;
    assert_eq!(saved.status, 200, "{}", saved.html);

    let mapping = console.get(&format!("{R}/connections/{}/claims", made.id)).await;
    assert_eq!(console.submit(&mapping, "claims", &[("claims.subject", "email")]).await.status, 422, "no key of an identity");
    assert_eq!(console.submit(&mapping, "claims", &[("claims.groups", "groups")]).await.status, 200);
    let page = console.get(&format!("{R}/connections/{}/dry-run", made.id)).await;
    let claims = r#"{"sub":"1","email":"dora@acme.example","email_verified":true,"groups":["admins"]}"#;
    let told = console.submit(&page, "dry-run", &[("claims", claims)]).await;
    assert_eq!(told.status, 200, "{}", told.html);
    for words in ["dora@acme.example", "tenant_admin", "proved_domain", "A new account"] {
        assert!(told.html.contains(words), "{words}: {}", told.html);
    }
    assert!(gantry.account("dora@acme.example").await.is_none());
    assert_eq!(console.submit(&page, "dry-run", &[("claims", "[]")]).await.status, 422);
    assert_eq!(console.submit(&page, "dry-run", &[("claims", "{}")]).await.status, 200, "no subject: the sign-in would fail");

    // The tenant's admin sees that the realm offers it, and changes nothing of it.
    let theirs = gantry.realm_id().await;
    let bob = gantry.user(Person::BOB).await;
    let membership = async |tx: &gantry_store::RealmTx| {
        let settings = gantry_identity::members::MemberSettings::with(gantry_core::tenant::TenantRole::TenantAdmin);
        gantry_identity::members::put(
            tx,
            gantry_core::actor::Actor::CommandLine,
            tenant,
            bob.id,
            settings,
            gantry_core::clock::Clock::now(&*gantry.clock),
        )
        .await
    };
    gantry.store.transact(theirs, membership).await.unwrap();
    let bob = Console::sign_in(&gantry, "default", Person::BOB).await.0;
    let list = bob.page(&format!("{T}/connections")).await;
    assert!(list.html.contains("Work SSO"), "{}", list.html);
    let shared = bob.page(&format!("{T}/connections/{}/joining", made.id)).await;
    assert!(!shared.has("form#joining") && !shared.html.contains(CLIENT_ID), "{}", shared.html);
    assert_eq!(bob.get(&format!("{T}/connections/{}", made.id)).await.status, 404);
}
