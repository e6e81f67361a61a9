//! The audit log: lines to narrow down, one line with what changed, and the way out as a file.
//!
//! The same pages for a realm and for a tenant; which lines somebody sees is decided by `gantry_identity::audit`.

mod entry;
mod export;
mod words;

use std::time::Duration;

use actix_web::web;
use gantry_core::audit::{AuditEvent, AuditFilter};
use gantry_core::failure::Failure;
use gantry_core::paging::{Cursor, DEFAULT_LIMIT, Page};
use gantry_core::parameters::Parameters;
use gantry_identity::audit::{self, Line, Target};
use gantry_views::console::{Choice, Empty, Facet, Field, Filter, Form, Row, Sheet, Table, Value, said, say};
use gantry_views::moment::Moment;

use super::context::{Answer, Console};
use crate::paths::console as at;

/// What a list is narrowed by, in its URL.
const NAMES: &[&str] = &["q", "event", "when", "reason"];

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    for (list, out, entry) in
        [(at::AUDIT, at::AUDIT_EXPORT, at::AUDIT_ENTRY), (at::TENANT_AUDIT, at::TENANT_AUDIT_EXPORT, at::TENANT_AUDIT_ENTRY)]
    {
        cfg.service(web::resource(list).route(web::get().to(show)))
            .service(web::resource(out).route(web::post().to(export::export)))
            .service(web::resource(entry).route(web::get().to(entry::show)));
    }
}

/// An address at the place where the page is.
fn path(console: &Console, realm: &str, tenant: &str, values: &[(&str, &str)]) -> String {
    console.path(if console.tenant.is_some() { tenant } else { realm }, values)
}

fn list_path(console: &Console) -> String {
    path(console, at::AUDIT, at::TENANT_AUDIT, &[])
}

async fn show(console: Console) -> Answer {
    let query = console.query()?;
    let after = query.get("after").and_then(Cursor::parse);
    let (rows, tenant) = (console.read()?, console.tenant.as_ref().map(|tenant| tenant.id));
    let page = match filter(&console, &query).await? {
        Some(filter) => audit::list(&rows, console.actor, tenant, filter, after.as_ref(), DEFAULT_LIMIT).await?,
        None => Page::empty(),
    };
    let columns = ["audit-column-event", "audit-column-who", "audit-column-target", "audit-column-from", "audit-column-at"];
    let empty = Empty { icon: "history", title: say("audit-empty-title"), text: say("audit-empty-text"), action: None };
    let mut table = Table::new("audit", columns.map(say).to_vec(), empty);
    let now = console.now()?;
    table.rows = page.items.iter().map(|line| row(&console, line, now)).collect();
    table.filter = Some(shown_filter(&console, &query));
    table.first = after.is_some().then(|| list_path(&console));
    table.next = page.next.map(|next| next_page(&console, &query, &next));
    let lead = if tenant.is_some() { say("audit-lead-tenant") } else { say("audit-lead") };
    console.show(Sheet::new(say("audit-title")).lead(lead).panel(table).panel(export_form(&console, &query)))
}

/// What the URL, or a form with the same names, narrows the lines by; none where nothing can fit.
async fn filter(console: &Console, asked: &Parameters) -> Result<Option<AuditFilter>, Failure> {
    let given = |name: &str| asked.get(name).map(str::trim).filter(|text| !text.is_empty());
    let mut filter = AuditFilter { reason: given("reason").map(str::to_owned), ..AuditFilter::default() };
    if let Some(event) = given("event") {
        let Some(event) = AuditEvent::parse(event) else { return Ok(None) };
        filter.events.push(event);
    }
    let hours = match given("when") {
        Some("24h") => Some(24),
        Some("7d") => Some(7 * 24),
        Some("30d") => Some(30 * 24),
        Some(_) => return Ok(None),
        None => None,
    };
    let now = console.now()?;
    filter.from = hours.map(|hours| now.minus(Duration::from_hours(hours)));
    let tenant = console.tenant.as_ref().map(|tenant| tenant.id);
    let fits = audit::narrow(&console.read()?, console.actor, tenant, given("q").unwrap_or_default(), &mut filter).await?;
    Ok(fits.then_some(filter))
}

fn row(console: &Console, line: &Line, now: gantry_core::clock::Timestamp) -> Row {
    let entry = &line.entry;
    let href = path(console, at::AUDIT_ENTRY, at::TENANT_AUDIT_ENTRY, &[("entry", &entry.id.to_string())]);
    let what = match &entry.reason {
        Some(reason) => Value::Two(words::event(entry.event), said(reason)),
        None => Value::Text(words::event(entry.event)),
    };
    let from = entry.ip.as_ref().map_or(Value::Nothing, Value::said);
    Row::to(entry.id.to_string(), href, vec![what, who(line), target(line), from, Value::Moment(Moment::seen(entry.at, now))])
}

/// Who acted: the person by their address, and as what.
fn who(line: &Line) -> Value {
    let kind = words::actor(&line.entry.actor);
    match (&line.person, line.entry.user_id) {
        (Some(email), _) => Value::Two(said(email), kind),
        (None, Some(id)) => Value::Two(said(id.to_string()), kind),
        (None, None) => Value::Text(kind),
    }
}

fn target(line: &Line) -> Value {
    match (&line.target, &line.client) {
        (Some(Target::Person(_, email)), _) => Value::said(email),
        (Some(Target::Client(_, name) | Target::Tenant(_, name) | Target::Connection(_, name)), _) => Value::said(name),
        (Some(Target::Other(id)), Some(client)) => Value::Two(said(client), said(id)),
        (Some(Target::Other(id)), None) => Value::said(id),
        (None, Some(client)) => Value::said(client),
        (None, None) => Value::Nothing,
    }
}

fn shown_filter(console: &Console, query: &Parameters) -> Filter {
    let chosen = |name: &str, value: &str| query.get(name).unwrap_or_default() == value;
    let choice = |name: &str, value: &str, label| Choice::new(value, label, chosen(name, value));
    let events = AuditEvent::ALL.iter().map(|event| choice("event", event.as_str(), words::event(*event)));
    let when = [("24h", say("audit-when-day")), ("7d", say("audit-when-week")), ("30d", say("audit-when-month"))];
    let when = when.into_iter().map(|(value, label)| choice("when", value, label));
    let any = |name: &str| std::iter::once(choice(name, "", say("audit-any")));
    Filter {
        action: list_path(console),
        q: query.get("q").unwrap_or_default().to_owned(),
        label: say("audit-search"),
        facets: vec![
            Facet { name: "event", label: say("audit-column-event"), choices: any("event").chain(events).collect() },
            Facet { name: "when", label: say("audit-when"), choices: any("when").chain(when).collect() },
        ],
    }
}

/// Where the next page is: what this one is narrowed by stays.
fn next_page(console: &Console, query: &Parameters, after: &Cursor) -> String {
    let mut next = form_urlencoded::Serializer::new(String::new());
    for name in NAMES {
        if let Some(value) = query.get(name) {
            next.append_pair(name, value);
        }
    }
    format!("{}?{}", list_path(console), next.append_pair("after", &after.to_text()).finish())
}

fn export_form(console: &Console, query: &Parameters) -> Form {
    let action = path(console, at::AUDIT_EXPORT, at::TENANT_AUDIT_EXPORT, &[]);
    let formats = vec![Choice::new("csv", say("audit-export-csv"), true), Choice::new("json", say("audit-export-json"), false)];
    let mut form = Form::new("export", action, say("audit-export")).title(say("audit-export")).lead(say("audit-export-lead"));
    for name in NAMES {
        if let Some(value) = query.get(name) {
            form = form.hidden(name, value);
        }
    }
    form.field(Field::select("format", say("audit-export-format"), formats))
}
