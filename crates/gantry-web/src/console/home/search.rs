//! One search over everything in a realm, and over the console's own pages: what the search field and the palette ask.

use gantry_core::search::SearchKind;
use gantry_identity::search::{self, Found};
use gantry_views::console::{Empty, Field, Form, Note, Row, Sheet, Table, Text, Tone, Value, say};

use super::pages;
use crate::console::context::{Answer, Console};
use crate::paths::console as at;

/// The longest text that is looked for.
const MAX_TEXT: usize = 200;

/// What was found, by kind.
pub(super) async fn page(console: Console) -> Answer {
    let text: String = console.query()?.get("q").unwrap_or_default().trim().chars().take(MAX_TEXT).collect();
    let mut form = Form::new("search", console.path(at::SEARCH, &[]), say("home-search-submit"))
        .field(Field::line("q", say("home-search-q"), &text).hint(say("home-search-hint")).required());
    form.get = true;
    let mut sheet = Sheet::new(say("home-search")).panel(form);
    if text.is_empty() {
        return console.show(sheet);
    }
    let pages = pages::found(&console, &text)?;
    let found = search::anywhere(&console.read()?, console.actor, &text).await?;
    if found.is_empty() && pages.is_empty() {
        return console.show(sheet.panel(Note { tone: Tone::Plain, text: say("home-search-none"), action: None }));
    }
    for (kind, id, title) in kinds() {
        let rows = found.iter().filter(|found| found.kind == kind).map(|found| row(&console, found)).collect();
        sheet = listed(sheet, id, title, rows);
    }
    console.show(listed(sheet, "pages", say("home-search-pages"), pages))
}

fn listed(sheet: Sheet, id: &'static str, title: Text, rows: Vec<Row>) -> Sheet {
    if rows.is_empty() {
        return sheet;
    }
    // A list with rows never shows this.
    let empty = Empty { icon: "search", title: title.clone(), text: say("home-search-none"), action: None };
    let mut table = Table::new(id, vec![say("home-search-name"), say("home-search-detail")], empty);
    table.title = Some(title);
    table.rows = rows;
    sheet.panel(table)
}

fn kinds() -> [(SearchKind, &'static str, Text); 7] {
    [
        (SearchKind::Client, "clients", say("home-search-clients")),
        (SearchKind::User, "users", say("home-search-users")),
        (SearchKind::Tenant, "tenants", say("home-search-tenants")),
        (SearchKind::Connection, "connections", say("home-search-connections")),
        (SearchKind::Resource, "resources", say("home-search-resources")),
        (SearchKind::Scope, "scopes", say("home-search-scopes")),
        (SearchKind::Publisher, "publishers", say("home-search-publishers")),
    ]
}

fn row(console: &Console, found: &Found) -> Row {
    let (path, name) = match found.kind {
        SearchKind::Client => (at::CLIENT, "client"),
        SearchKind::User => (at::PERSON, "user"),
        SearchKind::Tenant => (at::TENANT, "tenant"),
        SearchKind::Connection => (at::CONNECTION, "connection"),
        SearchKind::Resource => (at::RESOURCE, "resource"),
        SearchKind::Scope => (at::SCOPE, "scope"),
        SearchKind::Publisher => (at::PUBLISHER, "publisher"),
    };
    let cells = vec![Value::said(&found.name), Value::said(&found.detail)];
    Row::to(&found.id, console.path(path, &[(name, &found.id)]), cells)
}
