//! Sessions: when they end, and that they never change hands.

use gantry_core::actor::Actor;
use gantry_core::secret::{Secret, SecretKind};
use gantry_identity::users::{self, UserChange};

use crate::world::{Browser, World};

#[tokio::test]
async fn ses_01_every_sign_in_gives_another_id_and_another_cookie() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let mut browser = Browser::new();
    let first = world.sign_in(&mut browser, "alice@example.com").await;
    let second = world.sign_in(&mut browser, "alice@example.com").await;
    assert_ne!(first.session.id, second.session.id);
    assert!(world.identity.find_live(&world.realm, &first.cookie).await.unwrap().is_none());
    assert!(world.is_signed_in(&browser).await);
}

#[tokio::test]
async fn ses_01_a_planted_cookie_is_never_taken_over() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let planted = SecretKind::Session.generate();
    let mut browser = Browser::new();
    browser.session = Some(planted.clone());
    let opened = world.sign_in(&mut browser, "alice@example.com").await;
    assert_ne!(opened.cookie.expose(), planted.expose());
    assert!(world.identity.find_live(&world.realm, &planted).await.unwrap().is_none());
}

#[tokio::test]
async fn ses_06_another_person_gets_another_session_and_the_first_ends() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let bob = world.person("bob@example.com").await;
    let mut browser = Browser::new();
    let of_alice = world.sign_in(&mut browser, "alice@example.com").await;
    let of_bob = world.sign_in(&mut browser, "bob@example.com").await;
    assert_ne!(of_alice.session.id, of_bob.session.id);
    assert!(world.identity.find_live(&world.realm, &of_alice.cookie).await.unwrap().is_none());
    assert_eq!(world.identity.find_live(&world.realm, &of_bob.cookie).await.unwrap().unwrap().1.id, bob.id);
}

#[tokio::test]
async fn ses_11_other_secrets_are_no_session() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let opened = world.sign_in(&mut Browser::new(), "alice@example.com").await;
    for cookie in [
        Secret::new(""),
        Secret::new(opened.session.id.to_string()),
        Secret::new(format!("{}A", opened.cookie.expose())),
        SecretKind::AccessToken.generate(),
        SecretKind::Session.generate(),
    ] {
        assert!(world.identity.find_live(&world.realm, &cookie).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_session_of_one_realm_is_none_in_another() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let opened = world.sign_in(&mut Browser::new(), "alice@example.com").await;
    let other = world.other_realm().await;
    assert!(world.identity.find_live(&other, &opened.cookie).await.unwrap().is_none());
}

#[tokio::test]
async fn ses_12_a_disabled_person_is_out_at_once_and_for_good() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mut browser = Browser::new();
    world.sign_in(&mut browser, "alice@example.com").await;
    for disabled in [true, false] {
        let (change, now) = (UserChange { disabled: Some(disabled), ..UserChange::default() }, world.now());
        world.store.transact(world.realm.id, async |tx| users::update(tx, Actor::System, alice.id, change, now).await).await.unwrap();
        assert!(!world.is_signed_in(&browser).await, "disabled: {disabled}");
    }
}

#[tokio::test]
async fn ses_14_an_unused_session_ends_and_a_used_one_goes_on_to_its_end() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let (mut used, mut unused) = (Browser::new(), Browser::new());
    world.sign_in(&mut used, "alice@example.com").await;
    world.sign_in(&mut unused, "alice@example.com").await;
    for _ in 0..3 {
        world.advance(7 * 60);
        assert!(world.is_signed_in(&used).await);
    }
    assert!(!world.is_signed_in(&unused).await, "idle for 21 hours");
    world.advance(3 * 60);
    assert!(!world.is_signed_in(&used).await, "24 hours old");
}

#[tokio::test]
async fn ses_14_present_policy_cuts_old_sessions() {
    let mut world = World::new().await;
    world.person("alice@example.com").await;
    let mut remembered = Browser::new();
    remembered.remember = true;
    assert!(world.sign_in(&mut remembered, "alice@example.com").await.session.remembered);
    world.advance(5 * 24 * 60);
    assert!(world.is_signed_in(&remembered).await);
    world.realm.settings.sign_in.remember = false;
    assert!(!world.is_signed_in(&remembered).await, "remembering was switched off");
    world.realm.settings.sign_in.remember = true;
    world.realm.settings.sign_in.remembered_lifetime = 2 * 86_400;
    assert!(!world.is_signed_in(&remembered).await, "remembering was shortened");
}

#[tokio::test]
async fn where_remembering_is_not_offered_nobody_is_remembered() {
    let mut world = World::new().await;
    world.person("alice@example.com").await;
    world.realm.settings.sign_in.remember = false;
    let mut browser = Browser::new();
    browser.remember = true;
    assert!(!world.sign_in(&mut browser, "alice@example.com").await.session.remembered);
}

#[tokio::test]
async fn res_03_a_person_has_a_hundred_sessions_at_most() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mut first = Browser::new();
    world.sign_in(&mut first, "alice@example.com").await;
    for _ in 0..100 {
        world.advance(1);
        world.sign_in(&mut Browser::new(), "alice@example.com").await;
    }
    assert!(!world.is_signed_in(&first).await);
    assert_eq!(world.identity.sessions_of(&world.realm, &alice).await.unwrap().len(), 100);
}

#[tokio::test]
async fn a_use_is_noted_once_a_minute() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let mut browser = Browser::new();
    let opened = world.sign_in(&mut browser, "alice@example.com").await;
    let noted = async || world.store.read(world.realm.id).sessions().find(opened.session.id).await.unwrap().unwrap().last_used_at;
    assert!(world.is_signed_in(&browser).await);
    assert_eq!(noted().await, opened.session.last_used_at);
    world.advance(2);
    assert!(world.is_signed_in(&browser).await);
    assert!(noted().await > opened.session.last_used_at);
}
