//! Conversations with providers: what goes in, what comes out, and which code holds which conversation.
//!
//! Owns the seam that the rest of Gantry speaks to, and the dispatch by [`ConnectorKind`]. Reads and writes no
//! row: who calls it brings the connection with its secrets and keeps what comes back.

use std::sync::Arc;
use std::time::Duration;

use gantry_core::clock::{SharedClock, Timestamp};
use gantry_core::connection::{Connection, ConnectionSecrets, UpstreamEndpoints};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::{ExternalIdentity, UpstreamTokens};
use gantry_core::parameters::Parameters;
use gantry_core::prompt::Prompt;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem};
use serde_json::{Map, Value};
use url::Url;

use crate::line::{Line, Shared};
use crate::logout;
use crate::outbound::{Outbound, Reach};
use crate::preset::Engine;
use crate::provider::{apple, github, google, microsoft, oauth2, oidc};

/// A connection with everything that a conversation needs.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The connection.
    pub connection: Connection,
    /// What Gantry proves itself with there.
    pub secrets: ConnectionSecrets,
    /// The connection's own callback address, registered at the provider.
    pub callback: String,
    /// The directories that attached tenants name.
    pub directories: Vec<String>,
}

/// What is asked of a provider at the beginning of one conversation.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Comes back with the callback.
    pub state: Secret,
    /// Comes back inside the ID token.
    pub nonce: String,
    /// The PKCE verifier; only its challenge leaves now.
    pub verifier: Secret,
    /// Who is probably coming.
    pub login_hint: Option<String>,
    /// From which domain.
    pub domain_hint: Option<String>,
    /// The languages that the person reads.
    pub ui_locales: Vec<String>,
    /// What the person should be asked there.
    pub prompts: Vec<Prompt>,
    /// The greatest age, in seconds, of a sign-in that is good enough.
    pub max_age: Option<u32>,
    /// The levels of sign-in asked for, in the provider's own words.
    pub acr_values: Vec<String>,
}

/// What the browser brought back.
#[derive(Debug, Clone)]
pub struct Returned {
    /// The callback's query or form, read strictly.
    pub parameters: Parameters,
}

/// What was remembered since the beginning.
#[derive(Debug, Clone)]
pub struct Expected {
    /// What the ID token must repeat.
    pub nonce: String,
    /// The PKCE verifier.
    pub verifier: Secret,
    /// The greatest age, in seconds, of a sign-in that is good enough.
    pub max_age: Option<u32>,
}

/// A conversation that ended well.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Who it is; every check has passed.
    pub identity: ExternalIdentity,
    /// The provider's tokens.
    pub tokens: UpstreamTokens,
}

/// A conversation that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}: {detail}")]
pub struct Failed {
    /// Why: one of the closed set.
    pub problem: SignInProblem,
    /// What exactly, for the trace and the log. No secret, no token, no code.
    pub detail: String,
}

impl Failed {
    /// A failure. Text that came from elsewhere has gone through [`crate::plain::cut`] before.
    pub fn new(problem: SignInProblem, detail: impl Into<String>) -> Self {
        Self { problem, detail: detail.into() }
    }
}

/// What `check_logout_token` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutToken {
    /// The provider.
    pub issuer: String,
    /// Whose sessions end.
    pub subject: Option<String>,
    /// Which session ends; none: all of the subject's.
    pub session: Option<String>,
    /// Makes it single use.
    pub jti: String,
    /// Until when its `jti` has to be remembered.
    pub expires_at: Timestamp,
}

/// What a provider says about itself, fetched now and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The issuer; none for kinds without one.
    pub issuer: Option<String>,
    /// Its endpoints, from its metadata or from the settings.
    pub endpoints: UpstreamEndpoints,
    /// How many of its keys can be used.
    pub keys: usize,
    /// Whether its callbacks name the issuer (RFC 9207).
    pub names_issuer: bool,
}

/// Writes down the hops of one conversation, in order, with the time of each.
#[derive(Debug, Clone)]
pub struct Hops {
    clock: SharedClock,
    hops: Vec<Hop>,
}

impl Hops {
    /// An empty record.
    pub const fn new(clock: SharedClock) -> Self {
        Self { clock, hops: Vec::new() }
    }

    /// Writes one down. `detail` is a JSON object without secrets.
    pub fn add(&mut self, kind: HopKind, detail: Value) {
        self.hops.push(Hop::new(self.clock.now(), kind, detail));
    }

    /// All of them so far.
    pub fn as_slice(&self) -> &[Hop] {
        &self.hops
    }

    /// All of them.
    pub fn into_vec(self) -> Vec<Hop> {
        self.hops
    }
}

/// A conversation with a provider ends after this, so that whoever waits for it learns of a fault within ten
/// seconds (attack catalogue F-21).
const CONVERSATION: Duration = Duration::from_secs(9);

/// Speaks with providers. Cheap to clone; remembers their metadata and keys and how they behave.
#[derive(Debug, Clone)]
pub struct Connectors {
    shared: Arc<Shared>,
    limit: Duration,
}

impl Connectors {
    /// An empty memory over this client.
    pub fn new(outbound: Outbound, clock: SharedClock) -> Self {
        Self { shared: Arc::new(Shared::new(outbound, clock)), limit: CONVERSATION }
    }

    /// The same with another end of conversations, for tests that wait for it.
    #[must_use]
    pub fn with_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// How far it reaches.
    pub fn reach(&self) -> Reach {
        self.shared.reach()
    }

    /// Where the browser has to go.
    pub async fn begin(&self, registration: &Registration, ask: &Ask, hops: &mut Hops) -> Result<Url, Failed> {
        let line = Line::new(&self.shared, registration);
        self.within(async {
            match registration.connection.kind {
                ConnectorKind::Oidc | ConnectorKind::Microsoft | ConnectorKind::Gitlab | ConnectorKind::Slack => {
                    oidc::begin(&line, ask, hops).await
                }
                ConnectorKind::Google => google::begin(&line, ask, hops).await,
                ConnectorKind::Apple => apple::begin(&line, ask, hops).await,
                ConnectorKind::Oauth2
                | ConnectorKind::Github
                | ConnectorKind::Linkedin
                | ConnectorKind::Discord
                | ConnectorKind::Facebook => oauth2::begin(&line, ask, hops),
                kind @ ConnectorKind::Password => Err(unserved(kind)),
            }
        })
        .await
    }

    /// Who came back.
    pub async fn finish(
        &self,
        registration: &Registration,
        expected: &Expected,
        returned: &Returned,
        hops: &mut Hops,
    ) -> Result<Finished, Failed> {
        let line = Line::new(&self.shared, registration);
        self.within(async {
            match registration.connection.kind {
                ConnectorKind::Oidc | ConnectorKind::Gitlab | ConnectorKind::Slack => oidc::finish(&line, expected, returned, hops).await,
                ConnectorKind::Microsoft => microsoft::finish(&line, expected, returned, hops).await,
                ConnectorKind::Google => google::finish(&line, expected, returned, hops).await,
                ConnectorKind::Github => github::finish(&line, expected, returned, hops).await,
                ConnectorKind::Apple => apple::finish(&line, expected, returned, hops).await,
                ConnectorKind::Oauth2 | ConnectorKind::Linkedin | ConnectorKind::Discord | ConnectorKind::Facebook => {
                    oauth2::finish(&line, expected, returned, hops).await
                }
                kind @ ConnectorKind::Password => Err(unserved(kind)),
            }
        })
        .await
    }

    /// New tokens for old: tells whether the account there still stands. `CodeRejected`: it does not.
    pub async fn refresh(&self, registration: &Registration, tokens: &UpstreamTokens) -> Result<UpstreamTokens, Failed> {
        let line = Line::new(&self.shared, registration);
        self.within(async {
            match registration.connection.kind {
                ConnectorKind::Oidc | ConnectorKind::Apple | ConnectorKind::Gitlab | ConnectorKind::Slack => {
                    oidc::refresh(&line, tokens).await
                }
                ConnectorKind::Microsoft => microsoft::refresh(&line, tokens).await,
                ConnectorKind::Google => google::refresh(&line, tokens).await,
                ConnectorKind::Oauth2
                | ConnectorKind::Github
                | ConnectorKind::Linkedin
                | ConnectorKind::Discord
                | ConnectorKind::Facebook => oauth2::refresh(&line, tokens).await,
                kind @ ConnectorKind::Password => Err(unserved(kind)),
            }
        })
        .await
    }

    /// Where the browser has to go to sign out there (OpenID Connect RP-Initiated Logout 1.0), if anywhere.
    pub async fn end_session(&self, registration: &Registration, id_token: Option<&Secret>, post_logout: &str, state: &str) -> Option<Url> {
        let line = Line::new(&self.shared, registration);
        if line.defaults.engine != Engine::Oidc {
            return None;
        }
        self.within(async { Ok(logout::end_session(&line, id_token, post_logout, state).await) }).await.ok().flatten()
    }

    /// Checks a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6). Whether its `jti` is new is the caller's question.
    pub async fn check_logout_token(&self, registration: &Registration, token: &str) -> Result<LogoutToken, Failed> {
        let line = Line::new(&self.shared, registration);
        if line.defaults.engine != Engine::Oidc {
            return Err(Failed::new(SignInProblem::Misconfigured, "connections of this kind have no logout tokens"));
        }
        self.within(logout::check_logout_token(&line, token)).await
    }

    /// Asks the provider about itself, as a sign-in would, before anybody depends on the answer.
    pub async fn probe(&self, registration: &Registration) -> Result<Probe, Failed> {
        let line = Line::new(&self.shared, registration);
        self.within(async {
            match registration.connection.kind {
                ConnectorKind::Oidc
                | ConnectorKind::Microsoft
                | ConnectorKind::Google
                | ConnectorKind::Apple
                | ConnectorKind::Gitlab
                | ConnectorKind::Slack => oidc::probe(&line).await,
                ConnectorKind::Oauth2
                | ConnectorKind::Github
                | ConnectorKind::Linkedin
                | ConnectorKind::Discord
                | ConnectorKind::Facebook => oauth2::probe(&line),
                kind @ ConnectorKind::Password => Err(unserved(kind)),
            }
        })
        .await
    }

    /// Who given claims would be about, had the provider signed them just now: for trying a connection out. Asks nobody
    /// and proves nothing.
    pub fn interpret(&self, registration: &Registration, claims: &Map<String, Value>) -> Result<ExternalIdentity, Failed> {
        let line = Line::new(&self.shared, registration);
        match registration.connection.kind {
            ConnectorKind::Microsoft => microsoft::interpret(&line, claims),
            ConnectorKind::Google => google::interpret(&line, claims),
            ConnectorKind::Github => github::interpret(&line, claims),
            ConnectorKind::Apple => apple::interpret(&line, claims),
            ConnectorKind::Oidc | ConnectorKind::Gitlab | ConnectorKind::Slack => {
                oidc::person(&line, oidc::issuer(&line)?.to_owned(), None, claims, None).map(|(identity, _)| identity)
            }
            ConnectorKind::Oauth2 | ConnectorKind::Linkedin | ConnectorKind::Discord | ConnectorKind::Facebook => {
                let issuer = oauth2::issuer(&line, &oauth2::endpoints(&line)?)?;
                oauth2::identify(&line, issuer, claims, UpstreamTokens::default(), &mut Hops::new(line.clock())).map(|found| found.identity)
            }
            kind @ ConnectorKind::Password => Err(unserved(kind)),
        }
    }

    async fn within<T>(&self, conversation: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
        let late = || Failed::new(SignInProblem::Unreachable, "the provider did not answer in time");
        tokio::time::timeout(self.limit, conversation).await.unwrap_or_else(|_| Err(late()))
    }
}

fn unserved(kind: ConnectorKind) -> Failed {
    Failed::new(SignInProblem::Misconfigured, format!("no provider is asked for connections of the kind `{kind}`"))
}
