//! What happened to a person's account: sign-ins and what changed how they sign in, and the steps of those with providers.

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::sign_in_trace::{SignInTrace, TraceOutcome};
use gantry_identity::people::history;
use gantry_views::console::{Empty, Row, Table, Text, Tone, Value, said, say};
use gantry_views::moment::Moment;

use super::super::context::{Answer, Console};
use super::{frame, named};
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let user = named(&console).await?;
    let (find, rows, now) = (console.find(&[])?, console.read()?, console.now()?);
    let found = history::events(&rows, console.actor, user.id, &find).await?;
    let traces = history::traces(&rows, console.actor, user.id, now).await?;
    let empty = Empty { icon: "history", title: say("people-history-empty"), text: say("people-history-empty-text"), action: None };
    let mut events = Table::new("events", vec![say("people-event"), say("people-when"), say("people-ip"), say("people-by")], empty);
    events.title = Some(say("people-history"));
    events.rows = found.items.iter().map(|line| event(&console, line, now)).collect();
    events.next = found.next.map(|next| console.with_query("after", &next.to_text()));
    events.first = find.after.as_ref().map(|_| console.without_query("after"));
    let mut sheet = frame::sheet(&console, &user).panel(events);
    if !traces.is_empty() && find.after.is_none() {
        let empty = Empty { icon: "route", title: say("people-history-empty"), text: say("people-history-empty-text"), action: None };
        let mut table = Table::new("traces", vec![say("people-trace"), say("people-outcome"), say("people-when")], empty);
        (table.title, table.lead) = (Some(say("people-traces")), Some(say("people-traces-lead")));
        table.rows = traces.iter().map(|found| trace(&console, found, now)).collect();
        sheet = sheet.panel(table);
    }
    console.show(sheet)
}

/// A line, which leads to all that the audit trail says of it.
fn event(console: &Console, line: &AuditEntry, now: Timestamp) -> Row {
    let text = line.reason.as_ref().map_or_else(|| Value::Text(name(line.event)), |reason| Value::Two(name(line.event), said(reason)));
    let by = match line.actor.as_str() {
        "user" => say("people-by-self"),
        "system" => say("people-by-gantry"),
        _ => say("people-by-admin"),
    };
    let ip = line.ip.as_ref().map_or(Value::Nothing, |ip| Value::Code(ip.clone()));
    let whole = console.path(at::AUDIT_ENTRY, &[("entry", &line.id.to_string())]);
    Row::to(line.id.to_string(), whole, vec![text, Value::Moment(Moment::seen(line.at, now)), ip, Value::Text(by)])
}

fn trace(console: &Console, trace: &SignInTrace, now: Timestamp) -> Row {
    let outcome = match trace.outcome {
        TraceOutcome::SignedIn => Value::badge("people-outcome-signed-in", Tone::Good),
        TraceOutcome::Linked => Value::badge("people-outcome-linked", Tone::Good),
        TraceOutcome::Refused => Value::badge("people-outcome-refused", Tone::Bad),
        TraceOutcome::Open => Value::badge("people-outcome-open", Tone::Plain),
        TraceOutcome::Waiting => Value::badge("people-outcome-waiting", Tone::Warn),
        TraceOutcome::Tried => Value::badge("people-outcome-tried", Tone::Plain),
    };
    let cells = vec![Value::Code(trace.id.to_string()), outcome, Value::Moment(Moment::seen(trace.started_at, now))];
    Row::to(trace.id.to_string(), console.path(at::TRACE, &[("trace", &trace.id.to_string())]), cells)
}

/// What the history tells of, with the words for it.
const NAMES: [(AuditEvent, Text); 12] = [
    (AuditEvent::SignedIn, say("people-event-signed-in")),
    (AuditEvent::SignInRefused, say("people-event-refused")),
    (AuditEvent::SignInThrottled, say("people-event-throttled")),
    (AuditEvent::SignedOut, say("people-event-signed-out")),
    (AuditEvent::SessionEnded, say("people-event-session-ended")),
    (AuditEvent::SignedUp, say("people-event-signed-up")),
    (AuditEvent::EmailVerified, say("people-event-verified")),
    (AuditEvent::ResetRequested, say("people-event-reset")),
    (AuditEvent::PasswordChanged, say("people-event-password")),
    (AuditEvent::IdentityLinked, say("people-event-linked")),
    (AuditEvent::IdentityUnlinked, say("people-event-unlinked")),
    (AuditEvent::AccountsMerged, say("people-event-merged")),
];

fn name(event: AuditEvent) -> Text {
    NAMES.into_iter().find(|(known, _)| *known == event).map_or(say("people-event-other"), |(_, text)| text)
}
