//! What stands in the way of a removal: the clients that still name what would go.

use gantry_core::client::Client;
use gantry_core::paging::Counted;
use gantry_views::console::{Empty, Form, Note, Panel, Row, Sheet, Table, Text, Tone, Value, said, say};

use super::context::Console;
use crate::paths::console as at;

/// What stands in the way.
pub(super) struct Standing<'s> {
    /// The form's id.
    pub(super) id: &'static str,
    /// How many clients.
    pub(super) count: Counted,
    /// The first of them.
    pub(super) clients: &'s [Client],
    /// What else: names.
    pub(super) others: Vec<String>,
}

/// The page that asks for a removal, or says why there can be none yet.
pub(super) fn removal(
    console: &Console,
    mut sheet: Sheet,
    standing: &Standing<'_>,
    action: (String, &str, Text),
    problem: Option<Text>,
) -> Sheet {
    let (path, name, lead) = action;
    if standing.clients.is_empty() && standing.others.is_empty() {
        let mut form = Form::new(standing.id, path, say("clients-remove-submit")).lead(lead).danger(Some(name.to_owned()));
        form.problem = problem;
        return sheet.panel(form);
    }
    let count = u64::from(standing.count.count);
    let mut note = |text| sheet.panels.push(Panel::Note(Note { tone: Tone::Warn, text, action: None }));
    if !standing.others.is_empty() {
        note(say("clients-in-the-way-others").with("names", standing.others.join(", ")));
    }
    if standing.count.or_more {
        note(say("clients-in-the-way-many").with("count", count));
    } else if !standing.clients.is_empty() {
        note(say("clients-in-the-way").with("count", count));
    }
    if standing.clients.is_empty() {
        return sheet;
    }
    let empty = Empty { icon: "app-window", title: say("clients-empty"), text: say("clients-empty-text"), action: None };
    let mut table = Table::new("in-the-way", vec![say("clients-name"), say("clients-id")], empty);
    let row = |client: &Client| {
        let id = client.id.to_string();
        let settings = console.path(at::CLIENT_SETTINGS, &[("client", &id)]);
        Row::to(id, settings, vec![Value::Text(said(&client.name)), Value::Code(client.client_id.clone())])
    };
    table.rows = standing.clients.iter().map(row).collect();
    sheet.panel(table)
}
