//! The pushed authorization request endpoint (RFC 9126).
//!
//! Owns who may push and what is kept of it. What a request must be is the authorization
//! endpoint's to say.

use std::time::Duration;

use gantry_core::authorization_request::AuthorizationParameters;
use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::RealmId;
use gantry_core::pushed_request::{PushedRequest, REFERENCE_LIFETIME, to_request_uri};
use gantry_core::realm::seconds;
use gantry_core::secret::{Secret, SecretKind};
use gantry_store::rate_limit::Quota;
use gantry_store::{RealmTx, Store};
use serde::Serialize;

use crate::authorize::pushed;
use crate::client_auth::{AuthenticatedClient, ClientAuthenticator};
use crate::client_request::ClientRequest;
use crate::keys::KeyRing;

/// What one address may push in the name of a client that proves nothing.
const UNPROVED: Quota = Quota { burst: 60, period: Duration::from_mins(1) };

/// The endpoint. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PushEndpoint {
    store: Store,
    keys: KeyRing,
    clients: ClientAuthenticator,
    clock: SharedClock,
}

/// A successful answer (RFC 9126 §2.2). The reference is a secret, so it is serialized for the wire and shown nowhere.
#[derive(Serialize)]
pub struct Pushed {
    request_uri: String,
    expires_in: u32,
}

impl std::fmt::Debug for Pushed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pushed")
    }
}

/// The row of a request that waits for its browser, and the reference that leads to it.
pub(crate) fn row_of(realm_id: RealmId, parameters: AuthorizationParameters, now: Timestamp) -> (PushedRequest, Secret) {
    let reference = SecretKind::PushedRequest.generate();
    let digest = reference.digest();
    let row = PushedRequest {
        digest,
        realm_id,
        client_id: parameters.client,
        parameters: AuthorizationParameters { pushed: Some(digest.to_text()), ..parameters },
        expires_at: now.plus(seconds(REFERENCE_LIFETIME)),
        used_at: None,
    };
    (row, reference)
}

impl PushEndpoint {
    /// Over these.
    pub const fn new(store: Store, keys: KeyRing, clients: ClientAuthenticator, clock: SharedClock) -> Self {
        Self { store, keys, clients, clock }
    }

    /// Judges a request and keeps it until its browser comes.
    pub async fn handle(&self, request: ClientRequest<'_>) -> Result<Pushed, Failure> {
        let client = self.clients.authenticate(request).await?;
        self.check_quota(request, &client).await?;
        let now = self.clock.now();
        let parameters = pushed::judge(&self.store, &self.keys, request.realm, request.parameters, now).await?;
        let (row, reference) = row_of(request.realm.id(), parameters, now);
        self.store.transact(request.realm.id(), async |tx: &RealmTx| Ok(tx.pushed_requests().insert(&row).await?)).await?;
        Ok(Pushed { request_uri: to_request_uri(&reference), expires_in: REFERENCE_LIFETIME })
    }

    /// A client that keeps no secret can be anybody, and every push is a row.
    async fn check_quota(&self, request: ClientRequest<'_>, client: &AuthenticatedClient) -> Result<(), Refusal> {
        if client.has_proved_itself() {
            return Ok(());
        }
        let key = format!("par:{}:{}", client.client().id, request.origin.ip);
        let within = self.store.limiter().check(&key, UNPROVED).await.is_ok();
        if within { Ok(()) } else { Err(Refusal::new(ErrorCode::TooManyRequests, "too many requests were pushed from this address")) }
    }
}
