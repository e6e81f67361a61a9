//! Signed-in browsers: those of one person, and all of the realm's, newest first.

use gantry_core::clock::Timestamp;
use gantry_identity::people::sessions::{self, LiveSession};
use gantry_views::console::{Act, Empty, Form, Row, Sheet, Table, Value, said, say};
use gantry_views::moment::Moment;

use super::super::bulk;
use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::{account, frame, named, page};
use crate::paths::console as at;

pub(super) async fn of_person(console: Console) -> Answer {
    let user = named(&console).await?;
    let (live, now) = (sessions::of(&console.read()?, console.actor, user.id, console.now()?).await?, console.now()?);
    let mut table = Table::new("sessions", columns(), empty());
    table.lead = Some(say("people-sessions-lead"));
    table.rows = live
        .iter()
        .map(|live| {
            let ids = [("user", user.id.to_string()), ("session", live.session.id.to_string())];
            let end = console.path(at::PERSON_SESSION_END, &ids.each_ref().map(|(name, id)| (*name, id.as_str())));
            Row::plain(live.session.id.to_string(), cells(live, now)).act(ending(end, live))
        })
        .collect();
    let mut sheet = frame::sheet(&console, &user).panel(table);
    if !live.is_empty() {
        let form = Form::new("sign-out", page(&console, at::PERSON_SIGN_OUT, &user), say("people-sign-out"));
        sheet = sheet.panel(form.lead(say("people-sign-out-lead")));
    }
    console.show(sheet)
}

pub(super) async fn end_of_person(console: Console, _: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    let (actor, now, session) = (console.actor, console.now()?, console.id("session")?);
    console.transact(async |tx| sessions::end_of(tx, actor, user.id, session, now).await).await?;
    console.done(page(&console, at::PERSON_SESSIONS, &user), "people-session-ended")
}

/// Ends all sessions of a person.
pub(super) async fn sign_out(console: Console, _: ConsoleForm) -> Answer {
    let user = named(&console).await?;
    let (actor, now) = (console.actor, console.now()?);
    match console.transact(async |tx| sessions::end_everywhere(tx, actor, user.id, now).await).await {
        Ok(_) => console.done(page(&console, at::PERSON_SESSIONS, &user), "people-signed-out"),
        Err(failure) => account::refused(&console, &user, failure),
    }
}

pub(super) async fn of_realm(console: Console) -> Answer {
    let find = console.find(&[])?;
    let (found, now) = (sessions::live(&console.read()?, console.actor, &find, console.now()?).await?, console.now()?);
    let row = |live: &LiveSession| {
        let end = console.path(at::SESSION_END, &[("session", &live.session.id.to_string())]);
        let mut all = vec![Value::Two(said(live.user.display_name()), said(live.user.email.as_str()))];
        all.extend(cells(live, now));
        Row::to(live.session.id.to_string(), page(&console, at::PERSON_SESSIONS, &live.user), all).act(ending(end, live))
    };
    let mut all = vec![say("people-name")];
    all.extend(columns());
    let mut table = Table::new("sessions", all, empty());
    table.rows = found.items.iter().map(row).collect();
    table.bulk = Some(bulk::bar(&console, at::SESSIONS_BULK, vec![("end", say("people-bulk-end"), true)])?);
    table.next = found.next.map(|next| console.with_query("after", &next.to_text()));
    table.first = find.after.as_ref().map(|_| console.without_query("after"));
    console.show(Sheet::new(say("people-sessions-title")).lead(say("people-sessions-realm-lead")).panel(table))
}

pub(super) async fn end_of_realm(console: Console, _: ConsoleForm) -> Answer {
    let (actor, now, session) = (console.actor, console.now()?, console.id("session")?);
    console.transact(async |tx| sessions::end(tx, actor, session, now).await).await?;
    console.done(console.path(at::SESSIONS, &[]), "people-session-ended")
}

fn columns() -> Vec<gantry_views::console::Text> {
    vec![say("people-device"), say("people-through"), say("people-signed-in"), say("people-last-used")]
}

fn cells(live: &LiveSession, now: Timestamp) -> Vec<Value> {
    let session = &live.session;
    let through = live.through.as_deref().map_or_else(|| Value::say("people-by-password"), Value::said);
    vec![
        Value::Two(said(frame::device(&session.user_agent)), said(&session.ip)),
        through,
        Value::Moment(Moment::seen(session.authenticated_at, now)),
        Value::Moment(Moment::seen(session.last_used_at, now)),
    ]
}

fn ending(path: String, live: &LiveSession) -> Act {
    let label = say("people-end-label").with("name", live.user.display_name()).with("device", frame::device(&live.session.user_agent));
    Act::new(say("people-end"), path).label(label).danger()
}

fn empty() -> Empty {
    Empty { icon: "monitor-smartphone", title: say("people-sessions-empty"), text: say("people-sessions-empty-text"), action: None }
}
