//! Issue: from an entitlement to tokens. May fault, but never refuses.
//!
//! What is written is written in the caller's transaction; what is signed is signed after it has
//! committed, so that no signature is waited for while a database is held.

use gantry_core::access_token::OpaqueAccessToken;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::RefreshFamilyId;
use gantry_core::realm::seconds;
use gantry_core::refresh_family::{FamilySecret, RefreshFamily};
use gantry_core::scope_set::ScopeSet;
use gantry_store::RealmTx;
use serde::Serialize;
use serde_json::json;
use std::time::Duration;

use super::entitlement::{Entitlement, Holder, LiveRefreshToken, Refresh, Subject};
use super::policy::RefreshLifetimes;
use super::{access_token, id_token};
use crate::client_request::{ClientRequest, ServedRealm};
use crate::consent;
use crate::keys::RealmKeys;
use crate::traced;
use gantry_core::grant_type::GrantType;

/// A grant's last use is noted this often.
const TOUCH_INTERVAL: Duration = Duration::from_mins(1);

/// A successful answer (RFC 6749 §5.1). Made of secrets, so it is serialized for the wire and shown nowhere.
#[derive(Serialize)]
pub struct TokenSet {
    pub(super) access_token: String,
    token_type: &'static str,
    pub(super) expires_in: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "not-before-policy")]
    not_before_policy: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<String>,
}

impl TokenSet {
    /// The ID token, for Gantry's own console.
    pub fn id_token(&self) -> Option<&str> {
        self.id_token.as_deref()
    }
}

impl std::fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenSet")
    }
}

/// Tokens that only lack their signatures; their rows are written.
pub(super) struct Unsigned {
    access: access_token::Made,
    holder: Option<Box<Holder>>,
    org_id: Option<String>,
    scopes: ScopeSet,
    refresh: Option<LiveRefreshToken>,
    first: bool,
    now: Timestamp,
}

/// For whom and when something is issued.
#[derive(Clone, Copy)]
pub(super) struct Issuing<'r> {
    pub(super) request: ClientRequest<'r>,
    pub(super) client: &'r Client,
    pub(super) now: Timestamp,
}

impl Issuing<'_> {
    /// Makes the tokens and the line that says so. Nothing is written yet.
    pub(super) fn make(&self, entitlement: Entitlement) -> (Unsigned, AuditEntry) {
        let Entitlement { grant_type, subject, tenant, scopes, audiences, refresh, trace: _ } = entitlement;
        let tenant = tenant.map(|chosen| chosen.tenant);
        let holder = match subject {
            Subject::Person(holder) => Some(holder),
            Subject::Machine => None,
        };
        let grant = holder.as_ref().map(|holder| &holder.grant);
        let realm = self.request.realm;
        let making = access_token::Making {
            realm,
            client: self.client,
            grant,
            tenant: tenant.as_ref(),
            scopes: &scopes,
            audiences: &audiences,
            now: self.now,
        };
        let access = making.make();
        let tenant_id = tenant.as_ref().map(|tenant| tenant.id);
        let org_id = tenant.map(|tenant| tenant.org_id);
        let detail = json!({ "grant_type": grant_type, "scope": scopes, "aud": audiences, "org_id": org_id, "jti": access.jti });
        let mut line = self.request.audit(AuditEvent::TokensIssued, self.now).client(self.client.id).detail(detail);
        line.tenant_id = tenant_id;
        if let Some(grant) = grant {
            line = line.user(grant.user_id).target(&grant.id);
        }
        let refresh = match refresh {
            Refresh::Token(token) => Some(token),
            Refresh::ByPolicy | Refresh::Nothing => None,
        };
        let first = grant_type == GrantType::AuthorizationCode;
        (Unsigned { access, holder, org_id, scopes, refresh, first, now: self.now }, line)
    }

    /// Makes the tokens and writes what has to be known of them.
    pub(super) async fn write(&self, tx: &RealmTx, entitlement: Entitlement) -> Result<Unsigned, Fault> {
        let by_policy = matches!(entitlement.refresh, Refresh::ByPolicy);
        if let Some(trace) = entitlement.trace {
            let may = (&entitlement.scopes, &*entitlement.audiences);
            traced::tokens(tx, trace, self.client, entitlement.tenant.as_ref(), may, self.now).await?;
        }
        let (mut unsigned, line) = self.make(entitlement);
        if let Some(row) = unsigned.row() {
            tx.access_tokens().insert(row).await?;
        }
        if let Some(holder) = &unsigned.holder {
            let grant = &holder.grant;
            if by_policy && consent::keeps_access(self.request.realm.snapshot, self.client, &grant.scopes) {
                let family = self.family(holder);
                tx.families().insert(&family).await?;
                unsigned.refresh = Some(LiveRefreshToken { token: family.token(family.generation), expires_at: family.idle_expires_at });
            }
            if self.now.since(grant.last_used_at) >= TOUCH_INTERVAL {
                tx.grants().touch(grant.id, self.now).await?;
            }
        }
        tx.audit().insert(&line).await?;
        Ok(unsigned)
    }

    fn family(&self, holder: &Holder) -> RefreshFamily {
        let lifetimes = RefreshLifetimes::of(&self.request.realm.realm().settings.tokens, self.client);
        RefreshFamily {
            id: RefreshFamilyId::new(),
            realm_id: self.request.realm.id(),
            grant_id: holder.grant.id,
            client_id: self.client.id,
            secret: FamilySecret::generate(),
            generation: 0,
            rotated_at: self.now,
            idle_expires_at: self.now.plus(seconds(lifetimes.idle)),
            absolute_expires_at: self.now.plus(seconds(lifetimes.absolute)),
            revoked_at: None,
            created_at: self.now,
        }
    }
}

impl Unsigned {
    /// Signs the tokens.
    pub(super) fn sign(self, realm: ServedRealm<'_>, client: &Client, keys: &RealmKeys) -> Result<TokenSet, Fault> {
        let id_token = match &self.holder {
            Some(holder) => {
                let org_id = self.org_id.as_deref();
                id_token::Making { realm, client, holder, org_id, scopes: &self.scopes, first: self.first, now: self.now }.sign(keys)?
            }
            None => None,
        };
        let shape = &realm.realm().settings.tokens.response;
        let refresh_lives = self.refresh.as_ref().map_or(0, |refresh| refresh.expires_at.since(self.now).as_secs());
        Ok(TokenSet {
            expires_in: self.access.lifetime,
            access_token: self.access.into_text(realm, keys)?,
            token_type: shape.token_type.as_str(),
            refresh_expires_in: shape.refresh_expires_in.then_some(refresh_lives),
            not_before_policy: shape.not_before_policy.then(|| realm.realm().not_before_seconds()),
            refresh_token: self.refresh.map(|refresh| refresh.token.expose().to_owned()),
            id_token,
            scope: (!self.scopes.is_empty()).then(|| self.scopes.to_string()),
        })
    }

    /// What has to be written before the tokens go out, if anything.
    pub(super) fn row(&self) -> Option<&OpaqueAccessToken> {
        self.access.row()
    }
}
