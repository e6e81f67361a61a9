//! A tenant's pages as an excerpt of the realm file and as a call of the admin API.
//!
//! For the realm's admins alone: a tenant's own admins have neither a realm file nor keys.

use gantry_core::failure::Fault;
use gantry_core::tenant::Tenant;
use gantry_realm_file::{document, entry, excerpt};
use gantry_views::console::AsCode;
use serde_json::Value as Json;

use super::super::context::Console;
use crate::respond::data;
use crate::settings::WebSettings;

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
    let public = &data::<WebSettings>(console.request())?.public_url;
    let (below, body) = match call {
        Call::Get(below) => (below, None),
        Call::Send(method, below, body) => (below, Some((method, body.to_string().replace('\'', "'\\''")))),
    };
    let (realm, org_id) = (&console.realm.realm.slug, &tenant.org_id);
    let url = format!("{}/api/admin/v1/realms/{realm}/tenants/{org_id}{below}", public.as_str().trim_end_matches('/'));
    let key = "-H \"Authorization: Bearer $GANTRY_KEY\" \\\n  ";
    let curl = match body {
        None => format!("curl {key}{url}"),
        Some((method, json)) => format!("curl -X {method} {key}-H 'Content-Type: application/json' \\\n  -d '{json}' \\\n  {url}"),
    };
    Ok(Some(AsCode { realm_file, curl: Some(curl) }))
}
