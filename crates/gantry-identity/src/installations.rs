//! Admin rules for installations: what a tenant decides about an app.
//!
//! Owns the decisions of admins. That a member's consent installs an app where the tenant's policy
//! lets it is the authorization endpoint's part.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ClientId, TenantId};
use gantry_core::installation::{Installation, InstallationStanding};
use gantry_store::RealmTx;
use serde_json::json;

use crate::permission::{self, TenantAction};
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
    permission::check_tenant(actor, TenantAction::ManageApps, tx.realm_id(), tenant)?;
    // Both must be of this realm: the ids come from outside.
    let tenant = tx.tenants().find(tenant).await?.ok_or_else(no_tenant)?;
    tx.clients().find(client).await?.ok_or_else(no_app)?;
    let before = tx.installations().find(tenant.id, client).await?;
    let installation = match before.clone() {
        Some(before) => before.moved(standing, now),
        None => Installation::new(&tenant, client, standing, now),
    };
    tx.installations().put(&installation).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&tenant.id).tenant(tenant.id).client(client);
    let line = line.changes(&before, &installation);
    tx.audit().insert(&line.detail(json!({ "installation": standing }))).await?;
    Ok(installation)
}

/// An app that a tenant has heard of.
#[derive(Debug, Clone)]
pub struct Installed {
    /// How it stands there.
    pub installation: Installation,
    /// The app.
    pub client: Client,
    /// How many people let it act for this tenant, as far as they are remembered.
    pub people: u64,
}

/// The apps that a tenant has heard of, those changed last first.
pub async fn list(tx: &RealmTx, actor: Actor, tenant: TenantId) -> Result<Vec<Installed>, Failure> {
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?;
    let installations = tx.installations().list_for_tenant(tenant).await?;
    let ids: Vec<ClientId> = installations.iter().map(|installation| installation.client_id).collect();
    let clients = tx.clients().find_all(&ids).await?;
    let people = tx.consents().count_for_tenant(tenant).await?;
    let mut listed: Vec<Installed> = installations
        .into_iter()
        .filter_map(|installation| {
            let client = clients.iter().find(|client| client.id == installation.client_id)?.clone();
            let people = people.get(&client.id).copied().unwrap_or_default();
            Some(Installed { installation, client, people })
        })
        .collect();
    listed.sort_by_key(|one| std::cmp::Reverse(one.installation.updated_at));
    Ok(listed)
}

/// One app that a tenant has heard of.
pub async fn find(tx: &RealmTx, actor: Actor, tenant: TenantId, client: ClientId) -> Result<Installed, Failure> {
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?;
    let installation = tx.installations().find(tenant, client).await?.ok_or_else(no_app)?;
    let client = tx.clients().find(client).await?.ok_or_else(no_app)?;
    let people = tx.consents().count_for_tenant(tenant).await?.get(&client.id).copied().unwrap_or_default();
    Ok(Installed { installation, client, people })
}

fn no_app() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "There is no such app")
}
