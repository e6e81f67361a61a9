//! The apps that a tenant has heard of, and what it decides about each.

use gantry_core::id::ClientId;
use gantry_core::installation::InstallationStanding;
use gantry_identity::installations::{self, Installed};
use gantry_realm_file::{document, excerpts};
use gantry_views::console::said;
use gantry_views::console::{Act, Empty, Note, Row, Table, Tone, Value, say};
use gantry_views::moment::Moment;

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, wrong};
use super::code::{self, Call};
use super::settings;
use crate::extract::unknown_realm;
use crate::paths::console as at;

pub(super) async fn list(console: Console) -> Answer {
    let tenant = console.tenant()?;
    let now = console.now()?;
    let apps = installations::list(&console.read()?, console.actor, tenant.id).await?;
    let row = |app: &Installed| {
        let id = app.client.id.to_string();
        let cells = vec![
            Value::Two(said(&app.client.name), said(&app.client.client_id)),
            standing(app.installation.standing),
            Value::said(app.people.to_string()),
            Value::Moment(Moment::seen(app.installation.updated_at, now)),
        ];
        let act = |text, standing: InstallationStanding| {
            let act = Act::new(say(text), console.path(at::TENANT_APP, &[("client", &id)])).hidden("standing", standing.as_str());
            (standing, act)
        };
        let acts = [
            act("tenants-app-approve", InstallationStanding::Approved),
            act("tenants-app-block", InstallationStanding::Blocked),
            act("tenants-app-remove", InstallationStanding::Removed),
        ];
        let offered = acts.into_iter().filter(|(to, _)| *to != app.installation.standing);
        offered
            .fold(Row::plain(&id, cells), |row, (to, act)| row.act(if to == InstallationStanding::Approved { act } else { act.danger() }))
    };
    let empty = Empty { icon: "app-window", title: say("tenants-apps-empty"), text: say("tenants-apps-empty-text"), action: None };
    let columns = vec![say("tenants-app"), say("tenants-state"), say("tenants-app-people"), say("tenants-app-changed")];
    let mut table = Table::new("apps", columns, empty);
    table.rows = apps.iter().map(row).collect();
    let policy = Note { tone: Tone::Plain, text: settings::policy_note(tenant.app_policy), action: None };
    let mut sheet = super::sheet(&console, tenant, say("tenants-apps")).lead(say("tenants-apps-lead")).panel(policy).panel(table);
    let decided = apps.iter().map(|app| document::Installation {
        org_id: tenant.org_id.clone(),
        client_id: app.client.client_id.clone(),
        standing: app.installation.standing,
    });
    let decided: Vec<document::Installation> = decided.collect();
    let whole = if decided.is_empty() { None } else { Some(excerpts("installations", &decided)?) };
    sheet.as_code = code::with(&console, tenant, whole, &Call::Get("/installations"))?;
    console.show(sheet)
}

/// Decides about an app that the tenant has heard of. An app that it has not is like none: which others there are is not
/// its admins' to know.
pub(super) async fn decide(console: Console, sent: ConsoleForm) -> Answer {
    let (tenant, client): (_, ClientId) = (console.tenant()?.id, console.id("client")?);
    let standing = InstallationStanding::parse(sent.line("standing")).filter(|to| *to != InstallationStanding::Installed);
    let Some(standing) = standing else { return Err(unknown_realm().into()) };
    let (actor, now) = (console.actor, console.now()?);
    let done = console
        .transact(async |tx| {
            installations::find(tx, actor, tenant, client).await?;
            installations::decide(tx, actor, tenant, client, standing, now).await
        })
        .await;
    if let Err(failure) = done {
        return Err(wrong(failure)?.into());
    }
    console.done(console.path(at::TENANT_APPS, &[]), "app-decided")
}

const fn standing(standing: InstallationStanding) -> Value {
    match standing {
        InstallationStanding::Installed => Value::badge("tenants-app-installed", Tone::Plain),
        InstallationStanding::Approved => Value::badge("tenants-app-approved", Tone::Good),
        InstallationStanding::Blocked => Value::badge("tenants-app-blocked", Tone::Bad),
        InstallationStanding::Removed => Value::badge("tenants-app-removed", Tone::Warn),
    }
}
