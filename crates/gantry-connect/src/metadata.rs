//! What providers publish about themselves (OpenID Connect Discovery 1.0, RFC 8414).
//!
//! Owns which documents are believed and for how long. A document that names another issuer, or lacks an
//! endpoint, is none; a good one outlives the provider's own outages for a day (attack catalogue FED-03, F-23).

use std::sync::Arc;
use std::time::Duration;

use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::connection::UpstreamEndpoints;
use gantry_core::id::ConnectionId;
use gantry_core::sign_in_trace::SignInProblem;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::connector::Failed;
use crate::outbound::{Reach, check_url};

/// A document is taken from memory for this long.
pub const FRESH: Duration = Duration::from_mins(10);
/// One that cannot be fetched again is believed for this long.
pub const STALE: Duration = Duration::from_hours(24);
/// A provider that has just failed is not asked again for this long while a copy will do.
const REST: Duration = Duration::from_mins(1);
/// The most documents in memory.
const MAX_DOCUMENTS: u64 = 10_000;
/// The longest document.
const MAX_BYTES: usize = 64 * 1024;

/// What Gantry needs to know of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The issuer, as the document spells it.
    pub issuer: String,
    /// Where browsers are sent.
    pub authorization: String,
    /// Where codes are redeemed.
    pub token: String,
    /// Where its keys are.
    pub jwks: String,
    /// Where it says who somebody is, if anywhere.
    pub userinfo: Option<String>,
    /// Where browsers are sent to sign out, if anywhere.
    pub end_session: Option<String>,
    /// Whether its callbacks name the issuer (RFC 9207).
    pub names_issuer: bool,
}

/// The members that are read; of the wrong type they make the document none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Document {
    issuer: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    userinfo_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Reads a document. `issuer` is the one that it must name, byte for byte; `given` fills in what it does not say.
    pub fn parse(bytes: &[u8], issuer: &str, given: &UpstreamEndpoints, reach: Reach) -> Result<Self, Failed> {
        let bad = |detail: String| Failed::new(SignInProblem::MetadataMismatch, detail);
        if bytes.len() > MAX_BYTES {
            return Err(Failed::new(SignInProblem::BadAnswer, format!("the metadata is longer than {MAX_BYTES} bytes")));
        }
        let document: Document = serde_json::from_slice(bytes)
            .or(Err(Failed::new(SignInProblem::BadAnswer, "the metadata is not a JSON object with members of the right types")))?;
        if document.issuer.as_deref() != Some(issuer) {
            let named =
                document.issuer.as_deref().map_or_else(|| "no issuer".to_owned(), |named| format!("`{}`", crate::plain::cut(named)));
            return Err(bad(format!("the metadata names {named} where `{issuer}` is configured")));
        }
        let needed = |name: &str, published: Option<String>, given: &Option<String>| {
            published.or_else(|| given.clone()).ok_or_else(|| bad(format!("the metadata has no `{name}`")))
        };
        Self {
            issuer: issuer.to_owned(),
            authorization: needed("authorization_endpoint", document.authorization_endpoint, &given.authorization)?,
            token: needed("token_endpoint", document.token_endpoint, &given.token)?,
            jwks: needed("jwks_uri", document.jwks_uri, &given.jwks)?,
            userinfo: document.userinfo_endpoint.or_else(|| given.userinfo.clone()),
            end_session: document.end_session_endpoint.or_else(|| given.end_session.clone()),
            names_issuer: document.authorization_response_iss_parameter_supported,
        }
        .checked(reach)
    }

    /// What the settings say, if they name everything that is needed.
    pub fn given(issuer: &str, given: &UpstreamEndpoints) -> Option<Self> {
        Some(Self {
            issuer: issuer.to_owned(),
            authorization: given.authorization.clone()?,
            token: given.token.clone()?,
            jwks: given.jwks.clone()?,
            userinfo: given.userinfo.clone(),
            end_session: given.end_session.clone(),
            names_issuer: false,
        })
    }

    /// These, if every endpoint is one that could be asked.
    pub fn checked(self, reach: Reach) -> Result<Self, Failed> {
        self.check(reach)?;
        Ok(self)
    }

    /// Its endpoints in the words of the settings.
    pub fn endpoints(&self) -> UpstreamEndpoints {
        UpstreamEndpoints {
            authorization: Some(self.authorization.clone()),
            token: Some(self.token.clone()),
            userinfo: self.userinfo.clone(),
            jwks: Some(self.jwks.clone()),
            end_session: self.end_session.clone(),
            ..UpstreamEndpoints::default()
        }
    }

    /// Every endpoint, those for browsers too, has to be one that could be asked.
    fn check(&self, reach: Reach) -> Result<(), Failed> {
        let all = [Some(&self.authorization), Some(&self.token), Some(&self.jwks), self.userinfo.as_ref(), self.end_session.as_ref()];
        match all.into_iter().flatten().find(|url| check_url(url, reach).is_err()) {
            None => Ok(()),
            Some(_) => Err(Failed::new(SignInProblem::MetadataMismatch, "the metadata names an endpoint that may not be asked")),
        }
    }
}

/// Where a document came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From the provider, now.
    Fetched,
    /// From memory.
    Remembered,
    /// From memory, because the provider could not be asked.
    Stale,
    /// From the settings: they name all endpoints.
    Given,
}

impl Source {
    /// The word for it in traces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Remembered => "remembered",
            Self::Stale => "stale",
            Self::Given => "settings",
        }
    }
}

/// What is remembered of one address.
#[derive(Debug, Default)]
struct Slot {
    known: Option<(Arc<Metadata>, Timestamp)>,
    failed: Option<(Failed, Timestamp)>,
}

/// The documents in memory. Cheap to clone.
#[derive(Debug, Clone)]
pub struct MetadataMemory {
    clock: SharedClock,
    slots: moka::sync::Cache<(ConnectionId, String), Arc<Mutex<Slot>>>,
}

impl MetadataMemory {
    /// An empty memory.
    pub fn new(clock: SharedClock) -> Self {
        Self { clock, slots: moka::sync::Cache::new(MAX_DOCUMENTS) }
    }

    /// The document of a connection that was read `with` these settings, from memory if it is fresh, else from
    /// `fetch`; from memory again where that fails. One fetch at a time, and its outcome is everybody's who
    /// waited for it.
    pub async fn find(
        &self,
        connection: ConnectionId,
        with: String,
        fetch: impl Future<Output = Result<Metadata, Failed>>,
    ) -> Result<(Arc<Metadata>, Source), Failed> {
        let asked_at = self.clock.now();
        let slot = self.slots.get_with((connection, with), Arc::default);
        let mut slot = slot.lock().await;
        let now = self.clock.now();
        let known = slot.known.as_ref().map(|(known, at)| (Arc::clone(known), *at));
        if let Some((known, at)) = &known
            && now.since(*at) < FRESH
        {
            return Ok((Arc::clone(known), Source::Remembered));
        }
        let known = known.filter(|(_, at)| now.since(*at) < STALE);
        if let Some((failed, at)) = &slot.failed {
            match known {
                Some((known, _)) if now.since(*at) < REST => return Ok((known, Source::Stale)),
                None if *at >= asked_at => return Err(failed.clone()),
                Some(_) | None => {}
            }
        }
        match fetch.await {
            Ok(fetched) => {
                let fetched = Arc::new(fetched);
                *slot = Slot { known: Some((Arc::clone(&fetched), self.clock.now())), failed: None };
                Ok((fetched, Source::Fetched))
            }
            Err(failed) => {
                slot.failed = Some((failed.clone(), self.clock.now()));
                known.map(|(known, _)| (known, Source::Stale)).ok_or(failed)
            }
        }
    }
}
