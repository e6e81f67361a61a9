//! What admins may do, and to whom.

use gantry_core::actor::Actor;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::{RealmId, UserId};
use gantry_core::tenant::{AppPolicy, SignInRule, TenantRole};
use gantry_core::user::{Profile, RealmRole};
use gantry_identity::members::{self, MemberSettings};
use gantry_identity::realms as realm_rules;
use gantry_identity::realms::{self, NewRealm, RealmChange};
use gantry_identity::tenants::{self, NewTenant, TenantSettings};
use gantry_identity::users::{self, NewUser, UserChange};

use crate::world::{World, address};

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> ErrorCode {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_slug_is_one_realms() {
    let world = World::new().await;
    let now = world.now();
    let new = |slug: &str| NewRealm {
        slug: slug.to_owned(),
        name: "Other".to_owned(),
        hosts: Vec::new(),
        settings: world.realm.settings.clone(),
    };
    let make =
        async |slug: &str, actor| world.store.transact(RealmId::new(), async |tx| realms::create(tx, actor, new(slug), now).await).await;
    assert_eq!(code(make("default", Actor::System).await), ErrorCode::Conflict);
    assert_eq!(code(make("Not a slug", Actor::System).await), ErrorCode::InvalidRequest);
    assert_eq!(code(make("system", Actor::CommandLine).await), ErrorCode::InvalidRequest);
    let fleet = make("fleet", Actor::CommandLine).await.unwrap();
    let connections = world.store.read(fleet.id).connections().list().await.unwrap();
    assert_eq!(connections.len(), 1, "a realm has its password connection from the first moment");
}

#[tokio::test]
async fn a_stale_change_of_a_realm_is_refused() {
    let world = World::new().await;
    let (id, now) = (world.realm.id, world.now());
    let change = |name: &str| RealmChange { name: name.to_owned(), hosts: Vec::new(), settings: world.realm.settings.clone() };
    let update = async |version, name: &str| {
        world.store.transact(id, async |tx| realm_rules::update(tx, Actor::System, version, change(name), now).await).await
    };
    let changed = update(world.realm.version, "First").await.unwrap();
    assert_eq!(code(update(world.realm.version, "Second").await), ErrorCode::Conflict);
    assert_eq!(update(changed.version, "Third").await.unwrap().name, "Third");
}

#[tokio::test]
async fn an_admin_ends_what_their_own_realm_has_issued_and_a_stale_change_does_not_bring_it_back() {
    let world = World::new().await;
    let (id, now) = (world.realm.id, world.now());
    let revoke = async |actor| world.store.transact(id, async |tx| realm_rules::revoke_issued(tx, actor, now).await).await;
    assert_eq!(code(revoke(Actor::User { user: UserId::new(), realm: id }).await), ErrorCode::Forbidden);
    assert_eq!(code(revoke(Actor::RealmAdmin { user: UserId::new(), realm: RealmId::new() }).await), ErrorCode::NotFound);
    revoke(Actor::RealmAdmin { user: UserId::new(), realm: id }).await.unwrap();
    let change = RealmChange { name: "Stale".to_owned(), hosts: Vec::new(), settings: world.realm.settings.clone() };
    let stale = world.store.transact(id, async |tx| realm_rules::update(tx, Actor::System, world.realm.version, change, now).await).await;
    assert_eq!(code(stale), ErrorCode::Conflict);
    let realm = world.store.read(id).realms().find().await.unwrap().unwrap();
    assert_eq!(realm.not_before, Some(now));
    assert!(realm.stands_since(now) && !realm.stands_since(now.minus(std::time::Duration::from_millis(1))));
}

#[tokio::test]
async fn nobody_gives_a_role_above_their_own() {
    let world = World::new().await;
    let (id, now) = (world.realm.id, world.now());
    let alice = world.person("alice@example.com").await;
    let give = async |actor, role| {
        let change = UserChange { roles: Some(vec![role]), ..UserChange::default() };
        world.store.transact(id, async |tx| users::update(tx, actor, alice.id, change, now).await).await
    };
    let admin = Actor::RealmAdmin { user: UserId::new(), realm: id };
    assert_eq!(code(give(admin, RealmRole::Operator).await), ErrorCode::Forbidden);
    assert_eq!(code(give(Actor::User { user: alice.id, realm: id }, RealmRole::RealmAdmin).await), ErrorCode::Forbidden);
    assert_eq!(code(give(Actor::System, RealmRole::Operator).await), ErrorCode::InvalidRequest, "operators live in `system`");
    assert!(give(admin, RealmRole::RealmAdmin).await.is_ok());
    let elsewhere = Actor::RealmAdmin { user: UserId::new(), realm: RealmId::new() };
    assert_eq!(code(give(elsewhere, RealmRole::RealmAdmin).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_proved_address_is_one_persons() {
    let world = World::new().await;
    let now = world.now();
    world.person("alice@example.com").await;
    let new = |email_verified| NewUser {
        email: address("alice@example.com"),
        email_verified,
        profile: Profile::default(),
        roles: Vec::new(),
        password: None,
    };
    let make =
        async |verified| world.store.transact(world.realm.id, async |tx| users::create(tx, Actor::System, new(verified), now).await).await;
    assert_eq!(code(make(true).await), ErrorCode::Conflict);
    let unproved = make(false).await.unwrap();
    let change = UserChange { email_verified: Some(true), ..UserChange::default() };
    let proved = world.store.transact(world.realm.id, async |tx| users::update(tx, Actor::System, unproved.id, change, now).await).await;
    assert_eq!(code(proved), ErrorCode::Conflict);
}

#[tokio::test]
async fn bru_16_no_admin_sets_a_password() {
    let world = World::new().await;
    let (id, now) = (world.realm.id, world.now());
    let alice = world.person("alice@example.com").await;
    let accepted =
        gantry_identity::password_rule::PasswordRule::new(8).accept(&gantry_core::secret::Secret::new("another-long-phrase")).unwrap();
    let hash = world.identity.passwords().hash(id, accepted).await.unwrap();
    for actor in [Actor::RealmAdmin { user: UserId::new(), realm: id }, Actor::Operator { user: UserId::new() }] {
        let hash = hash.clone();
        let outcome = world.store.transact(id, async |tx| users::set_password(tx, actor, alice.id, hash, now).await).await;
        assert_eq!(code(outcome), ErrorCode::Forbidden);
    }
}

#[tokio::test]
async fn tenants_and_members() {
    let world = World::new().await;
    let (id, now) = (world.realm.id, world.now());
    let alice = world.person("alice@example.com").await;
    let settings = |suspended| TenantSettings {
        name: "Acme".to_owned(),
        app_policy: AppPolicy::Approved,
        max_sign_in_age: Some(3600),
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: gantry_core::tenant::TenantBranding::default(),
        suspended: Some(suspended),
    };
    let new = |org_id: &str| NewTenant { org_id: Some(org_id.to_owned()), settings: settings(false) };
    let make = async |org_id: &str| world.store.transact(id, async |tx| tenants::create(tx, Actor::System, new(org_id), now).await).await;
    let acme = make("acme").await.unwrap();
    assert_eq!(code(make("acme").await), ErrorCode::Conflict);
    let put = async |user| {
        world
            .store
            .transact(id, async |tx| members::put(tx, Actor::System, acme.id, user, MemberSettings::with(TenantRole::Member), now).await)
            .await
    };
    put(alice.id).await.unwrap();
    assert_eq!(code(put(UserId::new()).await), ErrorCode::NotFound);
    let update =
        async |settings, now| world.store.transact(id, async |tx| tenants::update(tx, Actor::System, acme.id, settings, now).await).await;
    assert!(update(settings(true), now).await.unwrap().suspended_at.is_some());
    let later = now.plus(std::time::Duration::from_mins(1));
    let resumed = update(settings(false), later).await.unwrap();
    assert_eq!((resumed.suspended_at, resumed.not_before), (None, Some(later.before_second())));
    let hasty = TenantSettings { max_sign_in_age: Some(59), ..settings(false) };
    assert_eq!(code(update(hasty, now).await), ErrorCode::InvalidRequest);
    let remove = async || world.store.transact(id, async |tx| members::remove(tx, Actor::System, acme.id, alice.id, now).await).await;
    remove().await.unwrap();
    assert_eq!(code(remove().await), ErrorCode::NotFound);
}
