//! A realm, a client and parameters for the unit tests of the authorization side.

use gantry_core::authorization_request::AuthorizationParameters;
use gantry_core::client::{Client, ClientKind, ClientPolicy};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Refusal;
use gantry_core::grant_type::GrantType;
use gantry_core::id::{ClientId, RealmId, ResourceId, ScopeId, SessionId, UserId};
use gantry_core::parameters::Parameters;
use gantry_core::realm::{Realm, RealmSettings};
use gantry_core::resource::Resource;
use gantry_core::response_mode::ResponseMode;
use gantry_core::scope::{Scope, ScopeTier};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Digest;
use gantry_core::session::{AuthMethod, Session};
use gantry_core::user::{Profile, User};
use gantry_store::snapshot::RealmSnapshot;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub(crate) const ISSUER: &str = "https://id.example";
pub(crate) const CALLBACK: &str = "https://app.example/cb";
pub(crate) const FLEET: &str = "https://fleet.example/api";
pub(crate) const LEDGER: &str = "https://ledger.example/api";

/// A realm with two APIs and one scope for each.
pub(crate) fn realm() -> RealmSnapshot {
    let realm = Realm {
        id: RealmId::new(),
        slug: "acme".to_owned(),
        name: "Acme".to_owned(),
        hosts: Vec::new(),
        settings: RealmSettings::default(),
        version: 1,
        created_at: NOW,
        disabled_at: None,
    };
    let resources = vec![resource(realm.id, FLEET, "Fleet API"), resource(realm.id, LEDGER, "Ledger API")];
    let scopes =
        resources.iter().zip(["fleet:read", "ledger:read"]).map(|(resource, name)| scope(realm.id, Some(resource.id), name)).collect();
    RealmSnapshot { realm, connections: Vec::new(), resources, scopes, keys: Vec::new() }
}

fn resource(realm_id: RealmId, audience: &str, name: &str) -> Resource {
    Resource {
        id: ResourceId::new(),
        realm_id,
        audience: audience.to_owned(),
        name: name.to_owned(),
        token_format: gantry_core::realm::TokenFormat::Jwt,
        signing_algorithm: None,
        access_lifetime: None,
        created_at: NOW,
    }
}

fn scope(realm_id: RealmId, resource_id: Option<ResourceId>, name: &str) -> Scope {
    Scope {
        id: ScopeId::new(),
        realm_id,
        resource_id,
        name: name.to_owned(),
        title: name.to_owned(),
        description: format!("do what {name} says"),
        tier: ScopeTier::Open,
        claims: Vec::new(),
        machine: true,
        created_at: NOW,
    }
}

/// A confidential client of that realm that may ask for everything there.
pub(crate) fn client(realm: &RealmSnapshot) -> Client {
    Client {
        id: ClientId::new(),
        realm_id: realm.realm.id,
        client_id: "app".to_owned(),
        kind: ClientKind::Confidential,
        name: "Ledger Sync".to_owned(),
        description: String::new(),
        publisher_id: None,
        website: None,
        redirect_uris: vec![CALLBACK.to_owned()],
        post_logout_redirect_uris: vec!["https://app.example/bye".to_owned()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        scopes: ScopeSet::from_names(["openid", "profile", "email", "offline_access", "fleet:read", "ledger:read"]),
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

/// A session that began with the given sign-in.
pub(crate) fn session(realm: &RealmSnapshot, authenticated_at: Timestamp) -> Session {
    Session {
        id: SessionId::new(),
        realm_id: realm.realm.id,
        user_id: UserId::new(),
        digest: Digest::of(b"cookie"),
        methods: vec![AuthMethod::Password],
        authenticated_at,
        remembered: false,
        user_agent: String::new(),
        ip: String::new(),
        last_used_at: authenticated_at,
        created_at: authenticated_at,
        expires_at: Timestamp::from_seconds(authenticated_at.seconds() + 86_400),
        ended_at: None,
    }
}

/// Parameters as the endpoint reads them.
pub(crate) fn parameters(text: &str) -> Parameters {
    super::parameters::read(text).unwrap()
}

/// Asserts that a refusal may travel in a redirect (RFC 6749 §4.1.2.1), and returns its wire name.
pub(crate) fn wire_name<T: std::fmt::Debug>(verdict: Result<T, Refusal>) -> &'static str {
    let refusal = verdict.unwrap_err();
    assert!(refusal.description.bytes().all(|b| matches!(b, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)), "{refusal}");
    refusal.code.wire_name()
}

/// A request of that client as the checks leave it.
pub(crate) fn asked(client: &Client, scopes: &str) -> AuthorizationParameters {
    AuthorizationParameters {
        client: client.id,
        redirect_uri: CALLBACK.to_owned(),
        response_mode: ResponseMode::Query,
        state: Some("xyz".to_owned()),
        scopes: ScopeSet::parse(scopes).unwrap(),
        audiences: vec![FLEET.to_owned()],
        code_challenge: None,
        nonce: None,
        prompts: Vec::new(),
        max_age: None,
        login_hint: None,
        acr_values: Vec::new(),
        acr_essential: false,
        ui_locales: Vec::new(),
        display: None,
        claims: None,
        expected_subject: None,
        received_at: NOW,
    }
}

/// A person of that realm.
pub(crate) fn user(realm: &RealmSnapshot) -> User {
    User {
        id: UserId::new(),
        realm_id: realm.realm.id,
        email: EmailAddress::parse("ada@example.com").unwrap(),
        email_verified_at: Some(NOW),
        profile: Profile::default(),
        roles: Vec::new(),
        disabled_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}
