//! Sign-up and the proof of an address.

use gantry_core::outbox::MailKind;
use gantry_core::secret::{Secret, SecretKind};
use gantry_identity::sign_in::password::SignIn;
use gantry_identity::verification::Verification;

use crate::world::{Browser, PASSWORD, World, address, token_in};

async fn verify(world: &World, browser: &Browser, token: &Secret, password: Option<&str>) -> Verification {
    let password = password.map(Secret::new);
    world.identity.verify_email(&world.realm, token, password.as_ref(), &browser.visit()).await.unwrap()
}

#[tokio::test]
async fn a_new_account_works_once_its_address_is_proved() {
    let world = World::new().await;
    let mut browser = Browser::new();
    world.sign_up(&browser, "alice@example.com", PASSWORD).await;
    assert!(matches!(world.try_sign_in(&browser, "alice@example.com", PASSWORD).await, SignIn::Wrong));
    let token = world.mailed_token().await;
    // Looking changes nothing.
    for _ in 0..2 {
        let pending = world.identity.pending_verification(&world.realm, &token, browser.digest).await.unwrap().unwrap();
        assert_eq!((pending.email, pending.needs_password), (address("alice@example.com"), false));
    }
    let Verification::Done { opened, .. } = verify(&world, &browser, &token, None).await else { panic!("not proved") };
    browser.keep(*opened);
    assert!(world.is_signed_in(&browser).await);
    assert!(matches!(verify(&world, &browser, &token, None).await, Verification::Dead));
    world.sign_in(&mut Browser::new(), "alice@example.com").await;
}

#[tokio::test]
async fn pre_01_another_browser_has_to_know_the_password() {
    let world = World::new().await;
    world.sign_up(&Browser::new(), "alice@example.com", PASSWORD).await;
    let token = world.mailed_token().await;
    let elsewhere = Browser::at("198.51.100.7");
    assert!(world.identity.pending_verification(&world.realm, &token, elsewhere.digest).await.unwrap().unwrap().needs_password);
    assert!(matches!(verify(&world, &elsewhere, &token, None).await, Verification::WrongPassword(_)));
    assert!(matches!(verify(&world, &elsewhere, &token, Some("not-the-one")).await, Verification::WrongPassword(_)));
    assert!(matches!(verify(&world, &elsewhere, &token, Some(PASSWORD)).await, Verification::Done { .. }));
}

#[tokio::test]
async fn pre_01_a_proof_voids_what_others_made_of_the_address() {
    let world = World::new().await;
    let attacker = Browser::at("203.0.113.1");
    world.sign_up(&attacker, "victim@example.com", "the-attackers-own").await;
    let of_attacker = world.mailed_token().await;
    let victim = Browser::new();
    let neighbour = world.neighbour().await;
    let account = gantry_identity::sign_up::NewAccount::check(&world.realm, "victim@example.com", "", &Secret::new(PASSWORD)).unwrap();
    let mail = gantry_identity::sign_up::SignUpMail { locale: "en", link_to: "?token=", sign_in: "", reset: "", resume: None };
    neighbour.sign_up(&world.realm, account, mail, &victim.visit()).await.unwrap();
    let of_victim = world.mailed_token().await;
    assert!(matches!(verify(&world, &victim, &of_victim, None).await, Verification::Done { .. }));
    assert!(matches!(verify(&world, &attacker, &of_attacker, None).await, Verification::Dead));
    assert!(matches!(world.try_sign_in(&attacker, "victim@example.com", "the-attackers-own").await, SignIn::Wrong));
    assert!(world.store.read(world.realm.id).users().list_unverified(&address("victim@example.com")).await.unwrap().is_empty());
    world.sign_in(&mut Browser::new(), "victim@example.com").await;
}

#[tokio::test]
async fn pre_10_a_known_address_gets_no_second_account_but_a_mail() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    world.sign_up(&Browser::new(), "alice@example.com", "another-long-phrase").await;
    let mails = world.mails().await;
    assert!(matches!(mails.as_slice(), [mail] if matches!(mail.kind, MailKind::AlreadyRegistered { .. })), "{mails:?}");
    assert!(world.store.read(world.realm.id).users().list_unverified(&address("alice@example.com")).await.unwrap().is_empty());
    world.sign_in(&mut Browser::new(), "alice@example.com").await;
}

#[tokio::test]
async fn pre_13_an_address_that_another_proved_meanwhile_is_not_proved_again() {
    let world = World::new().await;
    let browser = Browser::new();
    world.sign_up(&browser, "alice@example.com", PASSWORD).await;
    let token = world.mailed_token().await;
    world.person("alice@example.com").await;
    assert!(matches!(verify(&world, &browser, &token, None).await, Verification::Dead));
}

#[tokio::test]
async fn a_link_ends_after_a_day_and_works_in_its_realm_alone() {
    let world = World::new().await;
    let browser = Browser::new();
    world.sign_up(&browser, "alice@example.com", PASSWORD).await;
    let token = world.mailed_token().await;
    let other = world.other_realm().await;
    assert!(world.identity.pending_verification(&other, &token, browser.digest).await.unwrap().is_none());
    for token in [Secret::new(""), Secret::new("x"), SecretKind::ActionLink.generate()] {
        assert!(matches!(verify(&world, &browser, &token, None).await, Verification::Dead));
    }
    world.advance(24 * 60);
    assert!(matches!(verify(&world, &browser, &token, None).await, Verification::Dead));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_uses_at_the_same_moment_succeeds() {
    let world = std::sync::Arc::new(World::new().await);
    let browser = std::sync::Arc::new(Browser::new());
    world.sign_up(&browser, "alice@example.com", PASSWORD).await;
    let token = world.mailed_token().await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (world, browser, token) = (world.clone(), browser.clone(), token.clone());
        running.spawn(async move { matches!(verify(&world, &browser, &token, None).await, Verification::Done { .. }) });
    }
    assert_eq!(running.join_all().await.into_iter().filter(|done| *done).count(), 1);
}

#[tokio::test]
async fn pre_20_a_flood_of_sign_ups_is_one_mail_and_one_account() {
    let world = World::new().await;
    for n in 0..20 {
        world.sign_up(&Browser::at(&format!("192.0.2.{n}")), "Alice@example.com", PASSWORD).await;
    }
    let mails = world.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(world.store.read(world.realm.id).users().list_unverified(&address("alice@example.com")).await.unwrap().len(), 1);
    assert!(token_in(&mails[0]).expose().starts_with("gal_"));
}
