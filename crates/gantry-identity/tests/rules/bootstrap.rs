//! The first operator, and admins made from the command line.

use gantry_core::secret::{Secret, SecretKind};
use gantry_core::user::RealmRole;
use gantry_identity::bootstrap::{AdminProof, FirstOperator, NoAdmin};
use gantry_identity::recovery::{ChangedMail, Reset};
use gantry_identity::sign_in::password::SignIn;

use crate::world::{Browser, PASSWORD, World, address};

async fn create(world: &World, token: &Secret, password: &str) -> FirstOperator {
    let (email, password) = (address("operator@example.com"), Secret::new(password));
    world.identity.create_first_operator(&world.realm, token, &email, &password, &Browser::new().visit()).await.unwrap()
}

#[tokio::test]
async fn bru_15_the_link_makes_one_operator_once() {
    let world = World::with_slug("system").await;
    assert!(!world.store.read(world.realm.id).users().any_with_role(RealmRole::Operator).await.unwrap(), "there is no default account");
    let older = world.identity.first_operator_link(world.realm.id).await.unwrap().unwrap();
    let token = world.identity.first_operator_link(world.realm.id).await.unwrap().unwrap();
    assert!(!world.identity.first_operator_awaited(&world.realm, &older).await.unwrap());
    assert!(matches!(create(&world, &older, PASSWORD).await, FirstOperator::Dead));
    assert!(matches!(create(&world, &SecretKind::ActionLink.generate(), PASSWORD).await, FirstOperator::Dead));
    assert!(matches!(create(&world, &token, "password1").await, FirstOperator::Weak(_)));
    let FirstOperator::Done(opened) = create(&world, &token, PASSWORD).await else { panic!("not made") };
    assert_eq!(opened.user.roles, [RealmRole::Operator]);
    assert!(matches!(create(&world, &token, PASSWORD).await, FirstOperator::Dead));
    assert!(world.identity.first_operator_link(world.realm.id).await.unwrap().is_none(), "no more links");
    world.sign_in(&mut Browser::new(), "operator@example.com").await;
}

#[tokio::test]
async fn bru_15_the_link_ends_after_an_hour() {
    let world = World::with_slug("system").await;
    let token = world.identity.first_operator_link(world.realm.id).await.unwrap().unwrap();
    world.advance(60);
    assert!(!world.identity.first_operator_awaited(&world.realm, &token).await.unwrap());
    assert!(matches!(create(&world, &token, PASSWORD).await, FirstOperator::Dead));
}

#[tokio::test]
async fn an_admin_is_made_with_a_password_or_a_link() {
    let world = World::new().await;
    let email = address("admin@example.com");
    let weak = Secret::new("password1");
    assert!(matches!(world.identity.create_admin(&world.realm, &email, AdminProof::Password(&weak)).await, Err(NoAdmin::Weak(_))));
    let created = world.identity.create_admin(&world.realm, &email, AdminProof::Link).await.unwrap();
    assert_eq!(created.user.roles, [RealmRole::RealmAdmin]);
    let mail = ChangedMail { locale: "en", reset: "https://x/reset" };
    let visit = Browser::new();
    let reset = world.identity.reset_password(&world.realm, &created.token.unwrap(), &Secret::new(PASSWORD), mail, &visit.visit()).await;
    assert!(matches!(reset.unwrap(), Reset::Done { .. }));
    world.sign_in(&mut Browser::new(), "admin@example.com").await;
}

#[tokio::test]
async fn a_person_becomes_admin_and_a_given_password_replaces_theirs() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let new = Secret::new("the-admins-new-phrase");
    let created = world.identity.create_admin(&world.realm, &alice.email, AdminProof::Password(&new)).await.unwrap();
    assert_eq!((created.user.id, created.user.roles.as_slice()), (alice.id, &[RealmRole::RealmAdmin][..]));
    assert!(matches!(world.try_sign_in(&Browser::new(), "alice@example.com", PASSWORD).await, SignIn::Wrong));
    assert!(matches!(world.try_sign_in(&Browser::new(), "alice@example.com", new.expose()).await, SignIn::Done(_)));
}
