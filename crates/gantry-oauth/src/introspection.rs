//! Token introspection (RFC 7662).
//!
//! Owns who may look at which token. An API's own client sees the access tokens for that API, any
//! confidential client sees the tokens issued to itself; to everybody else every token is inactive,
//! and nothing tells why (attack catalogue RTK-16, PAR-19).

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
use crate::token::access_token::{AccessToken, AccessTokens, Behind, Handle};
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
    iss: String,
    sub: String,
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aud: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    iat: i64,
    exp: i64,
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
    tokens: AccessTokens,
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
    pub const fn new(store: Store, tokens: AccessTokens, clients: ClientAuthenticator, clock: SharedClock) -> Self {
        Self { store, tokens, clients, clock }
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
        Ok(self.access_token(question).await?.map_or_else(Introspection::default, Introspection::active))
    }

    async fn access_token(&self, question: Question<'_>) -> Result<Option<Known>, Fault> {
        let Question { realm, asker, token, now } = question;
        let Some(found) = self.tokens.find(realm, token, now).await? else { return Ok(None) };
        let Some(scopes) = visible_scopes(question, &found) else { return Ok(None) };
        let Ok(Behind { holder, tenant }) = self.tokens.standing(realm, &found, now).await? else { return Ok(None) };
        tracing::debug!(client = %asker.client_id, "introspected");
        let client_id = found.client.client.client_id.clone();
        Ok(Some(Known {
            iss: realm.address.issuer(),
            sub: holder.map_or_else(|| client_id.clone(), |holder| holder.user.id.to_string()),
            client_id,
            org_id: tenant.map(|tenant| tenant.org_id),
            scope: (!scopes.is_empty()).then(|| scopes.to_string()),
            aud: found.audiences,
            token_type: Some("Bearer"),
            iat: found.issued_at.seconds(),
            exp: found.expires_at.seconds(),
            jti: match found.handle {
                Handle::Jti(jti) => Some(jti),
                Handle::Digest(_) => None,
            },
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
        let Ok(holder) = may_issue(&tx, asker, family.grant_id, now).await? else { return Ok(None) };
        Ok(Some(Known {
            iss: realm.address.issuer(),
            sub: holder.user.id.to_string(),
            client_id: asker.client_id.clone(),
            org_id: None,
            scope: (!holder.grant.scopes.is_empty()).then(|| holder.grant.scopes.to_string()),
            aud: holder.grant.audiences,
            token_type: None,
            iat: family.rotated_at.seconds(),
            exp: family.idle_expires_at.seconds(),
            jti: None,
        }))
    }
}

/// The scopes of a token that the asker may see; `None` if it may not know of the token at all.
fn visible_scopes(question: Question<'_>, token: &AccessToken) -> Option<ScopeSet> {
    let Question { realm, asker, .. } = question;
    if token.client.client.id == asker.id {
        return Some(token.scopes.clone());
    }
    let own = |resource: &&Resource| Some(resource.id) == asker.introspects;
    let resource = realm.snapshot.resources.iter().find(own).filter(|resource| token.audiences.contains(&resource.audience))?;
    // RFC 7662 §5: not what the token may do elsewhere.
    Some(scopes_for(realm.snapshot, &token.scopes, std::slice::from_ref(&resource.audience)))
}
