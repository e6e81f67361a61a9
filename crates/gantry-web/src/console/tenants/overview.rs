//! Everything about one tenant at a glance: what is decided, what wants attention, and the ways on.

use gantry_core::paging::Find;
use gantry_core::realm::TenantDemand;
use gantry_core::tenant::TenantRole;
use gantry_identity::{domains, installations, members};
use gantry_views::console::{Card, Cards, Facts, Link, Note, Sheet, Tone, Value, said, say};
use gantry_views::moment::Moment;

use super::super::context::{Answer, Console};
use super::super::home::overview as figures;
use super::code::{self, Call};
use super::{drawn, settings};
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let tenant = console.tenant()?;
    let (rows, now) = (console.read()?, console.now()?);
    let admins = Find { facets: vec![format!("role:{}", TenantRole::TenantAdmin)], limit: 1, ..Find::default() };
    let has_admin = !members::list(&rows, console.actor, tenant.id, &admins).await?.items.is_empty();
    let domains = domains::list(&rows, console.actor, tenant.id).await?;
    let apps = installations::list(&rows, console.actor, tenant.id).await?;
    let facts = Facts::new("tenant")
        .fact(say("tenants-org-id"), Value::Code(tenant.org_id.clone()))
        .fact(say("tenants-sign-in"), Value::Text(settings::rule(tenant.sign_in)))
        .fact(say("tenants-app-policy"), Value::Text(settings::policy(tenant.app_policy)))
        .fact(say("tenants-since"), Value::Moment(Moment::seen(tenant.created_at, now)));
    let mut sheet = super::sheet(&console, tenant, said(&tenant.name));
    sheet.crumbs.pop();
    if tenant.suspended_at.is_some() {
        sheet = sheet.panel(Note { tone: Tone::Bad, text: say("tenants-suspended-note"), action: None });
    }
    sheet = nameless(&console, sheet);
    if !has_admin {
        let invite = Link::primary(say("tenants-invite-admin"), console.path(at::TENANT_INVITATION_NEW, &[]));
        sheet = sheet.panel(Note { tone: Tone::Warn, text: say("tenants-no-admin"), action: Some(invite) });
    }
    for failing in domains.iter().filter(|domain| domain.failing_since.is_some()) {
        let action = Link::to(said(&failing.domain), console.path(at::TENANT_DOMAIN, &[("domain", &failing.id.to_string())]));
        sheet = sheet.panel(Note { tone: Tone::Warn, text: say("tenants-domain-failing-note"), action: Some(action) });
    }
    let proved = domains.iter().filter(|domain| domain.is_proved()).count();
    let sheet = sheet.panel(facts).panel(drawn::map(&console, tenant, &apps).await?).panel(ways(&console, proved, apps.len()));
    let mut sheet = sheet;
    sheet.tabs = figures::spans(&console)?;
    sheet.panels.extend(figures::of_tenant(&console).await?);
    if console.actor.tenant().is_none() {
        let text = if tenant.suspended_at.is_some() { "tenants-resume" } else { "tenants-suspend" };
        sheet = sheet.action(Link::to(say(text), console.path(at::TENANT_SUSPENSION, &[])));
        sheet.as_code = code::of(&console, tenant, |_| (), &Call::Get(""))?;
    }
    console.show(sheet)
}

/// A tenant of a realm whose tokens name none is of no use to apps: whoever can decide that learns so.
fn nameless(console: &Console, sheet: Sheet) -> Sheet {
    if console.actor.tenant().is_some() || console.realm.realm.settings.tenants != TenantDemand::None {
        return sheet;
    }
    let decide = Link::to(say("tenants-nameless-decide"), console.path(at::SETTINGS_TENANTS, &[]));
    sheet.panel(Note { tone: Tone::Warn, text: say("tenants-nameless"), action: Some(decide) })
}

fn ways(console: &Console, domains: usize, apps: usize) -> Cards {
    let card = |title, text, path, icon, figure: Option<usize>| Card {
        title: say(title),
        text: Some(say(text)),
        figure: figure.map(|figure| figure.to_string()),
        href: console.path(path, &[]),
        icon: Some(icon),
        badge: None,
    };
    let cards = vec![
        card("connections-title", "tenants-map-connections", at::TENANT_CONNECTIONS, "plug", None),
        card("tenants-members", "tenants-map-members", at::TENANT_MEMBERS, "users", None),
        card("tenants-domains", "tenants-map-domains", at::TENANT_DOMAINS, "globe", Some(domains)),
        card("tenants-apps", "tenants-map-apps", at::TENANT_APPS, "app-window", Some(apps)),
    ];
    Cards { id: "ways", title: Some(say("tenants-map")), cards }
}
