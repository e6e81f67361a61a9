//! Who finds which trace, and what its links show.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::Origin;
use gantry_core::connection::{Attachment, Connection, ConnectionSettings, JoinRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::id::{ConnectionId, MembershipId, TenantId, TraceId};
use gantry_core::sign_in_trace::{Hop, HopKind, SignInTrace, TRACE_LIFETIME, TraceOutcome, TraceReader};
use gantry_core::tenant::{AppPolicy, Membership, SignInRule, Tenant, TenantRole};
use gantry_core::user::{RealmRole, User};
use gantry_identity::roles::{self, Administers};
use gantry_identity::traces::{self, Found};
use serde_json::json;

use crate::world::World;

/// Two tenants with an admin each, a connection of the first one and one of the realm, and a realm's admin.
struct Place {
    world: World,
    one: Tenant,
    two: Tenant,
    admin_of_one: User,
    admin_of_two: User,
    realm_admin: User,
    member: User,
    owned: Connection,
    shared: Connection,
}

impl Place {
    async fn new() -> Self {
        let world = World::new().await;
        let [one, two] = ["one", "two"].map(|org_id| tenant(&world, org_id));
        let (owned, shared) = (connection(&world, "owned", Some(one.id)), connection(&world, "shared", None));
        let (admin_of_one, admin_of_two) = (world.person("one@example.com").await, world.person("two@example.com").await);
        let member = world.person("member@example.com").await;
        let realm_admin = User { roles: vec![RealmRole::RealmAdmin], ..world.person("realm@example.com").await };
        let write = async |tx: &gantry_store::RealmTx| {
            assert!(tx.tenants().insert(&one).await? && tx.tenants().insert(&two).await?);
            assert!(tx.connections().insert(&owned).await? && tx.connections().insert(&shared).await?);
            tx.memberships().put(&membership(&one, &admin_of_one, TenantRole::TenantAdmin)).await?;
            tx.memberships().put(&membership(&two, &admin_of_two, TenantRole::TenantAdmin)).await?;
            Ok(tx.memberships().put(&membership(&one, &member, TenantRole::Member)).await?)
        };
        world.store.transact(world.realm.id, write).await.unwrap();
        Self { world, one, two, admin_of_one, admin_of_two, realm_admin, member, owned, shared }
    }

    /// A trace that is written, with one hop.
    async fn trace(&self, connection: &Connection, tenant: Option<&Tenant>, user: Option<&User>) -> TraceId {
        let now = self.world.now();
        let trace = SignInTrace {
            id: TraceId::new(),
            realm_id: self.world.realm.id,
            connection_id: Some(connection.id),
            tenant_id: tenant.map(|tenant| tenant.id),
            client_id: None,
            publisher_id: None,
            user_id: user.map(|user| user.id),
            outcome: TraceOutcome::Open,
            problem: None,
            started_at: now,
            expires_at: now.plus(Duration::from_secs(TRACE_LIFETIME.into())),
        };
        let hop = Hop::new(now, HopKind::Mapping, json!({ "before": { "sub": "1" } }));
        let write = async |tx: &gantry_store::RealmTx| {
            tx.sign_in_traces().insert(&trace).await?;
            Ok(tx.sign_in_traces().append(trace.id, std::slice::from_ref(&hop)).await?)
        };
        self.world.store.transact(self.world.realm.id, write).await.unwrap();
        trace.id
    }

    /// Offers the realm's connection at a tenant.
    async fn attach(&self, tenant: &Tenant) {
        let attachment = Attachment {
            realm_id: self.world.realm.id,
            connection_id: self.shared.id,
            tenant_id: tenant.id,
            join: JoinRule::Invited,
            default_role: TenantRole::Member,
            roles: Vec::new(),
            directories: Vec::new(),
            created_at: self.world.now(),
        };
        self.world.store.transact(self.world.realm.id, async |tx| Ok(tx.attachments().put(&attachment).await?)).await.unwrap();
    }

    async fn find(&self, user: &User, id: TraceId) -> Option<Found> {
        let tx = self.world.store.read(self.world.realm.id);
        let what = roles::administers(&tx, &self.world.realm, user, None).await.unwrap();
        Box::pin(traces::find_for(&tx, &what, id, self.world.now())).await.unwrap()
    }

    /// As whom each of the four finds a trace: the realm's admin, the tenants' admins, a member.
    async fn readers(&self, id: TraceId) -> [Option<TraceReader>; 4] {
        let reader = async |user| self.find(user, id).await.map(|found| found.view.reader);
        [reader(&self.realm_admin).await, reader(&self.admin_of_one).await, reader(&self.admin_of_two).await, reader(&self.member).await]
    }
}

fn tenant(world: &World, org_id: &str) -> Tenant {
    Tenant {
        id: TenantId::new(),
        realm_id: world.realm.id,
        org_id: org_id.to_owned(),
        name: org_id.to_owned(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: gantry_core::tenant::TenantBranding::default(),
        suspended_at: None,
        not_before: None,
        created_at: world.now(),
    }
}

fn connection(world: &World, slug: &str, owner: Option<TenantId>) -> Connection {
    Connection {
        id: ConnectionId::new(),
        realm_id: world.realm.id,
        slug: slug.to_owned(),
        name: slug.to_owned(),
        kind: ConnectorKind::Oidc,
        owner,
        settings: ConnectionSettings::default(),
        credential_expires_at: None,
        not_before: None,
        disabled_at: None,
        created_at: world.now(),
    }
}

fn membership(tenant: &Tenant, user: &User, role: TenantRole) -> Membership {
    Membership {
        id: MembershipId::new(),
        tenant_id: tenant.id,
        user_id: user.id,
        role,
        break_glass: false,
        connection_id: None,
        created_at: tenant.created_at,
    }
}

#[tokio::test]
async fn no_tenant_reads_which_others_somebody_joined() {
    let place = Box::pin(Place::new()).await;
    let id = place.trace(&place.shared, Some(&place.one), Some(&place.member)).await;
    let joins = [&place.one, &place.two].map(|tenant| Hop::new(place.world.now(), HopKind::Join, json!({ "tenant": tenant.id })));
    let write = async |tx: &gantry_store::RealmTx| Ok(tx.sign_in_traces().append(id, &joins).await?);
    place.world.store.transact(place.world.realm.id, write).await.unwrap();
    let shown = async |user| {
        let hops = place.find(user, id).await.unwrap().view.hops;
        hops.into_iter().filter(|hop| hop.kind == HopKind::Join).collect::<Vec<_>>()
    };
    assert_eq!(shown(&place.realm_admin).await.len(), 2);
    let own = shown(&place.admin_of_one).await;
    assert!(matches!(own.as_slice(), [hop] if hop.detail.get("tenant") == Some(&json!(place.one.id))), "{own:?}");
}

#[tokio::test]
async fn no_tenant_reads_what_an_app_got_for_another() {
    let place = Box::pin(Place::new()).await;
    let (now, Place { one, two, .. }) = (place.world.now(), &place);
    let got = |tenant: &Tenant| {
        [
            Hop::new(now, HopKind::Consent, json!({ "decision": "allowed", "tenants": ["one", "two"] })),
            Hop::new(now, HopKind::Answer, json!({ "answer": "code", "org_id": tenant.org_id })),
            Hop::new(now, HopKind::TokensIssued, json!({ "scope": "openid", "org_id": tenant.org_id })),
        ]
    };
    // Through the connection of the first tenant both times, the second time for the other one.
    for (led_to, kinds) in [(one, ["mapping", "consent", "answer", "tokens_issued"].as_slice()), (two, &["mapping"])] {
        let id = place.trace(&place.owned, Some(led_to), Some(&place.member)).await;
        let write = async |tx: &gantry_store::RealmTx| {
            tx.sign_in_traces().append(id, &got(led_to)).await?;
            // And tokens for the other one later, in the same session.
            Ok(tx.sign_in_traces().append(id, &got(two)[2..]).await?)
        };
        place.world.store.transact(place.world.realm.id, write).await.unwrap();
        let whole = place.find(&place.realm_admin, id).await.unwrap();
        assert_eq!((whole.view.hops.len(), whole.about.organization.as_ref().map(|named| &named.id)), (5, Some(&led_to.org_id)));
        let found = place.find(&place.admin_of_one, id).await.unwrap();
        assert_eq!(found.view.hops.iter().map(|hop| hop.kind.as_str()).collect::<Vec<_>>(), kinds);
        assert!(!found.to_json().to_string().contains("\"two\""), "{}", found.to_json());
        assert_eq!(found.about.organization.is_some(), led_to.id == one.id);
    }
}

const REALM: Option<TraceReader> = Some(TraceReader::Realm);
const TENANT: Option<TraceReader> = Some(TraceReader::Tenant);

#[tokio::test]
async fn a_trace_is_found_by_whom_it_concerns() {
    let place = Box::pin(Place::new()).await;
    let Place { owned, shared, one, two, member, .. } = &place;
    // Through the tenant's own connection: its admin's, whoever it turned out to be.
    let own = place.trace(owned, None, None).await;
    assert_eq!(place.readers(own).await, [REALM, TENANT, None, None]);
    assert_eq!(place.find(&place.admin_of_one, own).await.unwrap().view.hops.len(), 1);
    // For the tenant, and one of its people.
    let of_member = place.trace(shared, Some(one), Some(member)).await;
    assert_eq!(place.readers(of_member).await, [REALM, TENANT, None, None]);
    // For nobody known.
    let nobodys = place.trace(shared, None, None).await;
    assert_eq!(place.readers(nobodys).await, [REALM, None, None, None]);
    // A link that names a tenant sends anybody there; that makes them no business of the tenant's.
    let lured = place.trace(shared, Some(two), Some(member)).await;
    assert_eq!(place.readers(lured).await, [REALM, None, None, None]);
    // Through a connection that serves this tenant alone it is that one's, also where it ended before anybody was known.
    place.attach(two).await;
    let stopped = place.trace(shared, Some(two), None).await;
    for id in [lured, stopped] {
        assert_eq!(place.readers(id).await, [REALM, None, TENANT, None]);
    }
}

#[tokio::test]
async fn a_connection_that_tenants_share_makes_nobody_their_business() {
    let place = Box::pin(Place::new()).await;
    let Place { shared, one, two, member, .. } = &place;
    place.attach(one).await;
    place.attach(two).await;
    // Anybody can be sent there by a link that names the second tenant, whose people they are not.
    for lured in [Some(member), None] {
        let id = place.trace(shared, Some(two), lured).await;
        assert_eq!(place.readers(id).await, [REALM, None, None, None], "{lured:?}");
    }
    let of_member = place.trace(shared, Some(one), Some(member)).await;
    assert_eq!(place.readers(of_member).await, [REALM, TENANT, None, None]);
}

#[tokio::test]
async fn a_trace_of_another_realm_or_time_is_not_there() {
    let place = Box::pin(Place::new()).await;
    let own = place.trace(&place.owned, None, None).await;
    let other = place.world.other_realm().await;
    let elsewhere = place.world.store.read(other.id);
    assert_eq!(traces::find_for(&elsewhere, &Administers::Realm, own, place.world.now()).await.unwrap(), None);
    assert!(place.find(&place.realm_admin, TraceId::new()).await.is_none());
    place.world.clock.advance(Duration::from_secs(TRACE_LIFETIME.into()));
    assert_eq!(place.readers(own).await, [None; 4]);
}

#[tokio::test]
async fn a_suspended_tenants_admin_finds_nothing() {
    let place = Box::pin(Place::new()).await;
    let own = place.trace(&place.owned, None, None).await;
    let suspended = Tenant { suspended_at: Some(place.world.now()), ..place.one.clone() };
    place.world.store.transact(place.world.realm.id, async |tx| Ok(tx.tenants().update(&suspended).await?)).await.unwrap();
    assert_eq!(place.readers(own).await, [REALM, None, None, None]);
}

#[tokio::test]
async fn a_link_shows_one_trace_for_a_week() {
    let place = Box::pin(Place::new()).await;
    let (world, realm) = (&place.world, place.world.realm.id);
    let id = place.trace(&place.owned, None, None).await;
    let found = place.find(&place.admin_of_one, id).await.unwrap();
    let actor = Actor::User { user: place.admin_of_one.id, realm };
    let now = world.now();
    let (token, expires_at) =
        world.store.transact(realm, async |tx| traces::share(tx, actor, &Origin::default(), &found, now).await).await.unwrap();
    assert_eq!(expires_at, now.plus(Duration::from_hours(7 * 24)));
    let shown = async |realm, text: &str| traces::find_shared(&world.store.read(realm), text, world.now()).await.unwrap();
    let seen = shown(realm, token.expose()).await.unwrap();
    assert_eq!((seen.view.id, seen.view.reader, seen.tenant), (id, TraceReader::Tenant, Some(place.one.id)));
    for wrong in [&token.expose().replacen('g', "", 1), "", "gts_", &format!("{}A", token.expose())] {
        assert!(shown(realm, wrong).await.is_none(), "{wrong}");
    }
    assert!(shown(world.other_realm().await.id, token.expose()).await.is_none());
    let lines = world.store.read(realm).audit().list(None, 100).await.unwrap();
    let line = lines.iter().find(|line| line.event == gantry_core::audit::AuditEvent::TraceShared).unwrap();
    assert_eq!((line.user_id, line.target.as_deref()), (Some(place.admin_of_one.id), Some(id.to_string().as_str())));
    assert!(!format!("{line:?}").contains(token.expose()));
    world.clock.advance(Duration::from_hours(7 * 24));
    assert!(shown(realm, token.expose()).await.is_none());
}

#[tokio::test]
async fn a_link_never_outlives_its_trace_nor_its_makers_reach() {
    let place = Box::pin(Place::new()).await;
    let (world, realm) = (&place.world, place.world.realm.id);
    let id = place.trace(&place.owned, None, None).await;
    world.clock.advance(Duration::from_hours(10 * 24));
    let found = place.find(&place.admin_of_one, id).await.unwrap();
    let (now, actor) = (world.now(), Actor::User { user: place.admin_of_one.id, realm });
    let (token, expires_at) =
        world.store.transact(realm, async |tx| traces::share(tx, actor, &Origin::default(), &found, now).await).await.unwrap();
    assert_eq!(expires_at, found.trace.expires_at);
    let suspended = Tenant { suspended_at: Some(now), ..place.one.clone() };
    world.store.transact(realm, async |tx| Ok(tx.tenants().update(&suspended).await?)).await.unwrap();
    assert!(traces::find_shared(&world.store.read(realm), token.expose(), now).await.unwrap().is_none());
}
