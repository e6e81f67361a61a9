//! Who lets a client in: tenants that have heard of it, and people who consented.

use gantry_core::failure::Failure;
use gantry_core::id::{ClientId, TenantId, UserId};
use gantry_core::installation::InstallationStanding;
use gantry_core::paging::{Cursor, Find};
use gantry_oauth::clients::{self, Consented, InstalledAt};
use gantry_views::console::{Act, Badge, Empty, Note, Panel, Row, Table, Text, Tone, Value, said, say};
use gantry_views::moment::Moment;

use super::Subject;
use crate::console::context::{Answer, Console};
use crate::console::form::ConsoleForm;
use crate::extract::unknown_realm;
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let subject = Subject::of(&console).await?;
    let query = console.query()?;
    let page = |name| Find { after: query.get(name).and_then(Cursor::parse), ..Find::default() };
    let mut sheet = subject.sheet(&console, at::CLIENT_ACCESS);
    if subject.client.policy.first_party {
        sheet.panels.push(Panel::Note(Note { tone: Tone::Plain, text: say("clients-access-first-party"), action: None }));
    }
    let (tenants, people) = (tenants(&console, &subject, &page("tenants")).await?, people(&console, &subject, &page("people")).await?);
    sheet = sheet.panel(tenants).panel(people);
    sheet.as_code = subject.as_code(&console)?;
    console.show(sheet)
}

async fn tenants(console: &Console, subject: &Subject, find: &Find) -> Result<Table, Failure> {
    let page = clients::installations(&console.read()?, console.actor, subject.client.id, find).await?;
    let columns = vec![say("clients-tenant"), say("clients-standing"), say("clients-since"), say("clients-changed")];
    let empty = Empty { icon: "building-2", title: say("clients-tenants-empty"), text: say("clients-tenants-empty-text"), action: None };
    let mut table = Table::new("tenants", columns, empty);
    table.title = Some(say("clients-tenants"));
    table.lead = Some(say("clients-tenants-lead"));
    let now = console.now()?;
    let row = |at_one: &InstalledAt| {
        let InstalledAt { installation, tenant } = at_one;
        let cells = vec![
            Value::Two(said(&tenant.name), said(&tenant.org_id)),
            Value::Badge(standing(installation.standing)),
            Value::Moment(Moment::seen(installation.created_at, now)),
            Value::Moment(Moment::seen(installation.updated_at, now)),
        ];
        Row::to(tenant.id.to_string(), console.path(at::TENANT, &[("tenant", &tenant.org_id)]), cells)
    };
    table.rows = page.items.iter().map(row).collect();
    (table.next, table.first) = ways(console, subject, "tenants", page.next.as_ref(), find);
    Ok(table)
}

fn standing(standing: InstallationStanding) -> Badge {
    let (text, tone): (Text, Tone) = match standing {
        InstallationStanding::Installed => (say("clients-installed"), Tone::Good),
        InstallationStanding::Approved => (say("clients-approved"), Tone::Good),
        InstallationStanding::Blocked => (say("clients-blocked"), Tone::Bad),
        InstallationStanding::Removed => (say("clients-taken-out"), Tone::Plain),
    };
    Badge { text, tone }
}

async fn people(console: &Console, subject: &Subject, find: &Find) -> Result<Table, Failure> {
    let page = clients::consents(&console.read()?, console.actor, subject.client.id, find).await?;
    let columns = vec![say("clients-person"), say("clients-tenant"), say("clients-scopes"), say("clients-decided")];
    let empty = Empty { icon: "users", title: say("clients-people-empty"), text: say("clients-people-empty-text"), action: None };
    let mut table = Table::new("people", columns, empty);
    table.title = Some(say("clients-people"));
    table.lead = Some(say("clients-people-lead"));
    let now = console.now()?;
    let row = |one: &Consented| {
        let (consent, client) = (&one.consent, subject.client.id.to_string());
        let (name, email) = one.user.as_ref().map_or_else(
            || (say("clients-person-gone"), said(consent.user_id.to_string())),
            |user| (said(user.display_name()), said(user.email.to_string())),
        );
        let cells = vec![
            Value::Two(name, email),
            one.tenant.as_ref().map_or(Value::Nothing, |tenant| Value::said(&tenant.name)),
            Value::tags(consent.scopes.iter()),
            Value::Moment(Moment::seen(consent.decided_at, now)),
        ];
        let path = console.path(at::CLIENT_ACCESS_PERSON, &[("client", &client), ("user", &consent.user_id.to_string())]);
        let label = one.user.as_ref().map(|user| say("clients-revoke-label").with("name", user.display_name()));
        let act = Act { label, ..Act::new(say("clients-revoke"), &path).danger() };
        let row = Row::plain(consent.id.to_string(), cells);
        match &one.tenant {
            None => row.act(act),
            Some(tenant) => {
                let label = one
                    .user
                    .as_ref()
                    .map(|user| say("clients-revoke-for-label").with("name", user.display_name()).with("tenant", tenant.name.as_str()));
                let here = Act { label, ..Act::new(say("clients-revoke-for"), path).hidden("tenant", tenant.id.to_string()).danger() };
                row.act(here).act(act)
            }
        }
    };
    table.rows = page.items.iter().map(row).collect();
    (table.next, table.first) = ways(console, subject, "people", page.next.as_ref(), find);
    Ok(table)
}

/// The ways through one of two lists on a page: each has a parameter of its own for its place.
fn ways(console: &Console, subject: &Subject, name: &str, next: Option<&Cursor>, find: &Find) -> (Option<String>, Option<String>) {
    let path = subject.path(console, at::CLIENT_ACCESS);
    let next = next.map(|cursor| format!("{path}?{name}={}#{name}", cursor.to_text()));
    (next, find.after.as_ref().map(|_| path.clone()))
}

/// Takes one person's access back: all of it, or what they allowed for one tenant.
pub(super) async fn revoke(console: Console, form: ConsoleForm) -> Answer {
    let (client, user) = (console.id::<ClientId>("client")?, console.id::<UserId>("user")?);
    let now = console.now()?;
    if let Some(tenant) = form.get("tenant") {
        let tenant: TenantId = tenant.parse().or(Err(unknown_realm()))?;
        console.transact(async |tx| clients::revoke_access_for(tx, console.actor, (client, user), tenant, now).await).await?;
    } else {
        console.transact(async |tx| clients::revoke_access(tx, console.actor, client, user, now).await).await?;
    }
    console.done(console.path(at::CLIENT_ACCESS, &[("client", &client.to_string())]), "clients-access-revoked")
}
