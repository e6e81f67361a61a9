//! Switching off or on the clients that were ticked in the list: asked once more, then done to all.

use gantry_core::client::Client;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_oauth::clients;
use gantry_views::console::{Form, Text, Value, said, say};

use super::{kind, standing};
use crate::console::bulk::{Ticked, things};
use crate::console::context::{Answer, Console};
use crate::console::form::ConsoleForm;
use crate::paths::console as at;

/// What can be done to several, as the bar of their list offers it.
pub(super) fn acts() -> Vec<(&'static str, Text, bool)> {
    vec![("disable", say("clients-bulk-disable"), true), ("enable", say("clients-bulk-enable"), false)]
}

/// Asks whether it shall be done to these clients, and does it.
pub(super) async fn switch(console: Console, sent: ConsoleForm) -> Answer {
    let ticked = Ticked::of(&console, sent, at::CLIENTS);
    let enabled = match ticked.act() {
        "disable" => false,
        "enable" => true,
        _ => return Err(Refusal::new(ErrorCode::InvalidRequest, "the form asks for nothing that is done here").into()),
    };
    let found = match clients::find_several(&console.read()?, console.actor, ticked.ids()?).await {
        Ok(found) => found,
        Err(failure) => return ticked.refused(&console, say("clients-title"), failure),
    };
    if ticked.sure() {
        let (actor, now, ids) = (console.actor, console.now()?, ticked.ids()?);
        return match console.transact_whole(async |tx| clients::set_several_enabled(tx, actor, ids, enabled, now).await).await {
            Ok(_) => console.done(ticked.list, if enabled { "clients-bulk-enabled" } else { "clients-bulk-disabled" }),
            Err(failure) => ticked.refused(&console, say("clients-title"), failure),
        };
    }
    let row = |client: &Client| {
        let cells =
            vec![Value::Two(said(&client.name), said(&client.client_id)), Value::Text(kind(client.kind)), Value::Badge(standing(client))];
        (client.id.to_string(), cells)
    };
    let table = things(vec![say("clients-name"), say("clients-kind"), say("clients-standing")], found.iter().map(row));
    let (title, lead) = if enabled {
        (say("clients-bulk-enable-title"), say("clients-bulk-enable-lead"))
    } else {
        (say("clients-bulk-disable-title"), say("clients-bulk-disable-lead"))
    };
    let title = title.with("count", u64::try_from(found.len()).unwrap_or(u64::MAX));
    let form = Form { danger: !enabled, ..ticked.form(&console, title.clone()) };
    console.show(ticked.sheet((title, lead), say("clients-title"), table).panel(form))
}
