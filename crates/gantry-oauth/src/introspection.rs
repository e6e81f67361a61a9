//! Token introspection (RFC 7662).
//!
//! Owns who may look at which credential. An API's own client sees what is for that API: access
//! tokens, App Keys, personal tokens. Any confidential client sees its own tokens and keys. To
//! everybody else each one is inactive, and nothing tells why (attack catalogue RTK-16, PAR-19, TEN-13).

use gantry_core::client::Client;
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::refresh_family::{PresentedRefreshToken, Standing};
use gantry_core::resource::Resource;
use gantry_core::scope_set::ScopeSet;
use gantry_store::Store;
use serde::Serialize;

use crate::client_auth::ClientAuthenticator;
use crate::client_request::{ClientRequest, ServedRealm};
use crate::credential::{Credential, CredentialKind, Credentials};
use crate::token::may_issue::may_issue;
use crate::token::policy::scopes_for;

/// What is said of a token (RFC 7662 §2.2).
#[derive(Debug, Default, Serialize)]
pub struct Introspection {
    active: bool,
    #[serde(flatten)]
    known: Option<Known>,
}

#[derive(Debug, Serialize)]
struct Known {
    token_kind: CredentialKind,
    iss: String,
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aud: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
}

impl Introspection {
    fn active(known: Known) -> Self {
        Self { active: true, known: Some(known) }
    }
}

/// The introspection endpoint. Cheap to clone.
#[derive(Debug, Clone)]
pub struct IntrospectionEndpoint {
    store: Store,
    credentials: Credentials,
    clients: ClientAuthenticator,
    clock: SharedClock,
}

/// One question, its asker known.
#[derive(Clone, Copy)]
struct Question<'q> {
    realm: ServedRealm<'q>,
    asker: &'q Client,
    token: &'q str,
    now: Timestamp,
}

impl IntrospectionEndpoint {
    /// Over these.
    pub const fn new(store: Store, credentials: Credentials, clients: ClientAuthenticator, clock: SharedClock) -> Self {
        Self { store, credentials, clients, clock }
    }

    /// Answers an introspection request.
    pub async fn handle(&self, request: ClientRequest<'_>) -> Result<Introspection, Failure> {
        let authenticated = self.clients.authenticate(request).await?;
        if !authenticated.has_proved_itself() {
            return Err(Refusal::new(ErrorCode::InvalidClient, "a client that keeps no secret cannot introspect").into());
        }
        let token = request.parameters.get("token").ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, "`token` is missing"))?;
        let question = Question { realm: request.realm, asker: authenticated.client(), token, now: self.clock.now() };
        if let Some(presented) = PresentedRefreshToken::parse(token) {
            return Ok(self.refresh_token(question, &presented).await?.map_or_else(Introspection::default, Introspection::active));
        }
        Ok(self.credential(question).await?.map_or_else(Introspection::default, Introspection::active))
    }

    async fn credential(&self, question: Question<'_>) -> Result<Option<Known>, Fault> {
        let Question { realm, asker, token, now } = question;
        let Some(found) = self.credentials.find(realm, token, now).await? else { return Ok(None) };
        let Some(Visible { scopes, audiences }) = visible(question, &found) else { return Ok(None) };
        tracing::debug!(client = %asker.client_id, kind = found.kind.as_str(), "introspected");
        self.credentials.note_use(realm, &found, now);
        Ok(Some(Known {
            token_kind: found.kind,
            iss: realm.address.issuer(),
            sub: found.subject(),
            client_id: found.client_id().map(str::to_owned),
            org_id: found.tenant.map(|tenant| tenant.org_id),
            scope: (!scopes.is_empty()).then(|| scopes.to_string()),
            aud: audiences,
            token_type: (found.kind != CredentialKind::AppKey).then_some("Bearer"),
            iat: found.issued_at.seconds(),
            exp: found.expires_at.map(Timestamp::seconds),
            jti: found.id,
        }))
    }

    /// Refresh tokens are between a client and this server: nobody else is told of them.
    async fn refresh_token(&self, question: Question<'_>, presented: &PresentedRefreshToken) -> Result<Option<Known>, Fault> {
        let Question { realm, asker, now, .. } = question;
        let tx = self.store.read(realm.id());
        let Some(family) = tx.families().find(presented.family).await? else { return Ok(None) };
        let dead = family.revoked_at.is_some() || family.idle_expires_at <= now || family.absolute_expires_at <= now;
        if dead || family.client_id != asker.id || family.standing(presented) != Standing::Live {
            return Ok(None);
        }
        let Ok(holder) = may_issue(&tx, realm.realm(), asker, family.grant_id, now).await? else { return Ok(None) };
        Ok(Some(Known {
            token_kind: CredentialKind::RefreshToken,
            iss: realm.address.issuer(),
            sub: holder.user.id.to_string(),
            client_id: Some(asker.client_id.clone()),
            org_id: None,
            scope: (!holder.grant.scopes.is_empty()).then(|| holder.grant.scopes.to_string()),
            aud: holder.grant.audiences,
            token_type: None,
            iat: family.rotated_at.seconds(),
            exp: Some(family.idle_expires_at.seconds()),
            jti: None,
        }))
    }
}

/// What the asker may see of a credential.
struct Visible {
    scopes: ScopeSet,
    audiences: Vec<String>,
}

/// What the asker may see; `None` if it may not know of the credential at all.
fn visible(question: Question<'_>, found: &Credential) -> Option<Visible> {
    let Question { realm, asker, .. } = question;
    if found.client.as_ref().is_some_and(|client| client.client.id == asker.id) {
        return Some(Visible { scopes: found.scopes.clone(), audiences: found.audiences.clone() });
    }
    let own = |resource: &&Resource| Some(resource.id) == asker.introspects;
    let resource = realm.snapshot.resources.iter().find(own).filter(|resource| found.audiences.contains(&resource.audience))?;
    // RFC 7662 §5: not what it may do elsewhere. A token's audiences are in the token; a key's are its owner's matter.
    let audience = std::slice::from_ref(&resource.audience);
    let audiences = if found.kind == CredentialKind::AccessToken { &*found.audiences } else { audience };
    Some(Visible { scopes: scopes_for(realm.snapshot, &found.scopes, audience), audiences: audiences.to_vec() })
}
