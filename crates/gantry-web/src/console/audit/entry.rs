//! One line of the audit log: who, what, from where, and each field before and after.

use std::collections::BTreeSet;

use gantry_identity::audit::{self, Line, Target};
use gantry_views::console::{Empty, Facts, Link, Row, Sheet, Table, Value, said, say};
use gantry_views::moment::Moment;
use serde_json::{Map, Value as Json};

use super::super::context::{Answer, Console};
use super::{list_path, who, words};
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let tenant = console.tenant.as_ref().map(|tenant| tenant.id);
    let line = audit::find(&console.read()?, console.actor, tenant, console.id("entry")?).await?;
    let entry = &line.entry;
    let text = |value: &Option<String>| value.as_ref().map_or(Value::Nothing, Value::said);
    let facts = Facts::new("line")
        .fact(say("audit-fact-at"), Value::Moment(Moment::seen(entry.at, console.now()?)))
        .fact(say("audit-fact-who"), who(&line))
        .fact(say("audit-fact-client"), text(&line.client))
        .fact(say("audit-fact-tenant"), tenant_of(&console, &line))
        .fact(say("audit-fact-target"), target(&console, &line))
        .fact(say("audit-fact-reason"), text(&entry.reason))
        .fact(say("audit-fact-ip"), text(&entry.ip))
        .fact(say("audit-fact-request"), Value::code(entry.request_id.as_ref()))
        .fact(say("audit-fact-id"), Value::Code(entry.id.to_string()));
    let mut sheet = Sheet::new(words::event(entry.event)).crumb(Link::to(say("audit-title"), list_path(&console))).panel(facts);
    if let Some(detail) = entry.detail.as_ref().and_then(Json::as_object) {
        if let Some(changes) = changes(detail) {
            sheet = sheet.panel(changes);
        }
        if let Some(rest) = rest(detail) {
            sheet = sheet.panel(rest);
        }
    }
    console.show(sheet)
}

fn tenant_of(console: &Console, line: &Line) -> Value {
    match &line.tenant {
        Some((org_id, name)) => Value::link(name, console.path(at::TENANT, &[("tenant", org_id)])),
        None => Value::Nothing,
    }
}

/// The record, with the way to its page where there is one for the reader.
fn target(console: &Console, line: &Line) -> Value {
    match &line.target {
        Some(Target::Connection(slug, name)) => Value::Two(said(name), said(slug)),
        Some(Target::Tenant(org_id, name)) => Value::link(name, console.path(at::TENANT, &[("tenant", org_id)])),
        Some(Target::Person(id, name)) => Value::Two(said(name), said(id.to_string())),
        Some(Target::Client(id, name)) => Value::Two(said(name), said(id.to_string())),
        Some(Target::Other(id)) => Value::Code(id.clone()),
        None => Value::Nothing,
    }
}

fn nothing() -> Empty {
    Empty { icon: "list", title: say("audit-none-title"), text: say("audit-none-text"), action: None }
}

/// Each field that changed, as it was and as it is.
fn changes(detail: &Map<String, Json>) -> Option<Table> {
    let side = |name: &str| detail.get(name).and_then(Json::as_object);
    let (before, after) = (side("before")?, side("after")?);
    let columns = ["audit-changes-field", "audit-changes-before", "audit-changes-after"].map(say).to_vec();
    let mut table = Table::new("changes", columns, nothing());
    table.title = Some(say("audit-changes"));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let cell = |of: &Map<String, Json>, name: &str| of.get(name).map_or(Value::Nothing, value);
    table.rows = names.into_iter().map(|name| Row::plain(name, vec![Value::said(name), cell(before, name), cell(after, name)])).collect();
    Some(table)
}

/// What else the line says.
fn rest(detail: &Map<String, Json>) -> Option<Table> {
    let mut table = Table::new("details", ["audit-details-name", "audit-details-value"].map(say).to_vec(), nothing());
    table.title = Some(say("audit-details"));
    let rest = detail.iter().filter(|(name, value)| !matches!(name.as_str(), "before" | "after") && !value.is_null());
    table.rows = rest.map(|(name, of)| Row::plain(name, vec![Value::said(name), value(of)])).collect();
    (!table.rows.is_empty()).then_some(table)
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nothing,
        Json::String(text) => Value::said(text),
        Json::Array(entries) => Value::List(entries.iter().map(value).collect()),
        Json::Bool(_) | Json::Number(_) | Json::Object(_) => Value::said(json.to_string()),
    }
}
