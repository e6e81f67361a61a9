//! One connection's line to its provider: every request of a conversation goes through here.
//!
//! Owns the order of budget, guard and reading, and which failure is which problem. Why exactly a provider could
//! not be reached goes to the log alone: whoever configured the address learns the same from all of them
//! (attack catalogue §0.17).

use std::sync::Arc;

use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::connection::{Connection, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::jose::strict::StrictObject;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;

use crate::budget::{Budgets, Health, Refused};
use crate::connector::{Failed, Registration};
use crate::jwks::{Patience, RemoteJwks};
use crate::keys::{ProviderKeys, is_usable};
use crate::metadata::{Metadata, MetadataMemory, Source};
use crate::outbound::{Answer, Call, FetchFailed, Outbound, Reach};
use crate::preset::{self, Defaults};
use crate::provider::microsoft;

/// The longest object about a person: its claims are kept while they prove themself.
const MAX_OBJECT: usize = 64 * 1024;

/// What all conversations share.
#[derive(Debug)]
pub(crate) struct Shared {
    outbound: Outbound,
    clock: SharedClock,
    budgets: Budgets,
    metadata: MetadataMemory,
    keys: RemoteJwks,
}

impl Shared {
    /// How far the client reaches.
    pub(crate) const fn reach(&self) -> Reach {
        self.outbound.reach()
    }

    pub(crate) fn new(outbound: Outbound, clock: SharedClock) -> Self {
        Self {
            budgets: Budgets::new(Arc::clone(&clock)),
            metadata: MetadataMemory::new(Arc::clone(&clock)),
            keys: RemoteJwks::with_patience(outbound.clone(), Patience::providers(is_usable)),
            outbound,
            clock,
        }
    }
}

/// A connection's line. Made for one conversation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'l> {
    shared: &'l Shared,
    pub(crate) registration: &'l Registration,
    pub(crate) defaults: &'static Defaults,
}

impl<'l> Line<'l> {
    pub(crate) fn new(shared: &'l Shared, registration: &'l Registration) -> Self {
        Self { shared, registration, defaults: preset::defaults(registration.connection.kind) }
    }

    pub(crate) const fn connection(&self) -> &'l Connection {
        &self.registration.connection
    }

    pub(crate) const fn settings(&self) -> &'l ConnectionSettings {
        &self.registration.connection.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    pub(crate) fn clock(&self) -> SharedClock {
        Arc::clone(&self.shared.clock)
    }

    pub(crate) const fn reach(&self) -> Reach {
        self.shared.outbound.reach()
    }

    /// The id under which Gantry is registered.
    pub(crate) fn client_id(&self) -> Result<&'l str, Failed> {
        self.settings().client_id.as_deref().ok_or_else(|| Failed::new(SignInProblem::Misconfigured, "the connection has no client id"))
    }

    /// The scopes asked for: the connection's, else the kind's own; and what its settings make necessary.
    pub(crate) fn scopes(&self) -> Vec<&'l str> {
        let mut scopes = match self.settings().scopes.as_slice() {
            [] => self.defaults.scopes.to_vec(),
            own => own.iter().map(String::as_str).collect(),
        };
        if self.connection().kind == ConnectorKind::Microsoft {
            scopes.extend(microsoft::further_scope(self.settings()).filter(|scope| !scopes.contains(scope)));
        }
        scopes
    }

    /// Asks, within the budget.
    pub(crate) async fn send(&self, call: Call<'_>) -> Result<Answer, Failed> {
        let leave = self.shared.budgets.enter(self.connection())?;
        let answered = self.shared.outbound.send(call).await;
        leave.settle(match &answered {
            Ok(answer) if answer.status >= 500 => Health::Bad,
            // An address that may not be asked says nothing about the health of anybody.
            Ok(_) | Err(FetchFailed::Forbidden(_) | FetchFailed::Setup(_) | FetchFailed::Resting) => Health::Good,
            Err(FetchFailed::Network(_) | FetchFailed::Status(_) | FetchFailed::TooLong | FetchFailed::Unreadable(_)) => Health::Bad,
        });
        let answer = answered.map_err(|error| self.note(error))?;
        if answer.status >= 500 {
            return Err(Failed::new(SignInProblem::Unreachable, format!("the provider answered with the status {}", answer.status)));
        }
        Ok(answer)
    }

    /// Asks what a sign-in can do without: within the budget, and without a word about the provider's health.
    pub(crate) async fn send_aside(&self, call: Call<'_>) -> Result<Answer, Failed> {
        let _leave = self.shared.budgets.enter(self.connection())?;
        self.shared.outbound.send(call).await.map_err(|error| self.note(error))
    }

    /// Asks for a JSON document: the status 200 and its bytes.
    pub(crate) async fn document(&self, call: Call<'_>, what: &str) -> Result<Vec<u8>, Failed> {
        let answer = self.send(call).await?;
        let bad = |detail: String| Err(Failed::new(SignInProblem::BadAnswer, detail));
        match answer {
            Answer { status: 200, is_json: true, body } => Ok(body),
            Answer { status: 200, is_json: false, .. } => bad(format!("{what} is not JSON by its content type")),
            Answer { status, .. } => bad(format!("{what} came with the status {status}")),
        }
    }

    /// Asks for a JSON object with an access token.
    pub(crate) async fn object(&self, url: &str, token: &Secret, what: &str) -> Result<StrictObject, Failed> {
        let body = self.document(Call::get(url).bearer(token), what).await?;
        if body.len() > MAX_OBJECT {
            return Err(Failed::new(SignInProblem::BadAnswer, format!("{what} is longer than {MAX_OBJECT} bytes")));
        }
        serde_json::from_slice(&body).or(Err(Failed::new(SignInProblem::BadAnswer, format!("{what} is not one JSON object"))))
    }

    /// The provider's metadata: of this address, naming this issuer.
    pub(crate) async fn metadata(&self, url: &str, issuer: &str) -> Result<(Arc<Metadata>, Source), Failed> {
        let with = format!("{issuer} {url} {:?}", self.settings().endpoints);
        self.shared.metadata.find(self.connection().id, with, self.fetch_metadata(url, issuer)).await
    }

    /// The same, asked for now.
    pub(crate) async fn fetch_metadata(&self, url: &str, issuer: &str) -> Result<Metadata, Failed> {
        let _fetch = self.shared.budgets.fetch(self.connection())?;
        let body = self.document(Call::get(url), "the metadata").await?;
        Metadata::parse(&body, issuer, &self.settings().endpoints, self.reach())
    }

    /// The provider's keys: a set with this `kid` if there is one to be had.
    pub(crate) async fn keys(&self, url: &str, kid: Option<&str>) -> Result<ProviderKeys, Failed> {
        self.keys_by(url, |set| set.has(kid)).await
    }

    /// Other keys than those which did not do, if the provider has changed them and may be asked.
    pub(crate) async fn other_keys(&self, url: &str, known: &ProviderKeys) -> Result<ProviderKeys, Failed> {
        self.keys_by(url, |set| ProviderKeys::of(set) != *known).await
    }

    async fn keys_by(&self, url: &str, will_do: impl Fn(&crate::jwks::FetchedJwks) -> bool) -> Result<ProviderKeys, Failed> {
        let owner = self.connection().id.to_string();
        let fetch = async {
            let _fetch = self.shared.budgets.fetch(self.connection())?;
            self.document(Call::get(url).accept("application/jwk-set+json, application/json"), "the key set").await
        };
        let set = self.shared.keys.find_by((&owner, url), will_do, self.now(), fetch).await?;
        let keys = ProviderKeys::of(&set);
        if keys.is_empty() {
            return Err(Failed::new(SignInProblem::BadAnswer, "the provider's key set has no usable key"));
        }
        Ok(keys)
    }

    /// Writes to the log why a request failed, and gives the failure without it.
    fn note(&self, error: FetchFailed) -> Failed {
        tracing::warn!(connection = %self.connection().id, error = %chain(&error), "a provider could not be asked");
        error.into()
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    crate::plain::cut(&text)
}

impl From<FetchFailed> for Failed {
    fn from(error: FetchFailed) -> Self {
        match error {
            FetchFailed::Forbidden(_) | FetchFailed::Network(_) | FetchFailed::Setup(_) => {
                Self::new(SignInProblem::Unreachable, "the provider could not be reached in time")
            }
            FetchFailed::Resting => {
                Self::new(SignInProblem::Unreachable, "the provider failed a moment ago and is asked again in a few seconds")
            }
            FetchFailed::Status(_) | FetchFailed::TooLong | FetchFailed::Unreadable(_) => {
                Self::new(SignInProblem::BadAnswer, error.to_string())
            }
        }
    }
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        let problem = match refused {
            Refused::Open => SignInProblem::Unreachable,
            Refused::Full => SignInProblem::TooMany,
        };
        Self::new(problem, refused.to_string())
    }
}
