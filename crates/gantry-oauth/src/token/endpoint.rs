//! The phases that all grant types share, in their one order.

use gantry_core::audit::AuditEvent;
use gantry_core::clock::SharedClock;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_store::audit_sink::AuditSink;
use gantry_store::{RealmTx, Store};

use super::entitlement::Entitlement;
use super::grant_type::{Redeeming, authorization_code, client_credentials, refresh_token};
use super::issue::{Issuing, TokenSet, Unsigned};
use super::request::TokenRequest;
use crate::client_auth::{AuthenticatedClient, ClientAuthenticator};
use crate::client_request::ClientRequest;
use crate::keys::KeyRing;
use crate::refusal_log::RefusalLog;
use crate::tenancy::{self, ForTenant};

/// The token endpoint. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TokenEndpoint {
    store: Store,
    keys: KeyRing,
    clients: ClientAuthenticator,
    audit: AuditSink,
    clock: SharedClock,
    refusals: RefusalLog,
}

impl TokenEndpoint {
    /// Over these.
    pub fn new(store: Store, keys: KeyRing, clients: ClientAuthenticator, audit: AuditSink, clock: SharedClock) -> Self {
        Self { store, keys, clients, audit, clock, refusals: RefusalLog::default() }
    }

    /// Answers a token request: parse, authenticate, redeem, issue.
    pub async fn handle(&self, request: ClientRequest<'_>) -> Result<TokenSet, Failure> {
        let asked = TokenRequest::parse(request.parameters)?;
        let client = self.clients.authenticate(request).await?;
        let answered = self.answer(request, &client, asked).await;
        if let Err(Failure::Refused(refusal)) = &answered {
            self.note_refusal(request, &client, refusal).await?;
        }
        answered
    }

    async fn answer(&self, request: ClientRequest<'_>, client: &AuthenticatedClient, asked: TokenRequest) -> Result<TokenSet, Failure> {
        if !client.client().allows(asked.grant_type()) {
            return Err(Refusal::new(ErrorCode::UnauthorizedClient, "the client may not use this grant type").into());
        }
        let now = self.clock.now();
        let issuing = Issuing { request, client: client.client(), now };
        let keys = self.keys.of(request.realm.snapshot, now)?;
        // Before anything is consumed, so that a realm that cannot sign consumes nothing.
        keys.active(request.realm.realm().settings.tokens.signing_algorithm)?;
        let unsigned = match asked {
            TokenRequest::ClientCredentials { scope, resources, org_id } => {
                let asked = client_credentials::Asked { scope, resources, tenant: self.tenant(issuing, org_id.as_deref()).await? };
                self.machine(issuing, client, asked).await?
            }
            TokenRequest::AuthorizationCode { code, redirect_uri, verifier, resources } => {
                let redemption = authorization_code::Redemption { code, redirect_uri, verifier, resources };
                let redeem = async |redeeming: Redeeming<'_>| authorization_code::redeem(redeeming, redemption).await;
                let policy = &request.realm.realm().settings.tokens;
                self.in_transaction(issuing, client, redeem).await.map_err(|failure| authorization_code::worded(failure, policy))?
            }
            TokenRequest::RefreshToken { token, scope, resources, org_id } => {
                let asked = refresh_token::Redemption { token, scope, resources, org_id };
                self.in_transaction(issuing, client, async |redeeming| refresh_token::redeem(redeeming, &asked).await).await?
            }
        };
        Ok(unsigned.sign(request.realm, client.client(), &keys)?)
    }

    /// Redeems and writes as one: a refusal keeps what was consumed, a fault undoes it.
    async fn in_transaction(
        &self,
        issuing: Issuing<'_>,
        client: &AuthenticatedClient,
        redeem: impl AsyncFnOnce(Redeeming<'_>) -> Result<Entitlement, Failure>,
    ) -> Result<Unsigned, Failure> {
        let Issuing { request, now, .. } = issuing;
        let work = async |tx: &RealmTx| {
            let entitlement = redeem(Redeeming { tx, request, client, now, paths: self.clients.paths() }).await?;
            Ok(issuing.write(tx, entitlement).await?)
        };
        self.store.transact(request.realm.id(), work).await
    }

    /// The tenant that an app wants to act for by itself. Only who names one waits for the database.
    async fn tenant(&self, issuing: Issuing<'_>, org_id: Option<&str>) -> Result<Option<ForTenant>, Failure> {
        let Some(org_id) = org_id else { return Ok(None) };
        let realm = issuing.request.realm;
        let found = tenancy::machine(&self.store.read(realm.id()), realm.realm().settings.tenants, issuing.client, org_id).await?;
        Ok(Some(found.map_err(|barrier| barrier.denied().detail(org_id))?))
    }

    /// A machine's JWT has no row, so it is issued without the database; its audit line follows.
    async fn machine(
        &self,
        issuing: Issuing<'_>,
        client: &AuthenticatedClient,
        asked: client_credentials::Asked,
    ) -> Result<Unsigned, Failure> {
        let realm = issuing.request.realm;
        let entitlement = client_credentials::redeem(realm.snapshot, client, asked)?;
        let (unsigned, line) = issuing.make(entitlement);
        let Some(row) = unsigned.row() else {
            self.audit.record(line).await?;
            return Ok(unsigned);
        };
        let write = async |tx: &RealmTx| {
            tx.access_tokens().insert(row).await?;
            Ok(tx.audit().insert(&line).await?)
        };
        self.store.transact(realm.id(), write).await?;
        Ok(unsigned)
    }

    async fn note_refusal(&self, request: ClientRequest<'_>, client: &AuthenticatedClient, refusal: &Refusal) -> Result<(), Fault> {
        let Some(why) = self.refusals.due(client.client(), refusal) else { return Ok(()) };
        let line = request.audit(AuditEvent::TokenRefused, self.clock.now()).client(client.client().id);
        let line = line.reason(refusal.code.wire_name()).detail(serde_json::json!({ "why": why }));
        self.audit.record(line).await
    }
}
