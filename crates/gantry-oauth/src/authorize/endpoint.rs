//! The endpoint: receives requests, keeps them between pages, and has them answered.
//!
//! Owns the order of things: checks, dispatcher, answer. Never picks a step itself and never
//! decides what a parameter means.

use std::sync::Arc;
use std::time::Duration;

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::authorization_request::{AuthorizationRequest, Stage, TenantChoice};
use gantry_core::clock::SharedClock;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{AuthorizationRequestId, TenantId};
use gantry_core::parameters::Parameters;
use gantry_core::realm::TenantDemand;
use gantry_core::response_mode::ResponseMode;
use gantry_core::session::Session;
use gantry_store::audit_sink::AuditSink;
use gantry_store::rate_limit::Quota;
use gantry_store::snapshot::ClientSnapshot;
use gantry_store::{RealmTx, Store};

use super::answer::{Agreed, Agreement, ReturnPath, Word, over};
use super::check::{self, Asked};
use super::flow::{self, Situation, Step};
use super::outcome::{Adopted, ChooseAccount, ChooseTenant, Chosen, Look, Outcome, SignIn};
use super::standing::Standing;
use super::{pushed, sealed};
use crate::consent::{self, Decision, Question};
use crate::id_token_hint::Hint;
use crate::keys::KeyRing;
use crate::tenancy;
use crate::traced;
use crate::visit::Visit;

/// The authorization endpoint and the flow behind it.
#[derive(Debug)]
pub struct AuthorizeEndpoint {
    /// Rows, clients, the sealer.
    pub store: Store,
    /// The realms' keys, for hints.
    pub keys: KeyRing,
    /// Where refusals are noted.
    pub audit: AuditSink,
    /// The time.
    pub clock: SharedClock,
}

/// A request on its way, with its client.
pub(super) struct Pass {
    pub(super) request: AuthorizationRequest,
    /// Whether a row stands for it, since a person has acted.
    stored: bool,
    client: Arc<ClientSnapshot>,
}

impl Pass {
    fn return_path<'p>(&'p self, visit: &Visit<'p>) -> ReturnPath<'p> {
        ReturnPath::of(&self.request.parameters, &self.client.client, visit.issuer, visit.explanations)
    }
}

impl AuthorizeEndpoint {
    /// Judges a request from a client and decides what comes first. A refusal is a page: the
    /// client or its redirect URI is not known good.
    pub async fn receive(&self, visit: &Visit<'_>, parameters: &Parameters) -> Result<Outcome, Failure> {
        let now = self.clock.now();
        if let Some(pushed) = pushed::referred(&self.store, &visit.realm.realm, parameters, now).await? {
            let request = sealed::fresh(visit.realm.realm.id, visit.browser, pushed);
            let client = self.client_of(&request).await?;
            return self.go_on(visit, Pass { request, stored: false, client }).await;
        }
        let destination = check::destination(&self.store, visit.realm, parameters).await?;
        let hint = Hint::read(parameters, &self.keys, visit.realm, visit.issuer, now)?;
        let client = Arc::clone(&destination.client);
        let asked = Asked { realm: visit.realm, client: &client.client, parameters, hint: &hint, now };
        let mode = check::response_mode(parameters);
        let path = ReturnPath {
            client: &client.client,
            redirect_uri: &destination.redirect_uri,
            mode: mode.as_ref().copied().unwrap_or(ResponseMode::Query),
            state: destination.state.as_deref(),
            issuer: visit.issuer,
            explanations: visit.explanations,
        };
        let judged = mode.and_then(|mode| {
            let judged = check::demands(&asked, &destination, mode)?;
            pushed::check_demand(&visit.realm.realm, &client.client).map(|()| judged)
        });
        match judged {
            Ok(parameters) => {
                let request = sealed::fresh(visit.realm.realm.id, visit.browser, parameters);
                self.go_on(visit, Pass { request, stored: false, client: Arc::clone(&client) }).await
            }
            Err(refusal) => {
                self.note_refusal(visit, &client, &refusal).await;
                Ok(Outcome::Respond(path.refusal(&refusal)))
            }
        }
    }

    /// Decides again for a request that a person has acted on.
    pub async fn resume(&self, visit: &Visit<'_>, request: &str) -> Result<Outcome, Failure> {
        let pass = self.find(visit, request.parse().or(Err(over()))?).await?;
        self.go_on(visit, pass).await
    }

    /// The page that a form's `request` value leads back to, for a sign-in page that is asked for
    /// by itself. Changes nothing.
    pub async fn sign_in(&self, visit: &Visit<'_>, value: &str) -> Result<(SignIn, Look), Failure> {
        let pass = self.open(visit, value).await?;
        let asked = &pass.request.parameters;
        Ok((SignIn::of(value.to_owned(), asked, &pass.client.client, None).for_tenant(chosen(&pass.request)), Look::of(asked)))
    }

    /// Keeps the request of a form that a person has sent: a sealed one gets its row, one that
    /// has a row is found. The first act of every sign-in, sign-up and decision.
    pub async fn adopt(&self, visit: &Visit<'_>, value: &str) -> Result<Adopted, Failure> {
        let pass = self.adopted(visit, value).await?;
        Ok(Adopted { app: pass.client.client.name.clone(), request: pass.request })
    }

    /// The person goes on with the account that is signed in, for this request.
    pub async fn choose_account(&self, visit: &Visit<'_>, value: &str) -> Result<AuthorizationRequestId, Failure> {
        let pass = self.adopted(visit, value).await?;
        if let Some((session, _)) = visit.signed_in {
            let chosen = pass.request.stage.authenticate(session.id).or(Err(over()))?;
            self.store.transact(pass.request.realm_id, async |tx| Ok(tx.requests().advance(&pass.request, chosen).await?)).await?;
        }
        Ok(pass.request.id)
    }

    /// The person has chosen on the tenant page. What cannot be chosen (any more) is not heard: the
    /// dispatcher asks again (attack catalogue TEN-12).
    pub async fn choose_tenant(&self, visit: &Visit<'_>, value: &str, chosen: &Chosen) -> Result<Outcome, Failure> {
        let pass = self.adopted(visit, value).await?;
        let (step, standing) = self.step(visit, &pass).await?;
        let Some((session, _)) = visit.signed_in else { return Ok(Outcome::Continue(pass.request.id)) };
        let choice = match chosen {
            Chosen::Deny => return self.deny(visit, &pass).await,
            Chosen::Nobody => Some(TenantChoice::Nobody),
            Chosen::Tenant(org_id) => {
                let found = standing.open().find(|workplace| workplace.tenant.org_id == *org_id);
                found.map(|workplace| TenantChoice::Tenant(workplace.tenant.id))
            }
        };
        if let (Some(choice), Step::Tenant | Step::Consent(_) | Step::Answer(_) | Step::SignIn(Some(_))) = (choice, step) {
            let stage = pass.request.stage.choose(session.id, choice).or(Err(over()))?;
            self.store.transact(pass.request.realm_id, async |tx| Ok(tx.requests().advance(&pass.request, stage).await?)).await?;
        }
        Ok(Outcome::Continue(pass.request.id))
    }

    /// The person has decided on the consent page.
    pub async fn decide_consent(&self, visit: &Visit<'_>, value: &str, decision: Decision) -> Result<Outcome, Failure> {
        let pass = self.adopted(visit, value).await?;
        let Decision::Allow(allowed) = decision else { return self.deny(visit, &pass).await };
        let granted = consent::granted(&pass.request.parameters.scopes, &allowed.scopes);
        let Some(granted) = granted else { return self.deny(visit, &pass).await };
        // The decision counts only where the page was due or would be again: for a person who is
        // signed in as the request demands, and for the tenant that the page named.
        let (step, standing) = self.step(visit, &pass).await?;
        match step {
            Step::Consent(tenant) | Step::Answer(tenant) if allowed.shown_for.as_deref() == standing.org_id(tenant) => {
                self.answer(visit, &pass, Agreement { tenant, scopes: granted, word: Word::Now(&allowed) }).await
            }
            Step::Consent(_) | Step::Answer(_) | Step::SignIn(_) | Step::Account | Step::Tenant | Step::Refuse(_) => {
                Ok(Outcome::Continue(pass.request.id))
            }
        }
    }

    async fn go_on(&self, visit: &Visit<'_>, pass: Pass) -> Result<Outcome, Failure> {
        let asked = &pass.request.parameters;
        let look = Look::of(asked);
        let (step, standing) = self.step(visit, &pass).await?;
        match step {
            Step::Answer(tenant) => {
                self.answer(visit, &pass, Agreement { tenant, scopes: asked.scopes.clone(), word: Word::Earlier }).await
            }
            Step::Refuse(refusal) => self.refuse(visit, &pass, &refusal).await,
            Step::SignIn(tenant) => {
                self.note_tenant(visit, &pass, tenant).await?;
                let known = visit.signed_in.map(|(_, user)| user.email.as_str()).filter(|_| asked.expected_subject.is_none());
                Ok(Outcome::SignIn(SignIn::of(self.form_value(&pass)?, asked, &pass.client.client, known).for_tenant(tenant), look))
            }
            Step::Account => {
                let app = pass.client.client.name.clone();
                Ok(Outcome::Account(ChooseAccount { request: self.form_value(&pass)?, app }, look))
            }
            Step::Tenant => {
                let nobody = tenancy::demand_of(&visit.realm.realm, &pass.client.client) == TenantDemand::Optional;
                let (request, app) = (self.form_value(&pass)?, pass.client.client.name.clone());
                Ok(Outcome::Tenant(Box::new(ChooseTenant { request, app, workplaces: standing.workplaces, nobody }), look))
            }
            Step::Consent(tenant) => {
                let Some((_, user)) = visit.signed_in else { return Err(over().into()) };
                let demand = tenancy::demand_of(&visit.realm.realm, &pass.client.client);
                let tenants = standing.question(demand, &pass.client.client, asked, tenant);
                let question = consent::question(visit.realm, &pass.client, user, asked, self.form_value(&pass)?);
                Ok(Outcome::Consent(Box::new(Question { tenants, ..question }), look))
            }
        }
    }

    /// Remembers for which tenant a person is sent to sign in: one who comes back and has still not signed in
    /// as it demands is refused. A request without a row has not led to a sign-in yet.
    async fn note_tenant(&self, visit: &Visit<'_>, pass: &Pass, tenant: Option<TenantId>) -> Result<(), Failure> {
        let (Some((session, _)), Some(tenant), true) = (visit.signed_in, tenant, pass.stored) else { return Ok(()) };
        let stage = pass.request.stage.choose(session.id, TenantChoice::Tenant(tenant)).or(Err(over()))?;
        if stage == pass.request.stage {
            return Ok(());
        }
        self.store.transact(pass.request.realm_id, async |tx| Ok(tx.requests().advance(&pass.request, stage).await.map(|_| ())?)).await
    }

    async fn step(&self, visit: &Visit<'_>, pass: &Pass) -> Result<(Step, Standing), Failure> {
        let client = &pass.client.client;
        let demand = tenancy::demand_of(&visit.realm.realm, client);
        let session = visit.signed_in.map(|(session, _)| session);
        let (standing, choice) = match session {
            Some(session) => {
                let rows = self.store.read(client.realm_id);
                (Standing::read(&rows, demand, client, session).await?, choice_of(&rows, pass.request.stage, session).await?)
            }
            None => (Standing::default(), None),
        };
        let step = flow::decide(&Situation {
            asked: &pass.request.parameters,
            stage: pass.request.stage,
            client,
            session,
            demand,
            standing: &standing,
            choice,
            now: self.clock.now(),
        });
        Ok((step, standing))
    }

    async fn answer(&self, visit: &Visit<'_>, pass: &Pass, agreement: Agreement<'_>) -> Result<Outcome, Failure> {
        let Some((session, _)) = visit.signed_in else { return Err(over().into()) };
        let agreed = Agreed {
            realm: visit.realm,
            client: &pass.client.client,
            request: &pass.request,
            stored: pass.stored,
            session,
            agreement,
            origin: visit.origin,
            now: self.clock.now(),
        };
        let code = self.store.transact(pass.request.realm_id, async |tx| agreed.issue(tx).await).await?;
        Ok(Outcome::Respond(pass.return_path(visit).code(&code)))
    }

    /// The person said no: the client learns that, nothing is remembered.
    async fn deny(&self, visit: &Visit<'_>, pass: &Pass) -> Result<Outcome, Failure> {
        let refusal = Refusal::new(ErrorCode::AccessDenied, "the person refused");
        let mut line = AuditEntry::new(pass.request.realm_id, self.clock.now(), AuditEvent::Denied).from(visit.origin);
        line.client_id = Some(pass.request.parameters.client);
        line.user_id = visit.signed_in.map(|(_, user)| user.id);
        let refused = pass.request.stage.refuse().or(Err(over()))?;
        let work = async |tx: &RealmTx| {
            if !tx.requests().advance(&pass.request, refused).await? {
                return Err(over().into());
            }
            pushed::use_up(tx, &pass.request.parameters, self.clock.now()).await?;
            traced::error(tx, pass.request.trace, &refusal, true, self.clock.now()).await?;
            Ok(tx.audit().insert(&line).await?)
        };
        self.store.transact(pass.request.realm_id, work).await?;
        Ok(Outcome::Respond(pass.return_path(visit).refusal(&refusal)))
    }

    /// The flow ends with an error for the client.
    pub(super) async fn refuse(&self, visit: &Visit<'_>, pass: &Pass, refusal: &Refusal) -> Result<Outcome, Failure> {
        if pass.stored {
            let refused = pass.request.stage.refuse().or(Err(over()))?;
            let work = async |tx: &RealmTx| {
                if tx.requests().advance(&pass.request, refused).await? {
                    traced::error(tx, pass.request.trace, refusal, false, self.clock.now()).await?;
                }
                Ok(())
            };
            self.store.transact(pass.request.realm_id, work).await?;
        }
        self.note_refusal(visit, &pass.client, refusal).await;
        Ok(Outcome::Respond(pass.return_path(visit).refusal(refusal)))
    }

    /// What forms of this request carry: the id of its row, or the request itself, sealed.
    fn form_value(&self, pass: &Pass) -> Result<String, Failure> {
        if pass.stored {
            return Ok(pass.request.id.to_string());
        }
        Ok(sealed::seal_request(self.store.sealer(), &pass.request)?)
    }

    /// Reads a form's value without storing anything.
    async fn open(&self, visit: &Visit<'_>, value: &str) -> Result<Pass, Failure> {
        if let Ok(id) = value.parse() {
            return self.find(visit, id).await;
        }
        let opened = sealed::open_request(self.store.sealer(), visit.realm.realm.id, visit.browser, value, self.clock.now());
        let request = opened.ok_or_else(over)?;
        let client = self.client_of(&request).await?;
        Ok(Pass { request, stored: false, client })
    }

    pub(super) async fn adopted(&self, visit: &Visit<'_>, value: &str) -> Result<Pass, Failure> {
        let mut pass = self.open(visit, value).await?;
        if !pass.stored {
            let new = self.store.transact(pass.request.realm_id, async |tx| Ok(tx.requests().insert(&pass.request).await?)).await?;
            if !new {
                // The same page was sent before: its row has the word.
                return self.find(visit, pass.request.id).await;
            }
            pass.stored = true;
        }
        Ok(pass)
    }

    /// The request with this id, if it is this browser's and can go on.
    async fn find(&self, visit: &Visit<'_>, id: AuthorizationRequestId) -> Result<Pass, Failure> {
        let found = self.store.read(visit.realm.realm.id).requests().find(id).await?;
        let own = |request: &AuthorizationRequest| request.browser == visit.browser && self.clock.now() < request.expires_at;
        let request = found.filter(own).filter(|request| !request.stage.is_final()).ok_or_else(over)?;
        let client = self.client_of(&request).await?;
        Ok(Pass { request, stored: true, client })
    }

    /// The client of a request that waited: it may have been switched off or changed meanwhile.
    async fn client_of(&self, request: &AuthorizationRequest) -> Result<Arc<ClientSnapshot>, Failure> {
        let asked = &request.parameters;
        let known = self.store.snapshots().client_by_key(request.realm_id, asked.client).await?;
        let client = known.filter(|known| known.client.is_enabled()).ok_or_else(check::unknown_client)?;
        if !check::still_holds(&client.client, asked) {
            return Err(over().into());
        }
        Ok(client)
    }

    /// Tells log and audit trail why a client was refused. Never fails the answer: what may be
    /// lost here protects nothing.
    async fn note_refusal(&self, visit: &Visit<'_>, client: &ClientSnapshot, refusal: &Refusal) {
        let code = refusal.code.wire_name();
        tracing::info!(target: "security", code, detail = refusal.detail.as_deref(), client = %client.client.id, "authorization refused");
        if is_routine(refusal.code) || self.limited(client).await {
            return;
        }
        let mut line = AuditEntry::new(client.client.realm_id, self.clock.now(), AuditEvent::AuthorizationRefused)
            .client(client.client.id)
            .reason(code)
            .from(visit.origin)
            .detail(serde_json::json!({ "description": refusal.description, "detail": refusal.detail, "reason": refusal.reason }));
        line.user_id = visit.signed_in.map(|(_, user)| user.id);
        if let Err(fault) = self.audit.record(line).await {
            tracing::warn!(%fault, "a refusal is missing from the audit trail");
        }
    }

    /// A flood of refused requests writes a bounded number of lines.
    async fn limited(&self, client: &ClientSnapshot) -> bool {
        let key = format!("authorize.refused:{}", client.client.id);
        self.store.limiter().check(&key, REFUSAL_LINES).await.is_err()
    }
}

/// The tenant that was chosen for a request, if one was.
pub(super) const fn chosen(request: &AuthorizationRequest) -> Option<TenantId> {
    match request.stage {
        Stage::Authenticated { tenant: Some(TenantChoice::Tenant(id)), .. } => Some(id),
        Stage::Authenticated { .. } | Stage::Received | Stage::Answered | Stage::Refused => None,
    }
}

/// What the session's person chose on the tenant page. Who has to sign in again for the tenant that
/// they chose need not choose it again.
async fn choice_of(rows: &RealmTx, stage: Stage, session: &Session) -> Result<Option<TenantChoice>, Fault> {
    let Some(chosen_in) = stage.session() else { return Ok(None) };
    let same_person =
        chosen_in == session.id || rows.sessions().find(chosen_in).await?.is_some_and(|before| before.user_id == session.user_id);
    Ok(if same_person { stage.tenant(chosen_in) } else { None })
}

/// The most lines of refusals for one client.
const REFUSAL_LINES: Quota = Quota { burst: 30, period: Duration::from_mins(1) };

/// What `prompt=none` answers all day, and no sign of trouble.
const fn is_routine(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::LoginRequired | ErrorCode::ConsentRequired | ErrorCode::AccountSelectionRequired | ErrorCode::InteractionRequired
    )
}
