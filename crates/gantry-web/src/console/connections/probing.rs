//! Asking a connection's provider about itself, now: a look at what a sign-in would find, without one.

use gantry_connect::connector::Probe;
use gantry_core::connection::Connection;
use gantry_identity::connections::probe;
use gantry_views::console::{Facts, Form, Link, Note, Panel, Tone, Value, said, say};

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, wrong};
use super::{OVERVIEW, PROBE, TRIAL, callback, frame, named, upstream};

/// The button, on the connection's page.
pub(super) fn form(console: &Console, connection: &Connection) -> Form {
    Form::new("probe", PROBE.of(console, connection.id), say("connections-probe"))
        .title(say("connections-probe-title"))
        .lead(say("connections-probe-lead"))
}

/// Asks, and shows what came of it. Changes nothing, so the answer is the page itself.
pub(super) async fn ask(console: Console, _: ConsoleForm) -> Answer {
    let connection = named(&console).await?;
    let callback = callback(&console, &connection.slug);
    let outside = upstream(&console)?.outside(console.realm.realm.id, &callback);
    let sheet = frame::sheet(&console, &connection).crumb(Link::to(said(&connection.name), OVERVIEW.of(&console, connection.id)));
    let again = form(&console, &connection);
    match Box::pin(probe::now(outside, console.actor, connection.id)).await {
        Ok(Some(found)) => {
            let trial = Link::to(say("connections-try"), TRIAL.of(&console, connection.id));
            let note = Note { tone: Tone::Good, text: say("connections-probe-good"), action: Some(trial) };
            console.show(sheet.panel(note).panel(shown(&found)).panel(again))
        }
        Ok(None) => {
            let note = Note { tone: Tone::Plain, text: say("connections-probe-none"), action: None };
            console.show(sheet.panel(note))
        }
        Err(failure) => {
            let refusal = wrong(failure)?;
            let mut sheet = sheet.panel(Note { tone: Tone::Bad, text: said(refusal.description), action: None });
            for problem in &refusal.fields {
                let text = said(format!("{}: {}", problem.field, problem.problem));
                sheet.panels.push(Panel::Note(Note { tone: Tone::Bad, text, action: None }));
            }
            console.show_wrong(sheet.panel(again))
        }
    }
}

fn shown(found: &Probe) -> Facts {
    let code = |text: &Option<String>| text.as_ref().map_or(Value::Nothing, |text| Value::Code(text.clone()));
    let at = &found.endpoints;
    Facts::new("found")
        .title(say("connections-probe-found"))
        .fact(say("connections-field-issuer"), code(&found.issuer))
        .fact(say("connections-field-authorization"), code(&at.authorization))
        .fact(say("connections-field-token"), code(&at.token))
        .fact(say("connections-field-userinfo"), code(&at.userinfo))
        .fact(say("connections-field-jwks"), code(&at.jwks))
        .fact(say("connections-field-end-session"), code(&at.end_session))
        .fact(say("connections-probe-keys"), Value::said(found.keys.to_string()))
        .fact(
            say("connections-probe-iss"),
            if found.names_issuer { Value::say("connections-probe-yes") } else { Value::say("connections-probe-no") },
        )
}
