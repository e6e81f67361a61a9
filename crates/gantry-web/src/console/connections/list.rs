//! The list: which ways to sign in there are, and which want a look.

use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Failure;
use gantry_core::paging::Page;
use gantry_core::tenant::Tenant;
use gantry_identity::connections::{self, Seen};
use gantry_views::console::{Choice, Empty, Facet, Filter, Link, Row, Sheet, Table, Tone, Value, said, say};
use gantry_views::moment::Day;

use super::super::context::{Answer, Console};
use super::frame::{ending, kind_name, state};
use super::{LIST, NEW, OVERVIEW};

const FACETS: &[&str] = &["kind", "is", "of"];

pub(super) async fn show(console: Console) -> Answer {
    let table = if console.tenant.is_some() { of_tenant(&console).await? } else { of_realm(&console).await? };
    let lead = if console.tenant.is_some() { say("connections-lead-tenant") } else { say("connections-lead") };
    let new = Link::primary(say("connections-add"), NEW.path(&console)).icon("plus");
    console.show(Sheet::new(say("connections-title")).lead(lead).action(new).panel(table))
}

async fn of_realm(console: &Console) -> Result<Table, Failure> {
    let find = console.find(FACETS)?;
    let rows = console.read()?;
    let page = connections::list(&rows, console.actor, &find).await?;
    let owners = connections::owners(&rows, console.actor, &page.items).await?;
    let next = page.next.as_ref().map(|cursor| next_page(console, &cursor.to_text())).transpose()?;
    let columns = ["connections-column-name", "connections-column-kind", "connections-column-owner", "connections-column-state"];
    let mut table = Table::new("connections", columns.into_iter().chain(["connections-column-ends"]).map(say).collect(), empty(console));
    table.filter = Some(filter(console, &find.text)?);
    table.first = find.after.is_some().then(|| LIST.path(console));
    table.next = next;
    let Page { items, .. } = page;
    let now = console.now()?;
    table.rows = items.iter().filter(|one| one.kind.is_upstream()).map(|one| row(console, one, &owners, now)).collect();
    Ok(table)
}

async fn of_tenant(console: &Console) -> Result<Table, Failure> {
    let seen = connections::of_tenant(&console.read()?, console.actor, console.tenant()?.id).await?;
    let columns = ["connections-column-name", "connections-column-kind", "connections-column-owner", "connections-column-state"];
    let mut table = Table::new("connections", columns.into_iter().chain(["connections-column-ends"]).map(say).collect(), empty(console));
    let (now, own) = (console.now()?, console.tenant()?.id);
    for one in seen {
        table.rows.push(match one {
            Seen::Whole(connection) if connection.owner == Some(own) => {
                let mut row = row(console, &connection, &[], now);
                if let Some(cell) = row.cells.get_mut(2) {
                    *cell = Value::badge("connections-owner-own", Tone::Plain);
                }
                row
            }
            Seen::Whole(connection) => shared(console, connection.id.to_string(), &connection.name, connection.kind),
            Seen::Offered(offered) => shared(console, offered.id.to_string(), &offered.name, offered.kind),
        });
    }
    Ok(table)
}

/// One that the realm offers the tenant: its page says who joins, and no more.
fn shared(console: &Console, id: String, name: &str, kind: ConnectorKind) -> Row {
    let href = console.path(crate::paths::console::TENANT_CONNECTION_JOINING, &[("connection", &id)]);
    let owner = Value::badge("connections-owner-realm", Tone::Plain);
    Row::to(id, href, vec![Value::said(name), Value::Text(kind_name(kind)), owner, Value::Nothing, Value::Nothing])
}

fn row(console: &Console, connection: &Connection, owners: &[Tenant], now: Timestamp) -> Row {
    let owner = match connection.owner {
        None => Value::badge("connections-owner-realm", Tone::Plain),
        Some(id) => {
            let tenant = owners.iter().find(|tenant| tenant.id == id);
            tenant.map_or(Value::Nothing, |tenant| {
                let href = console.path(crate::paths::console::TENANT, &[("tenant", &tenant.org_id)]);
                Value::link(&tenant.name, href)
            })
        }
    };
    let ends = connection.credential_expires_at.map_or(Value::Nothing, |at| match ending(at, now) {
        None => Value::Day(Day::of(at)),
        Some(badge) => Value::List(vec![Value::Day(Day::of(at)), Value::Badge(badge)]),
    });
    let name = Value::Two(said(&connection.name), said(&connection.slug));
    let cells = vec![name, Value::Text(kind_name(connection.kind)), owner, Value::Badge(state(connection)), ends];
    Row::to(connection.id.to_string(), OVERVIEW.of(console, connection.id), cells)
}

fn filter(console: &Console, q: &str) -> Result<Filter, Failure> {
    let query = console.query()?;
    let chosen = |name: &str, value: &str| query.get(name).unwrap_or_default() == value;
    let choice = |name: &str, value: &str, label| Choice::new(value, label, chosen(name, value));
    let kinds = ConnectorKind::ALL.iter().filter(|kind| kind.is_upstream()).map(|kind| choice("kind", kind.as_str(), kind_name(*kind)));
    let any = |name: &str| choice(name, "", say("connections-any"));
    let facets = vec![
        Facet { name: "kind", label: say("connections-column-kind"), choices: std::iter::once(any("kind")).chain(kinds).collect() },
        Facet {
            name: "is",
            label: say("connections-column-state"),
            choices: vec![
                any("is"),
                choice("is", "enabled", say("connections-state-on")),
                choice("is", "disabled", say("connections-state-off")),
            ],
        },
        Facet {
            name: "of",
            label: say("connections-column-owner"),
            choices: vec![
                any("of"),
                choice("of", "realm", say("connections-owner-realm")),
                choice("of", "tenant", say("connections-owner-tenant")),
            ],
        },
    ];
    Ok(Filter { action: LIST.path(console), q: q.to_owned(), label: say("connections-search"), facets })
}

/// Where the next page is: what this one is narrowed by stays.
fn next_page(console: &Console, after: &str) -> Result<String, Failure> {
    let query = console.query()?;
    let mut next = form_urlencoded::Serializer::new(String::new());
    for name in ["q", "kind", "is", "of"] {
        if let Some(value) = query.get(name) {
            next.append_pair(name, value);
        }
    }
    Ok(format!("{}?{}", LIST.path(console), next.append_pair("after", after).finish()))
}

fn empty(console: &Console) -> Empty {
    let text = if console.tenant.is_some() { say("connections-empty-text-tenant") } else { say("connections-empty-text") };
    let action = Some(Link::primary(say("connections-add"), NEW.path(console)));
    Empty { icon: "plug", title: say("connections-empty-title"), text, action }
}
