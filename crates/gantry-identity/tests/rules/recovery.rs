//! Getting back in by mail.

use gantry_core::actor::Actor;
use gantry_core::outbox::MailKind;
use gantry_core::secret::{Secret, SecretKind};
use gantry_identity::Identity;
use gantry_identity::recovery::{ChangedMail, Reset, ResetMail};
use gantry_identity::sign_in::password::SignIn;
use gantry_identity::users::{self, UserChange};

use crate::world::{Browser, PASSWORD, World, address};

const NEW: &str = "an-even-longer-phrase";

async fn ask(world: &World, identity: &Identity, email: &str) {
    let mail = ResetMail { locale: "en", link_to: "https://x/reset?token=", resume: Some("arq_1") };
    identity.request_reset(&world.realm, &address(email), mail, &Browser::new().visit()).await.unwrap();
}

async fn set(world: &World, token: &Secret, password: &str) -> Reset {
    let mail = ChangedMail { locale: "en", reset: "https://x/reset" };
    world.identity.reset_password(&world.realm, token, &Secret::new(password), mail, &Browser::new().visit()).await.unwrap()
}

#[tokio::test]
async fn pre_02_a_reset_puts_everybody_else_out() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let mut attacker = Browser::at("203.0.113.1");
    world.sign_in(&mut attacker, "alice@example.com").await;
    ask(&world, &world.identity, "alice@example.com").await;
    let token = world.mailed_token().await;
    let pending = world.identity.pending_reset(&world.realm, &token).await.unwrap().unwrap();
    assert_eq!((pending.user.email, pending.password_least), (address("alice@example.com"), 8));
    assert!(matches!(set(&world, &token, NEW).await, Reset::Done { resume: Some(request) } if request == "arq_1"));
    assert!(!world.is_signed_in(&attacker).await);
    assert!(matches!(world.try_sign_in(&Browser::new(), "alice@example.com", PASSWORD).await, SignIn::Wrong));
    assert!(matches!(world.try_sign_in(&Browser::new(), "alice@example.com", NEW).await, SignIn::Done(_)));
    let mails = world.mails().await;
    assert!(matches!(mails.as_slice(), [mail] if matches!(mail.kind, MailKind::PasswordChanged { .. })), "{mails:?}");
}

#[tokio::test]
async fn pre_07_a_link_works_once_and_not_after_a_newer_one() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    ask(&world, &world.identity, "alice@example.com").await;
    let older = world.mailed_token().await;
    ask(&world, &world.neighbour().await, "alice@example.com").await;
    let newer = world.mailed_token().await;
    assert!(matches!(set(&world, &older, NEW).await, Reset::Dead));
    assert!(matches!(set(&world, &newer, "short").await, Reset::Weak { .. }), "and a weak password does not use it up");
    assert!(matches!(set(&world, &newer, NEW).await, Reset::Done { .. }));
    assert!(matches!(set(&world, &newer, "yet-another-phrase").await, Reset::Dead));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pre_07_one_of_many_uses_at_the_same_moment_succeeds() {
    let world = std::sync::Arc::new(World::new().await);
    world.person("alice@example.com").await;
    ask(&world, &world.identity, "alice@example.com").await;
    let token = world.mailed_token().await;
    let mut running = tokio::task::JoinSet::new();
    for n in 0..16 {
        let (world, token) = (world.clone(), token.clone());
        running.spawn(async move { matches!(set(&world, &token, &format!("phrase-number-{n}")).await, Reset::Done { .. }) });
    }
    assert_eq!(running.join_all().await.into_iter().filter(|done| *done).count(), 1);
}

#[tokio::test]
async fn pre_07_a_link_ends_after_half_an_hour_and_with_the_address() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    ask(&world, &world.identity, "alice@example.com").await;
    let token = world.mailed_token().await;
    let (change, now) =
        (UserChange { email: Some(address("a@example.com")), email_verified: Some(true), ..UserChange::default() }, world.now());
    world.store.transact(world.realm.id, async |tx| users::update(tx, Actor::System, alice.id, change, now).await).await.unwrap();
    assert!(matches!(set(&world, &token, NEW).await, Reset::Dead));
    ask(&world, &world.identity, "a@example.com").await;
    let token = world.mailed_token().await;
    world.advance(30);
    assert!(matches!(set(&world, &token, NEW).await, Reset::Dead));
}

#[tokio::test]
async fn only_a_proved_address_gets_a_link() {
    let world = World::new().await;
    world.account("unproved@example.com", false).await;
    let off = world.person("off@example.com").await;
    let (change, now) = (UserChange { disabled: Some(true), ..UserChange::default() }, world.now());
    world.store.transact(world.realm.id, async |tx| users::update(tx, Actor::System, off.id, change, now).await).await.unwrap();
    for email in ["nobody@example.com", "unproved@example.com", "off@example.com"] {
        ask(&world, &world.identity, email).await;
    }
    assert!(world.mails().await.is_empty());
}

#[tokio::test]
async fn pre_08_no_other_token_opens_the_page() {
    let world = World::new().await;
    let browser = Browser::new();
    world.sign_up(&browser, "alice@example.com", PASSWORD).await;
    let of_sign_up = world.mailed_token().await;
    for token in [of_sign_up, Secret::new(""), SecretKind::ActionLink.generate(), SecretKind::Session.generate()] {
        assert!(world.identity.pending_reset(&world.realm, &token).await.unwrap().is_none());
        assert!(matches!(set(&world, &token, NEW).await, Reset::Dead));
    }
}

#[tokio::test]
async fn pre_20_a_flood_of_requests_is_one_mail() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    for _ in 0..20 {
        ask(&world, &world.identity, "alice@example.com").await;
    }
    assert_eq!(world.mails().await.len(), 1);
}
