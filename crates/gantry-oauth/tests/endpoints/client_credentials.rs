//! Apps that act for themselves.

use std::time::Duration;

use gantry_core::audit::AuditEvent;
use gantry_core::client::{Client, ClientKind};

use crate::world::{API, App, World, claims, text};

async fn machine_token(world: &World, app: &App) -> String {
    let answer = world.token(&app.form(&[("grant_type", "client_credentials")])).await.unwrap();
    text(&answer, "access_token").to_owned()
}

#[tokio::test]
async fn a_machine_gets_a_token_for_its_api() {
    let world = World::new().await;
    let app = world.app("machine", ClientKind::Machine, |_| {}).await;
    let answer = world.token(&app.form(&[("grant_type", "client_credentials"), ("scope", "read")])).await.unwrap();
    assert!(answer.get("refresh_token").is_none() && answer.get("id_token").is_none());
    assert_eq!(answer["scope"], "read");
    let claims = claims(text(&answer, "access_token"));
    assert_eq!((claims["sub"].as_str(), claims["aud"].as_str()), (Some("machine"), Some(API)));
    assert!(text(&claims, "jti").starts_with("cc."));
    assert!(claims.get("auth_time").is_none());
    assert_eq!(world.audited(AuditEvent::TokensIssued).await, 1);
}

#[tokio::test]
async fn cli_13_refusals_have_their_codes() {
    let world = World::new().await;
    let app = world.app("machine", ClientKind::Machine, |_| {}).await;
    let spa = world.app("spa", ClientKind::Public, |_| {}).await;
    let none = world.app("none", ClientKind::Confidential, |client| client.grant_types.clear()).await;
    for (app, scope, expected) in [
        (&app, "openid", "invalid_scope"),
        (&app, "other", "invalid_scope"),
        (&spa, "read", "unauthorized_client"),
        (&none, "read", "unauthorized_client"),
    ] {
        let form = app.form(&[("grant_type", "client_credentials"), ("scope", scope)]);
        assert_eq!(world.token(&form).await, Err(expected), "{scope}");
    }
    assert_eq!(world.token(&app.form(&[("grant_type", "password")])).await, Err("unsupported_grant_type"));
}

#[tokio::test]
async fn cli_15_a_machine_is_nobody_at_userinfo() {
    let world = World::new().await;
    let app = world.app("machine", ClientKind::Machine, |_| {}).await;
    let token = machine_token(&world, &app).await;
    assert!(world.is_active(&app, &token).await);
    assert_eq!(world.userinfo(&token).await, Err("invalid_token"));
}

async fn change(world: &World, app: &App, change: impl FnOnce(&mut Client)) {
    let mut client = app.client.clone();
    change(&mut client);
    assert!(world.store.transact(world.realm_id(), async |tx| Ok(tx.clients().update(&client).await?)).await.unwrap());
}

#[tokio::test]
async fn a_machines_token_ends_by_epoch_and_by_the_client() {
    let world = World::new().await;
    let (first, second) = (world.app("first", ClientKind::Machine, |_| {}).await, world.app("second", ClientKind::Machine, |_| {}).await);
    let (dead, gone) = (machine_token(&world, &first).await, machine_token(&world, &second).await);
    world.clock.advance(Duration::from_secs(2));
    let now = world.now();
    change(&world, &first, |client| client.not_before = Some(now)).await;
    change(&world, &second, |client| client.disabled_at = Some(now)).await;
    assert!(!world.is_active(&first, &dead).await);
    let reader = world.app("reader", ClientKind::Confidential, |_| {}).await;
    assert!(!world.is_active(&reader, &gone).await);
    assert_eq!(world.token(&second.form(&[("grant_type", "client_credentials")])).await, Err("invalid_client"));
    // A token's `iat` is in whole seconds, and one of the epoch's own second counts as before it.
    world.clock.advance(Duration::from_secs(1));
    assert!(world.is_active(&first, &machine_token(&world, &first).await).await);
}
