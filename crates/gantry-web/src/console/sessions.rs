//! The person's own sessions in their realm, which the console rests on, and ending one.

use actix_web::web;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::id::SessionId;
use gantry_core::session::Session;
use gantry_identity::Identity;
use gantry_views::console::{Act, Empty, Row, Sheet, Table, Tone, Value, said, say};
use gantry_views::device::Device;
use gantry_views::moment::Moment;

use super::context::{Answer, Console};
use super::form::ConsoleForm;
use crate::paths::console as at;
use crate::respond::see_other;

/// Mounts this area.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(at::OWN_SESSIONS).route(web::get().to(list)).route(web::post().to(end)));
}

async fn list(console: Console, identity: web::Data<Identity>) -> Answer {
    let now = console.now()?;
    let row = |session: &Session| {
        let device = Device::of(&session.user_agent);
        let name = [device.browser, device.system].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let name = if name.is_empty() { say("sessions-unknown") } else { said(name) };
        let present = session.id == console.session().id;
        let here = if present { Value::badge("sessions-here", Tone::Good) } else { Value::Nothing };
        let cells = vec![Value::Text(name), here, Value::said(&session.ip), Value::Moment(Moment::seen(session.last_used_at, now))];
        let act = Act::new(say("sessions-end"), at::OWN_SESSIONS).hidden("session", session.id.to_string()).danger();
        Row::plain(session.id.to_string(), cells).act(act)
    };
    let columns = vec![say("sessions-device"), say("sessions-present"), say("sessions-ip"), say("sessions-used")];
    let empty = Empty { icon: "laptop", title: say("sessions-title"), text: say("sessions-lead"), action: None };
    let mut table = Table::new("sessions", columns, empty);
    table.rows = identity.sessions_of(&console.seat().home.realm, console.person()).await?.iter().map(row).collect();
    console.show(Sheet::new(say("sessions-title")).lead(say("sessions-lead")).panel(table))
}

async fn end(console: Console, sent: ConsoleForm, identity: web::Data<Identity>) -> Answer {
    let session: SessionId = sent.line("session").parse().or(Err(Refusal::new(ErrorCode::InvalidRequest, "the form names no session")))?;
    identity.end_session(console.person(), session, &console.origin()).await?;
    if session == console.session().id {
        return Ok(see_other(at::SIGN_OUT));
    }
    console.done(at::OWN_SESSIONS.to_owned(), "sessions-ended")
}
