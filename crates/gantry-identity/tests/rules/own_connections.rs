//! What a tenant's admin does with connections: their own, no others, and nothing for the whole realm.

use gantry_connect::connector::Connectors;
use gantry_connect::outbound::{Outbound, Reach};
use gantry_core::actor::Actor;
use gantry_core::admin_scope::{AdminScope, AdminScopes};
use gantry_core::audit::Origin;
use gantry_core::clock::SharedClock;
use gantry_core::connection::{Connection, ConnectionSettings, JoinRule, LinkingPolicy};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::error_code::ErrorCode;
use gantry_core::external_identity::{AssertedEmail, ExternalIdentity};
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ConnectionId, ServiceAccountId, SessionId, TenantId, UserId};
use gantry_core::paging::Find;
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::tenant::{Tenant, TenantRole};
use gantry_identity::connections::probe::{self, Outside};
use gantry_identity::connections::trial::{self, Trier};
use gantry_identity::connections::{self, AttachmentSettings, ConnectionChange, GivenSecrets, NewConnection, Seen, Written};
use gantry_identity::linking::{Expectation, outlook};
use gantry_store::RealmTx;

use crate::provider::refused;
use crate::world::{Browser, World};

fn refusal<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Refusal {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn details() -> ConnectionChange {
    let settings = ConnectionSettings {
        client_id: Some("gantry".to_owned()),
        issuer: Some("https://id.example".to_owned()),
        ..ConnectionSettings::default()
    };
    ConnectionChange {
        name: "Company".to_owned(),
        enabled: true,
        settings,
        secrets: GivenSecrets::default(),
        client_secret_expires_at: None,
    }
}

fn new(slug: &str, owner: Option<TenantId>) -> NewConnection {
    NewConnection { slug: slug.to_owned(), kind: ConnectorKind::Oidc, owner, details: details() }
}

fn place() -> AttachmentSettings {
    AttachmentSettings { join: JoinRule::Everyone, default_role: TenantRole::Member, roles: vec![], directories: vec![] }
}

/// A realm with two tenants; the admin is the first one's.
struct Stand {
    world: World,
    admin: Actor,
    own: Tenant,
    other: Tenant,
}

impl Stand {
    async fn new() -> Self {
        let world = World::new().await;
        let (own, other) = (world.tenant("org_own", "own.example").await, world.tenant("org_other", "other.example").await);
        let admin = Actor::TenantAdmin { user: UserId::new(), realm: world.realm.id, tenant: own.id };
        Self { world, admin, own, other }
    }

    async fn write<T>(&self, work: impl AsyncFn(&RealmTx) -> Result<T, Failure>) -> Result<T, Failure> {
        let work = &work;
        self.world.store.transact(self.world.realm.id, async |tx: &RealmTx| work(tx).await).await
    }

    async fn make(&self, actor: Actor, slug: &str, owner: Option<TenantId>) -> Result<Written, Failure> {
        let now = self.world.now();
        self.write(async |tx| connections::create(tx, actor, new(slug, owner), Reach::Public, now).await).await
    }

    async fn made(&self, owner: Option<TenantId>) -> Connection {
        self.make(Actor::CommandLine, &connections::own_slug(ConnectorKind::Oidc), owner).await.unwrap().connection
    }

    async fn all(&self) -> usize {
        self.world.store.read(self.world.realm.id).connections().list().await.unwrap().len()
    }
}

#[tokio::test]
async fn ten_05_a_tenants_admin_writes_what_their_tenant_owns_and_all_else_is_not_there() {
    let stand = Stand::new().await;
    let (admin, now) = (stand.admin, stand.world.now());
    let (realms, foreign) = (stand.made(None).await, stand.made(Some(stand.other.id)).await);
    let unknown = refusal(stand.write(async |tx| connections::remove(tx, admin, ConnectionId::new(), now).await).await);
    for owner in [None, Some(stand.other.id), Some(TenantId::new())] {
        let slug = connections::own_slug(ConnectorKind::Oidc);
        assert_eq!(refusal(stand.make(admin, &slug, owner).await), unknown);
    }
    let before = stand.all().await;
    for id in [realms.id, foreign.id] {
        let update = stand.write(async |tx| connections::update(tx, admin, id, details(), Reach::Public, now).await).await;
        assert_eq!(refusal(update), unknown);
        assert_eq!(refusal(stand.write(async |tx| connections::remove(tx, admin, id, now).await).await), unknown);
        let secrets = stand.write(async |tx| connections::set_secrets(tx, admin, id, GivenSecrets::default(), None, now).await).await;
        assert_eq!(refusal(secrets), unknown);
        assert_eq!(refusal(stand.write(async |tx| connections::held(tx, admin, id).await).await), unknown);
        assert_eq!(refusal(stand.write(async |tx| connections::at_stake(tx, admin, id, now).await).await), unknown);
        for tenant in [stand.own.id, stand.other.id] {
            assert_eq!(refusal(stand.write(async |tx| connections::attach(tx, admin, id, tenant, place(), now).await).await), unknown);
            assert_eq!(refusal(stand.write(async |tx| connections::detach(tx, admin, id, tenant, now).await).await), unknown);
        }
    }
    assert_eq!(stand.all().await, before);

    let own = stand.make(admin, &connections::own_slug(ConnectorKind::Oidc), Some(stand.own.id)).await.unwrap().connection;
    stand.write(async |tx| connections::attach(tx, admin, own.id, stand.own.id, place(), now).await).await.unwrap();
    let elsewhere = stand.write(async |tx| connections::attach(tx, admin, own.id, stand.other.id, place(), now).await).await;
    assert_eq!(refusal(elsewhere), unknown);
    stand.write(async |tx| connections::remove(tx, admin, own.id, now).await).await.unwrap();
}

#[tokio::test]
async fn ten_05_a_name_that_a_tenant_did_not_choose_takes_and_tells_nothing() {
    let stand = Stand::new().await;
    stand.make(Actor::CommandLine, "google", None).await.unwrap();
    // Whether it is taken or free, the answer is the same.
    let taken = refusal(stand.make(stand.admin, "google", Some(stand.own.id)).await);
    let free = refusal(stand.make(stand.admin, "acme", Some(stand.own.id)).await);
    assert_eq!((taken.code, &taken), (ErrorCode::InvalidRequest, &free));
}

#[tokio::test]
async fn ten_18_whose_word_makes_a_sign_in_stronger_is_the_realms_to_say() {
    let stand = Stand::new().await;
    let trusting = || {
        let mut details = details();
        details.settings.trust_authentication = true;
        details
    };
    let now = stand.world.now();
    let make = async |actor| {
        let slug = connections::own_slug(ConnectorKind::Oidc);
        let new = || NewConnection { details: trusting(), ..new(&slug, Some(stand.own.id)) };
        stand.write(async |tx| connections::create(tx, actor, new(), Reach::Public, now).await).await
    };
    assert_eq!(refusal(make(stand.admin).await).code, ErrorCode::Forbidden);
    // Where the realm has said so, the tenant's admin may go on changing all else.
    let theirs = make(Actor::CommandLine).await.unwrap().connection;
    let admin = stand.admin;
    stand.write(async |tx| connections::update(tx, admin, theirs.id, trusting(), Reach::Public, now).await).await.unwrap();
    stand.write(async |tx| connections::update(tx, admin, theirs.id, details(), Reach::Public, now).await).await.unwrap();
    let again = stand.write(async |tx| connections::update(tx, admin, theirs.id, trusting(), Reach::Public, now).await).await;
    assert_eq!(refusal(again).code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn a_tenants_admin_sees_their_own_whole_and_of_the_realms_the_name() {
    let stand = Stand::new().await;
    let (admin, now) = (stand.admin, stand.world.now());
    let (own, offered) = (stand.made(Some(stand.own.id)).await, stand.made(None).await);
    let (elsewhere, foreign) = (stand.made(None).await, stand.made(Some(stand.other.id)).await);
    stand.write(async |tx| connections::attach(tx, Actor::System, offered.id, stand.own.id, place(), now).await).await.unwrap();
    let rows = stand.world.store.read(stand.world.realm.id);
    assert_eq!(refusal(connections::list(&rows, admin, &Find::default()).await).code, ErrorCode::NotFound);
    let seen = connections::of_tenant(&rows, admin, stand.own.id).await.unwrap();
    assert!(matches!(seen.as_slice(), [Seen::Whole(one), Seen::Offered(two)] if one.id == own.id && two.id == offered.id), "{seen:?}");
    assert_eq!(refusal(connections::of_tenant(&rows, admin, stand.other.id).await).code, ErrorCode::NotFound);
    let unknown = refusal(connections::find(&rows, admin, ConnectionId::new()).await);
    for id in [elsewhere.id, foreign.id] {
        assert_eq!(refusal(connections::find(&rows, admin, id).await), unknown);
    }
    assert!(matches!(connections::find(&rows, admin, offered.id).await.unwrap(), Seen::Offered(_)));
    for id in [offered.id, foreign.id] {
        assert_eq!(refusal(connections::standing(&rows, admin, id).await), unknown);
        assert_eq!(refusal(connections::attached_to(&rows, admin, id, None, 10).await), unknown);
    }
    // The realm's admin pages through all of them, newest first.
    let realm_admin = Actor::RealmAdmin { user: UserId::new(), realm: stand.world.realm.id };
    let mut find = Find { limit: 2, facets: vec!["kind:oidc".to_owned()], ..Find::default() };
    let mut found = Vec::new();
    loop {
        let page = connections::list(&rows, realm_admin, &find).await.unwrap();
        found.extend(page.items.into_iter().map(|connection| connection.id));
        find.after = page.next;
        if find.after.is_none() {
            break;
        }
    }
    assert_eq!(found, [foreign.id, elsewhere.id, offered.id, own.id]);
    let owned = Find { facets: vec!["of:tenant".to_owned()], ..Find::default() };
    assert_eq!(connections::list(&rows, realm_admin, &owned).await.unwrap().items.len(), 2);
}

#[tokio::test]
async fn what_was_begun_as_a_trial_never_signs_anybody_in() {
    let stand = Stand::new().await;
    let connection = stand.made(None).await;
    let browser = Browser::new();
    let purpose = AttemptPurpose::Trial { user: UserId::new(), session: SessionId::new() };
    let attempt = stand.world.attempt(&connection, &browser, purpose).await;
    let arrived = stand.world.arrive(&stand.world.identity, &attempt, &browser, identity("sub-1", "eve@own.example")).await;
    assert_eq!(refused(&arrived), Some(SignInProblem::UnknownAttempt));
    assert!(!stand.world.is_signed_in(&browser).await);
}

fn identity(subject: &str, email: &str) -> ExternalIdentity {
    ExternalIdentity {
        issuer: "https://id.example".to_owned(),
        subject: subject.to_owned(),
        email: Some(AssertedEmail { address: email.to_owned(), verified: true, because: "email_verified".to_owned() }),
        profile: gantry_core::user::Profile::default(),
        groups: gantry_core::external_identity::Groups::NotSent,
        directory: None,
        guest: false,
        authenticated_at: None,
        methods: Vec::new(),
        acr: None,
        session: None,
        claims: serde_json::Map::new(),
    }
}

#[tokio::test]
async fn a_trial_tells_a_tenant_of_its_members_and_not_who_else_is_here() {
    let stand = Stand::new().await;
    let (world, own) = (&stand.world, &stand.own);
    let (member, stranger) = (world.person("member@own.example").await, world.person("stranger@own.example").await);
    world.put_membership(own, member.id, TenantRole::Member).await;
    for linking in [LinkingPolicy::Prove, LinkingPolicy::TrustedDomain, LinkingPolicy::Never] {
        let mut connection = stand.made(Some(own.id)).await;
        connection.settings.linking = linking;
        connection.disabled_at = Some(world.now());
        let rows = world.store.read(world.realm.id);
        let of = async |email: &str| outlook(&rows, &connection, &identity(email, email)).await.unwrap();
        let (taken, free) = (of(stranger.email.as_str()).await, of("nobody@own.example").await);
        assert_eq!((taken.account, taken.person), (Expectation::Depends, None), "{linking:?}");
        assert_eq!((free.account, free.person), (Expectation::Depends, None), "{linking:?}");
        let known = of(member.email.as_str()).await;
        if linking == LinkingPolicy::Never {
            // A refusal names nobody, so that whether it is about a member is not known either.
            assert_eq!(known.account, Expectation::Depends);
        } else {
            assert_ne!(known.account, Expectation::Depends);
            assert_eq!(known.person.map(|(id, _)| id), Some(member.id));
        }
    }
}

#[tokio::test]
async fn ten_07_who_only_reads_connections_tries_none_out() {
    let stand = Stand::new().await;
    let connection = stand.made(None).await;
    let connectors = Connectors::new(Outbound::new(Reach::Public), stand.world.clock.clone());
    let clock: SharedClock = stand.world.clock.clone();
    let realm = stand.world.realm.id;
    let outside =
        Outside { store: &stand.world.store, connectors: &connectors, realm, callback: "https://us.example/callback", clock: &clock };
    let service = |scope| Actor::Service { account: ServiceAccountId::new(), realm: Some(realm), scopes: AdminScopes::of(&[scope]) };
    let (reads, writes) = (service(AdminScope::ConnectionsRead), service(AdminScope::ConnectionsWrite));
    let claims = serde_json::json!({ "sub": "1", "email": "a@own.example" }).as_object().unwrap().clone();
    assert_eq!(refusal(trial::dry_run(outside, reads, connection.id, &claims).await).code, ErrorCode::Forbidden);
    assert!(trial::dry_run(outside, writes, connection.id, &claims).await.unwrap().is_ok());
    let origin = Origin::default();
    let trier = Trier { actor: reads, user: UserId::new(), session: SessionId::new(), origin: &origin };
    assert_eq!(refusal(trial::begin(outside, trier, connection.id).await).code, ErrorCode::Forbidden);
    assert_eq!(refusal(probe::now(outside, reads, connection.id).await).code, ErrorCode::Forbidden);
}
