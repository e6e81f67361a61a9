//! One of everything that signing in with somebody else's server writes.

use std::collections::BTreeMap;

use gantry_core::connection::{Connection, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::{ExternalIdentity, Groups, UserIdentity};
use gantry_core::id::{AttemptId, ConnectionId, DomainId, IdentityId, PendingLinkId, RealmId, TenantId, TraceId};
use gantry_core::secret::{Digest, Secret, SecretKind};
use gantry_core::sign_in_attempt::{AttemptPurpose, PendingLink, SignInAttempt};
use gantry_core::sign_in_trace::{SignInTrace, TraceOutcome};
use gantry_core::tenant::Tenant;
use gantry_core::tenant_domain::TenantDomain;
use gantry_core::user::{Profile, User};

use crate::database::TestStore;
use crate::sample::{self, HOUR};

/// A realm with a person, a tenant and a connection.
pub(crate) struct World {
    pub(crate) realm: RealmId,
    pub(crate) user: User,
    pub(crate) tenant: Tenant,
    pub(crate) connection: Connection,
}

pub(crate) async fn world(store: &TestStore) -> World {
    let realm = sample::a_realm(store).await.id;
    let (user, tenant) = (sample::user(realm, "ada@example.com", store.now()), sample::tenant(realm, store.now()));
    let connection = connection(realm, store);
    store
        .transact(realm, async |tx| {
            assert!(tx.users().insert(&user).await? && tx.tenants().insert(&tenant).await?);
            assert!(tx.connections().insert(&connection).await?);
            Ok(())
        })
        .await
        .unwrap();
    World { realm, user, tenant, connection }
}

pub(crate) fn connection(realm: RealmId, store: &TestStore) -> Connection {
    let id = ConnectionId::new();
    Connection {
        id,
        slug: format!("acme-{}", id.uuid().simple()),
        name: "Acme".to_owned(),
        kind: ConnectorKind::Oidc,
        settings: ConnectionSettings {
            client_id: Some("gantry".to_owned()),
            issuer: Some("https://id.acme.example".to_owned()),
            parameters: BTreeMap::from([("resource".to_owned(), "urn:acme".to_owned())]),
            link_only: true,
            ..ConnectionSettings::default()
        },
        credential_expires_at: Some(store.now().plus(HOUR)),
        ..sample::connection(realm, store.now())
    }
}

pub(crate) fn identity(world: &World, store: &TestStore) -> UserIdentity {
    UserIdentity {
        id: IdentityId::new(),
        realm_id: world.realm,
        connection_id: world.connection.id,
        issuer: "https://id.acme.example".to_owned(),
        subject: "0042".to_owned(),
        user_id: world.user.id,
        email: Some("ada@acme.example".to_owned()),
        directory: None,
        groups: vec!["a".to_owned()],
        groups_stale_since: None,
        created_at: store.now(),
        last_used_at: store.now(),
    }
}

pub(crate) fn attempt(world: &World, store: &TestStore) -> (SignInAttempt, Digest, Digest) {
    let (state, browser) = (SecretKind::UpstreamState.generate().digest(), sample::digest());
    let attempt = SignInAttempt {
        id: AttemptId::new(),
        realm_id: world.realm,
        connection_id: world.connection.id,
        state,
        browser,
        nonce: "n".to_owned(),
        verifier: Secret::new("v".repeat(43)),
        purpose: AttemptPurpose::SignIn,
        request: None,
        tenant: Some(world.tenant.id),
        remember: true,
        max_age: Some(60),
        trace: TraceId::new(),
        created_at: store.now(),
        expires_at: store.now().plus(HOUR),
    };
    (attempt, state, browser)
}

pub(crate) fn asserted() -> ExternalIdentity {
    ExternalIdentity {
        issuer: "https://id.acme.example".to_owned(),
        subject: "0042".to_owned(),
        email: None,
        profile: Profile::default(),
        groups: Groups::Known(vec!["a".to_owned()]),
        directory: None,
        guest: false,
        authenticated_at: None,
        methods: Vec::new(),
        acr: None,
        session: None,
        claims: serde_json::Map::new(),
    }
}

pub(crate) fn waiting(world: &World, store: &TestStore) -> PendingLink {
    PendingLink {
        id: PendingLinkId::new(),
        realm_id: world.realm,
        browser: sample::digest(),
        connection_id: world.connection.id,
        identity: asserted(),
        user_id: Some(world.user.id),
        request: None,
        tenant: None,
        remember: false,
        trace: TraceId::new(),
        created_at: store.now(),
        expires_at: store.now().plus(HOUR),
    }
}

pub(crate) fn domain(world: &World, tenant: TenantId, store: &TestStore) -> TenantDomain {
    TenantDomain {
        id: DomainId::new(),
        realm_id: world.realm,
        tenant_id: tenant,
        domain: "acme.example".to_owned(),
        challenge: "c".to_owned(),
        proof: None,
        proved_at: None,
        checked_at: None,
        failing_since: None,
        check_at: Some(store.now()),
        created_at: store.now(),
    }
}

pub(crate) fn trace(realm: RealmId, store: &TestStore) -> SignInTrace {
    SignInTrace {
        id: TraceId::new(),
        realm_id: realm,
        connection_id: None,
        tenant_id: None,
        client_id: None,
        publisher_id: None,
        user_id: None,
        outcome: TraceOutcome::Open,
        problem: None,
        started_at: store.now(),
        expires_at: store.now().plus(HOUR),
    }
}
