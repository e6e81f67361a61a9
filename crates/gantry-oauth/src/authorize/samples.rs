//! Requests, sessions and people for the unit tests of the authorization side.

use std::sync::Arc;

use gantry_core::authorization_request::AuthorizationParameters;
use gantry_core::client::{Client, ClientKind};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Refusal;
use gantry_core::id::{MembershipId, RealmId, SessionId, TenantId, UserId};
use gantry_core::parameters::Parameters;
use gantry_core::response_mode::ResponseMode;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Digest;
use gantry_core::session::{AuthMethod, Session};
use gantry_core::tenant::{AppPolicy, Membership, SignInRule, Tenant, TenantRole};
use gantry_core::user::{Profile, User};
use gantry_store::snapshot::RealmSnapshot;

pub(crate) use crate::samples::NOW;
use crate::tenancy::Workplace;

pub(crate) const ISSUER: &str = "https://id.example";
pub(crate) const CALLBACK: &str = "https://app.example/cb";
pub(crate) const API: &str = "https://api.example";
pub(crate) const OTHER_API: &str = "https://other.example";

/// A realm with two APIs.
pub(crate) fn realm() -> RealmSnapshot {
    Arc::unwrap_or_clone(crate::samples::realm())
}

/// A confidential client of that realm that may ask for everything there.
pub(crate) fn client(realm: &RealmSnapshot) -> Client {
    Client {
        realm_id: realm.realm.id,
        post_logout_redirect_uris: vec!["https://app.example/bye".to_owned()],
        scopes: ScopeSet::from_names(["openid", "profile", "email", "offline_access", "read", "other"]),
        ..crate::samples::client(ClientKind::Confidential)
    }
}

/// A session that began with the given sign-in.
pub(crate) fn session(realm: &RealmSnapshot, authenticated_at: Timestamp) -> Session {
    Session {
        id: SessionId::new(),
        realm_id: realm.realm.id,
        user_id: UserId::new(),
        digest: Digest::of(b"cookie"),
        connection_id: None,
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
        audiences: vec![API.to_owned()],
        code_challenge: None,
        nonce: None,
        prompts: Vec::new(),
        max_age: None,
        org_id: None,
        connection: None,
        domain_hint: None,
        login_hint: None,
        acr_values: Vec::new(),
        acr_essential: false,
        ui_locales: Vec::new(),
        display: None,
        claims: None,
        expected_subject: None,
        pushed: None,
        console_test: false,
        received_at: NOW,
    }
}

/// A tenant of a person that is open to every app, or what the change makes of it.
pub(crate) fn workplace(change: impl FnOnce(&mut Workplace)) -> Workplace {
    let id = TenantId::new();
    let tenant = Tenant {
        id,
        realm_id: RealmId::new(),
        org_id: format!("org_{id}"),
        name: "Acme".to_owned(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: gantry_core::tenant::TenantBranding::default(),
        suspended_at: None,
        not_before: None,
        created_at: Timestamp::from_seconds(0),
    };
    let membership = Membership {
        id: MembershipId::new(),
        tenant_id: id,
        user_id: UserId::new(),
        role: TenantRole::Member,
        break_glass: false,
        connection_id: None,
        created_at: Timestamp::from_seconds(0),
    };
    let mut workplace = Workplace { tenant, membership, barrier: None, installation: None, takes_sign_in: true };
    change(&mut workplace);
    workplace
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
