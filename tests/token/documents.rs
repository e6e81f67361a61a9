//! Metadata and keys as others fetch them.

use gantry_core::actor::Actor;
use gantry_core::clock::Clock as _;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::KeyState;
use gantry_oauth::keys;
use serde_json::Value;

use super::verification::{published_keys, verified};
use crate::support::{Answer, Gantry};

async fn get(gantry: &Gantry, url: &str) -> Answer {
    Answer::of(gantry.http.get(url).send().await.unwrap()).await
}

#[tokio::test]
async fn the_document_is_the_same_at_each_of_its_addresses() {
    let gantry = Gantry::start().await;
    for (issuer, addresses) in [
        (
            gantry.issuer(),
            ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"],
        ),
        (
            gantry.other_realm(),
            [
                "/realms/other/.well-known/openid-configuration",
                "/realms/other/.well-known/oauth-authorization-server",
                "/.well-known/oauth-authorization-server/realms/other",
            ],
        ),
    ] {
        let first = get(&gantry, &gantry.url(addresses[0])).await.ok();
        assert_eq!(first.json()["issuer"], issuer);
        assert!(first.headers["content-type"].to_str().unwrap().starts_with("application/json"));
        for address in addresses {
            assert_eq!(get(&gantry, &gantry.url(address)).await.ok().body, first.body, "{address}");
        }
    }
    assert_eq!(get(&gantry, &gantry.url("/realms/nowhere/.well-known/openid-configuration")).await.status, 404);
    assert_eq!(get(&gantry, &gantry.url("/.well-known/oauth-authorization-server/realms/nowhere")).await.status, 404);
}

#[tokio::test]
async fn every_endpoint_that_is_named_answers() {
    let gantry = Gantry::start().await;
    let document = get(&gantry, &gantry.url("/.well-known/openid-configuration")).await.ok().json();
    for (name, value) in document.as_object().unwrap() {
        if let Some(url) = value.as_str().filter(|_| name.ends_with("_endpoint") || name == "jwks_uri") {
            assert!(url.starts_with(&gantry.base), "{name}");
            assert_ne!(get(&gantry, url).await.status, 404, "{name}");
        }
    }
    for (member, unsupported) in
        [("request_parameter_supported", false), ("request_uri_parameter_supported", false), ("claims_parameter_supported", true)]
    {
        assert_eq!(document[member], Value::Bool(unsupported), "{member}");
    }
    assert!(document["scopes_supported"].as_array().unwrap().iter().any(|scope| scope == "orders:read"));
}

#[tokio::test]
async fn the_document_follows_the_realm() {
    let gantry = Gantry::start().await;
    gantry.change_realm(|settings| settings.branding.locales = vec!["de".to_owned()]).await;
    let document = get(&gantry, &gantry.url("/.well-known/openid-configuration")).await.ok().json();
    assert_eq!(document["ui_locales_supported"], serde_json::json!(["de"]));
}

/// Rotates, or withdraws, as the command line does beside a running server.
async fn next_key(gantry: &Gantry, withdraw: bool) {
    let (realm, now) = (gantry.realm_id().await, gantry.clock.now());
    let next = keys::generate(realm, SigningAlgorithm::Rs256, KeyState::Next, now).await.unwrap();
    let step = async |tx: &gantry_store::RealmTx| {
        if withdraw {
            keys::withdraw(tx, Actor::CommandLine, next, now).await
        } else {
            keys::rotate(tx, Actor::CommandLine, next, now).await
        }
    };
    gantry.store.transact(realm, step).await.unwrap();
    gantry.settle().await;
}

#[tokio::test]
async fn jwt_14_rotation_is_seamless_and_withdrawal_final() {
    let gantry = Gantry::start().await;
    let (worker, api) = (gantry.client("worker"), gantry.client("orders-api"));
    let audience = "https://api.example.test";
    let ahead = published_keys(&gantry).await;
    let before = worker.client_credentials("orders:read").await.ok().access_token();
    next_key(&gantry, false).await;
    let after = worker.client_credentials("orders:read").await.ok().access_token();
    let (old, new) = (verified(&gantry, &before, audience).await.0, verified(&gantry, &after, audience).await.0);
    assert_ne!(old.kid, new.kid);
    assert!(ahead.find(new.kid.as_deref().unwrap()).is_some(), "the new key was published before");
    assert!(api.is_active(&before).await && api.is_active(&after).await);
    next_key(&gantry, true).await;
    assert!(published_keys(&gantry).await.find(new.kid.as_deref().unwrap()).is_none());
    assert!(!api.is_active(&after).await);
    assert!(api.is_active(&before).await);
}
