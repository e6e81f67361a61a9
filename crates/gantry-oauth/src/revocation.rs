//! Token revocation (RFC 7009).
//!
//! Owns what falls with which token: an access token falls alone, a refresh token takes its family
//! and its grant with it. A token that is unknown, expired or another client's is answered like one
//! that was revoked (RFC 7009 §2.2, attack catalogue RTK-14); a storage fault never is (RTK-15).

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::SharedClock;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::refresh_family::{PresentedRefreshToken, RefreshFamily, Standing};
use gantry_store::{RealmTx, Store};

use crate::client_auth::{AuthenticatedClient, ClientAuthenticator};
use crate::client_request::ClientRequest;
use crate::token::access_token::{AccessToken, AccessTokens, Handle};

/// The revocation endpoint. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RevocationEndpoint {
    store: Store,
    tokens: AccessTokens,
    clients: ClientAuthenticator,
    clock: SharedClock,
}

impl RevocationEndpoint {
    /// Over these.
    pub const fn new(store: Store, tokens: AccessTokens, clients: ClientAuthenticator, clock: SharedClock) -> Self {
        Self { store, tokens, clients, clock }
    }

    /// Answers a revocation request; success says nothing but that the token does not work.
    pub async fn handle(&self, request: ClientRequest<'_>) -> Result<(), Failure> {
        let client = self.clients.authenticate(request).await?;
        let token = request.parameters.get("token").ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, "`token` is missing"))?;
        // `token_type_hint` only says where to look first, and the form of the token says it better.
        let revoked = match PresentedRefreshToken::parse(token) {
            Some(presented) => self.refresh_token(request, &client, &presented).await,
            None => self.access_token(request, &client, token).await,
        };
        revoked.map_err(|failure| match failure {
            Failure::Broken(fault) => Failure::Broken(fault.unavailable()),
            refused @ Failure::Refused(_) => refused,
        })
    }

    async fn refresh_token(
        &self,
        request: ClientRequest<'_>,
        client: &AuthenticatedClient,
        presented: &PresentedRefreshToken,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let is_own = |family: &RefreshFamily| family.client_id == client.client().id && family.standing(presented) != Standing::Forged;
        let work = async |tx: &RealmTx| {
            let Some(family) = tx.families().find(presented.family).await?.filter(is_own) else { return Ok(()) };
            let family_fell = tx.families().revoke(family.id, now).await?;
            let grant_fell = tx.grants().revoke(family.grant_id, now).await?;
            if family_fell || grant_fell {
                tx.audit().insert(&self.line(request, client).target(&family.grant_id)).await?;
            }
            Ok(())
        };
        self.store.transact(request.realm.id(), work).await
    }

    async fn access_token(&self, request: ClientRequest<'_>, client: &AuthenticatedClient, token: &str) -> Result<(), Failure> {
        let now = self.clock.now();
        let found = self.tokens.find(request.realm, token, now).await?;
        let is_own = |token: &AccessToken| token.client.client.id == client.client().id;
        let Some(found) = found.filter(is_own) else { return Ok(()) };
        let work = async |tx: &RealmTx| {
            match &found.handle {
                Handle::Jti(jti) => tx.access_tokens().revoke_jti(jti, found.expires_at).await?,
                Handle::Digest(digest) => {
                    tx.access_tokens().revoke(*digest, now).await?;
                }
            }
            let mut line = self.line(request, client);
            line.target = found.grant.map(|grant| grant.to_string());
            Ok(tx.audit().insert(&line).await?)
        };
        self.store.transact(request.realm.id(), work).await
    }

    fn line(&self, request: ClientRequest<'_>, client: &AuthenticatedClient) -> AuditEntry {
        request.audit(AuditEvent::Revoked, self.clock.now()).client(client.client().id)
    }
}
