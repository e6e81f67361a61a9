//! Conversations with providers: how one begins, and what a callback has to match.
//!
//! Owns state, nonce and verifier, which are made for one attempt, bound to its browser and its connection, and used
//! up by the first callback that names them (attack catalogue SES-04, FED-02, FED-18, FED-26). Every attempt has a
//! trace, and so has every failure of one. Never decides whose account it is: that is
//! [`crate::sign_in::upstream`]; and never waits for a provider inside a transaction.

mod begin;
mod finish;

pub use begin::{Begun, Departure};
pub use finish::{Ended, Return};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_connect::connector::{Connectors, Failed, Hops, Registration};
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::SharedClock;
use gantry_core::connection::Connection;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{AuthorizationRequestId, ConnectionId, RealmId, TraceId};
use gantry_core::realm::Realm;
use gantry_core::secret::random_bytes;
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_core::sign_in_trace::{HopKind, SignInProblem, SignInTrace, TraceOutcome};
use gantry_core::tenant::{SignInRule, TenantBranding};
use gantry_store::{RealmTx, Store};
use serde_json::json;

use crate::Identity;
use crate::connections::probe::Outside;
use crate::routing::{self, Decision, Hints, Offer, PasswordOffer, Route};

/// The most tenants of a connection whose directories are told to its provider's code.
const MAX_ATTACHMENTS: u64 = 1000;

/// The most connections that an account page offers.
const MAX_LINKABLE: u64 = 50;

/// Sends people to providers and takes them back. Cheap to clone.
#[derive(Debug, Clone)]
pub struct UpstreamSignIn {
    store: Store,
    identity: Identity,
    connectors: Connectors,
    clock: SharedClock,
}

/// A sign-in with a provider that ended in a no, for its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub problem: SignInProblem,
    /// Where every step of it is written down; none where no conversation of this browser was found.
    pub trace: Option<TraceId>,
    /// The connection.
    pub connection: Box<Connection>,
    /// The authorization request that waits, if one does.
    pub request: Option<AuthorizationRequestId>,
    /// What it was for; none where that is not known.
    pub purpose: Option<AttemptPurpose>,
}

/// Where somebody signs in, with what a page says of it.
#[derive(Debug, Clone)]
pub struct Routed {
    /// The decision.
    pub decision: Decision,
    /// The name of the tenant that limits the choice, where one does. One that leaves every way open is not named:
    /// its `org_id` in a link should tell nobody who it is.
    pub organization: Option<String>,
    /// How that tenant's pages look.
    pub branding: Option<TenantBranding>,
    /// Whether the realm has passwords.
    pub password: bool,
}

impl Routed {
    /// What a page offers. Where only one way is left it is one button, with the password behind it for those who may
    /// break the glass.
    pub fn offer(&self) -> Offer {
        match &self.decision.route {
            Route::Page(offer) => offer.clone(),
            Route::Upstream(way) => {
                let password = if self.password { PasswordOffer::Emergency } else { PasswordOffer::Off };
                Offer { password, buttons: vec![way.clone()], highlighted: None }
            }
            Route::Refuse => Offer::default(),
        }
    }

    /// Whether a page offers anything but this connection.
    pub fn offers_other_than(&self, tried: ConnectionId) -> bool {
        let offer = self.offer();
        offer.password != PasswordOffer::Off || offer.buttons.iter().any(|way| way.id != tried)
    }
}

impl UpstreamSignIn {
    /// Built once, at start.
    pub const fn new(store: Store, identity: Identity, connectors: Connectors, clock: SharedClock) -> Self {
        Self { store, identity, connectors, clock }
    }

    /// The connectors, for whoever asks providers about something other than a sign-in.
    pub const fn connectors(&self) -> &Connectors {
        &self.connectors
    }

    /// What rules need that ask a provider before they write. `callback` is the connection's own callback address.
    pub const fn outside<'o>(&'o self, realm: RealmId, callback: &'o str) -> Outside<'o> {
        Outside { store: &self.store, connectors: &self.connectors, realm, callback, clock: &self.clock }
    }

    /// The connection with this name, unless it is the realm's own passwords.
    pub async fn find(&self, realm: RealmId, slug: &str) -> Result<Option<Connection>, Fault> {
        let found = self.store.read(realm).connections().find_by_slug(slug).await?;
        Ok(found.filter(|connection| connection.kind.is_upstream()))
    }

    /// The `org_id` of the tenant that owns a connection, if one does.
    pub async fn owner_of(&self, connection: &Connection) -> Result<Option<String>, Fault> {
        match connection.owner {
            Some(owner) => Ok(self.store.read(connection.realm_id).tenants().find(owner).await?.map(|tenant| tenant.org_id)),
            None => Ok(None),
        }
    }

    /// The connections that people may link to their accounts by themselves: the realm's own, hidden ones excepted.
    pub async fn linkable(&self, realm: RealmId) -> Result<Vec<Connection>, Fault> {
        let mut found = self.store.read(realm).connections().list_of_realm(MAX_LINKABLE).await?;
        found.retain(|connection| connection.kind.is_upstream() && connection.is_enabled() && !connection.settings.hidden);
        Ok(found)
    }

    /// Where somebody signs in, by what is known before anybody knows who they are.
    pub async fn route(&self, realm: &Realm, hints: &Hints) -> Result<Routed, Fault> {
        let candidates = routing::load(&self.store.read(realm.id), realm, hints).await?;
        let limiting = candidates.tenant.as_ref().filter(|place| place.tenant.sign_in != SignInRule::Any);
        let organization = limiting.map(|place| place.tenant.name.clone());
        let branding = limiting.map(|place| place.tenant.branding.clone());
        Ok(Routed { decision: routing::route(hints, &candidates), organization, branding, password: realm.settings.sign_in.password })
    }

    /// Whether a conversation with this connection was the last that began for a request. Who comes back from it and
    /// is to sign in once more is asked before they are sent there again.
    pub async fn was_last(&self, realm: RealmId, trace: Option<TraceId>, connection: ConnectionId) -> Result<bool, Fault> {
        let Some(trace) = trace else { return Ok(false) };
        let found = self.store.read(realm).sign_in_traces().find(trace).await?;
        Ok(found.is_some_and(|trace| trace.connection_id == Some(connection)))
    }

    /// A connection with everything that a conversation needs.
    async fn registration(&self, connection: Connection, callback: &str) -> Result<Registration, Fault> {
        let rows = self.store.read(connection.realm_id);
        let secrets = rows.connections().secrets(connection.id).await?;
        let attached = rows.attachments().list_of_connection(connection.id, MAX_ATTACHMENTS).await?;
        let directories = attached.into_iter().flat_map(|attachment| attachment.directories).collect();
        Ok(Registration { connection, secrets, callback: callback.to_owned(), directories })
    }

    /// Closes the trace of a conversation that failed, and tells the audit trail.
    async fn refuse(&self, mut trace: SignInTrace, mut hops: Hops, failed: &Failed, origin: &Origin) -> Result<(), Failure> {
        let now = self.clock.now();
        hops.add(HopKind::Refusal, json!({ "problem": failed.problem, "detail": failed.detail }));
        trace.outcome = TraceOutcome::Refused;
        trace.problem = Some(failed.problem);
        let mut line = AuditEntry::new(trace.realm_id, now, AuditEvent::SignInRefused).from(origin).reason(failed.problem.as_str());
        line.client_id = trace.client_id;
        line.tenant_id = trace.tenant_id;
        let line = line.target(&trace.id).detail(json!({ "connection": trace.connection_id }));
        tracing::info!(target: "security", problem = %failed.problem, detail = %failed.detail, trace = %trace.id, "a sign-in with a provider failed");
        let work = async |tx: &RealmTx| {
            if tx.sign_in_traces().find(trace.id).await?.is_some() {
                tx.sign_in_traces().update(&trace).await?;
            } else {
                tx.sign_in_traces().insert(&trace).await?;
            }
            tx.sign_in_traces().append(trace.id, hops.as_slice()).await?;
            Ok(tx.audit().insert(&line).await?)
        };
        self.store.transact(trace.realm_id, work).await
    }
}

/// 256 random bits as text, for what a provider repeats or proves.
pub(crate) fn unguessable() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}
