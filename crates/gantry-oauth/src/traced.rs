//! What a trace says of the time after the session began: consent, answer, tokens.
//!
//! Owns the words of these hops, which the table of readers in `gantry_identity::traces` knows by name. A request that
//! no sign-in with a provider led to costs nothing here. Never writes a code, a token or a person.

use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Fault, Refusal};
use gantry_core::grant::Grant;
use gantry_core::id::TraceId;
use gantry_core::scope_set::ScopeSet;
use gantry_core::sign_in_trace::{Hop, HopKind};
use gantry_identity::traces;
use gantry_store::RealmTx;
use serde_json::json;

use crate::tenancy::ForTenant;

/// How something was allowed, in a trace's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decided {
    /// By an earlier decision, or by the platform.
    Earlier,
    /// By the person just now.
    Now,
}

/// A code went to the app. `org_ids` are the tenants of the grant, `org_id` the one that it is for first.
pub(crate) async fn code(
    tx: &RealmTx,
    trace: TraceId,
    grant: &Grant,
    decided: Decided,
    org_ids: &[&str],
    org_id: Option<&str>,
) -> Result<(), Fault> {
    let decision = match decided {
        Decided::Earlier => "allowed_earlier",
        Decided::Now => "allowed",
    };
    let hops = [
        Hop::new(
            grant.created_at,
            HopKind::Consent,
            json!({ "decision": decision, "scope": grant.scopes.to_string(), "tenants": org_ids }),
        ),
        Hop::new(grant.created_at, HopKind::Answer, json!({ "answer": "code", "org_id": org_id })),
    ];
    traces::note(tx, Some(trace), &hops, grant.default_tenant).await
}

/// An error went to the app; the person's own no is one.
pub(crate) async fn error(tx: &RealmTx, trace: Option<TraceId>, refusal: &Refusal, denied: bool, now: Timestamp) -> Result<(), Fault> {
    if trace.is_none() {
        return Ok(());
    }
    let no = denied.then(|| Hop::new(now, HopKind::Consent, json!({ "decision": "denied" })));
    let answer = json!({ "answer": "error", "error": refusal.code.wire_name(), "reason": refusal.reason });
    let hops: Vec<Hop> = no.into_iter().chain([Hop::new(now, HopKind::Answer, answer)]).collect();
    traces::note(tx, trace, &hops, None).await
}

/// Tokens went to the app.
pub(crate) async fn tokens(
    tx: &RealmTx,
    trace: TraceId,
    client: &Client,
    tenant: Option<&ForTenant>,
    (scopes, audiences): (&ScopeSet, &[String]),
    now: Timestamp,
) -> Result<(), Fault> {
    let org_id = tenant.map(|held| &held.tenant.org_id);
    let detail = json!({ "client_id": client.client_id, "scope": scopes.to_string(), "audiences": audiences, "org_id": org_id });
    traces::note(tx, Some(trace), &[Hop::new(now, HopKind::TokensIssued, detail)], tenant.map(|held| held.tenant.id)).await
}
