//! What ends a key or a personal token: everything that it stands on, at once.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::Origin;
use gantry_core::clock::Clock as _;
use gantry_core::scope_set::ScopeSet;
use gantry_identity::realms;
use gantry_store::RealmTx;

use super::{app_key, bearer, personal_token, personal_tokens, revoke};
use crate::support::{Browser, Gantry, Person};

/// Whether introspection and forward auth both take it; they never differ.
async fn works(gantry: &Gantry, credential: &str) -> bool {
    let introspected = gantry.client("orders-api").is_active(credential).await;
    let (name, value) =
        if credential.starts_with("gak_") { (super::HEADER, credential.to_owned()) } else { ("Authorization", bearer(credential)) };
    let answer = super::ask(gantry, reqwest::Method::GET, "", &[(name, &value)]).await;
    assert_eq!(answer.status, if introspected { 200 } else { 401 }, "{credential}: {}", answer.body);
    introspected
}

#[tokio::test]
async fn an_app_key_ends_with_what_it_stands_on() {
    let gantry = Gantry::start().await;
    let (key, text) = app_key(&gantry, "worker", "orders:read", None).await;
    assert!(works(&gantry, &text).await);
    revoke(&gantry, &key).await;
    assert!(!works(&gantry, &text).await, "revoked");

    let later = gantry.clock.now().plus(Duration::from_hours(1));
    let (_, text) = app_key(&gantry, "worker", "orders:read", Some(later)).await;
    assert!(works(&gantry, &text).await);
    gantry.clock.advance(Duration::from_hours(1));
    gantry.settle().await;
    assert!(!works(&gantry, &text).await, "expired");

    let (_, text) = app_key(&gantry, "worker", "orders:read", None).await;
    let realm = gantry.realm_id().await;
    let mut client = gantry.store.read(realm).clients().find_by_client_id("worker").await.unwrap().unwrap();
    client.scopes = ScopeSet::from_names(["opaque:read"]);
    assert!(gantry.store.transact(realm, async |tx| Ok(tx.clients().update(&client).await?)).await.unwrap());
    assert!(!works(&gantry, &text).await, "its client lost the scope");

    let (_, text) = app_key(&gantry, "ledger", "orders:read", None).await;
    assert!(works(&gantry, &text).await);
    gantry.disable_client("ledger").await;
    assert!(!works(&gantry, &text).await, "its client is off");
}

#[tokio::test]
async fn a_personal_token_ends_with_what_it_stands_on() {
    let gantry = Gantry::start().await;
    let (token, text) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    assert!(works(&gantry, &text).await);
    let (alice, bob) = (gantry.user(Person::ALICE).await, gantry.user(Person::BOB).await);
    personal_tokens(&gantry).revoke(&bob, token.id, &Origin::default()).await.unwrap_err();
    assert!(works(&gantry, &text).await, "nobody ends another's");
    personal_tokens(&gantry).revoke(&alice, token.id, &Origin::default()).await.unwrap();
    assert!(!works(&gantry, &text).await, "revoked");

    let (_, text) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    gantry.clock.advance(Duration::from_hours(24 * 30));
    gantry.settle().await;
    assert!(!works(&gantry, &text).await, "expired");

    let (_, text) = personal_token(&gantry, Person::ALICE, "orders:read orders:write").await;
    gantry.change_realm(|settings| settings.personal_tokens.scopes = ScopeSet::from_names(["orders:write"])).await;
    let known = gantry.client("orders-api").introspect(&text).await.ok().json();
    assert_eq!(known["scope"], "orders:write", "what the realm takes back is gone from tokens too");
    gantry.change_realm(|settings| settings.personal_tokens.enabled = false).await;
    assert!(!works(&gantry, &text).await, "the realm has none any more");
    gantry.change_realm(|settings| settings.personal_tokens.enabled = true).await;
    assert!(works(&gantry, &text).await);
    gantry.disable(Person::ALICE).await;
    assert!(!works(&gantry, &text).await, "its owner is off");
}

#[tokio::test]
async fn a_reset_ends_personal_tokens_for_good() {
    let gantry = Gantry::start().await;
    let (_, text) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    gantry.apply("realm: {slug: default}\nusers: [{email: bob@example.com, name: Bob, password: quite another long password}]").await;
    assert!(works(&gantry, &text).await, "another person's password");
    gantry.apply("realm: {slug: default}\nusers: [{email: alice@example.com, name: Alice, password: quite another long password}]").await;
    assert!(!works(&gantry, &text).await);
    assert!(personal_tokens(&gantry).list(&gantry.user(Person::ALICE).await).await.unwrap().is_empty());
}

#[tokio::test]
async fn rtk_11_a_changed_password_ends_personal_tokens() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let (_, text) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    let (_, another) = personal_token(&gantry, Person::BOB, "orders:read").await;
    let page = Person::ALICE.sign_in(&browser, &browser.open(gantry.url("/account")).await).await;
    let passwords = [("current_password", Person::ALICE.password), ("password", "an even longer phrase")];
    let page = browser.submit(&page, "end-other-sessions", &[]).await;
    assert!(works(&gantry, &text).await, "signing out elsewhere leaves it: {}", page.html);
    let changed = browser.submit(&page, "password-save", &passwords).await;
    assert_eq!((changed.url.path(), changed.url.query()), ("/account", Some("notice=password-changed")), "{}", changed.html);
    assert!(!works(&gantry, &text).await && works(&gantry, &another).await);
    assert!(personal_tokens(&gantry).list(&gantry.user(Person::ALICE).await).await.unwrap().is_empty());
    let (_, new) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    assert!(works(&gantry, &new).await, "one that is made under the new password");
}

#[tokio::test]
async fn revoking_a_realms_tokens_takes_personal_ones_and_leaves_apps_their_keys() {
    let gantry = Gantry::start().await;
    let (_, key) = app_key(&gantry, "worker", "orders:read", None).await;
    let (_, token) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    gantry.clock.advance(Duration::from_secs(2));
    let now = gantry.clock.now();
    let revoke = async |tx: &RealmTx| realms::revoke_issued(tx, Actor::CommandLine, now).await;
    gantry.store.transact(gantry.realm_id().await, revoke).await.unwrap();
    assert!(!works(&gantry, &token).await && works(&gantry, &key).await);
}
