//! The session that a sign-in with a provider begins: what it says of the proof, and what it owes to the provider.

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::external_identity::{ExternalIdentity, UpstreamTokens, UserIdentity};
use gantry_core::failure::Failure;
use gantry_core::id::{AuthorizationRequestId, TenantId, TraceId};
use gantry_core::realm::seconds;
use gantry_core::session::AuthMethod;
use gantry_core::sign_in_attempt::PendingLink;
use gantry_core::upstream_session::UpstreamSession;
use gantry_core::user::User;

use super::{Arrival, Scene};
use crate::session::{OpenedSession, Proof};

/// How far a provider's clock may be behind, and how much the whole seconds of its `auth_time` leave out.
const SKEW: Duration = Duration::from_secs(30);

/// Somebody who came back from a provider, now or a little while ago.
#[derive(Debug)]
pub(crate) struct Came<'c> {
    pub(crate) connection: Connection,
    pub(crate) identity: &'c ExternalIdentity,
    /// What the provider gave beside it; gone for those who had to prove something first.
    pub(crate) tokens: Option<&'c UpstreamTokens>,
    pub(crate) request: Option<AuthorizationRequestId>,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) remember: bool,
    pub(crate) trace: TraceId,
    /// When they were sent there.
    pub(crate) sent_at: Timestamp,
    /// When they came back.
    pub(crate) at: Timestamp,
}

impl<'c> Came<'c> {
    /// Just now.
    pub(crate) const fn from_provider(connection: Connection, arrival: &'c Arrival<'_>, now: Timestamp) -> Self {
        let attempt = arrival.attempt;
        Self {
            connection,
            identity: &arrival.identity,
            tokens: Some(&arrival.tokens),
            request: attempt.request,
            tenant: attempt.tenant,
            remember: attempt.remember,
            trace: attempt.trace,
            sent_at: attempt.created_at,
            at: now,
        }
    }

    /// Before they were asked to prove something.
    pub(crate) const fn before(connection: Connection, link: &'c PendingLink) -> Self {
        Self {
            connection,
            identity: &link.identity,
            tokens: None,
            request: link.request,
            tenant: link.tenant,
            remember: link.remember,
            trace: link.trace,
            sent_at: link.created_at,
            at: link.created_at,
        }
    }

    /// When the person proved themself. A provider may name a time from before they were sent to it: a request that
    /// demands a new sign-in does not take that for one. No trust is needed, since nothing is gained by an older proof.
    /// All else happened on this very way.
    fn authenticated_at(&self) -> Timestamp {
        self.identity.authenticated_at.filter(|said| *said < self.sent_at.minus(SKEW)).unwrap_or(self.at)
    }

    /// How: by a provider, and by what it says where it is trusted (attack catalogue I8).
    fn methods(&self) -> Vec<AuthMethod> {
        let mut methods = vec![AuthMethod::Federated];
        if self.connection.settings.trust_authentication {
            for method in &self.identity.methods {
                if !methods.contains(method) {
                    methods.push(*method);
                }
            }
        }
        methods
    }

    /// What of the provider's tokens is kept: no more than what the connection needs.
    fn kept_tokens(&self) -> UpstreamTokens {
        let (Some(tokens), settings) = (self.tokens, &self.connection.settings) else { return UpstreamTokens::default() };
        let id_token = tokens.id_token.clone().filter(|_| settings.sign_out_upstream);
        if settings.keep_tokens {
            return UpstreamTokens { id_token, ..tokens.clone() };
        }
        let refresh_token = tokens.refresh_token.clone().filter(|_| settings.liveness_interval.is_some());
        UpstreamTokens { id_token, refresh_token, ..UpstreamTokens::default() }
    }
}

impl Scene<'_> {
    /// Opens it.
    pub(crate) async fn open(&self, came: &Came<'_>, link: &UserIdentity, user: User) -> Result<OpenedSession, Failure> {
        let proof = Proof {
            methods: came.methods(),
            connection: Some(came.connection.id),
            at: Some(came.authenticated_at()),
            remember: came.remember,
        };
        let opened = self.rules.open(self.tx, self.realm, user, proof, self.visit).await?;
        let tokens = came.kept_tokens();
        let interval = came.connection.settings.liveness_interval.filter(|_| tokens.refresh_token.is_some());
        let upstream = UpstreamSession {
            session_id: opened.session.id,
            realm_id: self.realm.id,
            connection_id: came.connection.id,
            identity_id: link.id,
            upstream_sid: came.identity.session.clone(),
            tokens,
            check_at: interval.map(|interval| self.now.plus(seconds(interval))),
            created_at: self.now,
        };
        self.tx.upstream_sessions().put(&upstream).await?;
        Ok(opened)
    }
}
