//! What of the traces is a tenant's business: which ones, and which of their hops.
//!
//! Never decides for a realm's admin, who sees everything.

use gantry_core::failure::Fault;
use gantry_core::id::TenantId;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInTrace};
use gantry_core::tenant::Tenant;
use gantry_store::RealmTx;
use serde_json::{Value, json};

/// Whether a trace is a tenant's business: it came through the tenant's own connection, or it is for the tenant and
/// came through a connection that serves no other one or from one of its people. That a link named the tenant is not
/// enough, nor that a connection which others share serves it too: anybody can send somebody else's people there
/// (attack catalogue §0.7).
pub(super) async fn concerns(tx: &RealmTx, trace: &SignInTrace, tenant: TenantId) -> Result<bool, Fault> {
    if tx.tenants().find(tenant).await?.is_none_or(|tenant| tenant.suspended_at.is_some()) {
        return Ok(false);
    }
    let connection = match trace.connection_id {
        Some(id) => tx.connections().find(id).await?,
        None => None,
    };
    if connection.as_ref().is_some_and(|connection| connection.owner == Some(tenant)) {
        return Ok(true);
    }
    if trace.tenant_id != Some(tenant) {
        return Ok(false);
    }
    if let Some(connection) = &connection
        && matches!(tx.attachments().list_of_connection(connection.id, 2).await?.as_slice(), [only] if only.tenant_id == tenant)
    {
        return Ok(true);
    }
    match trace.user_id {
        Some(user) => Ok(tx.memberships().find(tenant, user).await?.is_some()),
        None => Ok(false),
    }
}

/// A hop without what is another tenant's than the reader's `own`: which of the others somebody joined, and what an app
/// got for them, is none of this one's business. `led_to` is the tenant that the sign-in turned out to be for.
pub(super) fn of_tenant(mut hop: Hop, led_to: Option<TenantId>, own: Option<&Tenant>) -> Option<Hop> {
    match hop.kind {
        HopKind::Join => own.is_some_and(|own| hop.detail.get("tenant") == Some(&json!(own.id))).then_some(hop),
        HopKind::Consent | HopKind::Answer | HopKind::TokensIssued => {
            let is_own = |org_id: &Value| own.is_some_and(|own| *org_id == json!(own.org_id));
            let elsewhere = hop.detail.get("org_id").is_some_and(|org_id| !org_id.is_null() && !is_own(org_id));
            if elsewhere || led_to.is_some_and(|tenant| own.is_none_or(|own| own.id != tenant)) {
                return None;
            }
            if let Some(Value::Array(tenants)) = hop.detail.get_mut("tenants") {
                tenants.retain(is_own);
            }
            Some(hop)
        }
        HopKind::Request
        | HopKind::Route
        | HopKind::Metadata
        | HopKind::Redirect
        | HopKind::Callback
        | HopKind::Token
        | HopKind::IdToken
        | HopKind::Userinfo
        | HopKind::Groups
        | HopKind::Mapping
        | HopKind::Account
        | HopKind::Proof
        | HopKind::Session
        | HopKind::Refusal => Some(hop),
    }
}
