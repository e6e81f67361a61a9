//! One of everything, each field filled so that a column left out is seen.

use std::time::Duration;

use gantry_core::app_key::AppKey;
use gantry_core::client::{Client, ClientKind, ClientPolicy, ClientSecret};
use gantry_core::client_auth_method::ClientAuthMethod;
use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::email_address::EmailAddress;
use gantry_core::grant_type::GrantType;
use gantry_core::id::{
    AppKeyId, ClientId, ClientSecretId, ConnectionId, PersonalTokenId, PublisherId, RealmId, ResourceId, ScopeId, SigningKeyId, TenantId,
    UserId,
};
use gantry_core::personal_token::PersonalToken;
use gantry_core::publisher::Publisher;
use gantry_core::realm::{Realm, RealmSettings, RefreshIssuance, TokenFormat};
use gantry_core::resource::Resource;
use gantry_core::scope::{Scope, ScopeTier};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::{Digest, SecretKind};
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::{KeyState, SigningKey};
use gantry_core::tenant::{AppPolicy, SignInRule, Tenant};
use gantry_core::user::{Profile, RealmRole, User};

use crate::database::TestStore;

pub(crate) use crate::sample_flows::{code, consent, family, grant, link, opaque_token, request, session};

pub(crate) const HOUR: Duration = Duration::from_hours(1);

/// A realm that is written.
pub(crate) async fn a_realm(store: &TestStore) -> Realm {
    let realm = realm(store.now());
    let written = store.transact(realm.id, async |tx| Ok(tx.realms().insert(&realm).await?)).await.unwrap();
    assert!(written);
    realm
}

/// A client that is written.
pub(crate) async fn a_client(store: &TestStore, realm: RealmId) -> Client {
    let client = client(realm, store.now());
    assert!(store.transact(realm, async |tx| Ok(tx.clients().insert(&client).await?)).await.unwrap());
    client
}

/// A person that is written.
pub(crate) async fn a_user(store: &TestStore, realm: RealmId) -> User {
    let user = user(realm, &format!("{}@example.com", UserId::new()), store.now());
    assert!(store.transact(realm, async |tx| Ok(tx.users().insert(&user).await?)).await.unwrap());
    user
}

pub(crate) fn digest() -> Digest {
    SecretKind::Session.generate().digest()
}

pub(crate) fn realm(now: Timestamp) -> Realm {
    let id = RealmId::new();
    Realm {
        id,
        slug: id.uuid().simple().to_string(),
        name: "Rocket Skip".to_owned(),
        hosts: vec![format!("https://{}.example", id.uuid().simple()), format!("http://{}.test:8081", id.uuid().simple())],
        settings: RealmSettings::default(),
        version: 1,
        created_at: now,
        not_before: None,
        disabled_at: None,
    }
}

pub(crate) fn user(realm: RealmId, email: &str, now: Timestamp) -> User {
    User {
        id: UserId::new(),
        realm_id: realm,
        email: EmailAddress::parse(email).unwrap(),
        email_verified_at: Some(now),
        profile: Profile { name: Some("Ada".to_owned()), ..Profile::default() },
        roles: Vec::new(),
        disabled_at: None,
        created_at: now,
        updated_at: now,
    }
}

pub(crate) fn admin(realm: RealmId, email: &str, now: Timestamp) -> User {
    User { roles: vec![RealmRole::RealmAdmin], disabled_at: Some(now), ..user(realm, email, now) }
}

pub(crate) fn connection(realm: RealmId, now: Timestamp) -> Connection {
    Connection {
        id: ConnectionId::new(),
        realm_id: realm,
        slug: "password".to_owned(),
        name: "Password".to_owned(),
        kind: ConnectorKind::Password,
        owner: None,
        settings: gantry_core::connection::ConnectionSettings::default(),
        credential_expires_at: None,
        not_before: None,
        disabled_at: None,
        created_at: now,
    }
}

pub(crate) fn publisher(realm: RealmId, now: Timestamp) -> Publisher {
    Publisher {
        id: PublisherId::new(),
        realm_id: realm,
        slug: "acme".to_owned(),
        name: "Acme".to_owned(),
        website: Some("https://acme.example".to_owned()),
        verified_at: Some(now),
        created_at: now,
    }
}

pub(crate) fn resource(realm: RealmId, now: Timestamp) -> Resource {
    Resource {
        id: ResourceId::new(),
        realm_id: realm,
        audience: "https://api.example".to_owned(),
        name: "API".to_owned(),
        token_format: TokenFormat::Opaque,
        signing_algorithm: Some(SigningAlgorithm::EdDsa),
        access_lifetime: Some(600),
        created_at: now,
    }
}

pub(crate) fn scope(realm: RealmId, resource: Option<ResourceId>, now: Timestamp) -> Scope {
    Scope {
        id: ScopeId::new(),
        realm_id: realm,
        resource_id: resource,
        name: "rockets.read".to_owned(),
        title: "Rockets".to_owned(),
        description: "see your rockets".to_owned(),
        tier: ScopeTier::TenantAdmin,
        claims: vec!["email".to_owned()],
        machine: true,
        created_at: now,
    }
}

pub(crate) fn client(realm: RealmId, now: Timestamp) -> Client {
    let id = ClientId::new();
    Client {
        id,
        realm_id: realm,
        client_id: format!("app-{}", id.uuid().simple()),
        kind: ClientKind::Confidential,
        name: "Rocket board".to_owned(),
        description: "Shows rockets".to_owned(),
        publisher_id: None,
        website: Some("https://board.example".to_owned()),
        redirect_uris: vec!["https://board.example/cb".to_owned(), "https://board.example/cb?x=\u{e4}".to_owned()],
        post_logout_redirect_uris: vec!["https://board.example/".to_owned()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        scopes: ScopeSet::from_names(["openid", "rockets.read"]),
        resources: Vec::new(),
        default_resource: None,
        auth_method: Some(ClientAuthMethod::PrivateKeyJwt),
        jwks: Some("{\"keys\":[]}".to_owned()),
        jwks_uri: Some("https://board.example/jwks".to_owned()),
        introspects: None,
        policy: ClientPolicy { refresh_issuance: Some(RefreshIssuance::Always), require_pkce: true, ..ClientPolicy::default() },
        built_in: true,
        consent_version: 3,
        version: 1,
        not_before: Some(now),
        disabled_at: Some(now),
        created_at: now,
    }
}

pub(crate) fn client_secret(client: ClientId, now: Timestamp) -> ClientSecret {
    ClientSecret {
        id: ClientSecretId::new(),
        client_id: client,
        digest: digest(),
        last_four: "beef".to_owned(),
        last_used_at: None,
        expires_at: None,
        created_at: now,
    }
}

pub(crate) fn app_key(client: ClientId, now: Timestamp) -> AppKey {
    AppKey {
        id: AppKeyId::new(),
        client_id: client,
        name: "Stock feed".to_owned(),
        scopes: ScopeSet::from_names(["read", "stock:read"]),
        digest: digest(),
        last_four: "wxyz".to_owned(),
        last_used_at: None,
        expires_at: None,
        created_at: now,
    }
}

pub(crate) fn personal_token(realm: RealmId, user: UserId, now: Timestamp) -> PersonalToken {
    let id = PersonalTokenId::new();
    PersonalToken {
        id,
        realm_id: realm,
        user_id: user,
        tenant_id: None,
        name: format!("Script {id}"),
        scopes: ScopeSet::from_names(["read", "profile"]),
        digest: digest(),
        last_four: "wxyz".to_owned(),
        last_used_at: None,
        expires_at: now.plus(HOUR),
        created_at: now,
    }
}

pub(crate) fn signing_key(realm: RealmId, algorithm: SigningAlgorithm, state: KeyState, now: Timestamp) -> SigningKey {
    let id = SigningKeyId::new();
    SigningKey {
        id,
        realm_id: realm,
        algorithm,
        kid: id.to_string(),
        private: b"private key".to_vec(),
        public_jwk: "{}".to_owned(),
        state,
        created_at: now,
        activated_at: Some(now),
        retired_at: None,
        expires_at: None,
    }
}

pub(crate) fn tenant(realm: RealmId, now: Timestamp) -> Tenant {
    let id = TenantId::new();
    Tenant {
        id,
        realm_id: realm,
        org_id: format!("org_{}", id.uuid().simple()),
        name: "Customer".to_owned(),
        app_policy: AppPolicy::BlockList,
        max_sign_in_age: Some(900),
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: gantry_core::tenant::TenantBranding::default(),
        suspended_at: Some(now),
        not_before: Some(now),
        created_at: now,
    }
}
