//! Suspending a tenant, and ending that. For the realm's admins alone, freshly signed in.

use gantry_core::paging::{Find, MAX_LIMIT};
use gantry_identity::{installations, members, tenants};
use gantry_views::console::{Facts, Form, Sheet, Value, said, say};
use serde_json::json;

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::code::{self, Call};
use crate::paths::console as at;
use crate::respond::PageFailure;

pub(super) async fn show(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let mut sheet = sheet(&console, false).await?;
    let tenant = console.tenant()?;
    let suspended = tenant.suspended_at.is_none();
    let call = Call::Send("PATCH", "", json!({ "suspended": suspended }));
    sheet.as_code = code::of(&console, tenant, |entry| entry.suspended = suspended, &call)?;
    console.show(sheet)
}

pub(super) async fn save(console: Console, sent: ConsoleForm) -> Answer {
    console.fresh(&console.path(at::TENANT_SUSPENSION, &[]))?;
    let tenant = console.tenant()?;
    let (id, actor, now, suspend) = (tenant.id, console.actor, console.now()?, tenant.suspended_at.is_none());
    if suspend && !sent.confirms(&tenant.org_id) {
        return console.show_wrong(sheet(&console, true).await?);
    }
    // What the form said, whatever somebody else did meanwhile: nobody resumes by a button that said "suspend".
    let wanted = sent.line("suspend") == "yes";
    console.transact(async |tx| tenants::suspend(tx, actor, id, wanted, now).await).await?;
    console.done(console.path(at::TENANT, &[]), if wanted { "tenant-suspended" } else { "tenant-resumed" })
}

async fn sheet(console: &Console, unconfirmed: bool) -> Result<Sheet, PageFailure> {
    let tenant = console.tenant()?;
    let path = console.path(at::TENANT_SUSPENSION, &[]);
    if tenant.suspended_at.is_some() {
        let form = Form::new("resume", path, say("tenants-resume")).lead(say("tenants-resume-lead")).hidden("suspend", "no");
        return Ok(super::sheet(console, tenant, say("tenants-resume")).panel(form));
    }
    let rows = console.read()?;
    let people = members::list(&rows, console.actor, tenant.id, &Find { limit: MAX_LIMIT, ..Find::default() }).await?;
    let more = if people.next.is_some() { "+" } else { "" };
    let apps = installations::list(&rows, console.actor, tenant.id).await?;
    let facts = Facts::new("breaks")
        .title(say("tenants-suspend-breaks"))
        .fact(say("tenants-members"), Value::said(format!("{}{more}", people.items.len())))
        .fact(say("tenants-apps"), Value::said(apps.len().to_string()));
    let problem = unconfirmed.then(|| say("tenants-unconfirmed"));
    let form = Form::new("suspend", path, say("tenants-suspend"))
        .lead(say("tenants-suspend-lead").with("name", tenant.name.as_str()))
        .hidden("suspend", "yes")
        .danger(Some(tenant.org_id.clone()))
        .with_problems(problem, &[]);
    Ok(super::sheet(console, tenant, say("tenants-suspend")).lead(said(&tenant.name)).panel(facts).panel(form))
}
