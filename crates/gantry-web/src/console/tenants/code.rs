//! A tenant's pages as an excerpt of the realm file and as a call of the admin API.
//!
//! For the realm's admins alone: a tenant's own admins have neither a realm file nor keys.

use gantry_core::failure::Fault;
use gantry_core::tenant::Tenant;
use gantry_realm_file::{document, entry, excerpt};
use gantry_views::console::AsCode;
use serde_json::Value as Json;

use super::super::code::{self, Record};
use super::super::context::Console;

/// What a page does by the admin API.
pub(super) enum Call<'c> {
    /// Reads what is below the tenant's address.
    Get(&'c str),
    /// Sends something to what is below it.
    Send(&'static str, &'c str, Json),
}

/// The tenant with what this page shows of it.
pub(super) fn of(
    console: &Console,
    tenant: &Tenant,
    shown: impl FnOnce(&mut document::Tenant),
    call: &Call<'_>,
) -> Result<Option<AsCode>, Fault> {
    let mut entry = entry::bare_tenant(tenant);
    shown(&mut entry);
    with(console, tenant, Some(excerpt("tenants", &entry)?), call)
}

/// The same with an excerpt that the page made itself.
pub(super) fn with(console: &Console, tenant: &Tenant, realm_file: Option<String>, call: &Call<'_>) -> Result<Option<AsCode>, Fault> {
    if console.actor.tenant().is_some() {
        return Ok(None);
    }
    let path = |below: &str| format!("tenants/{}{below}", tenant.org_id);
    let (below, body) = match call {
        // The tenant's own record: how it is read, and how it is changed.
        Call::Get("") => return record(console, tenant, realm_file, None),
        Call::Send("PATCH", "", body) => return record(console, tenant, realm_file, Some(body.clone())),
        Call::Get(below) => (path(below), None),
        Call::Send(method, below, body) => (path(below), Some((*method, body))),
    };
    Ok(Some(AsCode { realm_file, curl: Some(code::call(console, &below, body)?), change: None }))
}

fn record(console: &Console, tenant: &Tenant, realm_file: Option<String>, part: Option<Json>) -> Result<Option<AsCode>, Fault> {
    let known = entry::bare_tenant(tenant);
    let (path, id) = (format!("tenants/{}", tenant.org_id), tenant.id.to_string());
    let record = Record { path, id, created_at: tenant.created_at, entry: &known };
    Ok(Some(code::with(console, realm_file, &record, part)?))
}
