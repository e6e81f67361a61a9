//! What becomes of a connection that changes: its secrets, its sign-ins, its place at tenants.

use std::time::Duration;

use gantry_connect::outbound::Reach;
use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, ConnectionSecrets, ConnectionSettings, JoinRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::{ConnectionId, TenantId, UserId};
use gantry_core::secret::Secret;
use gantry_core::tenant::{AppPolicy, SignInRule, Tenant, TenantRole};
use gantry_identity::connections::{self, AttachmentSettings, ConnectionChange, GivenSecrets, NewConnection, Written};
use gantry_identity::tenants::{self, NewTenant, TenantSettings};

use crate::world::World;

const SECRET: &str = "a secret of the provider";

fn settings(issuer: &str) -> ConnectionSettings {
    ConnectionSettings { client_id: Some("gantry".to_owned()), issuer: Some(issuer.to_owned()), ..ConnectionSettings::default() }
}

fn change(issuer: &str, secret: Option<&str>) -> ConnectionChange {
    ConnectionChange {
        name: "Company".to_owned(),
        enabled: true,
        settings: settings(issuer),
        secrets: GivenSecrets { client_secret: secret.map(Secret::new), ..GivenSecrets::default() },
        client_secret_expires_at: None,
    }
}

fn new(owner: Option<TenantId>) -> NewConnection {
    NewConnection { slug: "company".to_owned(), kind: ConnectorKind::Oidc, owner, details: change("https://id.example", Some(SECRET)) }
}

async fn make(world: &World, actor: Actor, new: NewConnection) -> Result<Written, Failure> {
    let mut new = Some(new);
    let now = world.now();
    let id = world.realm.id;
    world.store.transact(id, async |tx| connections::create(tx, actor, new.take().unwrap(), Reach::Public, now).await).await
}

async fn update(world: &World, connection: &Connection, change: ConnectionChange) -> Result<Written, Failure> {
    let mut change = Some(change);
    let (id, now) = (connection.id, world.now());
    let write = async |tx: &gantry_store::RealmTx| {
        connections::update(tx, Actor::CommandLine, id, change.take().unwrap(), Reach::Public, now).await
    };
    world.store.transact(world.realm.id, write).await
}

async fn secrets(world: &World, id: ConnectionId) -> ConnectionSecrets {
    world.store.read(world.realm.id).connections().secrets(id).await.unwrap()
}

async fn tenant(world: &World, org_id: &str) -> Tenant {
    let settings = TenantSettings {
        name: org_id.to_owned(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: gantry_core::tenant::TenantBranding::default(),
        suspended: Some(false),
    };
    let (new, now) = (NewTenant { org_id: Some(org_id.to_owned()), settings }, world.now());
    world.store.transact(world.realm.id, async |tx| tenants::create(tx, Actor::System, new.clone(), now).await).await.unwrap()
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> ErrorCode {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_secret_that_would_go_elsewhere_is_void() {
    let world = World::new().await;
    let made = make(&world, Actor::CommandLine, new(None)).await.unwrap().connection;
    assert_eq!(secrets(&world, made.id).await.client_secret.unwrap().expose(), SECRET);
    let renamed = ConnectionChange { name: "Renamed".to_owned(), ..change("https://id.example", None) };
    assert!(!update(&world, &made, renamed).await.unwrap().secrets_void);
    assert!(secrets(&world, made.id).await.client_secret.is_some(), "nothing moved");

    let moved = update(&world, &made, change("https://elsewhere.example", None)).await.unwrap();
    assert!(moved.secrets_void);
    assert!(secrets(&world, made.id).await.is_empty());

    let with_its_own = update(&world, &made, change("https://third.example", Some("another"))).await.unwrap();
    assert!(!with_its_own.secrets_void);
    assert_eq!(secrets(&world, made.id).await.client_secret.unwrap().expose(), "another");
}

#[tokio::test]
async fn a_certificate_tells_its_end_and_belongs_to_its_key() {
    let world = World::new().await;
    let made = make(&world, Actor::CommandLine, new(None)).await.unwrap().connection;
    let pair = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(vec!["gantry.example".to_owned()]).unwrap();
    parameters.not_after = rcgen::date_time_ymd(2030, 3, 1);
    let certificate = parameters.self_signed(&pair).unwrap().pem();
    let key = |pair: &rcgen::KeyPair| Some(Secret::new(pair.serialize_pem()));
    let give = async |given: GivenSecrets| {
        let given = ConnectionChange { secrets: given, ..change("https://id.example", None) };
        update(&world, &made, given).await
    };
    let given = GivenSecrets { client_secret: None, private_key: key(&pair), certificate: Some(certificate.clone()) };
    let end = give(given).await.unwrap().connection.credential_expires_at.map(Timestamp::to_rfc3339);
    assert_eq!(end.as_deref(), Some("2030-03-01T00:00:00Z"));
    let kept = secrets(&world, made.id).await;
    assert!(kept.client_secret.is_some() && kept.private_key.is_some() && kept.certificate.is_some());

    let other = rcgen::KeyPair::generate().unwrap();
    let mixed = GivenSecrets { client_secret: None, private_key: key(&other), certificate: Some(certificate.clone()) };
    assert_eq!(code(give(mixed).await), ErrorCode::InvalidRequest);
    let alone = GivenSecrets { client_secret: None, private_key: key(&other), certificate: None };
    assert_eq!(give(alone).await.unwrap().connection.credential_expires_at, None);
    assert!(secrets(&world, made.id).await.certificate.is_none(), "it was the other key's");
    let late = GivenSecrets { client_secret: None, private_key: None, certificate: Some(certificate) };
    assert_eq!(code(give(late).await), ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn fed_15_switching_off_ends_what_was_signed_in_for_good() {
    let world = World::new().await;
    let made = make(&world, Actor::CommandLine, new(None)).await.unwrap().connection;
    let before = world.now();
    world.advance(1);
    let off = ConnectionChange { enabled: false, ..change("https://id.example", None) };
    let off = update(&world, &made, off).await.unwrap().connection;
    assert!(!off.stands_since(world.now()));
    world.advance(1);
    let on = update(&world, &made, change("https://id.example", None)).await.unwrap().connection;
    assert!(on.is_enabled() && !on.stands_since(before) && !on.stands_since(off.not_before.unwrap()));
    assert!(!on.stands_since(world.now().before_second()), "what was on its way");
    assert!(on.stands_since(world.now().plus(Duration::from_secs(1))));
}

#[tokio::test]
async fn only_admins_of_the_realm_write_connections() {
    let world = World::new().await;
    let (user, realm) = (UserId::new(), world.realm.id);
    assert_eq!(code(make(&world, Actor::User { user, realm }, new(None)).await), ErrorCode::Forbidden);
    let foreign = Actor::RealmAdmin { user, realm: gantry_core::id::RealmId::new() };
    assert_eq!(code(make(&world, foreign, new(None)).await), ErrorCode::NotFound);
    assert_eq!(code(make(&world, Actor::CommandLine, new(Some(TenantId::new()))).await), ErrorCode::NotFound);
    make(&world, Actor::RealmAdmin { user, realm }, new(None)).await.unwrap();
    assert_eq!(code(make(&world, Actor::CommandLine, new(None)).await), ErrorCode::Conflict);
    let second = NewConnection { slug: "second".to_owned(), kind: ConnectorKind::Password, ..new(None) };
    assert_eq!(code(make(&world, Actor::CommandLine, second).await), ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn a_tenants_own_connection_serves_that_tenant_alone() {
    let world = World::new().await;
    let (acme, other) = (tenant(&world, "acme").await, tenant(&world, "other").await);
    let made = make(&world, Actor::CommandLine, new(Some(acme.id))).await.unwrap().connection;
    let place = AttachmentSettings { join: JoinRule::Everyone, default_role: TenantRole::Member, roles: vec![], directories: vec![] };
    let now = world.now();
    let attach = async |tenant: TenantId| {
        let attach =
            async |tx: &gantry_store::RealmTx| connections::attach(tx, Actor::CommandLine, made.id, tenant, place.clone(), now).await;
        world.store.transact(world.realm.id, attach).await
    };
    assert_eq!(code(attach(other.id).await), ErrorCode::NotFound);
    attach(acme.id).await.unwrap();
    let detach = async || {
        world.store.transact(world.realm.id, async |tx| connections::detach(tx, Actor::CommandLine, made.id, acme.id, now).await).await
    };
    detach().await.unwrap();
    assert_eq!(code(detach().await), ErrorCode::NotFound);
    let remove =
        async |id| world.store.transact(world.realm.id, async |tx| connections::remove(tx, Actor::CommandLine, id, now).await).await;
    remove(made.id).await.unwrap();
    assert_eq!(code(remove(made.id).await), ErrorCode::NotFound);
    let password = world.store.read(world.realm.id).connections().find_by_slug("password").await.unwrap().unwrap();
    assert_eq!(code(remove(password.id).await), ErrorCode::InvalidRequest);
}
