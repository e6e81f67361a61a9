//! Traces of sign-ins: found by what went wrong, drawn step by step, shared by a link, and a tenant's own alone.

use gantry_core::clock::Clock as _;
use gantry_core::id::{TenantId, TraceId};
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, SignInTrace, TraceOutcome};
use serde_json::json;

use crate::support::{Gantry, Person};

async fn a_trace(gantry: &Gantry, person: Person, tenant: Option<TenantId>) -> TraceId {
    let (realm, now) = (gantry.realm_id().await, gantry.clock.now());
    let trace = SignInTrace {
        id: TraceId::new(),
        realm_id: realm,
        connection_id: None,
        tenant_id: tenant,
        client_id: None,
        publisher_id: None,
        user_id: Some(gantry.user(person).await.id),
        outcome: TraceOutcome::Refused,
        problem: Some(SignInProblem::TokenTime),
        started_at: now,
        expires_at: now.plus(std::time::Duration::from_hours(24)),
    };
    let hops = [
        Hop::new(now, HopKind::Redirect, json!({ "host": "login.example" })),
        Hop::new(now, HopKind::Refusal, json!({ "problem": "token_time", "detail": "<i>late</i>" })),
    ];
    let work = async |tx: &gantry_store::RealmTx| {
        tx.sign_in_traces().insert(&trace).await?;
        Ok(tx.sign_in_traces().append(trace.id, &hops).await?)
    };
    gantry.store.transact(realm, work).await.unwrap();
    trace.id
}

#[tokio::test]
async fn a_trace_is_found_drawn_and_shared() {
    let gantry = Gantry::start().await;
    let id = a_trace(&gantry, Person::BOB, None).await;
    let admin = gantry.realm_admin().await;
    let base = "/console/realms/default/traces";
    for query in ["", "?problem=token_time", "?outcome=refused", &format!("?q={}", Person::BOB.email), &format!("?q={id}")] {
        assert!(admin.page(&format!("{base}{query}")).await.html.contains(&id.to_string()), "{query}");
    }
    for query in ["?problem=token_nonce", "?outcome=signed_in", "?q=nobody@example.com", "?connection=nothing"] {
        assert!(!admin.page(&format!("{base}{query}")).await.html.contains(&id.to_string()), "{query}");
    }
    let page = admin.page(&format!("{base}/{id}")).await;
    assert!(page.html.contains("login.example") && page.html.contains("&lt;i&gt;late"), "{}", page.html);
    let shared = admin.submit(&page, "share", &[]).await;
    assert!(shared.html.contains("/traces/shared/"), "{}", shared.html);
    let again = admin.submit(&page, "share", &[]).await;
    assert_eq!(again.status, 409, "a reload makes no other link");
    assert!(!again.html.contains("/traces/shared/"), "{}", again.html);
}

#[tokio::test]
async fn ten_02_a_tenants_admin_sees_traces_of_its_sign_ins_alone() {
    let gantry = Gantry::start().await;
    let tessa = gantry.newcomer("tessa@example.com").await;
    let console = gantry.tenant_admin(tessa, "alder").await;
    let alder = gantry.store.read(gantry.realm_id().await).tenants().find_by_org_id("alder").await.unwrap().unwrap().id;
    let mine = a_trace(&gantry, tessa, Some(alder)).await;
    // Anybody can send somebody else's people there.
    let named = a_trace(&gantry, Person::BOB, Some(alder)).await;
    let theirs = a_trace(&gantry, tessa, Some(gantry.tenant("birch").await)).await;
    let list = console.page("/console/realms/default/tenants/alder/traces").await;
    assert!(list.html.contains(&mine.to_string()) && !list.html.contains(&theirs.to_string()), "{}", list.html);
    assert!(!list.html.contains(&named.to_string()) && !list.html.contains(Person::BOB.email), "{}", list.html);
    console.page(&format!("/console/realms/default/tenants/alder/traces/{mine}")).await;
    for path in [
        format!("tenants/alder/traces/{theirs}"),
        format!("tenants/alder/traces/{named}"),
        format!("tenants/birch/traces/{theirs}"),
        "traces".to_owned(),
    ] {
        assert_eq!(console.open_once(&format!("/console/realms/default/{path}")).await.status, 404, "{path}");
    }
    // Whoever is no member is not to be found by their address.
    let asked = console.get(&format!("/console/realms/default/tenants/alder/traces?q={}", Person::BOB.email)).await;
    assert!(!asked.html.contains(&named.to_string()), "{}", asked.html);
}
