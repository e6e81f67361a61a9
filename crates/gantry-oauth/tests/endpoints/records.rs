//! The records that a world is made of.

use std::time::Duration;

use gantry_core::client::{Client, ClientKind, ClientPolicy};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::grant::Grant;
use gantry_core::grant_type::GrantType;
use gantry_core::id::{ClientId, GrantId, RealmId, ResourceId, ScopeId, SessionId, TenantId, UserId};
use gantry_core::realm::{Realm, TokenFormat};
use gantry_core::resource::Resource;
use gantry_core::scope::{Scope, ScopeTier};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::SecretKind;
use gantry_core::session::{Acr, AuthMethod, Session};
use gantry_core::tenant::{AppPolicy, SignInRule, Tenant};
use gantry_core::user::{Profile, User};

use crate::world::{API, CALLBACK, World};

pub(crate) fn people(realm: &Realm, now: Timestamp) -> (User, Session) {
    let user = User {
        id: UserId::new(),
        realm_id: realm.id,
        email: EmailAddress::parse("ada@example.com").unwrap(),
        email_verified_at: Some(now),
        profile: Profile { name: Some("Ada Lovelace".to_owned()), ..Profile::default() },
        roles: Vec::new(),
        disabled_at: None,
        created_at: now,
        updated_at: now,
    };
    let session = Session {
        id: SessionId::new(),
        realm_id: realm.id,
        user_id: user.id,
        digest: SecretKind::Session.generate().digest(),
        connection_id: None,
        methods: vec![AuthMethod::Password],
        authenticated_at: now,
        remembered: false,
        user_agent: String::new(),
        ip: String::new(),
        last_used_at: now,
        created_at: now,
        expires_at: now.plus(Duration::from_hours(24)),
        ended_at: None,
    };
    (user, session)
}

pub(crate) fn grant(world: &World, client: &Client) -> Grant {
    let now = world.now();
    Grant {
        id: GrantId::new(),
        realm_id: world.realm_id(),
        user_id: world.user.id,
        client_id: client.id,
        session_id: world.session.id,
        connection_id: None,
        session_bound: false,
        scopes: ScopeSet::from_names(["openid", "email", "read", "write"]),
        audiences: vec![API.to_owned()],
        tenants: Vec::new(),
        default_tenant: None,
        nonce: Some("n-1".to_owned()),
        requested_claims: None,
        authenticated_at: world.session.authenticated_at,
        acr: Acr::One,
        amr: vec!["pwd".to_owned()],
        created_at: now,
        last_used_at: now,
        revoked_at: None,
    }
}

pub(crate) fn client(realm: RealmId, client_id: &str, kind: ClientKind, now: Timestamp) -> Client {
    Client {
        id: ClientId::new(),
        realm_id: realm,
        client_id: client_id.to_owned(),
        kind,
        name: "App".to_owned(),
        description: String::new(),
        publisher_id: None,
        website: None,
        redirect_uris: vec![CALLBACK.to_owned()],
        post_logout_redirect_uris: Vec::new(),
        grant_types: GrantType::ALL.to_vec(),
        scopes: ScopeSet::from_names(["openid", "profile", "email", "offline_access", "read", "write"]),
        resources: Vec::new(),
        default_resource: None,
        auth_method: None,
        jwks: None,
        jwks_uri: None,
        introspects: None,
        policy: ClientPolicy::default(),
        built_in: false,
        consent_version: 1,
        version: 1,
        not_before: None,
        disabled_at: None,
        created_at: now,
    }
}

pub(crate) fn resource(realm: &Realm, audience: &str) -> Resource {
    Resource {
        id: ResourceId::new(),
        realm_id: realm.id,
        audience: audience.to_owned(),
        name: audience.to_owned(),
        token_format: TokenFormat::Jwt,
        signing_algorithm: None,
        access_lifetime: None,
        created_at: realm.created_at,
    }
}

pub(crate) fn scope(realm: &Realm, resource_id: Option<ResourceId>, name: &str) -> Scope {
    Scope {
        id: ScopeId::new(),
        realm_id: realm.id,
        resource_id,
        name: name.to_owned(),
        title: name.to_owned(),
        description: name.to_owned(),
        tier: ScopeTier::Open,
        claims: Vec::new(),
        machine: true,
        created_at: realm.created_at,
    }
}

pub(crate) fn tenant(realm: RealmId, org_id: &str, now: Timestamp) -> Tenant {
    Tenant {
        id: TenantId::new(),
        realm_id: realm,
        org_id: org_id.to_owned(),
        name: org_id.to_owned(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: gantry_core::tenant::TenantBranding::default(),
        suspended_at: None,
        not_before: None,
        created_at: now,
    }
}
