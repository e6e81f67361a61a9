//! One of everything that a flow writes, from the session to the tokens.

use std::time::Duration;

use gantry_core::access_token::OpaqueAccessToken;
use gantry_core::action_link::{Action, ActionLink};
use gantry_core::authorization_code::AuthorizationCode;
use gantry_core::authorization_request::{AuthorizationParameters, AuthorizationRequest, Stage};
use gantry_core::clock::Timestamp;
use gantry_core::consent::Consent;
use gantry_core::grant::Grant;
use gantry_core::id::{
    ActionLinkId, AuthorizationRequestId, ClientId, ConsentId, GrantId, RealmId, RefreshFamilyId, SessionId, TenantId, UserId,
};
use gantry_core::pkce::CodeChallenge;
use gantry_core::refresh_family::{FamilySecret, RefreshFamily};
use gantry_core::response_mode::ResponseMode;
use gantry_core::scope_set::ScopeSet;
use gantry_core::session::{Acr, AuthMethod, Session};

use crate::sample::{HOUR, digest};

pub(crate) fn session(realm: RealmId, user: UserId, now: Timestamp) -> Session {
    Session {
        id: SessionId::new(),
        realm_id: realm,
        user_id: user,
        digest: digest(),
        connection_id: None,
        methods: vec![AuthMethod::Password],
        authenticated_at: now,
        remembered: true,
        user_agent: "Firefox".to_owned(),
        ip: "192.0.2.1".to_owned(),
        last_used_at: now,
        created_at: now,
        expires_at: now.plus(HOUR),
        ended_at: None,
    }
}

pub(crate) fn grant(realm: RealmId, user: UserId, client: ClientId, now: Timestamp) -> Grant {
    let tenant = TenantId::new();
    Grant {
        id: GrantId::new(),
        realm_id: realm,
        user_id: user,
        client_id: client,
        session_id: SessionId::new(),
        connection_id: None,
        session_bound: true,
        scopes: ScopeSet::from_names(["openid", "email"]),
        audiences: vec!["https://api.example".to_owned()],
        tenants: vec![tenant],
        default_tenant: Some(tenant),
        nonce: Some("n-1".to_owned()),
        requested_claims: Some("{\"id_token\":{}}".to_owned()),
        authenticated_at: now,
        acr: Acr::One,
        amr: vec!["pwd".to_owned()],
        created_at: now,
        last_used_at: now,
        revoked_at: None,
    }
}

pub(crate) fn family(grant: &Grant, now: Timestamp) -> RefreshFamily {
    RefreshFamily {
        id: RefreshFamilyId::new(),
        realm_id: grant.realm_id,
        grant_id: grant.id,
        client_id: grant.client_id,
        secret: FamilySecret::generate(),
        generation: 0,
        rotated_at: now,
        idle_expires_at: now.plus(HOUR),
        absolute_expires_at: now.plus(HOUR * 10),
        revoked_at: None,
        created_at: now,
    }
}

pub(crate) fn code(grant: &Grant, now: Timestamp) -> AuthorizationCode {
    AuthorizationCode {
        digest: digest(),
        realm_id: grant.realm_id,
        client_id: grant.client_id,
        grant_id: grant.id,
        redirect_uri: "https://board.example/cb".to_owned(),
        code_challenge: CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        trace: None,
        created_at: now,
        expires_at: now.plus(Duration::from_mins(1)),
        consumed_at: None,
    }
}

pub(crate) fn opaque_token(grant: &Grant, now: Timestamp) -> OpaqueAccessToken {
    OpaqueAccessToken {
        digest: digest(),
        realm_id: grant.realm_id,
        client_id: grant.client_id,
        grant_id: Some(grant.id),
        scopes: grant.scopes.clone(),
        audiences: grant.audiences.clone(),
        tenant_id: grant.default_tenant,
        issued_at: now,
        expires_at: now.plus(HOUR),
        revoked_at: None,
    }
}

pub(crate) fn consent(realm: RealmId, user: UserId, client: ClientId, tenant: Option<TenantId>, now: Timestamp) -> Consent {
    Consent {
        id: ConsentId::new(),
        realm_id: realm,
        user_id: user,
        client_id: client,
        client_version: 2,
        tenant_id: tenant,
        scopes: ScopeSet::from_names(["openid"]),
        audiences: vec!["https://api.example".to_owned()],
        decided_at: now,
    }
}

pub(crate) fn request(realm: RealmId, client: ClientId, now: Timestamp) -> AuthorizationRequest {
    AuthorizationRequest {
        id: AuthorizationRequestId::new(),
        realm_id: realm,
        browser: digest(),
        trace: None,
        parameters: AuthorizationParameters {
            client,
            redirect_uri: "https://board.example/cb".to_owned(),
            response_mode: ResponseMode::FormPost,
            state: Some("\u{2603}=&".to_owned()),
            scopes: ScopeSet::from_names(["openid"]),
            audiences: Vec::new(),
            code_challenge: None,
            nonce: None,
            prompts: Vec::new(),
            max_age: Some(5),
            connection: None,
            domain_hint: None,
            org_id: None,
            login_hint: None,
            acr_values: Vec::new(),
            acr_essential: false,
            ui_locales: Vec::new(),
            display: None,
            claims: None,
            expected_subject: None,
            pushed: None,
            console_test: false,
            received_at: now,
        },
        stage: Stage::Received,
        created_at: now,
        expires_at: now.plus(HOUR),
    }
}

pub(crate) fn link(realm: RealmId, user: Option<UserId>, action: Action, now: Timestamp) -> ActionLink {
    ActionLink {
        id: ActionLinkId::new(),
        realm_id: realm,
        digest: digest(),
        action,
        user_id: user,
        resume: Some("arq_1".to_owned()),
        created_at: now,
        expires_at: now.plus(HOUR),
        consumed_at: None,
    }
}
