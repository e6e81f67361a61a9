//! Hostile text, stored wherever the admin API stores text and sent wherever an address takes some: inert on every page of the
//! table, on the pages of people who sign in, and in mails.

use gantry_core::actor::Actor;
use gantry_core::admin_scope::{AdminScope, AdminScopes};
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Clock as _;
use gantry_core::id::{ServiceAccountId, TraceId};
use gantry_core::sign_in_trace::{Hop, HopKind};
use gantry_identity::service_accounts::{self, ServiceAccountSettings};
use gantry_store::RealmTx;
use gantry_web::paths::console::fill;
use scraper::{Html, Selector};
use serde_json::json;

use super::matrix::things::{self, Things};
use crate::support::api::Program;
use crate::support::{Browser, Gantry, Person};

/// Ends attributes and elements, and is an expression in whatever language of templates somebody might use.
const HOSTILE: &str = "\"'><script>x9(1)</script><b onx9=1>{{7*7}}${7*7}{%x9%}<%=7*7%>{ $x9 }";
/// Of that, what no form of quoting changes, nor a line that is cut.
const LITERAL: &str = "{{7*7}}${7*7}{%x9%}";

/// What a browser would make of it; an empty list if it is nothing but text.
fn made_of_it(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for raw in ["<script>x9", "<b onx9"] {
        if html.contains(raw) {
            found.push(format!("has {raw}"));
        }
    }
    let document = Html::parse_document(html);
    let all = Selector::parse("*").unwrap();
    for element in document.select(&all) {
        if element.value().name() == "script" && element.value().attr("src").is_none() {
            found.push("has a script of its own".to_owned());
        }
        if element.value().attrs().any(|(name, _)| name.contains("x9") || name.starts_with("on")) {
            found.push(format!("has an attribute of it: {:?}", element.value()));
        }
    }
    found
}

/// Wherever a page shows it, all of it is there: nothing was evaluated.
fn evaluated(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let all = Selector::parse("*").unwrap();
    let mut texts: Vec<String> = Vec::new();
    for element in document.select(&all) {
        texts.extend(element.value().attrs().map(|(_, value)| value.to_owned()));
        texts.extend(element.children().filter_map(|child| child.value().as_text().map(|text| text.text.to_string())));
    }
    // What is cut for want of room ends so, and is as literal as far as it goes.
    let cut = |text: &str| text.trim().strip_suffix('…').is_some_and(|start| HOSTILE.starts_with(start));
    texts.retain(|text| text.contains("x9(1)") && !text.contains(LITERAL) && !cut(text));
    texts
}

async fn put(program: &Program<'_>, method: &str, path: &str, body: serde_json::Value) {
    let answer = program.send(method, path, &body).await;
    assert!(matches!(answer.status, 200 | 201), "{method} {path}: {}", answer.body);
}

/// Says it of everything of a realm that has words.
async fn say_it_everywhere(gantry: &Gantry, things: &Things) {
    let program = gantry.program("default").await;
    let at = |section: &str, name: &str| format!("/realms/default/{section}/{}", things[name]);
    put(&program, "PATCH", "/realms/default", json!({ "name": HOSTILE, "branding": { "welcome": HOSTILE } })).await;
    put(&program, "PATCH", &at("publishers", "publisher"), json!({ "name": HOSTILE })).await;
    put(&program, "PATCH", &at("clients", "client"), json!({ "name": HOSTILE, "description": HOSTILE })).await;
    put(&program, "PATCH", &at("resources", "resource"), json!({ "name": HOSTILE })).await;
    put(&program, "PATCH", &at("scopes", "scope"), json!({ "title": HOSTILE, "description": HOSTILE })).await;
    let profile = json!({ "nickname": HOSTILE, "given_name": HOSTILE, "gender": HOSTILE, "zoneinfo": HOSTILE });
    put(&program, "PATCH", &at("users", "user"), json!({ "name": HOSTILE, "profile": profile })).await;
    put(&program, "PATCH", &at("tenants", "tenant"), json!({ "name": HOSTILE, "branding": { "welcome": HOSTILE } })).await;
    put(&program, "PATCH", &at("connections", "connection"), json!({ "name": HOSTILE })).await;
    put(&program, "POST", &format!("{}/app-keys", at("clients", "client")), json!({ "name": HOSTILE, "scopes": ["orders:read"] })).await;
    let attached = json!({ "connection": "org-own", "join": "invited", "roles": [{ "group": HOSTILE, "role": "member" }] });
    put(&program, "PUT", &at("tenants/org_own/connections", "connection"), attached).await;
    let (account, trace): (ServiceAccountId, TraceId) = (things["account"].parse().unwrap(), things["trace"].parse().unwrap());
    let (realm, now) = (gantry.realm_id().await, gantry.clock.now());
    let work = async |tx: &RealmTx| {
        let settings = ServiceAccountSettings { name: HOSTILE.to_owned(), scopes: AdminScopes::of(&[AdminScope::RealmRead]) };
        service_accounts::update(tx, Actor::CommandLine, account, settings, now).await?;
        let said = json!({ "host": HOSTILE, "claims": { HOSTILE: HOSTILE }, "email": HOSTILE, "detail": HOSTILE });
        let hops = [HopKind::Request, HopKind::Redirect, HopKind::Refusal].map(|kind| Hop::new(now, kind, said.clone()));
        tx.sign_in_traces().append(trace, &hops).await?;
        let line = AuditEntry::new(realm, now, AuditEvent::Updated).reason(HOSTILE).target(&HOSTILE);
        Ok(tx.audit().insert(&line.detail(json!({ HOSTILE: HOSTILE, "before": { "name": HOSTILE }, "after": { "name": "x" } }))).await?)
    };
    gantry.store.transact(realm, work).await.unwrap();
    let browser = Browser::new().with_header("user-agent", HOSTILE);
    let page = browser.open(gantry.url("/sign-in")).await;
    Person::BOB.sign_in(&browser, &page).await;
    gantry.settle().await;
}

async fn world(gantry: &Gantry) -> Things {
    let mut things = things::of(gantry, "default", "org_own", Person::ALICE.email).await;
    let rows = gantry.store.read(gantry.realm_id().await);
    let scope = rows.scopes().list().await.unwrap().into_iter().find(|scope| scope.name == "orders:read").unwrap();
    things.insert("scope", scope.id.to_string());
    say_it_everywhere(gantry, &things).await;
    things
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_02_web_05_what_was_stored_is_text_on_every_page_of_the_console() {
    let gantry = Gantry::start().await;
    let (operator, own) = (gantry.operator().await, gantry.tenant_admin(Person::BOB, "org_own").await);
    let things = world(&gantry).await;
    let (mut found, mut shows) = (Vec::new(), 0);
    for path in super::shown(&things) {
        for (who, console) in [("operator", &operator), ("tenant's admin", &own)] {
            if path.contains("sign-in") || path.contains("callback") || (who != "operator" && !path.contains("org_own")) {
                continue;
            }
            let page = console.open_once(&path).await;
            if page.html.contains("x9(1)") {
                shows += 1;
            }
            let wrong = made_of_it(&page.html).into_iter().chain(evaluated(&page.html));
            found.extend(wrong.map(|wrong| format!("{path} for the {who} ({}): {wrong}", page.status)));
        }
    }
    assert!(found.is_empty(), "{} pages\n{}", found.len(), found.join("\n"));
    assert!(shows > 60, "the text is on {shows} pages");
}

#[tokio::test]
async fn web_02_web_05_what_was_stored_is_text_on_peoples_pages_and_in_their_mails() {
    let gantry = Gantry::start().await;
    let things = world(&gantry).await;
    let browser = Browser::new();
    let mut pages = vec![browser.open(gantry.url("/")).await, browser.open(gantry.url("/sign-up")).await];
    let page = gantry.client("ledger").authorize().scope("openid profile orders:read").open(&browser).await;
    pages.push(Person::ALICE.sign_in(&browser, &page).await);
    assert!(pages[2].has("#consent-allow"), "{}", pages[2].html);
    pages.push(page);
    for path in ["/account", "/oauth/logout", "/errors/unknown_client", "/nothing"] {
        pages.push(browser.open(gantry.url(path)).await);
    }
    let program = gantry.program("default").await;
    let invitation = json!({ "email": "guest@example.net", "role": "member" });
    put(&program, "POST", &format!("/realms/default/tenants/{}/invitations", things["tenant"]), invitation).await;
    let mail = gantry.mail("guest@example.net", 1).await;
    pages.push(Browser::new().open(mail.link("/invitation?token=")).await);
    let mut shows = 0;
    for page in &pages {
        shows += usize::from(page.html.contains("x9(1)"));
        let wrong: Vec<String> = made_of_it(&page.html).into_iter().chain(evaluated(&page.html)).collect();
        assert!(wrong.is_empty(), "{} ({}): {}", page.url, page.status, wrong.join("\n"));
    }
    assert!(shows >= 5, "{shows}");
    let (plain, html) = mail.text.split_once("text/html").expect("a part in HTML");
    assert!(plain.contains(LITERAL), "{plain}");
    assert!(!html.contains("<script>x9") && !html.contains("<b onx9") && html.contains("{{7*7}}"), "{html}");
    let head = mail.text.replace("\r\n", "\n").split("\n\n").next().unwrap().to_owned();
    assert!(head.lines().all(|line| !line.starts_with('<')), "{head}");
}

/// Parameters that any page may be asked with.
const NAMES: &[&str] = &[
    "q",
    "is",
    "after",
    "notice",
    "return",
    "realm",
    "slug",
    "kind",
    "error",
    "error_description",
    "error_hint",
    "state",
    "iss",
    "code",
    "name",
    "branding.welcome",
    "branding.accent",
    "branding.support_contact",
    "event",
    "actor",
    "role",
    "when",
    "outcome",
    "title",
    "description",
    "coloured",
    "login_hint",
    "ui_locales",
    "uri",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_06_what_a_request_says_comes_back_as_text_at_every_page() {
    let gantry = Gantry::start().await;
    let operator = gantry.operator().await;
    let things = things::of(&gantry, "default", "org_own", Person::ALICE.email).await;
    let hostile: String = form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    let query: Vec<String> = NAMES.iter().map(|name| format!("{name}={hostile}")).collect();
    let mut found = Vec::new();
    let mut judge = |what: &str, html: &str| found.extend(made_of_it(html).into_iter().map(|wrong| format!("{what}: {wrong}")));
    for path in super::shown(&things) {
        let page = operator.open_once(&format!("{path}?{}", query.join("&"))).await;
        assert!(page.status < 500, "{path}: {}", page.html);
        judge(&path, &page.html);
    }
    // In the place of whatever an address names.
    let segment = fill("/{it}", &[("it", HOSTILE)]);
    let nonsense: Things = things.keys().map(|name| (*name, HOSTILE.to_owned())).collect();
    for path in super::shown(&nonsense).into_iter().chain([format!("/console{segment}"), segment.clone(), format!("/errors{segment}")]) {
        let page = operator.open_once(&path).await;
        assert!(page.status < 500, "{path}: {}", page.html);
        judge(&path, &page.html);
    }
    let authorize = gantry.client("ledger").authorize().url();
    for target in [
        gantry.url(&format!("/oauth/authorize?{}", query.join("&"))),
        gantry.url(&format!("/oauth/authorize?client_id={hostile}&redirect_uri={hostile}")),
        format!("{authorize}&login_hint={hostile}&ui_locales={hostile}&prompt={hostile}"),
        format!("{authorize}&login_hint={hostile}&ui_locales=xx-{hostile}%20en"),
        gantry.url(&format!("/sign-in?{}", query.join("&"))),
        gantry.url(&format!("/connections/password/callback?{}", query.join("&"))),
        gantry
            .url(&format!("/oauth/logout?id_token_hint={hostile}&post_logout_redirect_uri={hostile}&state={hostile}&client_id={hostile}")),
        gantry.url(&format!("/reset-password?token={hostile}")),
        gantry.url(&format!("/invitation?token={hostile}")),
    ] {
        let page = Browser::new().open(&target).await;
        assert!(page.status < 500, "{target}: {}", page.html);
        judge(&target, &page.html);
    }
    // A language that nobody speaks is one that somebody does.
    let page = Browser::new().open(format!("{authorize}&ui_locales=xx-{hostile}")).await;
    assert!(page.html.contains("lang=\"en\""), "{}", page.html);
    assert!(found.is_empty(), "{} pages\n{}", found.len(), found.join("\n"));
}
