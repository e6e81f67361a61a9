//! A form that was filled in while somebody else saved: both versions beside each other, and a deliberate act before
//! one replaces the other.
//!
//! A form names the version that it was filled from (`seen`). Where another one stands now, nothing is written: the page
//! shows what differs, and the form comes back with what was typed, the version that stands (`stands`) and a box. Only
//! with that box ticked does the form count as having seen what it is about to replace.

use std::collections::{BTreeMap, BTreeSet};

use gantry_core::failure::Fault;
use gantry_views::console::{Empty, Field, Form, Link, Panel, Row, Sheet, Table, Text, Value, said, say};
use serde::Serialize;
use serde_json::Value as Json;

use super::context::{Answer, Console};
use super::form::ConsoleForm;

/// The box that says "replace it".
const KEEP: &str = "keep_mine";
/// The version that the page showed beside what was typed.
const STANDS: &str = "stands";

/// What stands, where a form has not seen it.
#[derive(Debug)]
pub(super) struct Theirs {
    version: String,
    entry: Json,
}

impl Theirs {
    /// What stands now, unless the form has seen it. `version` is its name, `entry` what is shown of it.
    pub(super) fn unless_seen(sent: &ConsoleForm, version: String, entry: &impl Serialize) -> Result<Option<Self>, Fault> {
        if seen(sent) == version {
            return Ok(None);
        }
        Ok(Some(Self { version, entry: json(entry)? }))
    }
}

/// The version that a form has seen: the one it was filled from, or the one that its sender is told of and replaces.
fn seen(sent: &ConsoleForm) -> &str {
    sent.line(if sent.on(KEEP) { STANDS } else { "seen" })
}

/// Shows a form again that was filled in wrong.
pub(super) fn show_wrong(console: &Console, sent: &ConsoleForm, sheet: Sheet) -> Answer {
    console.show_wrong(as_seen(sent, sheet))
}

/// A page whose form comes back: it has seen what it had seen, not what stands by now.
pub(super) fn as_seen(sent: &ConsoleForm, mut sheet: Sheet) -> Sheet {
    if let Some((_, form)) = versioned(&mut sheet) {
        set(form, "seen", seen(sent));
    }
    sheet
}

/// Shows both versions, and asks which is to stand. 409, however often the form is sent without the box.
pub(super) fn show(console: &Console, sent: &ConsoleForm, mut sheet: Sheet, theirs: &Theirs, typed: &impl Serialize) -> Answer {
    let Some((place, form)) = versioned(&mut sheet) else { return Err(Fault::new("the page has no form with a version").into()) };
    let table = differences(console, form, &leaves(&theirs.entry), &leaves(&json(typed)?))?;
    set(form, "seen", sent.line("seen"));
    form.hidden.push((STANDS, theirs.version.clone()));
    form.problem = Some(say("frame-stale"));
    let label =
        if table.names.is_empty() { say("frame-keep-alike") } else { say("frame-keep-mine").with("fields", table.names.join(", ")) };
    form.fields.push(Field::switch(KEEP, label, false).hint(say("frame-keep-mine-hint")));
    sheet.panels.insert(place, table.table.into());
    console.show_conflict(sheet)
}

/// The form of a page that names a version, and its place.
fn versioned(sheet: &mut Sheet) -> Option<(usize, &mut Form)> {
    sheet.panels.iter_mut().enumerate().find_map(|(place, panel)| {
        let Panel::Form(form) = panel else { return None };
        form.hidden.iter().any(|(name, _)| *name == "seen").then_some((place, form))
    })
}

fn set(form: &mut Form, name: &str, to: &str) {
    for (_, value) in form.hidden.iter_mut().filter(|(known, _)| *known == name) {
        to.clone_into(value);
    }
}

/// What differs, as a list and by name.
struct Differences {
    table: Table,
    names: Vec<String>,
}

fn differences(
    console: &Console,
    form: &Form,
    theirs: &BTreeMap<String, Json>,
    typed: &BTreeMap<String, Json>,
) -> Result<Differences, Fault> {
    let empty = Empty { icon: "circle-check", title: say("frame-stale-alike"), text: say("frame-stale-alike-text"), action: None };
    let columns = vec![say("frame-stale-field"), say("frame-stale-theirs"), say("frame-stale-typed")];
    let mut table = Table::new("both-versions", columns, empty);
    table.title = Some(say("frame-stale-both"));
    table.lead = Some(say("frame-stale-both-lead"));
    table.actions = vec![Link::to(say("frame-stale-anew"), console.here()).icon("rotate-cw")];
    let mut names = Vec::new();
    let paths: BTreeSet<&String> = theirs.keys().chain(typed.keys()).collect();
    for path in paths.into_iter().filter(|path| theirs.get(*path) != typed.get(*path)) {
        let label = label(form, path);
        names.push(match &label {
            Text::Key { key, .. } => console.words(key)?,
            Text::Said { said } => said.clone(),
        });
        table.rows.push(Row::plain(path.clone(), vec![Value::Text(label), value(theirs.get(path)), value(typed.get(path))]));
    }
    Ok(Differences { table, names })
}

/// What the form calls a part of the record; where it has no field for it, its name in the realm file.
fn label(form: &Form, path: &str) -> Text {
    let is = |name: &str| path == name || path.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    form.fields.iter().find(|field| is(field.name)).map_or_else(|| said(path), |field| field.label.clone())
}

fn value(json: Option<&Json>) -> Value {
    match json {
        None => Value::Nothing,
        Some(Json::Array(several)) => Value::List(several.iter().map(|one| value(Some(one))).collect()),
        Some(Json::String(text)) => Value::said(text),
        Some(other) => Value::Code(other.to_string()),
    }
}

/// The parts of a record that hold something, by their paths.
fn leaves(json: &Json) -> BTreeMap<String, Json> {
    fn walk(json: &Json, path: &str, found: &mut BTreeMap<String, Json>) {
        match json {
            Json::Object(parts) => {
                for (name, part) in parts {
                    walk(part, &if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, found);
                }
            }
            Json::Null => {}
            Json::String(text) if text.is_empty() => {}
            Json::Array(several) if several.is_empty() => {}
            Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                found.insert(path.to_owned(), json.clone());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(json, "", &mut found);
    found
}

fn json(entry: &impl Serialize) -> Result<Json, Fault> {
    serde_json::to_value(entry).map_err(|error| Fault::caused("an entry cannot be written", error))
}
