//! The people of a realm: looked for by name and address, narrowed by how their accounts stand.

use gantry_core::paging::Find;
use gantry_core::user::{RealmRole, User};
use gantry_identity::users;
use gantry_views::console::{Choice, Empty, Facet, Filter, Link, Row, Sheet, Table, Value, said, say};
use gantry_views::moment::Moment;

use super::super::bulk;
use super::super::context::{Answer, Console};
use super::{frame, page, several};
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let find = console.find(&["is", "role"])?;
    let found = users::list(&console.read()?, console.actor, &find).await?;
    let now = console.now()?;
    let row = |user: &User| {
        let name = Value::Two(said(user.display_name()), said(user.email.as_str()));
        let roles = user.roles.iter().map(|role| Value::Text(frame::role_name(*role))).collect::<Vec<_>>();
        let roles = if roles.is_empty() { Value::Nothing } else { Value::List(roles) };
        let cells = vec![name, Value::Badge(frame::state(user)), roles, Value::Moment(Moment::seen(user.created_at, now))];
        Row::to(user.id.to_string(), page(&console, at::PERSON, user), cells)
    };
    let narrowed = !find.text.trim().is_empty() || !find.facets.is_empty();
    let new = Link::primary(say("people-new"), console.path(at::PERSON_NEW, &[])).icon("user-plus");
    let empty = if narrowed {
        let all = Link::to(say("people-show-all"), console.path(at::PEOPLE, &[]));
        Empty { icon: "search", title: say("people-none-title"), text: say("people-none-text"), action: Some(all) }
    } else {
        Empty { icon: "users", title: say("people-empty-title"), text: say("people-empty-text"), action: Some(new.clone()) }
    };
    let columns = vec![say("people-name"), say("people-state"), say("people-roles"), say("people-since")];
    let mut table = Table::new("people", columns, empty);
    table.rows = found.items.iter().map(row).collect();
    table.bulk = Some(bulk::bar(&console, at::PEOPLE_BULK, several::acts())?);
    table.filter = Some(filter(&console, &find));
    table.next = found.next.map(|next| console.with_query("after", &next.to_text()));
    table.first = find.after.as_ref().map(|_| console.without_query("after"));
    console.show(Sheet::new(say("people-title")).lead(say("people-lead")).action(new).panel(table))
}

fn filter(console: &Console, find: &Find) -> Filter {
    let chosen = |facet: &str| find.facets.iter().any(|known| known == facet);
    let none = |name: &str| !find.facets.iter().any(|known| known.starts_with(name));
    let is = vec![
        Choice::new("", say("people-any"), none("is:")),
        Choice::new("disabled", say("people-locked"), chosen("is:disabled")),
        Choice::new("verified", say("people-verified"), chosen("is:verified")),
        Choice::new("unverified", say("people-unverified"), chosen("is:unverified")),
    ];
    let role = |role: RealmRole| Choice::new(role.as_str(), frame::role_name(role), chosen(&format!("role:{role}")));
    let mut roles = vec![Choice::new("", say("people-any"), none("role:"))];
    roles.extend(RealmRole::ALL.iter().map(|known| role(*known)));
    let facets = vec![
        Facet { name: "is", label: say("people-state"), choices: is },
        Facet { name: "role", label: say("people-role"), choices: roles },
    ];
    Filter { action: console.path(at::PEOPLE, &[]), q: find.text.clone(), label: say("people-search"), facets }
}
