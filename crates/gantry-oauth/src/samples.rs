//! Records for the unit tests of this crate.

use std::sync::Arc;
use std::time::Duration;

use gantry_core::app_key::AppKey;
use gantry_core::client::{Client, ClientKind, ClientPolicy, ClientSecret};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::grant::Grant;
use gantry_core::grant_type::GrantType;
use gantry_core::id::{AppKeyId, ClientId, ClientSecretId, GrantId, RealmId, RefreshFamilyId, ResourceId, ScopeId, SessionId, UserId};
use gantry_core::realm::{Realm, RealmSettings, TokenFormat};
use gantry_core::refresh_family::{FamilySecret, RefreshFamily};
use gantry_core::resource::Resource;
use gantry_core::scope::{Scope, ScopeTier};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::session::Acr;
use gantry_core::user::{Profile, User};
use gantry_store::snapshot::RealmSnapshot;

use crate::token::may_issue::Holder;

/// The instant at which the tests play.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// A realm with two APIs and a scope or two for each.
pub(crate) fn realm() -> Arc<RealmSnapshot> {
    let id = RealmId::new();
    let realm = Realm {
        id,
        slug: "default".to_owned(),
        name: "Sample".to_owned(),
        hosts: Vec::new(),
        settings: RealmSettings::default(),
        version: 1,
        created_at: NOW,
        not_before: None,
        disabled_at: None,
    };
    let resources = vec![resource(id, "https://api.example"), resource(id, "https://other.example")];
    let on = |index: usize| resources.get(index).map(|resource| resource.id);
    let scopes = vec![
        scope(id, on(0), "read", true),
        scope(id, on(0), "write", true),
        scope(id, on(1), "other", true),
        scope(id, None, "profile:read", false),
    ];
    Arc::new(RealmSnapshot { realm, resources, scopes, keys: Vec::new() })
}

fn resource(realm_id: RealmId, audience: &str) -> Resource {
    Resource {
        id: ResourceId::new(),
        realm_id,
        audience: audience.to_owned(),
        name: audience.to_owned(),
        token_format: TokenFormat::Jwt,
        signing_algorithm: None,
        access_lifetime: None,
        created_at: NOW,
    }
}

fn scope(realm_id: RealmId, resource_id: Option<ResourceId>, name: &str, machine: bool) -> Scope {
    Scope {
        id: ScopeId::new(),
        realm_id,
        resource_id,
        name: name.to_owned(),
        title: name.to_owned(),
        description: name.to_owned(),
        tier: ScopeTier::Open,
        claims: Vec::new(),
        machine,
        created_at: NOW,
    }
}

/// A client that may do everything its kind may.
pub(crate) fn client(kind: ClientKind) -> Client {
    Client {
        id: ClientId::new(),
        realm_id: RealmId::new(),
        client_id: "app".to_owned(),
        kind,
        name: "App".to_owned(),
        description: String::new(),
        publisher_id: None,
        website: None,
        redirect_uris: vec!["https://app.example/cb".to_owned()],
        post_logout_redirect_uris: Vec::new(),
        grant_types: GrantType::ALL.to_vec(),
        scopes: ScopeSet::from_names(["openid", "profile", "email", "offline_access", "read", "write", "profile:read"]),
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
        created_at: NOW,
    }
}

/// A secret of a client, with its text.
pub(crate) fn secret(client: &Client) -> (ClientSecret, Secret) {
    let secret = SecretKind::ClientSecret.generate();
    let stored = ClientSecret {
        id: ClientSecretId::new(),
        client_id: client.id,
        digest: secret.digest(),
        last_four: secret.last_four(),
        last_used_at: None,
        expires_at: None,
        created_at: NOW,
    };
    (stored, secret)
}

/// An App Key of a client, with its text.
pub(crate) fn app_key(client: &Client) -> (AppKey, Secret) {
    let secret = SecretKind::AppKey.generate();
    let stored = AppKey {
        id: AppKeyId::new(),
        client_id: client.id,
        name: "Feed".to_owned(),
        scopes: ScopeSet::from_names(["read"]),
        digest: secret.digest(),
        last_four: secret.last_four(),
        last_used_at: None,
        expires_at: None,
        created_at: NOW,
    };
    (stored, secret)
}

/// A person who allowed something.
pub(crate) fn holder() -> Holder {
    let realm_id = RealmId::new();
    let profile = Profile { name: Some("Ada Lovelace".to_owned()), ..Profile::default() };
    let user = User {
        id: UserId::new(),
        realm_id,
        email: EmailAddress::parse("ada@example.com").unwrap(),
        email_verified_at: Some(NOW),
        profile,
        roles: Vec::new(),
        disabled_at: None,
        created_at: NOW,
        updated_at: NOW,
    };
    let grant = Grant {
        id: GrantId::new(),
        realm_id,
        user_id: user.id,
        client_id: ClientId::new(),
        session_id: SessionId::new(),
        connection_id: None,
        session_bound: false,
        scopes: ScopeSet::from_names(["openid", "email", "read"]),
        audiences: vec!["https://api.example".to_owned()],
        tenants: Vec::new(),
        default_tenant: None,
        nonce: Some("n-1".to_owned()),
        requested_claims: None,
        authenticated_at: NOW,
        acr: Acr::One,
        amr: vec!["pwd".to_owned()],
        created_at: NOW,
        last_used_at: NOW,
        revoked_at: None,
    };
    Holder { grant, user }
}

/// A fresh refresh family.
pub(crate) fn family() -> RefreshFamily {
    RefreshFamily {
        id: RefreshFamilyId::new(),
        realm_id: RealmId::new(),
        grant_id: GrantId::new(),
        client_id: ClientId::new(),
        secret: FamilySecret::generate(),
        generation: 1,
        rotated_at: NOW,
        idle_expires_at: NOW.plus(Duration::from_hours(1)),
        absolute_expires_at: NOW.plus(Duration::from_hours(2)),
        revoked_at: None,
        created_at: NOW,
    }
}
