//! Introspection, revocation, userinfo, and keys that change underneath.

use gantry_core::actor::Actor;
use gantry_core::client::ClientKind;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::KeyState;
use gantry_oauth::keys;
use serde_json::json;

use crate::world::{API, App, OTHER_API, World, claims, text};

/// The own client of an API.
async fn api_client(world: &World, name: &str, audience: &str) -> App {
    let snapshot = world.snapshot().await;
    let id = snapshot.resources.iter().find(|resource| resource.audience == audience).unwrap().id;
    world.app(name, ClientKind::Confidential, |client| client.introspects = Some(id)).await
}

#[tokio::test]
async fn rtk_16_only_the_right_api_learns_anything() {
    let world = World::new().await;
    let app = world.web_app().await;
    let (api, other) = (api_client(&world, "api", API).await, api_client(&world, "other-api", OTHER_API).await);
    let tokens = world.tokens(&app).await;
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    let known = world.introspect(&api.form(&[("token", access)])).await.unwrap();
    assert_eq!(known["active"], true);
    assert_eq!(known["sub"], json!(world.user.id));
    assert_eq!((known["client_id"].as_str(), known["token_type"].as_str()), (Some("app"), Some("Bearer")));
    assert_eq!(known["scope"], "openid email read write");
    assert_eq!(world.introspect(&other.form(&[("token", access)])).await.unwrap(), json!({ "active": false }));
    assert!(!world.is_active(&api, refresh).await, "refresh tokens are between a client and the server");
    assert!(world.is_active(&app, refresh).await);
    assert!(!world.is_active(&app, text(&tokens, "id_token")).await);
    assert_eq!(world.introspect(&format!("token={access}")).await, Err("invalid_client"));
    let spa = world.app("spa", ClientKind::Public, |_| {}).await;
    assert_eq!(world.introspect(&format!("{}&client_secret=", spa.form(&[("token", access)]))).await, Err("invalid_client"));
    assert_eq!(world.introspect(&api.form(&[])).await, Err("invalid_request"));
}

#[tokio::test]
async fn revoking_an_access_token_ends_it_alone() {
    let world = World::new().await;
    let app = world.web_app().await;
    let tokens = world.tokens(&app).await;
    let access = text(&tokens, "access_token");
    assert!(world.revoke(&app, access).await.is_ok());
    assert!(!world.is_active(&app, access).await);
    assert_eq!(world.userinfo(access).await, Err("invalid_token"));
    assert!(world.revoke(&app, access).await.is_ok());
    assert!(world.refresh(&app, text(&tokens, "refresh_token"), &[]).await.is_ok());
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_the_grant() {
    let world = World::new().await;
    let app = world.web_app().await;
    let tokens = world.tokens(&app).await;
    assert!(world.revoke(&app, text(&tokens, "refresh_token")).await.is_ok());
    assert!(!world.is_active(&app, text(&tokens, "access_token")).await);
    assert_eq!(world.refresh(&app, text(&tokens, "refresh_token"), &[]).await, Err("invalid_grant"));
}

#[tokio::test]
async fn rtk_14_another_clients_token_looks_unknown_and_lives_on() {
    let world = World::new().await;
    let (app, other) = (world.web_app().await, world.app("other", ClientKind::Confidential, |_| {}).await);
    let tokens = world.tokens(&app).await;
    for token in [text(&tokens, "access_token"), text(&tokens, "refresh_token"), "unknown"] {
        assert!(world.revoke(&other, token).await.is_ok());
    }
    assert!(world.is_active(&app, text(&tokens, "access_token")).await);
    assert!(world.refresh(&app, text(&tokens, "refresh_token"), &[]).await.is_ok());
    assert_eq!(world.revoke(&App { secret: None, ..app }, "x").await, Err("invalid_client"));
}

#[tokio::test]
async fn userinfo_says_what_the_scopes_release() {
    let world = World::new().await;
    let app = world.web_app().await;
    let tokens = world.tokens(&app).await;
    let said = world.userinfo(text(&tokens, "access_token")).await.unwrap();
    assert_eq!(said, json!({ "sub": world.user.id, "email": "ada@example.com", "email_verified": true }));
    let only = |names: &'static [&'static str]| {
        move |grant: &mut gantry_core::grant::Grant, _: &mut gantry_core::authorization_code::AuthorizationCode| {
            grant.scopes = gantry_core::scope_set::ScopeSet::from_names(names.iter().copied());
        }
    };
    let code = world.code(&app, only(&["profile", "email"])).await;
    let tokens = world.redeem(&app, &code).await.unwrap();
    assert_eq!(world.userinfo(text(&tokens, "access_token")).await.unwrap()["name"], "Ada Lovelace");
    let code = world.code(&app, only(&["read"])).await;
    let tokens = world.redeem(&app, &code).await.unwrap();
    assert_eq!(world.userinfo(text(&tokens, "access_token")).await, Err("insufficient_scope"));
}

#[tokio::test]
async fn rtk_18_no_other_token_opens_userinfo() {
    let world = World::new().await;
    let app = world.web_app().await;
    let tokens = world.tokens(&app).await;
    let access = text(&tokens, "access_token");
    let (head, signature) = access.rsplit_once('.').unwrap();
    for wrong in [text(&tokens, "id_token"), text(&tokens, "refresh_token"), &format!("{head}."), &format!("{signature}.{head}"), "x", ""] {
        assert_eq!(world.userinfo(wrong).await, Err("invalid_token"), "{wrong}");
    }
    assert!(world.userinfo(access).await.is_ok());
}

#[tokio::test]
async fn jwt_13_another_realms_token_is_nothing_here() {
    let (world, elsewhere) = (World::new().await, World::new().await);
    let app = elsewhere.web_app().await;
    let tokens = elsewhere.tokens(&app).await;
    assert_eq!(world.userinfo(text(&tokens, "access_token")).await, Err("invalid_token"));
}

#[tokio::test]
async fn jwt_14_rotation_keeps_tokens_and_withdrawal_ends_them() {
    let world = World::new().await;
    let app = world.web_app().await;
    let step = async |withdraw: bool| {
        let next = keys::generate(world.realm_id(), SigningAlgorithm::EdDsa, KeyState::Next, world.now()).await.unwrap();
        let work = async |tx: &gantry_store::RealmTx| {
            if withdraw {
                keys::withdraw(tx, Actor::System, next, world.now()).await
            } else {
                keys::rotate(tx, Actor::System, next, world.now()).await
            }
        };
        world.store.transact(world.realm_id(), work).await.unwrap()
    };
    let published = async || {
        let document = world.keys.of(&world.snapshot().await, world.now()).unwrap().document();
        serde_json::from_str::<serde_json::Value>(&document).unwrap()["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| text(key, "kid").to_owned())
            .collect::<Vec<_>>()
    };
    let before = published().await;
    let first = world.tokens(&app).await;
    let rotation = step(false).await;
    assert!(before.contains(&rotation.active), "the key was published before it signed");
    assert!(world.userinfo(text(&first, "access_token")).await.is_ok());
    let second = world.tokens(&app).await;
    assert_ne!(first_part(text(&first, "access_token")), first_part(text(&second, "access_token")));
    assert_eq!(published().await.len(), 3);
    let withdrawal = step(true).await;
    assert!(!published().await.contains(withdrawal.retired.as_ref().unwrap()));
    assert_eq!(world.userinfo(text(&second, "access_token")).await, Err("invalid_token"));
    assert!(world.userinfo(text(&first, "access_token")).await.is_ok(), "the key rotated before is not the one withdrawn");
    assert!(claims(text(&second, "access_token")).is_object());
}

fn first_part(token: &str) -> &str {
    token.split('.').next().unwrap()
}
