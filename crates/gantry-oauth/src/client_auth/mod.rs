//! Client authentication: from presented credentials to an authenticated client.
//!
//! Owns the choice of method and the policy about it. More than one method in a request is refused
//! before any is tried (RFC 6749 §2.3), and policy is judged on the method that was verified, never
//! on what was merely sent (attack catalogue CLI-01, CLI-02). One file for each method.

mod client_secret_basic;
mod client_secret_post;
mod none;
mod private_key_jwt;
mod secret;

use std::sync::Arc;

use gantry_connect::jwks::RemoteJwks;
use gantry_core::audit::AuditEvent;
use gantry_core::client::{Client, ClientKind};
use gantry_core::client_auth_method::ClientAuthMethod;
use gantry_core::clock::SharedClock;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::secret::Secret;
use gantry_store::Store;
use gantry_store::audit_sink::{AuditSink, UsedCredential};
use gantry_store::snapshot::ClientSnapshot;

use crate::client_request::ClientRequest;
use crate::endpoint_paths::PathFamilies;
use crate::refusal_log::RefusalLog;
use crate::use_log::UseLog;

/// What a request brought to prove who it is from. Nothing of it has been checked.
#[derive(Debug)]
struct Presented {
    client_id: String,
    proof: Proof,
}

#[derive(Debug)]
enum Proof {
    Basic(Secret),
    Post(Secret),
    Assertion(Secret),
    None,
}

impl Proof {
    const fn method(&self) -> ClientAuthMethod {
        match self {
            Self::Basic(_) => ClientAuthMethod::ClientSecretBasic,
            Self::Post(_) => ClientAuthMethod::ClientSecretPost,
            Self::Assertion(_) => ClientAuthMethod::PrivateKeyJwt,
            Self::None => ClientAuthMethod::None,
        }
    }
}

/// A client that is who it says, by a method that it may use. Only authentication makes one, and an admin's test
/// of the client, which takes its part within the server.
#[derive(Debug, Clone)]
pub struct AuthenticatedClient {
    snapshot: Arc<ClientSnapshot>,
    method: ClientAuthMethod,
}

impl AuthenticatedClient {
    /// The client.
    pub fn client(&self) -> &Client {
        &self.snapshot.client
    }

    /// Whether it proved itself, rather than only naming itself.
    pub fn has_proved_itself(&self) -> bool {
        self.method != ClientAuthMethod::None
    }

    /// A client whose part is taken by the console, for a test whose tokens nobody gets.
    pub(crate) fn in_console_test(snapshot: Arc<ClientSnapshot>) -> Self {
        let public = snapshot.client.kind.is_public() || snapshot.client.auth_method == Some(ClientAuthMethod::None);
        Self { snapshot, method: if public { ClientAuthMethod::None } else { ClientAuthMethod::ClientSecretBasic } }
    }

    #[cfg(test)]
    pub(crate) fn assumed(snapshot: Arc<ClientSnapshot>, method: ClientAuthMethod) -> Self {
        Self { snapshot, method }
    }
}

/// Authenticates clients. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ClientAuthenticator {
    store: Store,
    jwks: RemoteJwks,
    audit: AuditSink,
    clock: SharedClock,
    /// Where token endpoints are: audiences of assertions.
    paths: PathFamilies,
    uses: UseLog,
    refusals: RefusalLog,
}

impl ClientAuthenticator {
    /// An authenticator over these.
    pub fn new(store: Store, jwks: RemoteJwks, audit: AuditSink, clock: SharedClock, paths: PathFamilies) -> Self {
        let uses = UseLog::new(audit.clone());
        Self { store, jwks, audit, clock, paths, uses, refusals: RefusalLog::default() }
    }

    /// Where the endpoints are.
    pub(crate) const fn paths(&self) -> &PathFamilies {
        &self.paths
    }

    /// The client that made the request.
    pub async fn authenticate(&self, request: ClientRequest<'_>) -> Result<AuthenticatedClient, Failure> {
        let presented = read(request)?;
        let found = self.store.snapshots().client(request.realm.id(), &presented.client_id).await?;
        let Some(snapshot) = found else {
            return Err(refused("the client is unknown").into());
        };
        match self.check(request, &snapshot, &presented.proof).await {
            Ok(()) => Ok(AuthenticatedClient { snapshot, method: presented.proof.method() }),
            Err(Failure::Refused(refusal)) => {
                self.note_failure(request, &snapshot.client, &refusal).await?;
                Err(refusal.into())
            }
            Err(broken) => Err(broken),
        }
    }

    async fn check(&self, request: ClientRequest<'_>, known: &ClientSnapshot, proof: &Proof) -> Result<(), Failure> {
        let now = self.clock.now();
        if !known.client.is_enabled() {
            return Err(refused("the client is disabled").into());
        }
        if !may_use(known, proof.method()) {
            return Err(refused("the client may not use this method").into());
        }
        match proof {
            Proof::Basic(secret) | Proof::Post(secret) => {
                let used = secret::check(&known.secrets, secret, now).ok_or_else(|| refused("the secret is wrong or has expired"))?;
                self.uses.note(request.realm.id(), UsedCredential::ClientSecret(used.id), used.last_used_at, now);
                Ok(())
            }
            Proof::Assertion(assertion) => private_key_jwt::check(self, request, &known.client, assertion, now).await,
            Proof::None => Ok(()),
        }
    }

    async fn note_failure(&self, request: ClientRequest<'_>, client: &Client, refusal: &Refusal) -> Result<(), Fault> {
        let Some(reason) = self.refusals.due(client, refusal) else { return Ok(()) };
        let entry = request.audit(AuditEvent::ClientAuthFailed, self.clock.now()).client(client.id).reason(reason);
        self.audit.record(entry).await
    }
}

/// One wording for every failure: the reason is for the log and the client's owner.
fn refused(detail: &str) -> Refusal {
    Refusal::new(ErrorCode::InvalidClient, "client authentication failed").detail(detail)
}

/// Reads what the request brought, without trying any of it.
fn read(request: ClientRequest<'_>) -> Result<Presented, Refusal> {
    let header = match request.authorization {
        [] => None,
        [header] => Some(header.as_slice()),
        _ => return Err(Refusal::new(ErrorCode::InvalidRequest, "the Authorization header is repeated")),
    };
    let parameters = request.parameters;
    let (post, assertion) = (client_secret_post::is_presented(parameters), private_key_jwt::is_presented(parameters));
    if usize::from(header.is_some()) + usize::from(post) + usize::from(assertion) > 1 {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "more than one client authentication method was used"));
    }
    let presented = match header {
        Some(header) => client_secret_basic::read(header)?,
        None if post => client_secret_post::read(parameters)?,
        None if assertion => private_key_jwt::read(parameters)?,
        None => none::read(parameters)?,
    };
    if parameters.get("client_id").is_some_and(|named| named != presented.client_id) {
        return Err(refused("`client_id` names another client than the credentials"));
    }
    // What no client can be called is not looked up.
    let legal = presented.client_id.len() <= 255 && presented.client_id.bytes().all(|b| (0x20..=0x7e).contains(&b));
    if legal { Ok(presented) } else { Err(refused("the client is unknown")) }
}

/// Whether the client's pages call these endpoints from a browser: it has no server to do so.
pub fn runs_in_browsers(known: &ClientSnapshot) -> bool {
    match known.client.kind {
        ClientKind::Public => true,
        ClientKind::Development => may_use(known, ClientAuthMethod::None),
        ClientKind::Confidential | ClientKind::Native | ClientKind::Machine => false,
    }
}

/// Whether the client may prove itself so: the method that it registered, else either secret method.
fn may_use(known: &ClientSnapshot, method: ClientAuthMethod) -> bool {
    let client = &known.client;
    let secret = matches!(method, ClientAuthMethod::ClientSecretBasic | ClientAuthMethod::ClientSecretPost);
    match client.auth_method {
        Some(registered) => registered == method,
        None if client.kind.is_public() => method == ClientAuthMethod::None,
        // A developer's own app may keep a secret, and if it was given one it must use it.
        None if client.kind == ClientKind::Development && known.secrets.is_empty() => method == ClientAuthMethod::None,
        None => secret,
    }
}

#[cfg(test)]
mod tests;
