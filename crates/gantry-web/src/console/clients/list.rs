//! The list of clients.

use gantry_core::client::{Client, ClientKind};
use gantry_core::failure::Failure;
use gantry_core::paging::{Find, Page};
use gantry_oauth::clients;
use gantry_views::console::{Choice, Empty, Facet, Filter, Link, Row, Sheet, Table, Value, said, say};
use gantry_views::moment::Moment;

use super::{kind, several, standing};
use crate::console::bulk;
use crate::console::context::{Answer, Console};
use crate::console::listing;
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let find = console.find(&["kind", "is"])?;
    let page = clients::list(&console.read()?, console.actor, &find).await?;
    let table = table(&console, &find, &page)?;
    let new = Link::primary(say("clients-new"), console.path(at::CLIENT_NEW, &[])).icon("plus");
    console.show(Sheet::new(say("clients-title")).lead(say("clients-lead")).action(new).panel(table))
}

fn table(console: &Console, find: &Find, page: &Page<Client>) -> Result<Table, Failure> {
    let columns = vec![say("clients-name"), say("clients-id"), say("clients-kind"), say("clients-standing"), say("clients-since")];
    let empty = Empty {
        icon: "app-window",
        title: say("clients-empty"),
        text: say("clients-empty-text"),
        action: Some(Link::to(say("clients-new"), console.path(at::CLIENT_NEW, &[]))),
    };
    let mut table = Table::new("clients", columns, empty);
    let now = console.now()?;
    let row = |client: &Client| {
        let cells = vec![
            if client.description.is_empty() {
                Value::said(&client.name)
            } else {
                Value::Two(said(&client.name), said(&client.description))
            },
            Value::Code(client.client_id.clone()),
            Value::Text(kind(client.kind)),
            Value::Badge(standing(client)),
            Value::Moment(Moment::seen(client.created_at, now)),
        ];
        let id = client.id.to_string();
        Row::to(id.clone(), console.path(at::CLIENT, &[("client", &id)]), cells)
    };
    table.rows = page.items.iter().map(row).collect();
    table.bulk = Some(bulk::bar(console, at::CLIENTS_BULK, several::acts())?);
    table.filter = Some(Filter {
        action: console.path(at::CLIENTS, &[]),
        q: find.text.clone(),
        label: say("clients-search"),
        facets: vec![kinds(find), standings(find)],
    });
    (table.next, table.first) = listing::ways(console, find, page.next.as_ref());
    Ok(table)
}

fn kinds(find: &Find) -> Facet {
    let any = Choice::new("", say("clients-any"), false);
    let one = |one: &ClientKind| Choice::new(one.as_str(), kind(*one), listing::has(find, "kind", one.as_str()));
    let choices = std::iter::once(any).chain(ClientKind::ALL.iter().map(one)).collect();
    Facet { name: "kind", label: say("clients-kind"), choices }
}

fn standings(find: &Find) -> Facet {
    let choices = vec![
        Choice::new("", say("clients-any"), false),
        Choice::new("disabled", say("clients-disabled"), listing::has(find, "is", "disabled")),
    ];
    Facet { name: "is", label: say("clients-standing"), choices }
}
