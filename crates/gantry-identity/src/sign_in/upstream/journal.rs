//! What is written down of a sign-in with a provider: the hops of its trace, how it stands, and the audit line of a refusal.

use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{TenantId, TraceId, UserId};
use gantry_core::sign_in_trace::{Hop, HopKind, TraceOutcome};
use gantry_store::RealmTx;
use serde_json::{Value, json};

use super::{Arrived, Came};
use crate::joining::{JoinDecision, JoinOutcome};
use crate::linking::{Address, Resolution, said};
use crate::session::OpenedSession;

/// The pages of one sign-in.
#[derive(Debug)]
pub(crate) struct Journal {
    trace: TraceId,
    hops: Vec<Hop>,
    now: Timestamp,
    user: Option<UserId>,
    tenant: Option<TenantId>,
}

impl Journal {
    /// Goes on with these hops.
    pub(crate) const fn new(trace: TraceId, hops: Vec<Hop>, now: Timestamp) -> Self {
        Self { trace, hops, now, user: None, tenant: None }
    }

    pub(crate) fn add(&mut self, kind: HopKind, detail: Value) {
        self.hops.push(Hop::new(self.now, kind, detail));
    }

    /// Who it turned out to be.
    pub(crate) const fn person(&mut self, user: UserId) {
        self.user = Some(user);
    }

    /// Whose account it is, and why. Which other ways into that account there are is nobody else's to read.
    pub(crate) fn account(&mut self, resolution: &Resolution, address: &Address) {
        let (decision, problem) = match resolution {
            Resolution::Known { .. } => ("known", None),
            Resolution::Link { .. } => ("link", None),
            Resolution::Create { .. } => ("create", None),
            Resolution::Prove { .. } => ("prove", None),
            Resolution::ProveAddress { .. } => ("prove_address", None),
            Resolution::Refuse { problem } => ("refuse", Some(problem)),
        };
        let mut detail = json!({ "decision": decision, "address": said(address) });
        if let (Some(problem), Some(detail)) = (problem, detail.as_object_mut()) {
            detail.insert("problem".to_owned(), json!(problem));
        }
        self.add(HopKind::Account, detail);
    }

    /// Which tenants were joined, one hop for each, so that none reads of another. Those that took no notice are left
    /// out, but for the one that it was for.
    pub(crate) fn joined(&mut self, plan: &[JoinDecision], came: &Came<'_>) {
        let asked = came.tenant.or(came.connection.owner);
        for decision in plan {
            if decision.outcome != JoinOutcome::Outside || Some(decision.tenant) == asked {
                self.add(HopKind::Join, json!(decision));
            }
        }
        let mut inside = plan.iter().filter(|decision| decision.outcome != JoinOutcome::Outside);
        let only = inside.next().filter(|_| inside.next().is_none());
        self.tenant = asked.or(only.map(|decision| decision.tenant));
    }

    /// The session that began.
    pub(crate) fn entered(&mut self, opened: &OpenedSession) {
        let session = &opened.session;
        self.person(session.user_id);
        let detail = json!({
            "session": session.id,
            "user": session.user_id,
            "methods": session.methods,
            "authenticated_at": session.authenticated_at.to_rfc3339(),
        });
        self.add(HopKind::Session, detail);
    }

    /// Writes it all down, with how it went.
    pub(crate) async fn close(mut self, tx: &RealmTx, arrived: &Arrived, origin: &Origin) -> Result<(), Fault> {
        let (outcome, problem) = match arrived {
            Arrived::SignedIn(_) => (TraceOutcome::SignedIn, None),
            Arrived::Linked(_) => (TraceOutcome::Linked, None),
            Arrived::Prove(_) | Arrived::Mergeable(_) => (TraceOutcome::Waiting, None),
            Arrived::Refused(problem) => (TraceOutcome::Refused, Some(*problem)),
        };
        if let Some(problem) = problem {
            self.add(HopKind::Refusal, json!({ "problem": problem }));
            let mut line = AuditEntry::new(tx.realm_id(), self.now, AuditEvent::SignInRefused).from(origin).target(&self.trace);
            line.user_id = self.user;
            line.tenant_id = self.tenant;
            tx.audit().insert(&line.reason(problem.as_str())).await?;
        }
        // It may have been forgotten by now, and what is done does not wait for its trace.
        let Some(mut trace) = tx.sign_in_traces().find(self.trace).await? else { return Ok(()) };
        tx.sign_in_traces().append(self.trace, &self.hops).await?;
        (trace.outcome, trace.problem) = (outcome, problem);
        trace.user_id = self.user.or(trace.user_id);
        trace.tenant_id = trace.tenant_id.or(self.tenant);
        tx.sign_in_traces().update(&trace).await
    }
}
