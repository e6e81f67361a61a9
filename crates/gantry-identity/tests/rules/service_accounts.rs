//! Programs with keys to the admin API, and the answers that a repeated request is given.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::admin_scope::{AdminScope, AdminScopes};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::{RealmId, ServiceAccountId, UserId};
use gantry_core::paging::Find;
use gantry_core::secret::{Digest, SecretKind};
use gantry_identity::service_accounts::{self, ServiceAccountSettings};
use gantry_store::platform::Claimed;

use crate::world::World;

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> ErrorCode {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

fn settings(name: &str, scopes: &[AdminScope]) -> ServiceAccountSettings {
    ServiceAccountSettings { name: name.to_owned(), scopes: AdminScopes::of(scopes) }
}

#[tokio::test]
async fn a_key_works_until_it_or_its_account_ends() {
    let world = World::new().await;
    let (store, realm, actor) = (&world.store, world.realm.id, Actor::CommandLine);
    let works = async |key: &str| service_accounts::authenticate(store, key, world.now()).await.unwrap();
    let wanted = settings(" Deploy  bot ", &[AdminScope::ClientsRead]);
    let now = world.now();
    let (account, first, key) = store.transact(realm, async |tx| service_accounts::create(tx, actor, wanted, now).await).await.unwrap();
    assert_eq!(account.name, "Deploy bot");
    let caller = works(key.expose()).await.unwrap();
    assert_eq!(caller.actor, Actor::Service { account: account.id, realm: Some(realm), scopes: account.scopes });
    for wrong in ["", "gsk_", "gsk_x", SecretKind::ServiceKey.generate().expose(), &key.expose().to_uppercase()] {
        assert!(works(wrong).await.is_none(), "{wrong}");
    }
    let (_, second) = store.transact(realm, async |tx| service_accounts::add_key(tx, actor, account.id, now).await).await.unwrap();
    let third = store.transact(realm, async |tx| service_accounts::add_key(tx, actor, account.id, now).await).await;
    assert_eq!(code(third), ErrorCode::Conflict);
    let ends = now.plus(Duration::from_hours(1));
    store.transact(realm, async |tx| service_accounts::expire_key(tx, actor, account.id, first.id, ends, now).await).await.unwrap();
    assert!(works(key.expose()).await.is_some());
    world.clock.advance(Duration::from_hours(1));
    assert!(works(key.expose()).await.is_none() && works(second.expose()).await.is_some());
    let switch = async |on| {
        let now = world.now();
        store.transact(realm, async |tx| service_accounts::set_enabled(tx, actor, account.id, on, now).await).await.unwrap();
    };
    switch(false).await;
    assert!(works(second.expose()).await.is_none());
    switch(true).await;
    assert!(works(second.expose()).await.is_some());
    let known = service_accounts::list(&store.read(realm), actor, &Find::default()).await.unwrap();
    assert_eq!(known.items.len(), 1);
    assert_eq!(known.items[0].keys.len(), 2);
    assert!(known.items[0].keys.iter().all(|key| key.last_used_at.is_some()));
    store.transact(realm, async |tx| service_accounts::remove(tx, actor, account.id, now).await).await.unwrap();
    assert!(works(second.expose()).await.is_none());
}

#[tokio::test]
async fn only_operators_make_what_reaches_every_realm_and_programs_make_none() {
    let (here, system) = (World::new().await, World::with_slug("system").await);
    let user = UserId::new();
    let make = async |world: &World, actor| {
        let (wanted, now) = (settings("Bot", &[AdminScope::RealmWrite]), world.now());
        world.store.transact(world.realm.id, async |tx| service_accounts::create(tx, actor, wanted, now).await).await
    };
    let program = Actor::Service { account: ServiceAccountId::new(), realm: None, scopes: AdminScopes::of(AdminScope::ALL) };
    assert_eq!(code(make(&here, program).await), ErrorCode::Forbidden);
    assert_eq!(code(make(&here, Actor::RealmAdmin { user, realm: RealmId::new() }).await), ErrorCode::NotFound);
    assert_eq!(code(make(&system, Actor::RealmAdmin { user, realm: system.realm.id }).await), ErrorCode::Forbidden);
    let (_, _, key) = make(&here, Actor::RealmAdmin { user, realm: here.realm.id }).await.unwrap();
    let caller = service_accounts::authenticate(&here.store, key.expose(), here.now()).await.unwrap().unwrap();
    assert!(matches!(caller.actor, Actor::Service { realm: Some(_), .. }));
    let (_, _, key) = make(&system, Actor::Operator { user }).await.unwrap();
    let caller = service_accounts::authenticate(&system.store, key.expose(), system.now()).await.unwrap().unwrap();
    assert!(matches!(caller.actor, Actor::Service { realm: None, .. }));
    let again = make(&here, Actor::CommandLine).await;
    assert_eq!(code(again), ErrorCode::Conflict);
    let empty = here
        .store
        .transact(here.realm.id, async |tx| service_accounts::create(tx, Actor::CommandLine, settings("Empty", &[]), here.now()).await);
    assert_eq!(code(empty.await), ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn of_all_requests_under_one_key_at_most_one_acts() {
    let world = World::new().await;
    let (store, realm, now) = (&world.store, world.realm.id, world.now());
    let wanted = settings("Bot", &[AdminScope::RealmRead]);
    let (account, _, _) =
        store.transact(realm, async |tx| service_accounts::create(tx, Actor::CommandLine, wanted, now).await).await.unwrap();
    let request = Digest::of(b"POST /clients {}");
    let claim = async |request| store.platform().claim(account.id, "k1", request, world.now()).await.unwrap();
    let Claimed::Mine(lost) = claim(request).await else { panic!("the first claims") };
    assert!(matches!(claim(request).await, Claimed::InFlight));
    assert!(matches!(claim(Digest::of(b"another")).await, Claimed::OtherRequest));
    // Whoever never came back loses its claim, and can commit nothing under it any more.
    world.clock.advance(Duration::from_mins(2));
    let Claimed::Mine(taken) = claim(request).await else { panic!("a claim is taken over") };
    store
        .transact(realm, async |tx| {
            assert!(!tx.finish_claim(&lost, b"lost").await?);
            assert!(tx.finish_claim(&taken, b"answer").await?);
            assert!(!tx.finish_claim(&taken, b"twice").await?);
            Ok(())
        })
        .await
        .unwrap();
    store.platform().unclaim(&taken).await.unwrap();
    assert!(matches!(claim(request).await, Claimed::Answered(answer) if answer == b"answer"));
    world.clock.advance(Duration::from_hours(25));
    assert!(matches!(claim(request).await, Claimed::Mine(_)));
}
