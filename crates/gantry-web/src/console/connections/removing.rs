//! Taking a connection away for good: says what goes with it, and wants its name typed.

use gantry_core::connection::Connection;
use gantry_identity::connections::{self, Standing};
use gantry_views::console::{Form, Sheet, say};

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::{DELETE, LIST, frame, named};

pub(super) async fn show(console: Console) -> Answer {
    let connection = named(&console).await?;
    console.fresh(&console.here())?;
    let stake = connections::at_stake(&console.read()?, console.actor, connection.id, console.now()?).await?;
    console.show(sheet(&console, &connection, stake, false))
}

pub(super) async fn remove(console: Console, sent: ConsoleForm) -> Answer {
    let connection = named(&console).await?;
    console.fresh(&DELETE.of(&console, connection.id))?;
    let (actor, id, now) = (console.actor, connection.id, console.now()?);
    if !sent.confirms(&connection.name) {
        let stake = connections::at_stake(&console.read()?, actor, id, now).await?;
        return console.show_wrong(sheet(&console, &connection, stake, true));
    }
    console.transact(async |tx| connections::remove(tx, actor, id, now).await).await?;
    console.done(LIST.path(&console), "connection-removed")
}

fn sheet(console: &Console, connection: &Connection, stake: Standing, wrong: bool) -> Sheet {
    let lead = say("connections-remove-lead").with("people", stake.people).with("sessions", stake.sessions).with("tenants", stake.tenants);
    let mut form = Form::new("remove", DELETE.of(console, connection.id), say("connections-remove")).title(say("connections-remove-title"));
    form = form.lead(lead).danger(Some(connection.name.clone()));
    form.problem = wrong.then(|| say("connections-remove-unconfirmed"));
    frame::sheet(console, connection).panel(form)
}
