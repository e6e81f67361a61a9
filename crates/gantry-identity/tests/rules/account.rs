//! A person's own account.

use gantry_core::audit::Origin;
use gantry_core::outbox::MailKind;
use gantry_core::secret::Secret;
use gantry_core::user::User;
use gantry_identity::account::{PasswordChange, TypedPasswords};
use gantry_identity::recovery::ChangedMail;
use gantry_identity::sign_in::password::SignIn;

use crate::world::{Browser, PASSWORD, World};

const NEW: &str = "an-even-longer-phrase";

async fn change(world: &World, user: &User, browser: &Browser, current: &str, new: &str) -> PasswordChange {
    let (current, new) = (Secret::new(current), Secret::new(new));
    let (typed, mail) = (TypedPasswords { current: &current, new: &new }, ChangedMail { locale: "en", reset: "https://x/reset" });
    world.identity.change_password(&world.realm, user, typed, mail, &browser.visit()).await.unwrap()
}

#[tokio::test]
async fn one_ends_ones_own_sessions_and_no_others() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice@example.com").await, world.person("bob@example.com").await);
    let (mut here, mut there, mut of_bob) = (Browser::new(), Browser::new(), Browser::new());
    world.sign_in(&mut here, "alice@example.com").await;
    let session = world.sign_in(&mut there, "alice@example.com").await.session.id;
    world.sign_in(&mut of_bob, "bob@example.com").await;
    assert!(world.identity.end_session(&bob, session, &Origin::default()).await.is_err());
    assert!(world.is_signed_in(&there).await);
    world.identity.end_session(&alice, session, &Origin::default()).await.unwrap();
    assert!(!world.is_signed_in(&there).await && world.is_signed_in(&here).await);
    assert!(world.identity.end_session(&alice, session, &Origin::default()).await.is_err(), "it has ended");
}

#[tokio::test]
async fn one_ends_all_sessions_but_this() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    world.person("bob@example.com").await;
    let (mut here, mut there, mut of_bob) = (Browser::new(), Browser::new(), Browser::new());
    let session = world.sign_in(&mut here, "alice@example.com").await.session.id;
    world.sign_in(&mut there, "alice@example.com").await;
    world.sign_in(&mut of_bob, "bob@example.com").await;
    world.identity.end_other_sessions(&alice, session, &Origin::default()).await.unwrap();
    assert!(world.is_signed_in(&here).await && !world.is_signed_in(&there).await && world.is_signed_in(&of_bob).await);
    let left = world.identity.sessions_of(&world.realm, &alice).await.unwrap();
    assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), [session]);
}

#[tokio::test]
async fn rtk_11_a_changed_password_puts_everybody_else_out() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let (mut here, mut there) = (Browser::new(), Browser::new());
    world.sign_in(&mut there, "alice@example.com").await;
    let before = world.sign_in(&mut here, "alice@example.com").await;
    let PasswordChange::Done(opened) = change(&world, &alice, &here, PASSWORD, NEW).await else { panic!("not changed") };
    assert_ne!(opened.session.id, before.session.id);
    assert!(!world.is_signed_in(&here).await, "the old cookie is dead");
    here.keep(*opened);
    assert!(world.is_signed_in(&here).await && !world.is_signed_in(&there).await);
    assert!(matches!(world.try_sign_in(&Browser::new(), "alice@example.com", PASSWORD).await, SignIn::Wrong));
    let mails = world.mails().await;
    assert!(matches!(mails.as_slice(), [mail] if matches!(mail.kind, MailKind::PasswordChanged { .. })), "{mails:?}");
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mut here = Browser::new();
    world.sign_in(&mut here, "alice@example.com").await;
    assert!(matches!(change(&world, &alice, &here, "not-the-one", NEW).await, PasswordChange::WrongCurrent));
    assert!(matches!(change(&world, &alice, &here, PASSWORD, PASSWORD).await, PasswordChange::Same));
    assert!(matches!(change(&world, &alice, &here, PASSWORD, "alice1234").await, PasswordChange::Weak(_)));
    // The device is known by now: its own tries run out, as on the sign-in page.
    for _ in 0..10 {
        change(&world, &alice, &here, "not-the-one", NEW).await;
    }
    assert!(matches!(change(&world, &alice, &here, PASSWORD, NEW).await, PasswordChange::Throttled { .. }));
    assert!(world.is_signed_in(&here).await);
}

#[tokio::test]
async fn a_name_misleads_nobody() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let name = async || world.store.read(world.realm.id).users().find(alice.id).await.unwrap().unwrap().profile.name;
    assert!(world.identity.rename(&alice, " Alice  Miller ", &Origin::default()).await.unwrap().is_ok());
    assert_eq!(name().await.as_deref(), Some("Alice Miller"));
    assert!(world.identity.rename(&alice, "Alice\r\nBcc: eve@example.com", &Origin::default()).await.unwrap().is_err());
    assert_eq!(name().await.as_deref(), Some("Alice Miller"));
    assert!(world.identity.rename(&alice, "", &Origin::default()).await.unwrap().is_ok());
    assert_eq!(name().await, None);
}
