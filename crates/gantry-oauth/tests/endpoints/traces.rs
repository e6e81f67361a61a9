//! What a trace says of the time after the session began.

use std::time::Duration;

use gantry_core::id::TraceId;
use gantry_core::sign_in_trace::{HopKind, SignInTrace, TraceOutcome};
use serde_json::json;

use crate::world::{API, App, World};

/// A trace that is written.
async fn trace(world: &World, app: &App) -> TraceId {
    let trace = SignInTrace {
        id: TraceId::new(),
        realm_id: world.realm_id(),
        connection_id: None,
        tenant_id: None,
        client_id: Some(app.client.id),
        publisher_id: None,
        user_id: Some(world.user.id),
        outcome: TraceOutcome::SignedIn,
        problem: None,
        started_at: world.now(),
        expires_at: world.now().plus(Duration::from_hours(1)),
    };
    world.store.transact(world.realm_id(), async |tx| Ok(tx.sign_in_traces().insert(&trace).await?)).await.unwrap();
    trace.id
}

#[tokio::test]
async fn tokens_of_a_code_are_in_the_trace_that_led_to_it() {
    let world = World::new().await;
    let app = world.web_app().await;
    let id = trace(&world, &app).await;
    let code = world.code(&app, |_, code| code.trace = Some(id)).await;
    let hops = async || world.store.read(world.realm_id()).sign_in_traces().hops(id).await.unwrap();
    assert_eq!(hops().await, []);
    let tokens = world.redeem(&app, &code).await.unwrap();
    let [hop] = <[_; 1]>::try_from(hops().await).unwrap();
    assert_eq!(hop.kind, HopKind::TokensIssued);
    let expected = json!({ "client_id": "app", "scope": "openid email read write", "audiences": [API], "org_id": null });
    assert_eq!(serde_json::Value::Object(hop.detail.clone()), expected);
    // Nothing of what went out is in it.
    let said = serde_json::to_string(&hop.detail).unwrap();
    for name in ["access_token", "refresh_token", "id_token"] {
        assert!(!said.contains(tokens[name].as_str().unwrap()), "{name}");
    }
    // A replay adds nothing but the end of the grant.
    assert!(world.redeem(&app, &code).await.is_err());
    assert_eq!(hops().await.len(), 1);
}

#[tokio::test]
async fn a_trace_that_is_gone_holds_nothing_up() {
    let world = World::new().await;
    let app = world.web_app().await;
    let code = world.code(&app, |_, code| code.trace = Some(TraceId::new())).await;
    assert!(world.redeem(&app, &code).await.is_ok());
}
