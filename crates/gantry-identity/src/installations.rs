//! Admin rules for installations: what a tenant decides about an app.
//!
//! Owns the decisions of admins. That a member's consent installs an app where the tenant's policy
//! lets it is the authorization endpoint's part.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ClientId, TenantId};
use gantry_core::installation::{Installation, InstallationStanding};
use gantry_store::RealmTx;
use serde_json::json;

use crate::permission::{self, Action};
use crate::tenants::no_tenant;

/// Decides how an app stands with a tenant.
pub async fn decide(
    tx: &RealmTx,
    actor: Actor,
    tenant: TenantId,
    client: ClientId,
    standing: InstallationStanding,
    now: Timestamp,
) -> Result<Installation, Failure> {
    permission::check(actor, Action::ManageTenants, tx.realm_id())?;
    // Both must be of this realm: the ids come from outside.
    let tenant = tx.tenants().find(tenant).await?.ok_or_else(no_tenant)?;
    tx.clients().find(client).await?.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "There is no such app"))?;
    let before = tx.installations().find(tenant.id, client).await?;
    let installation = match before {
        Some(before) => before.moved(standing, now),
        None => Installation::new(&tenant, client, standing, now),
    };
    tx.installations().put(&installation).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&tenant.id).client(client);
    tx.audit().insert(&line.detail(json!({ "installation": standing }))).await?;
    Ok(installation)
}
