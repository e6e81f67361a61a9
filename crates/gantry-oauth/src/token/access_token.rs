//! Access tokens: their claims (RFC 9068 §2.2), how they are made, and how they are found again.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::access_token::OpaqueAccessToken;
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::grant::Grant;
use gantry_core::id::{GrantId, TenantId};
use gantry_core::realm::{TokenFormat, seconds};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::{Digest, SecretKind, random_bytes};
use gantry_core::tenant::Tenant;
use gantry_store::snapshot::ClientSnapshot;
use gantry_store::{RealmTx, Store};
use serde::{Deserialize, Serialize};

use super::may_issue::{Fallen, Holder, may_issue};
use super::policy::AccessPolicy;
use crate::client_request::ServedRealm;
use crate::jose::TokenKind;
use crate::jose::verify::{Slot, Verified, verify};
use crate::keys::{KeyRing, RealmKeys};
use crate::tenancy::{self, Barrier, ForTenant};

/// What the `jti` of a machine's token begins with, in place of a grant's id.
const MACHINE: &str = "cc";
/// How far another node's clock may be ahead of ours.
const LEEWAY: Duration = Duration::from_secs(10);

/// `aud`: one audience is a text, several are a list (RFC 7519 §4.1.3).
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    org_id: Option<String>,
    iat: i64,
    exp: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<String>>,
}

/// What a token is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Making<'m> {
    pub(super) realm: ServedRealm<'m>,
    pub(super) client: &'m Client,
    pub(super) grant: Option<&'m Grant>,
    pub(super) tenant: Option<&'m Tenant>,
    pub(super) scopes: &'m ScopeSet,
    pub(super) audiences: &'m [String],
    pub(super) now: Timestamp,
}

/// A token before it is signed, or as it goes out with its row.
#[derive(Debug)]
pub(super) struct Made {
    /// How long it lives, in seconds.
    pub(super) lifetime: u32,
    /// The name under which the audit trail knows it.
    pub(super) jti: String,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Jwt { policy: AccessPolicy, claims: Box<Claims> },
    Opaque { token: gantry_core::secret::Secret, row: Box<OpaqueAccessToken> },
}

impl Making<'_> {
    /// Makes the token; a JWT still has to be signed, an opaque one still to be written.
    pub(super) fn make(self) -> Made {
        let policy = AccessPolicy::of(self.realm.snapshot, self.client, self.audiences);
        let issuer = self.realm.address.issuer();
        let owner = self.grant.map_or_else(|| MACHINE.to_owned(), |grant| grant.id.to_string());
        let jti = format!("{owner}.{}", URL_SAFE_NO_PAD.encode(random_bytes::<16>()));
        let audiences = if self.audiences.is_empty() { vec![issuer.clone()] } else { self.audiences.to_vec() };
        let form = match policy.format {
            TokenFormat::Jwt => Form::Jwt { policy, claims: Box::new(self.claims(policy, issuer, audiences, jti.clone())) },
            TokenFormat::Opaque => self.opaque(policy, audiences),
        };
        Made { lifetime: policy.lifetime, jti, form }
    }

    fn claims(self, policy: AccessPolicy, issuer: String, mut audiences: Vec<String>, jti: String) -> Claims {
        let aud = match audiences.pop() {
            Some(only) if audiences.is_empty() => Audience::One(only),
            last => {
                audiences.extend(last);
                Audience::Many(audiences)
            }
        };
        Claims {
            iss: issuer,
            sub: self.grant.map_or_else(|| self.client.client_id.clone(), |grant| grant.user_id.to_string()),
            aud,
            client_id: self.client.client_id.clone(),
            org_id: self.tenant.map(|tenant| tenant.org_id.clone()),
            iat: self.now.seconds(),
            exp: self.now.seconds().saturating_add(i64::from(policy.lifetime)),
            jti,
            scope: (!self.scopes.is_empty()).then(|| self.scopes.to_string()),
            auth_time: self.grant.map(|grant| grant.authenticated_at.seconds()),
            acr: self.grant.map(|grant| grant.acr.as_str().to_owned()),
            amr: self.grant.map(|grant| grant.amr.clone()),
        }
    }

    fn opaque(self, policy: AccessPolicy, audiences: Vec<String>) -> Form {
        let token = SecretKind::AccessToken.generate();
        let row = OpaqueAccessToken {
            digest: token.digest(),
            realm_id: self.realm.id(),
            client_id: self.client.id,
            grant_id: self.grant.map(|grant| grant.id),
            scopes: self.scopes.clone(),
            audiences,
            tenant_id: self.tenant.map(|tenant| tenant.id),
            issued_at: self.now,
            expires_at: self.now.plus(seconds(policy.lifetime)),
            revoked_at: None,
        };
        Form::Opaque { token, row: Box::new(row) }
    }
}

impl Made {
    /// The row to be written before the token goes out.
    pub(super) fn row(&self) -> Option<&OpaqueAccessToken> {
        match &self.form {
            Form::Jwt { .. } => None,
            Form::Opaque { row, .. } => Some(row),
        }
    }

    /// The text that goes out.
    pub(super) fn into_text(self, realm: ServedRealm<'_>, keys: &RealmKeys) -> Result<String, Fault> {
        match self.form {
            Form::Jwt { policy, claims } => {
                let kind = TokenKind::Access(realm.realm().settings.tokens.access_token_type);
                keys.active(policy.algorithm)?.sign(kind, &claims)
            }
            Form::Opaque { token, .. } => Ok(token.expose().to_owned()),
        }
    }
}

/// By what a token is revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handle {
    /// A JWT's `jti`.
    Jti(String),
    /// The digest of an opaque token.
    Digest(Digest),
}

/// The tenant that a token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedTenant {
    /// As a JWT does.
    OrgId(String),
    /// As an opaque token's row does.
    Key(TenantId),
}

/// A token that still holds: who and what is behind it.
#[derive(Debug, Clone)]
pub struct Behind {
    /// The person; none behind a machine's token.
    pub holder: Option<Holder>,
    /// The tenant that it is for.
    pub tenant: Option<ForTenant>,
}

/// An access token of the realm that has not expired. Whether it still holds is another question.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// By what it is revoked.
    pub handle: Handle,
    /// The client that it was issued to.
    pub client: Arc<ClientSnapshot>,
    /// The grant above it; none for a machine's.
    pub grant: Option<GrantId>,
    /// The tenant that it is for.
    pub tenant: Option<NamedTenant>,
    /// Its scopes.
    pub scopes: ScopeSet,
    /// Its audiences.
    pub audiences: Vec<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    revoked: bool,
}

/// Finds access tokens and says whether they hold. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AccessTokens {
    store: Store,
    keys: KeyRing,
}

impl AccessTokens {
    /// Over this store and these keys.
    pub const fn new(store: Store, keys: KeyRing) -> Self {
        Self { store, keys }
    }

    /// The token, if this realm issued it and it has not expired.
    pub async fn find(&self, realm: ServedRealm<'_>, text: &str, now: Timestamp) -> Result<Option<AccessToken>, Fault> {
        if SecretKind::AccessToken.unwrap(text).is_some() {
            return self.find_opaque(realm, text, now).await;
        }
        let keys = self.keys.of(realm.snapshot, now)?;
        let Some(claims) = verify::<Claims>(&keys, Slot::Access, text).map(Verified::into_claims) else { return Ok(None) };
        let (issued_at, expires_at) = (Timestamp::from_seconds(claims.iat), Timestamp::from_seconds(claims.exp));
        if claims.iss != realm.address.issuer() || expires_at <= now || issued_at > now.plus(LEEWAY) {
            return Ok(None);
        }
        let Some(client) = self.store.snapshots().client(realm.id(), &claims.client_id).await? else { return Ok(None) };
        let grant = match claims.jti.split_once('.') {
            Some((MACHINE, _)) => None,
            Some((grant, _)) => match grant.parse() {
                Ok(grant) => Some(grant),
                Err(_) => return Ok(None),
            },
            None => return Ok(None),
        };
        let audiences = match claims.aud {
            Audience::One(audience) => vec![audience],
            Audience::Many(audiences) => audiences,
        };
        let scopes = ScopeSet::parse(claims.scope.as_deref().unwrap_or_default()).unwrap_or_default();
        let handle = Handle::Jti(claims.jti);
        let tenant = claims.org_id.map(NamedTenant::OrgId);
        Ok(Some(AccessToken { handle, client, grant, tenant, scopes, audiences, issued_at, expires_at, revoked: false }))
    }

    async fn find_opaque(&self, realm: ServedRealm<'_>, text: &str, now: Timestamp) -> Result<Option<AccessToken>, Fault> {
        let digest = Digest::of(text.as_bytes());
        let row = self.store.read(realm.id()).access_tokens().find(digest).await?;
        let Some(row) = row.filter(|row| row.expires_at > now) else { return Ok(None) };
        let Some(client) = self.store.snapshots().client_by_key(realm.id(), row.client_id).await? else { return Ok(None) };
        Ok(Some(AccessToken {
            handle: Handle::Digest(digest),
            client,
            grant: row.grant_id,
            tenant: row.tenant_id.map(NamedTenant::Key),
            scopes: row.scopes,
            audiences: row.audiences,
            issued_at: row.issued_at,
            expires_at: row.expires_at,
            revoked: row.revoked_at.is_some(),
        }))
    }

    /// Whether the token still holds, and who and what is behind it.
    pub async fn standing(&self, realm: ServedRealm<'_>, token: &AccessToken, now: Timestamp) -> Result<Result<Behind, Fallen>, Fault> {
        let client = &token.client.client;
        let tx = self.store.read(realm.id());
        let revoked = match &token.handle {
            Handle::Jti(jti) => tx.access_tokens().is_jti_revoked(jti).await?,
            Handle::Digest(_) => token.revoked,
        };
        if revoked {
            return Ok(Err(Fallen("token_revoked")));
        }
        let holder = match token.grant {
            Some(grant) => match may_issue(&tx, realm.realm(), client, grant, now).await? {
                Ok(holder) => Some(holder),
                Err(fallen) => return Ok(Err(fallen)),
            },
            None if !realm.realm().stands_since(token.issued_at) => return Ok(Err(Fallen("realm_revoked"))),
            None if client.is_enabled() && client.not_before.is_none_or(|epoch| token.issued_at >= epoch) => None,
            None => return Ok(Err(Fallen("client_disabled"))),
        };
        let tenant = match tenant(&tx, token, holder.as_ref()).await? {
            Ok(tenant) => tenant,
            Err(barrier) => return Ok(Err(Fallen(barrier.reason().as_str()))),
        };
        Ok(Ok(Behind { holder, tenant }))
    }
}

/// The tenant that a token is for, if what was granted for it still stands.
async fn tenant(tx: &RealmTx, token: &AccessToken, holder: Option<&Holder>) -> Result<Result<Option<ForTenant>, Barrier>, Fault> {
    let known = match &token.tenant {
        None => return Ok(Ok(None)),
        Some(NamedTenant::OrgId(org_id)) => tx.tenants().find_by_org_id(org_id).await?,
        Some(NamedTenant::Key(id)) => tx.tenants().find(*id).await?,
    };
    let Some(tenant) = known else { return Ok(Err(Barrier::NotGranted)) };
    let held = match holder {
        Some(holder) if !holder.grant.tenants.contains(&tenant.id) => Err(Barrier::NotGranted),
        Some(holder) => tenancy::stands(tx, &holder.grant, tenant).await?,
        None => tenancy::machine_stands(tx, &token.client.client, tenant, token.issued_at).await?,
    };
    Ok(held.map(Some))
}
