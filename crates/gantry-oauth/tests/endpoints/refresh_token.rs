//! Refreshing.

use std::time::Duration;

use futures_util::future::join_all;
use gantry_core::audit::AuditEvent;
use gantry_core::client::ClientKind;
use gantry_core::realm::RefreshRotation;
use serde_json::Value;

use crate::world::{API, App, OTHER_API, Said, World, claims, text};

fn refresh_token(answer: &Value) -> String {
    text(answer, "refresh_token").to_owned()
}

#[tokio::test]
async fn a_refresh_gives_a_full_set_again() {
    let world = World::new().await;
    let app = world.web_app().await;
    let first = world.tokens(&app).await;
    world.clock.advance(Duration::from_secs(100));
    let second = world.refresh(&app, text(&first, "refresh_token"), &[]).await.unwrap();
    assert_ne!(refresh_token(&first), refresh_token(&second));
    assert_eq!(first["scope"], second["scope"]);
    let (before, after) = (claims(text(&first, "id_token")), claims(text(&second, "id_token")));
    for member in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(before[member], after[member], "{member}");
    }
    assert!(after.get("nonce").is_none());
    assert!(after["iat"].as_i64() > before["iat"].as_i64());
    assert!(world.is_active(&app, text(&first, "access_token")).await, "overlapping access tokens both work");
}

#[tokio::test]
async fn rtk_01_a_replay_outside_the_window_takes_everything() {
    let world = World::new().await;
    let app = world.web_app().await;
    let first = world.tokens(&app).await;
    let second = world.refresh(&app, text(&first, "refresh_token"), &[]).await.unwrap();
    world.clock.advance(Duration::from_secs(6));
    assert_eq!(world.refresh(&app, text(&first, "refresh_token"), &[]).await, Err("invalid_grant"));
    assert_eq!(world.refresh(&app, text(&second, "refresh_token"), &[]).await, Err("invalid_grant"));
    for token in [text(&first, "access_token"), text(&second, "access_token"), text(&second, "refresh_token")] {
        assert!(!world.is_active(&app, token).await);
    }
    assert_eq!(world.audited(AuditEvent::RefreshReplayed).await, 1);
}

#[tokio::test]
async fn a_retry_within_the_window_gets_the_same_successor() {
    let world = World::new().await;
    let app = world.web_app().await;
    let first = refresh_token(&world.tokens(&app).await);
    let second = world.refresh(&app, &first, &[]).await.unwrap();
    world.clock.advance(Duration::from_secs(4));
    let again = world.refresh(&app, &first, &[]).await.unwrap();
    assert_eq!(refresh_token(&second), refresh_token(&again));
    assert_ne!(text(&second, "access_token"), text(&again, "access_token"));
    assert!(world.refresh(&app, &refresh_token(&again), &[]).await.is_ok());
}

#[tokio::test]
async fn rtk_03_older_is_a_number_and_not_a_time() {
    let world = World::new().await;
    let app = world.web_app().await;
    let first = refresh_token(&world.tokens(&app).await);
    let second = refresh_token(&world.refresh(&app, &first, &[]).await.unwrap());
    let third = refresh_token(&world.refresh(&app, &second, &[]).await.unwrap());
    assert_eq!(world.refresh(&app, &first, &[]).await, Err("invalid_grant"));
    assert_eq!(world.refresh(&app, &third, &[]).await, Err("invalid_grant"));
}

async fn race(world: &World, app: &App, token: &str) -> Vec<Said> {
    join_all((0..32).map(|_| world.refresh(app, token, &[]))).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rtk_02_many_at_once_within_the_window_share_one_successor() {
    let world = World::with(|settings| settings.tokens.refresh_retry_window = 60).await;
    let app = world.web_app().await;
    for _ in 0..5 {
        let first = refresh_token(&world.tokens(&app).await);
        let said = race(&world, &app, &first).await;
        let mut successors: Vec<String> = said.iter().map(|one| refresh_token(one.as_ref().unwrap())).collect();
        successors.sort_unstable();
        successors.dedup();
        assert_eq!(successors.len(), 1);
        assert!(world.refresh(&app, &successors[0], &[]).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rtk_02_without_a_window_one_succeeds_and_the_family_dies() {
    let world = World::with(|settings| settings.tokens.refresh_retry_window = 0).await;
    let app = world.web_app().await;
    for _ in 0..5 {
        let first = refresh_token(&world.tokens(&app).await);
        let said = race(&world, &app, &first).await;
        let won: Vec<&Value> = said.iter().filter_map(|one| one.as_ref().ok()).collect();
        assert_eq!(won.len(), 1);
        assert!(said.iter().all(|one| one.is_ok() || *one == Err("invalid_grant")));
        assert_eq!(world.refresh(&app, &refresh_token(won[0]), &[]).await, Err("invalid_grant"));
    }
}

#[tokio::test]
async fn tokens_that_do_not_rotate_go_on_working() {
    let world = World::with(|settings| settings.tokens.refresh_rotation = RefreshRotation::Public).await;
    let app = world.web_app().await;
    let token = refresh_token(&world.tokens(&app).await);
    for _ in 0..3 {
        world.clock.advance(Duration::from_hours(24));
        assert_eq!(refresh_token(&world.refresh(&app, &token, &[]).await.unwrap()), token);
    }
    let spa = world.app("spa", ClientKind::Public, |_| {}).await;
    let first = refresh_token(&world.tokens(&spa).await);
    assert_ne!(refresh_token(&world.refresh(&spa, &first, &[]).await.unwrap()), first);
}

#[tokio::test]
async fn rtk_06_another_clients_token_kills_the_family() {
    let world = World::new().await;
    let (app, other) = (world.web_app().await, world.app("other", ClientKind::Confidential, |_| {}).await);
    let token = refresh_token(&world.tokens(&app).await);
    assert_eq!(world.refresh(&other, &token, &[]).await, Err("invalid_grant"));
    assert_eq!(world.refresh(&app, &token, &[]).await, Err("invalid_grant"));
    assert_eq!(world.audited(AuditEvent::RefreshReplayed).await, 1);
}

#[tokio::test]
async fn rtk_07_without_proof_the_token_is_unharmed() {
    let world = World::new().await;
    let app = world.web_app().await;
    let token = refresh_token(&world.tokens(&app).await);
    let nobody = App { secret: None, ..app.clone() };
    assert_eq!(world.refresh(&nobody, &token, &[]).await, Err("invalid_client"));
    assert!(world.refresh(&app, &token, &[]).await.is_ok());
    assert_eq!(world.audited(AuditEvent::ClientAuthFailed).await, 1);
}

#[tokio::test]
async fn rtk_08_a_refresh_narrows_for_itself_alone() {
    let world = World::new().await;
    let app = world.web_app().await;
    let mut token = refresh_token(&world.tokens(&app).await);
    assert_eq!(world.refresh(&app, &token, &[("scope", "read profile")]).await, Err("invalid_scope"));
    assert_eq!(world.refresh(&app, &token, &[("resource", OTHER_API)]).await, Err("invalid_target"));
    let narrow = world.refresh(&app, &token, &[("scope", "read"), ("resource", API)]).await.unwrap();
    assert_eq!(narrow["scope"], "read");
    assert!(narrow.get("id_token").is_none());
    token = refresh_token(&narrow);
    assert_eq!(world.refresh(&app, &token, &[]).await.unwrap()["scope"], "openid email read write");
}

#[tokio::test]
async fn rtk_12_both_lifetimes_end_a_family() {
    let world = World::with(|settings| {
        settings.tokens.refresh_idle_lifetime = 3600;
        settings.tokens.refresh_absolute_lifetime = 7200;
    })
    .await;
    let app = world.web_app().await;
    let idle = refresh_token(&world.tokens(&app).await);
    let mut busy = refresh_token(&world.tokens(&app).await);
    for _ in 0..3 {
        world.clock.advance(Duration::from_mins(35));
        busy = refresh_token(&world.refresh(&app, &busy, &[]).await.unwrap());
    }
    assert_eq!(world.refresh(&app, &idle, &[]).await, Err("invalid_grant"));
    world.clock.advance(Duration::from_mins(20));
    assert_eq!(world.refresh(&app, &busy, &[]).await, Err("invalid_grant"));
}

#[tokio::test]
async fn rtk_10_whatever_is_switched_off_ends_refreshing() {
    let world = World::new().await;
    let app = world.web_app().await;
    let (token, bystander) = (refresh_token(&world.tokens(&app).await), world.tokens(&app).await);
    let grants = world.store.read(world.realm_id()).grants().list_live(world.user.id).await.unwrap();
    assert_eq!(grants.len(), 2);
    let family = gantry_core::refresh_family::PresentedRefreshToken::parse(&token).unwrap().family;
    let grant = world.store.read(world.realm_id()).families().find(family).await.unwrap().unwrap().grant_id;
    world.store.transact(world.realm_id(), async |tx| Ok(tx.grants().revoke(grant, world.now()).await?)).await.unwrap();
    assert_eq!(world.refresh(&app, &token, &[]).await, Err("invalid_grant"));
    let mut user = world.user.clone();
    user.disabled_at = Some(world.now());
    world.store.transact(world.realm_id(), async |tx| Ok(tx.users().update(&user).await?)).await.unwrap();
    assert_eq!(world.refresh(&app, text(&bystander, "refresh_token"), &[]).await, Err("invalid_grant"));
    assert!(!world.is_active(&app, text(&bystander, "access_token")).await);
}

#[tokio::test]
async fn rtk_13_a_session_bound_token_ends_with_its_session() {
    let world = World::new().await;
    let app = world.web_app().await;
    let code = world.code(&app, |grant, _| grant.session_bound = true).await;
    let (bound, free) = (world.redeem(&app, &code).await.unwrap(), world.tokens(&app).await);
    world.store.transact(world.realm_id(), async |tx| Ok(tx.sessions().end(world.session.id, world.now()).await?)).await.unwrap();
    assert_eq!(world.refresh(&app, text(&bound, "refresh_token"), &[]).await, Err("invalid_grant"));
    assert!(!world.is_active(&app, text(&bound, "access_token")).await);
    assert!(world.refresh(&app, text(&free, "refresh_token"), &[]).await.is_ok());
}

#[tokio::test]
async fn a_token_that_nobody_made_harms_nobody() {
    let world = World::new().await;
    let app = world.web_app().await;
    let token = refresh_token(&world.tokens(&app).await);
    let presented = gantry_core::refresh_family::PresentedRefreshToken::parse(&token).unwrap();
    let mut body = presented.family.uuid().into_bytes().to_vec();
    body.extend_from_slice(&7_u32.to_be_bytes());
    body.extend_from_slice(&[1; 32]);
    let forged = gantry_core::secret::SecretKind::RefreshToken.wrap(&body);
    for wrong in [forged.expose(), "x", &token[1..], &format!("{token}A")] {
        assert_eq!(world.refresh(&app, wrong, &[]).await, Err("invalid_grant"), "{wrong}");
    }
    assert!(world.refresh(&app, &token, &[]).await.is_ok());
}
