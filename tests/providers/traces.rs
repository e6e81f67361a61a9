//! Traces as pages, as JSON, and behind links.

use std::time::Duration;

use gantry_core::clock::Clock as _;
use gantry_core::connection::Connection;
use gantry_core::id::{MembershipId, TenantId, TraceId};
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, SignInTrace, TRACE_LIFETIME, TraceOutcome};
use gantry_core::tenant::{Membership, Tenant, TenantRole};
use serde_json::json;

use super::Stand;
use crate::support::{Browser, Gantry, Page, Person};

const ADMIN: Person = Person { email: "admin@example.com", password: "the admin has one as well" };

/// A refused sign-in, written down.
async fn refused(gantry: &Gantry, connection: &Connection) -> TraceId {
    let now = gantry.clock.now();
    let trace = SignInTrace {
        id: TraceId::new(),
        realm_id: connection.realm_id,
        connection_id: Some(connection.id),
        tenant_id: None,
        client_id: None,
        publisher_id: None,
        user_id: None,
        outcome: TraceOutcome::Refused,
        problem: Some(SignInProblem::DirectoryNotAllowed),
        started_at: now,
        expires_at: now.plus(Duration::from_secs(TRACE_LIFETIME.into())),
    };
    let hops = [
        Hop::new(now, HopKind::Mapping, json!({ "before": { "oid": "an-oid" }, "after": {} })),
        Hop::new(now, HopKind::Refusal, json!({ "problem": "directory_not_allowed", "detail": "<b>tid</b>" })),
    ];
    let write = async |tx: &gantry_store::RealmTx| {
        tx.sign_in_traces().insert(&trace).await?;
        Ok(tx.sign_in_traces().append(trace.id, &hops).await?)
    };
    gantry.store.transact(connection.realm_id, write).await.unwrap();
    trace.id
}

async fn signed_in(gantry: &Gantry, person: Person) -> Browser {
    let browser = Browser::new();
    let page = browser.open(gantry.url("/sign-in")).await;
    person.sign_in(&browser, &page).await;
    browser
}

async fn trace(gantry: &Gantry, browser: &Browser, id: impl std::fmt::Display) -> Page {
    browser.open(gantry.url(&format!("/traces/{id}"))).await
}

#[tokio::test]
async fn an_admin_reads_a_trace_and_shares_it() {
    let stand = Stand::new().await;
    let (gantry, id) = (&stand.gantry, refused(&stand.gantry, &stand.connection).await);
    let admin = signed_in(gantry, ADMIN).await;
    let page = trace(gantry, &admin, id).await;
    assert_eq!((page.status, page.text("#trace-id")), (200, id.to_string()));
    assert!(page.html.contains("an-oid") && page.html.contains("directory_not_allowed") && !page.html.contains("<b>tid"));
    assert_eq!(page.headers["cache-control"], "no-store");

    let page = admin.submit(&page, "trace-share", &[]).await;
    let link = page.text("#trace-link");
    assert!(link.starts_with(&gantry.url("/traces/shared/gts_")), "{link}");
    assert_eq!(gantry.audited("trace_shared").await, 1);
    assert!(!trace(gantry, &admin, id).await.html.contains("gts_"), "it is shown this once");

    // Without an account, a session or a cookie.
    let shown = Browser::new().open(&link).await;
    assert_eq!(shown.status, 200);
    assert!(shown.html.contains("an-oid") && !shown.has("#trace-share"));
    for (name, value) in [("cache-control", "no-store"), ("x-robots-tag", "noindex, nofollow"), ("referrer-policy", "no-referrer")] {
        assert_eq!(shown.headers[name], value);
    }
    // What does not work looks like what never was.
    let never = Browser::new().open(gantry.url("/traces/shared/gts_never")).await;
    never.is_error_page(404);
    gantry.clock.advance(Duration::from_hours(7 * 24));
    let ended = Browser::new().open(&link).await;
    ended.is_error_page(404);
    assert_eq!(ended.html.len(), never.html.len());
}

#[tokio::test]
async fn a_trace_is_for_those_whom_it_concerns() {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    let acme = gantry.store.read(stand.connection.realm_id).tenants().find_by_org_id("org_acme").await.unwrap().unwrap();
    let tenant = Tenant { id: TenantId::new(), org_id: "org_bobs".to_owned(), ..acme };
    let own =
        Connection { id: gantry_core::id::ConnectionId::new(), slug: "own".to_owned(), owner: Some(tenant.id), ..stand.connection.clone() };
    let bob = gantry.user(Person::BOB).await;
    let membership = Membership {
        id: MembershipId::new(),
        tenant_id: tenant.id,
        user_id: bob.id,
        role: TenantRole::TenantAdmin,
        break_glass: false,
        connection_id: None,
        created_at: gantry.clock.now(),
    };
    let write = async |tx: &gantry_store::RealmTx| {
        assert!(tx.tenants().insert(&tenant).await? && tx.connections().insert(&own).await?);
        Ok(tx.memberships().put(&membership).await?)
    };
    gantry.store.transact(own.realm_id, write).await.unwrap();
    let (of_realm, of_tenant) = (refused(gantry, &stand.connection).await, refused(gantry, &own).await);
    let (alice, bob) = (signed_in(gantry, Person::ALICE).await, signed_in(gantry, Person::BOB).await);
    assert_eq!(trace(gantry, &bob, of_tenant).await.status, 200);
    let foreign = trace(gantry, &bob, of_realm).await;
    let unknown = trace(gantry, &bob, TraceId::new()).await;
    let no_id = trace(gantry, &bob, "trc_x").await;
    for page in [&foreign, &unknown, &no_id, &trace(gantry, &alice, of_tenant).await] {
        page.is_error_page(404);
    }
    assert_eq!(foreign.html.len(), unknown.html.len());
    // Nobody is told anything before they sign in, whether it is there or not.
    for id in [of_realm, TraceId::new()] {
        assert_eq!(trace(gantry, &Browser::new(), id).await.url.path(), "/sign-in");
    }
    // Nor makes a link for what is not theirs.
    let page = trace(gantry, &bob, of_tenant).await;
    let csrf = page.attribute("[name=csrf]", "value").unwrap();
    let url = reqwest::Url::parse(&gantry.url(&format!("/traces/{of_realm}/share"))).unwrap();
    bob.post(&url, &[("csrf".to_owned(), csrf)], &[]).await.is_error_page(404);
    bob.post(&url, &[], &[]).await.is_error_page(403);
    assert_eq!(gantry.audited("trace_shared").await, 0);
}

#[tokio::test]
async fn a_program_reads_a_trace_as_json() {
    let stand = Stand::new().await;
    let (gantry, id) = (&stand.gantry, refused(&stand.gantry, &stand.connection).await);
    let signed_in = signed_in(gantry, ADMIN).await;
    let cookies: Vec<String> = signed_in.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let ask = async |id: TraceId, cookie: &str| {
        let request = gantry.http.get(gantry.url(&format!("/traces/{id}"))).header("accept", "application/json").header("cookie", cookie);
        crate::support::Answer::of(request.send().await.unwrap()).await
    };
    let answer = ask(id, &cookies.join("; ")).await.ok();
    assert_eq!(answer.headers["cache-control"], "no-store");
    let said = answer.json();
    assert_eq!((said["reader"].as_str(), said["problem"].as_str()), (Some("realm"), Some("directory_not_allowed")));
    assert_eq!(said["about"]["connection"]["id"], "work");
    assert_eq!(said["hops"][0]["detail"]["before"]["oid"], "an-oid");
    let (unknown, stranger) = (ask(TraceId::new(), &cookies.join("; ")).await, ask(id, "").await);
    unknown.is_error(404, "not_found");
    stranger.is_error(404, "not_found");
}
