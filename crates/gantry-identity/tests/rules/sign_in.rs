//! Passwords: who gets in, who does not, and how often one may try.

use std::collections::HashSet;
use std::sync::Arc;

use gantry_core::actor::Actor;
use gantry_core::audit::AuditEvent;
use gantry_identity::sign_in::password::SignIn;
use gantry_identity::users::{self, UserChange};

use crate::world::{Browser, PASSWORD, World};

#[tokio::test]
async fn the_right_password_opens_a_session() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mut browser = Browser::new();
    let opened = world.sign_in(&mut browser, "Alice@Example.com").await;
    assert_eq!((opened.user.id, opened.session.user_id), (alice.id, alice.id));
    assert!(world.is_signed_in(&browser).await);
}

#[tokio::test]
async fn pre_10_whoever_may_not_sign_in_gets_one_answer() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    world.account("unproved@example.com", false).await;
    let off = world.person("off@example.com").await;
    let (change, now) = (UserChange { disabled: Some(true), ..UserChange::default() }, world.now());
    world.store.transact(world.realm.id, async |tx| users::update(tx, Actor::System, off.id, change, now).await).await.unwrap();
    for (email, password) in [
        ("alice@example.com", "not-her-password"),
        ("alice@example.com", ""),
        ("nobody@example.com", PASSWORD),
        ("unproved@example.com", PASSWORD),
        ("off@example.com", PASSWORD),
    ] {
        let answer = world.try_sign_in(&Browser::new(), email, password).await;
        assert!(matches!(answer, SignIn::Wrong), "{email}: {answer:?}");
    }
}

#[tokio::test]
async fn bru_01_while_throttled_the_right_password_is_like_a_wrong_one() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    // From ever new addresses, and in every spelling of the account.
    for n in 0..10 {
        let spelling = if n % 2 == 0 { "alice@example.com" } else { " ALICE@Example.COM" };
        assert!(matches!(world.try_sign_in(&Browser::at(&format!("192.0.2.{n}")), spelling, "wrong-guess").await, SignIn::Wrong));
    }
    for (n, password) in [(100, PASSWORD), (101, "wrong-guess")] {
        let answer = world.try_sign_in(&Browser::at(&format!("192.0.2.{n}")), "alice@example.com", password).await;
        assert!(matches!(answer, SignIn::Throttled { .. }), "{answer:?}");
    }
    let lines = world.store.read(world.realm.id).audit().list(None, 100).await.unwrap();
    assert_eq!(lines.iter().filter(|line| line.event == AuditEvent::SignInThrottled).count(), 1);
    assert_eq!(lines.iter().filter(|line| line.event == AuditEvent::SignInRefused).count(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bru_02_guesses_at_the_same_moment_are_counted_before_they_are_looked_at() {
    let world = Arc::new(World::new().await);
    world.person("alice@example.com").await;
    let guesses = (0..100).map(|n| {
        let world = Arc::clone(&world);
        async move {
            let browser = Browser::at(&format!("2001:db8:{n:x}::1"));
            !matches!(world.try_sign_in(&browser, "alice@example.com", "wrong-guess").await, SignIn::Throttled { .. })
        }
    });
    let mut running = tokio::task::JoinSet::new();
    guesses.for_each(|guess| drop(running.spawn(guess)));
    let evaluated = running.join_all().await.into_iter().filter(|evaluated| *evaluated).count();
    assert_eq!(evaluated, 10);
}

#[tokio::test]
async fn bru_03_strangers_do_not_lock_a_known_device_out() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let mut known = Browser::new();
    world.sign_in(&mut known, "alice@example.com").await;
    for _ in 0..12 {
        world.try_sign_in(&Browser::at("198.51.100.1"), "alice@example.com", "wrong-guess").await;
    }
    world.sign_in(&mut known, "alice@example.com").await;
    // Her success gives strangers no new tries.
    assert!(matches!(world.try_sign_in(&Browser::at("198.51.100.2"), "alice@example.com", PASSWORD).await, SignIn::Throttled { .. }));
    // The cookie counts for her browser and her account alone.
    let mut stolen = Browser::new();
    stolen.devices.clone_from(&known.devices);
    assert!(matches!(world.try_sign_in(&stolen, "alice@example.com", PASSWORD).await, SignIn::Throttled { .. }));
    // And it is not endless either.
    for _ in 0..10 {
        assert!(matches!(world.try_sign_in(&known, "alice@example.com", "wrong-guess").await, SignIn::Wrong));
    }
    assert!(matches!(world.try_sign_in(&known, "alice@example.com", PASSWORD).await, SignIn::Throttled { .. }));
}

#[tokio::test]
async fn right_passwords_use_up_no_tries() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let mut ids = HashSet::new();
    for _ in 0..15 {
        ids.insert(world.sign_in(&mut Browser::new(), "alice@example.com").await.session.id);
    }
    assert_eq!(ids.len(), 15);
}

#[tokio::test]
async fn an_address_that_tries_account_after_account_is_slowed_down() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let attacker = Browser::at("203.0.113.9");
    for n in 0..100 {
        let answer = world.try_sign_in(&attacker, &format!("user{n}@example.com"), "guess-of-the-day").await;
        assert!(matches!(answer, SignIn::Wrong), "{n}");
    }
    assert!(matches!(world.try_sign_in(&attacker, "alice@example.com", PASSWORD).await, SignIn::Throttled { .. }));
    world.sign_in(&mut Browser::new(), "alice@example.com").await;
}

#[tokio::test]
async fn a_realm_without_passwords_takes_none() {
    let mut world = World::new().await;
    world.person("alice@example.com").await;
    world.realm.settings.sign_in.password = false;
    let (email, password) = (crate::world::address("alice@example.com"), gantry_core::secret::Secret::new(PASSWORD));
    let typed = gantry_identity::sign_in::password::Credentials { email: &email, password: &password, remember: false };
    assert!(world.identity.sign_in_with_password(&world.realm, typed, &Browser::new().visit()).await.is_err());
}
