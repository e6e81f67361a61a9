//! Trying a connection out: a real conversation with its provider, and what a sign-in would have come to.
//!
//! Nobody is signed in by it, nothing is linked, made or joined. Its `state` is of a kind of its own, so that a trial
//! can never become a sign-in or the other way round; and it belongs to one session of one admin, so that whoever is
//! led through it by somebody else tells nobody anything: without that session nothing is asked of the provider.
//! Works with a connection that is still switched off.

use std::time::Duration;

use gantry_connect::connector::{Ask, Expected, Failed, Hops, Returned};
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::connection::Connection;
use gantry_core::error_code::ErrorCode;
use gantry_core::external_identity::ExternalIdentity;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{AttemptId, ConnectionId, SessionId, TraceId, UserId};
use gantry_core::parameters::Parameters;
use gantry_core::prompt::Prompt;
use gantry_core::realm::seconds;
use gantry_core::reason::Reason;
use gantry_core::secret::{Digest, Secret, SecretKind};
use gantry_core::sign_in_attempt::{ATTEMPT_LIFETIME, AttemptPurpose, SignInAttempt};
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, SignInTrace, TRACE_LIFETIME, TraceOutcome};
use gantry_store::RealmTx;
use gantry_store::rate_limit::Quota;
use serde_json::{Map, Value, json};
use url::Url;

use super::probe::Outside;
use super::{no_connection, permit};
use crate::attempts::unguessable;
use crate::linking::{Expectation, Outlook, outlook};
use crate::upstream_sessions;

/// Ten at once, and one more each minute.
const TRIALS: Quota = Quota { burst: 10, period: Duration::from_mins(10) };
/// The word for it in the first hop of its trace.
const PURPOSE: &str = "trial";

/// Who tries a connection out, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Trier<'t> {
    /// As whom.
    pub actor: Actor,
    /// Who; of another realm where it is an operator.
    pub user: UserId,
    /// The session of the console, whose browser alone ends what it begins.
    pub session: SessionId,
    /// Where the request came from.
    pub origin: &'t Origin,
}

/// A trial that ended.
#[derive(Debug, Clone)]
pub struct Tried {
    /// Its trace.
    pub trace: SignInTrace,
    /// Its hops: what the provider said is among them.
    pub hops: Vec<Hop>,
}

/// Sends an admin to the provider. `Err(trace)`: it failed before the provider was reached, and the trace says why.
pub async fn begin(outside: Outside<'_>, trier: Trier<'_>, id: ConnectionId) -> Result<Result<Url, TraceId>, Failure> {
    let tx = outside.store.read(outside.realm);
    let connection = find_own(&tx, trier.actor, id).await?;
    let key = format!("trial:{}:{}", outside.realm, trier.user);
    let too_many = Refusal::new(ErrorCode::TooManyRequests, "Connections were tried out too often; wait a few minutes");
    outside.store.limiter().check(&key, TRIALS).await.or(Err(too_many))?;
    let (state, nonce, verifier) = (SecretKind::UpstreamTrial.generate(), unguessable(), Secret::new(unguessable()));
    let trace = open_trace(outside, &connection);
    let mut hops = Hops::new(outside.clock.clone());
    hops.add(HopKind::Request, json!({ "purpose": PURPOSE }));
    let owner = connection.owner;
    let registration = upstream_sessions::registration(&tx, connection, outside.callback.to_owned()).await?;
    // Who tries it out wants to choose as whom, rather than to be taken for whoever is signed in there already.
    let prompts = vec![Prompt::SelectAccount];
    let ask = Ask {
        state: state.clone(),
        nonce: nonce.clone(),
        verifier: verifier.clone(),
        login_hint: None,
        domain_hint: None,
        ui_locales: Vec::new(),
        prompts,
        max_age: None,
        acr_values: Vec::new(),
    };
    let url = match outside.connectors.begin(&registration, &ask, &mut hops).await {
        Ok(url) => url,
        Err(failed) => {
            let id = trace.id;
            conclude(outside, trier, trace, hops.into_vec(), Err(failed)).await?;
            return Ok(Err(id));
        }
    };
    let attempt = SignInAttempt {
        id: AttemptId::new(),
        realm_id: outside.realm,
        connection_id: id,
        state: state.digest(),
        browser: bound_to(trier),
        nonce,
        verifier,
        purpose: AttemptPurpose::Trial { user: trier.user, session: trier.session },
        request: None,
        tenant: owner,
        remember: false,
        max_age: None,
        trace: trace.id,
        created_at: outside.clock.now(),
        expires_at: outside.clock.now().plus(seconds(ATTEMPT_LIFETIME)),
    };
    let write = async |tx: &RealmTx| {
        tx.sign_in_attempts().insert(&attempt).await?;
        tx.sign_in_traces().insert(&trace).await?;
        Ok(tx.sign_in_traces().append(trace.id, hops.as_slice()).await?)
    };
    outside.store.transact(outside.realm, write).await?;
    Ok(Ok(url))
}

/// Takes the admin back: uses the attempt up, asks the provider, and says what a sign-in would have come to. The trace
/// tells it.
pub async fn finish(outside: Outside<'_>, trier: Trier<'_>, id: ConnectionId, parameters: Parameters) -> Result<TraceId, Failure> {
    let connection = find_own(&outside.store.read(outside.realm), trier.actor, id).await?;
    let attempt = consume(outside, trier, id, &parameters).await?.ok_or_else(over)?;
    let trace = outside.store.read(outside.realm).sign_in_traces().find(attempt.trace).await?.ok_or_else(over)?;
    let mut hops = Hops::new(outside.clock.clone());
    let registration = upstream_sessions::registration(&outside.store.read(outside.realm), connection, outside.callback.to_owned()).await?;
    let expected = Expected { nonce: attempt.nonce.clone(), verifier: attempt.verifier.clone(), max_age: None };
    // The provider's tokens end here: nothing of them is kept.
    let finished = outside.connectors.finish(&registration, &expected, &Returned { parameters }, &mut hops).await;
    let came = finished.map(|finished| (registration.connection, finished.identity));
    let trace_id = trace.id;
    conclude(outside, trier, trace, hops.into_vec(), came).await?;
    Ok(trace_id)
}

/// What came of a trial, for whoever may try the connection out.
pub async fn find(tx: &RealmTx, actor: Actor, id: ConnectionId, trace: TraceId) -> Result<Tried, Failure> {
    find_own(tx, actor, id).await?;
    let found = tx.sign_in_traces().find(trace).await?.filter(|trace| trace.connection_id == Some(id)).ok_or_else(no_connection)?;
    let hops = tx.sign_in_traces().hops(trace).await?;
    if is_trial(&hops) { Ok(Tried { trace: found, hops }) } else { Err(no_connection()) }
}

/// What would come of given claims, had the provider just signed them: asks nobody and writes nothing. Whoever may not
/// change the connection may not ask this either (attack catalogue TEN-07).
pub async fn dry_run(
    outside: Outside<'_>,
    actor: Actor,
    id: ConnectionId,
    claims: &Map<String, Value>,
) -> Result<Result<(ExternalIdentity, Outlook), Failed>, Failure> {
    let tx = outside.store.read(outside.realm);
    let connection = find_own(&tx, actor, id).await?;
    let registration = upstream_sessions::registration(&tx, connection, outside.callback.to_owned()).await?;
    match outside.connectors.interpret(&registration, claims) {
        Ok(identity) => {
            let seen = outlook(&tx, &registration.connection, &identity).await?;
            Ok(Ok((identity, seen)))
        }
        Err(failed) => Ok(Err(failed)),
    }
}

/// Whether these are the hops of a trial.
pub fn is_trial(hops: &[Hop]) -> bool {
    hops.first().is_some_and(|hop| hop.kind == HopKind::Request && hop.detail.get("purpose") == Some(&json!(PURPOSE)))
}

async fn find_own(tx: &RealmTx, actor: Actor, id: ConnectionId) -> Result<Connection, Failure> {
    let connection = tx.connections().find(id).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), connection.owner)?;
    if connection.kind.is_upstream() { Ok(connection) } else { Err(no_connection()) }
}

/// The attempt: of this session, at this connection, once, and in time.
async fn consume(
    outside: Outside<'_>,
    trier: Trier<'_>,
    id: ConnectionId,
    parameters: &Parameters,
) -> Result<Option<SignInAttempt>, Failure> {
    let Some(state) = parameters.secret("state") else { return Ok(None) };
    if SecretKind::UpstreamTrial.unwrap(state.expose()).is_none() {
        return Ok(None);
    }
    // Committed by itself: whatever comes after it, it is used up.
    let consume = async |tx: &RealmTx| Ok(tx.sign_in_attempts().consume(id, state.digest(), bound_to(trier)).await?);
    let found = outside.store.transact(outside.realm, consume).await?;
    let own = AttemptPurpose::Trial { user: trier.user, session: trier.session };
    Ok(found.filter(|attempt| attempt.purpose == own && attempt.expires_at > outside.clock.now()))
}

/// What stands in the place of a browser: the session, whose cookie no other browser has.
fn bound_to(trier: Trier<'_>) -> Digest {
    Digest::of(format!("trial:{}:{}", trier.user, trier.session).as_bytes())
}

fn open_trace(outside: Outside<'_>, connection: &Connection) -> SignInTrace {
    SignInTrace {
        id: TraceId::new(),
        realm_id: outside.realm,
        connection_id: Some(connection.id),
        tenant_id: connection.owner,
        client_id: None,
        publisher_id: None,
        user_id: None,
        outcome: TraceOutcome::Open,
        problem: None,
        started_at: outside.clock.now(),
        expires_at: outside.clock.now().plus(seconds(TRACE_LIFETIME)),
    }
}

/// Decides as a sign-in would, writes down what would have happened, and does none of it.
async fn conclude(
    outside: Outside<'_>,
    trier: Trier<'_>,
    mut trace: SignInTrace,
    mut hops: Vec<Hop>,
    came: Result<(Connection, ExternalIdentity), Failed>,
) -> Result<(), Failure> {
    let now = outside.clock.now();
    let problem = match &came {
        Ok((connection, identity)) => {
            let seen = outlook(&outside.store.read(outside.realm), connection, identity).await?;
            hops.extend(seen.hops(now));
            if let Expectation::Refuse { problem } = seen.account { Some((problem, None)) } else { None }
        }
        Err(failed) => Some((failed.problem, Some(&failed.detail))),
    };
    if let Some((problem, detail)) = problem {
        hops.push(Hop::new(now, HopKind::Refusal, json!({ "problem": problem, "detail": detail })));
    }
    let problem: Option<SignInProblem> = problem.map(|(problem, _)| problem);
    (trace.outcome, trace.problem) = (problem.map_or(TraceOutcome::Tried, |_| TraceOutcome::Refused), problem);
    let mut line = AuditEntry::new(outside.realm, now, AuditEvent::ConnectionTried).by(trier.actor).from(trier.origin);
    line.reason = problem.map(|problem| problem.to_string());
    let line = line.target(&trace.id).of_tenant(trace.tenant_id).detail(json!({ "connection": trace.connection_id }));
    let write = async |tx: &RealmTx| {
        if tx.sign_in_traces().find(trace.id).await?.is_some() {
            tx.sign_in_traces().update(&trace).await?;
        } else {
            tx.sign_in_traces().insert(&trace).await?;
        }
        tx.sign_in_traces().append(trace.id, &hops).await?;
        Ok(tx.audit().insert(&line).await?)
    };
    outside.store.transact(outside.realm, write).await
}

fn over() -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, "this trial is over, or was begun elsewhere").reason(Reason::FlowExpired)
}
