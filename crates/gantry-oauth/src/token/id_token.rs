//! ID tokens (OpenID Connect Core §2).

use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::scope::OPENID;
use serde::Serialize;
use serde_json::{Map, Value};

use super::claims;
use super::entitlement::Holder;
use crate::client_request::ServedRealm;
use crate::jose::TokenKind;
use crate::keys::RealmKeys;
use gantry_core::scope_set::ScopeSet;

#[derive(Debug, Serialize)]
struct Claims<'c> {
    iss: String,
    sub: String,
    aud: &'c str,
    exp: i64,
    iat: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'c str>,
    acr: &'c str,
    amr: &'c [String],
    sid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<&'c str>,
    #[serde(flatten)]
    person: Map<String, Value>,
}

/// What an ID token is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Making<'m> {
    pub(super) realm: ServedRealm<'m>,
    pub(super) client: &'m Client,
    pub(super) holder: &'m Holder,
    pub(super) org_id: Option<&'m str>,
    pub(super) scopes: &'m ScopeSet,
    /// Whether this is the answer to the authentication itself: a refreshed ID token carries no
    /// `nonce` (OpenID Connect Core §12.2).
    pub(super) first: bool,
    pub(super) now: Timestamp,
}

impl Making<'_> {
    /// Signs the token; `None` where `openid` was not granted.
    pub(super) fn sign(self, keys: &RealmKeys) -> Result<Option<String>, Fault> {
        if !self.scopes.contains(OPENID) {
            return Ok(None);
        }
        let tokens = &self.realm.realm().settings.tokens;
        let grant = &self.holder.grant;
        let claims = Claims {
            iss: self.realm.address.issuer(),
            sub: grant.user_id.to_string(),
            aud: &self.client.client_id,
            exp: self.now.seconds().saturating_add(i64::from(tokens.id_token_lifetime)),
            iat: self.now.seconds(),
            auth_time: grant.authenticated_at.seconds(),
            nonce: grant.nonce.as_deref().filter(|_| self.first),
            acr: grant.acr.as_str(),
            amr: &grant.amr,
            sid: grant.session_id.to_string(),
            org_id: self.org_id,
            person: claims::for_id_token(self.realm.snapshot, self.holder, self.scopes),
        };
        keys.active(tokens.signing_algorithm)?.sign(TokenKind::Id, &claims).map(Some)
    }
}
