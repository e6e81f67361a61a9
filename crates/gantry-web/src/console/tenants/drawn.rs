//! The map of a tenant: by which connections its people come in, and which apps work for it.

use gantry_core::failure::Failure;
use gantry_core::installation::InstallationStanding;
use gantry_core::tenant::{SignInRule, Tenant};
use gantry_identity::connections::{self, Seen};
use gantry_identity::installations::Installed;
use gantry_views::console::{Map, Side, Spot, Text, Tone, said, say};

use super::super::context::Console;
use super::settings;
use crate::paths::console as at;

pub(super) async fn map(console: &Console, tenant: &Tenant, apps: &[Installed]) -> Result<Map, Failure> {
    let seen = connections::of_tenant(&console.read()?, console.actor, tenant.id).await?;
    let mut ways: Vec<Spot> = seen.iter().map(|one| way(console, tenant, one)).collect();
    match tenant.sign_in {
        SignInRule::Any | SignInRule::Federated => {
            ways.push(spot(say("tenants-drawn-platform"), say("tenants-drawn-platform-how"), Tone::Plain, None));
        }
        // Nobody of it can sign in at all.
        SignInRule::OwnConnection if ways.is_empty() => {
            let connections = Some(console.path(at::TENANT_CONNECTIONS, &[]));
            ways.push(spot(say("tenants-drawn-no-way"), say("tenants-drawn-no-way-how"), Tone::Bad, connections));
        }
        SignInRule::OwnConnection => {}
    }
    let mut known: Vec<Spot> = apps.iter().map(|one| app(console, one)).collect();
    if known.is_empty() {
        known.push(spot(say("tenants-drawn-no-app"), say("tenants-drawn-no-app-how"), Tone::Plain, None));
    }
    let tone = if tenant.suspended_at.is_some() { Tone::Bad } else { Tone::Plain };
    Ok(Map {
        id: "map",
        title: say("tenants-drawn"),
        lead: Some(say("tenants-drawn-lead")),
        from: Side { title: say("tenants-drawn-from"), spots: ways },
        middle: spot(said(&tenant.name), settings::rule(tenant.sign_in), tone, None),
        to: Side { title: say("tenants-drawn-to"), spots: known },
    })
}

const fn spot(name: Text, detail: Text, tone: Tone, href: Option<String>) -> Spot {
    Spot { name, detail, tone, href }
}

fn way(console: &Console, tenant: &Tenant, seen: &Seen) -> Spot {
    let to = |path, id: String| Some(console.path(path, &[("connection", &id)]));
    match seen {
        Seen::Whole(one) => {
            let own = one.owner == Some(tenant.id);
            let (detail, tone) = match (one.is_enabled(), own) {
                (false, _) => (say("tenants-drawn-off"), Tone::Warn),
                (true, true) => (say("tenants-drawn-own"), Tone::Good),
                (true, false) => (say("tenants-drawn-offered"), Tone::Good),
            };
            let path = if own { at::TENANT_CONNECTION } else { at::TENANT_CONNECTION_JOINING };
            spot(said(&one.name), detail, tone, to(path, one.id.to_string()))
        }
        Seen::Offered(one) => {
            spot(said(&one.name), say("tenants-drawn-offered"), Tone::Good, to(at::TENANT_CONNECTION_JOINING, one.id.to_string()))
        }
    }
}

fn app(console: &Console, app: &Installed) -> Spot {
    let (detail, tone) = match app.installation.standing {
        InstallationStanding::Installed => (say("tenants-app-installed"), Tone::Good),
        InstallationStanding::Approved => (say("tenants-app-approved"), Tone::Good),
        InstallationStanding::Blocked => (say("tenants-app-blocked"), Tone::Bad),
        InstallationStanding::Removed => (say("tenants-app-removed"), Tone::Warn),
    };
    spot(said(&app.client.name), detail, tone, Some(console.path(at::TENANT_APPS, &[])))
}
