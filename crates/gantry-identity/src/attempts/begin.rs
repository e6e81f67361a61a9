//! The way out: a person is sent to a provider.

use gantry_connect::connector::{Ask, Failed, Hops, Registration};
use gantry_core::authorization_request::{AuthorizationParameters, AuthorizationRequest};
use gantry_core::client::Client;
use gantry_core::connection::Connection;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{AttemptId, TenantId, TraceId};
use gantry_core::prompt::Prompt;
use gantry_core::realm::seconds;
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::session::Session;
use gantry_core::sign_in_attempt::{ATTEMPT_LIFETIME, AttemptPurpose, SignInAttempt};
use gantry_core::sign_in_trace::{HopKind, SignInProblem, SignInTrace, TRACE_LIFETIME, TraceOutcome};
use gantry_store::RealmTx;
use serde_json::{Value, json};
use url::Url;

use super::{Refused, UpstreamSignIn, unguessable};
use crate::Visit;

/// Somebody who is to be sent to a provider.
#[derive(Debug)]
pub struct Departure<'d> {
    /// The connection.
    pub connection: Connection,
    /// Its callback address.
    pub callback: &'d str,
    /// What for.
    pub purpose: AttemptPurpose,
    /// The authorization request that waits, its row written, and the tenant that it is for as far as that is known.
    pub request: Option<&'d AuthorizationRequest>,
    /// The tenant that they are sent there for.
    pub tenant: Option<TenantId>,
    /// The session that this browser has here already, if it is live.
    pub standing: Option<&'d Session>,
    /// "Keep me signed in".
    pub remember: bool,
    /// The address that they typed here, if they did.
    pub typed: Option<String>,
    /// Why they are sent there: the trace's hop.
    pub route: Value,
    /// Why they are not sent there after all, where that is known before.
    pub refused: Option<SignInProblem>,
    /// Whether somebody signed out in this browser and nobody has signed in since.
    pub signed_out: bool,
}

/// What came of it.
#[derive(Debug)]
pub enum Begun {
    /// The browser goes there.
    Sent(Url),
    /// It does not.
    Refused(Refused),
}

/// What is made for one conversation.
struct Made {
    state: Secret,
    nonce: String,
    verifier: Secret,
}

impl UpstreamSignIn {
    /// Sends somebody to a provider: asks it where, then writes attempt and trace in one go.
    pub async fn begin(&self, departure: Departure<'_>, visit: &Visit<'_>) -> Result<Begun, Failure> {
        let mut hops = Hops::new(self.clock.clone());
        let client = self.client_of(&departure).await?;
        let trace = self.open_trace(&departure, client.as_ref());
        hops.add(HopKind::Request, request_hop(departure.request.map(|request| &request.parameters), client.as_ref(), departure.purpose));
        hops.add(HopKind::Route, departure.route.clone());
        let made = Made { state: SecretKind::UpstreamState.generate(), nonce: unguessable(), verifier: Secret::new(unguessable()) };
        let registration = self.registration(departure.connection.clone(), departure.callback).await?;
        let age = self.greatest_age(&departure).await?;
        let begun = match check(&departure) {
            Ok(()) => self.ask(&registration, (&departure, age), &made, &mut hops).await,
            Err(failed) => Err(failed),
        };
        match begun {
            Ok(url) => {
                self.write(&departure, &made, trace, &hops, visit).await?;
                Ok(Begun::Sent(url))
            }
            Err(failed) => {
                let refused = Refused {
                    problem: failed.problem,
                    trace: Some(trace.id),
                    connection: Box::new(departure.connection),
                    request: departure.request.map(|request| request.id),
                    purpose: Some(departure.purpose),
                };
                self.refuse(trace, hops, &failed, visit.origin).await?;
                self.note_trace(&refused).await?;
                Ok(Begun::Refused(refused))
            }
        }
    }

    /// How old a sign-in may be, by the request and by the tenant that it is for. Whether the tenant's wish was heard is
    /// for the flow to judge: not every provider says when somebody signed in.
    async fn greatest_age(&self, departure: &Departure<'_>) -> Result<Option<u32>, Fault> {
        let tenant = match departure.tenant {
            Some(id) => self.store.read(departure.connection.realm_id).tenants().find(id).await?,
            None => None,
        };
        let asked = departure.request.and_then(|request| request.parameters.max_age);
        Ok(asked.into_iter().chain(tenant.and_then(|tenant| tenant.max_sign_in_age)).min())
    }

    async fn ask(
        &self,
        registration: &Registration,
        (departure, max_age): (&Departure<'_>, Option<u32>),
        made: &Made,
        hops: &mut Hops,
    ) -> Result<Url, Failed> {
        let too_old = |session: &&Session| max_age.is_some_and(|age| self.clock.now().since(session.authenticated_at) > seconds(age));
        let due = departure.standing.as_ref().is_some_and(too_old);
        let asked = departure.request.map(|request| &request.parameters);
        let ask = Ask {
            state: made.state.clone(),
            nonce: made.nonce.clone(),
            verifier: made.verifier.clone(),
            login_hint: departure.typed.clone().or_else(|| asked.and_then(|asked| asked.login_hint.clone())),
            domain_hint: asked.and_then(|asked| asked.domain_hint.clone()),
            ui_locales: asked.map(|asked| asked.ui_locales.clone()).unwrap_or_default(),
            prompts: prompts(asked, due, departure.signed_out),
            max_age,
            acr_values: asked.map(|asked| asked.acr_values.clone()).unwrap_or_default(),
        };
        self.connectors.begin(registration, &ask, hops).await
    }

    async fn client_of(&self, departure: &Departure<'_>) -> Result<Option<Client>, Fault> {
        match departure.request {
            Some(request) => self.store.read(request.realm_id).clients().find(request.parameters.client).await,
            None => Ok(None),
        }
    }

    fn open_trace(&self, departure: &Departure<'_>, client: Option<&Client>) -> SignInTrace {
        let now = self.clock.now();
        let connection = &departure.connection;
        SignInTrace {
            id: TraceId::new(),
            realm_id: connection.realm_id,
            connection_id: Some(connection.id),
            tenant_id: departure.tenant,
            client_id: client.map(|client| client.id),
            publisher_id: client.and_then(|client| client.publisher_id),
            user_id: match departure.purpose {
                AttemptPurpose::Link { user, .. } => Some(user),
                AttemptPurpose::SignIn | AttemptPurpose::Prove { .. } | AttemptPurpose::Trial { .. } => None,
            },
            outcome: TraceOutcome::Open,
            problem: None,
            started_at: now,
            expires_at: now.plus(seconds(TRACE_LIFETIME)),
        }
    }

    async fn write(
        &self,
        departure: &Departure<'_>,
        made: &Made,
        trace: SignInTrace,
        hops: &Hops,
        visit: &Visit<'_>,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let realm_id = departure.connection.realm_id;
        let attempt = SignInAttempt {
            id: AttemptId::new(),
            realm_id,
            connection_id: departure.connection.id,
            state: made.state.digest(),
            browser: visit.browser,
            nonce: made.nonce.clone(),
            verifier: made.verifier.clone(),
            purpose: departure.purpose,
            request: departure.request.map(|request| request.id),
            tenant: departure.tenant,
            remember: departure.remember,
            max_age: departure.request.and_then(|request| request.parameters.max_age),
            trace: trace.id,
            created_at: now,
            expires_at: now.plus(seconds(ATTEMPT_LIFETIME)),
        };
        self.store
            .transact(realm_id, async |tx: &RealmTx| {
                tx.sign_in_attempts().insert(&attempt).await?;
                tx.sign_in_traces().insert(&trace).await?;
                tx.sign_in_traces().append(trace.id, hops.as_slice()).await?;
                if let Some(request) = attempt.request {
                    tx.requests().set_trace(request, trace.id).await?;
                }
                Ok(())
            })
            .await
    }

    /// The request knows why it went no further, for when its person goes back to the app.
    async fn note_trace(&self, refused: &Refused) -> Result<(), Failure> {
        let (Some(request), Some(trace)) = (refused.request, refused.trace) else { return Ok(()) };
        let note = async |tx: &RealmTx| Ok(tx.requests().set_trace(request, trace).await?);
        self.store.transact(refused.connection.realm_id, note).await
    }
}

/// What can be known without asking anybody. A connection that only links signs nobody in, and proves nothing for a
/// sign-in either (attack catalogue FED-14).
fn check(departure: &Departure<'_>) -> Result<(), Failed> {
    if !departure.connection.is_enabled() {
        return Err(Failed::new(SignInProblem::ConnectionDisabled, "the connection is switched off"));
    }
    match departure.purpose {
        // Trials are not begun here.
        AttemptPurpose::Trial { .. } => Err(Failed::new(SignInProblem::UnknownAttempt, "a trial is no sign-in")),
        AttemptPurpose::SignIn | AttemptPurpose::Prove { .. } if departure.connection.settings.link_only => {
            Err(Failed::new(SignInProblem::LinkOnly, "the connection only links"))
        }
        AttemptPurpose::SignIn | AttemptPurpose::Prove { .. } | AttemptPurpose::Link { .. } => match departure.refused {
            Some(problem) => Err(Failed::new(problem, "the person is not to be sent there")),
            None => Ok(()),
        },
    }
}

/// Of what an app wants the person to be asked, what they are asked there, to sign in anew where that is due by age, and who
/// they are where somebody has just signed out: else a session that lives on there would sign them in again unasked
/// (attack catalogue LGO-07). Consent and accounts are ours.
fn prompts(asked: Option<&AuthorizationParameters>, due: bool, signed_out: bool) -> Vec<Prompt> {
    let there = |prompt: &Prompt| matches!(prompt, Prompt::Login | Prompt::SelectAccount);
    let mut prompts: Vec<Prompt> = asked.iter().flat_map(|asked| &asked.prompts).copied().filter(there).collect();
    if due && !prompts.contains(&Prompt::Login) {
        prompts.push(Prompt::Login);
    }
    if signed_out && prompts.is_empty() {
        prompts.push(Prompt::SelectAccount);
    }
    prompts
}

/// What the app asked for, in the names of its own parameters. Holds nothing of the person: a hint is said to be
/// there, not what it says.
fn request_hop(asked: Option<&AuthorizationParameters>, client: Option<&Client>, purpose: AttemptPurpose) -> Value {
    let purpose = match purpose {
        AttemptPurpose::SignIn => "sign_in",
        AttemptPurpose::Link { .. } => "link",
        AttemptPurpose::Prove { .. } => "prove",
        AttemptPurpose::Trial { .. } => "trial",
    };
    let Some(asked) = asked else { return json!({ "purpose": purpose }) };
    json!({
        "purpose": purpose,
        "client_id": client.map(|client| &client.client_id),
        "redirect_uri": asked.redirect_uri,
        "response_mode": asked.response_mode,
        "scope": asked.scopes.to_string(),
        "audiences": asked.audiences,
        "org_id": asked.org_id,
        "prompt": asked.prompts,
        "max_age": asked.max_age,
        "acr_values": asked.acr_values,
        "connection": asked.connection,
        "domain_hint": asked.domain_hint,
        "login_hint_given": asked.login_hint.is_some(),
    })
}
