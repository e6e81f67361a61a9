//! How a connection stands: what wants a look, what to register, the last sign-ins, and its switch.

use gantry_connect::preset::{self, Engine};
use gantry_core::connection::{Connection, MicrosoftAudience};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Failure;
use gantry_core::sign_in_trace::{SignInTrace, TraceOutcome};
use gantry_identity::connections::{self, Held};
use gantry_views::console::{Badge, Empty, Facts, Form, Link, Note, Row, Table, Tone, Value, say};
use gantry_views::moment::Moment;

use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::settings::{Change, version, write};
use super::{DELETE, OVERVIEW, SECRETS, STATE, TRIAL, consent, frame, guide, named, probing, secrets};
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let connection = named(&console).await?;
    let rows = console.read()?;
    let (_, newest) = connections::standing(&rows, console.actor, connection.id).await?;
    let held = connections::held(&rows, console.actor, connection.id).await?;
    let stake = connections::at_stake(&rows, console.actor, connection.id, console.now()?).await?;
    let mut sheet = frame::sheet(&console, &connection).action(Link::to(say("connections-try"), TRIAL.of(&console, connection.id)));
    if let Some(note) = consent::outcome(&console, &connection)? {
        sheet = sheet.panel(note);
    }
    for note in warnings(&console, &connection, &held)? {
        sheet = sheet.panel(note);
    }
    let facts = Facts::new("standing")
        .fact(say("connections-fact-people"), Value::said(stake.people.to_string()))
        .fact(say("connections-fact-sessions"), Value::said(stake.sessions.to_string()))
        .fact(say("connections-fact-tenants"), Value::said(stake.tenants.to_string()))
        .fact(say("connections-fact-slug"), Value::Code(connection.slug.clone()));
    let mut addresses = guide::addresses(&console, connection.kind, &connection.slug);
    if let Some(url) = consent::url(&console, &connection)? {
        addresses = addresses.fact(say("connections-admin-consent"), Value::Code(url.clone()));
        addresses.lead = Some(say("connections-consent-lead"));
        addresses.actions.push(Link::to(say("connections-consent-go"), url).icon("external-link"));
    }
    sheet = sheet
        .panel(facts)
        .panel(addresses)
        .panel(probing::form(&console, &connection))
        .panel(newest_of(&console, &connection, &newest)?)
        .panel(switch_form(&console, &connection, stake.sessions)?);
    sheet = sheet.panel(removal(&console, &connection));
    sheet.as_code = Some(frame::as_code(&console, &connection, held.certificate.map(|(end, _)| end)).await?);
    console.show(sheet)
}

/// Switches it on or off.
pub(super) async fn switch(console: Console, sent: ConsoleForm) -> Answer {
    let connection = named(&console).await?;
    let enabled = sent.get("enabled") == Some("yes");
    let change = Change { name: connection.name.clone(), enabled, settings: connection.settings.clone() };
    let did = match Box::pin(write(&console, &connection, change, &sent)).await? {
        Ok(_) if enabled => "connection-on",
        Ok(_) => "connection-off",
        Err(_) => "connection-stale",
    };
    console.done(OVERVIEW.of(&console, connection.id), did)
}

/// What wants a look before people depend on it.
fn warnings(console: &Console, connection: &Connection, held: &Held) -> Result<Vec<Note>, Failure> {
    let secrets_page = || Some(Link::to(say("connections-tab-secrets"), SECRETS.of(console, connection.id)));
    let mut notes = Vec::new();
    if secrets::lacks(connection, held) {
        notes.push(Note { tone: Tone::Bad, text: say("connections-warning-no-secret"), action: secrets_page() });
    }
    if let Some(end) = connection.credential_expires_at {
        let (left, day) = (end.seconds() - console.now()?.seconds(), end.to_rfc3339().chars().take(10).collect::<String>());
        if left <= 0 {
            notes.push(Note { tone: Tone::Bad, text: say("connections-warning-over").with("day", day), action: secrets_page() });
        } else if frame::ending(end, console.now()?).is_some() {
            notes.push(Note { tone: Tone::Warn, text: say("connections-warning-soon").with("day", day), action: secrets_page() });
        }
    }
    if let Some(names) = passed_over(connection) {
        notes.push(Note { tone: Tone::Warn, text: say("connections-warning-endpoints").with("names", names), action: None });
    }
    if lets_nobody_in(connection) {
        notes.push(Note { tone: Tone::Warn, text: say("connections-warning-directories"), action: None });
    }
    Ok(notes)
}

/// The endpoints of the settings that count only where the provider's metadata do not name them.
fn passed_over(connection: &Connection) -> Option<String> {
    let at = &connection.settings.endpoints;
    let discovered = preset::defaults(connection.kind).engine == Engine::Oidc;
    let complete = at.authorization.is_some() && at.token.is_some() && at.jwks.is_some();
    let named = [
        ("authorization", &at.authorization),
        ("token", &at.token),
        ("userinfo", &at.userinfo),
        ("jwks", &at.jwks),
        ("end_session", &at.end_session),
    ];
    let given: Vec<&str> = named.into_iter().filter(|(_, url)| url.is_some()).map(|(name, _)| name).collect();
    (discovered && !complete && !given.is_empty()).then(|| given.join(", "))
}

/// A registration for many directories that names none: only those that tenants name may come in.
fn lets_nobody_in(connection: &Connection) -> bool {
    let many = |audience: &MicrosoftAudience| matches!(audience, MicrosoftAudience::Organizations | MicrosoftAudience::Common);
    connection.kind == ConnectorKind::Microsoft
        && connection.settings.microsoft.as_ref().is_none_or(|microsoft| many(&microsoft.audience) && microsoft.directories.is_empty())
}

fn newest_of(console: &Console, connection: &Connection, newest: &[SignInTrace]) -> Result<Table, Failure> {
    let empty =
        Empty { icon: "clock", title: say("connections-newest-empty-title"), text: say("connections-newest-empty-text"), action: None };
    let columns = ["connections-newest-when", "connections-newest-outcome", "connections-newest-problem"];
    let mut table = Table::new("newest", columns.into_iter().map(say).collect(), empty);
    table.title = Some(say("connections-newest-title"));
    let (all, one) = if console.tenant.is_some() { (at::TENANT_TRACES, at::TENANT_TRACE) } else { (at::TRACES, at::TRACE) };
    let all = format!("{}?connection={}", console.path(all, &[]), connection.slug);
    table.actions = vec![Link::to(say("connections-newest-all"), all)];
    let now = console.now()?;
    for trace in newest {
        let problem = trace.problem.map_or(Value::Nothing, |problem| Value::Code(problem.to_string()));
        let cells = vec![Value::Moment(Moment::seen(trace.started_at, now)), Value::Badge(outcome(trace.outcome)), problem];
        let href = console.path(one, &[("trace", &trace.id.to_string())]);
        table.rows.push(Row::to(trace.id.to_string(), href, cells));
    }
    Ok(table)
}

/// How a sign-in went, in a word.
fn outcome(outcome: TraceOutcome) -> Badge {
    let (text, tone) = match outcome {
        TraceOutcome::Open => (say("trace-outcome-open"), Tone::Plain),
        TraceOutcome::Waiting => (say("trace-outcome-waiting"), Tone::Plain),
        TraceOutcome::SignedIn => (say("trace-outcome-signed_in"), Tone::Good),
        TraceOutcome::Linked => (say("trace-outcome-linked"), Tone::Good),
        TraceOutcome::Tried => (say("trace-outcome-tried"), Tone::Good),
        TraceOutcome::Refused => (say("trace-outcome-refused"), Tone::Bad),
    };
    Badge { text, tone }
}

fn switch_form(console: &Console, connection: &Connection, sessions: u64) -> Result<Form, Failure> {
    let action = STATE.of(console, connection.id);
    let form = if connection.is_enabled() {
        let form = Form::new("switch", action, say("connections-switch-off")).title(say("connections-switch-off-title"));
        form.lead(say("connections-switch-off-lead").with("sessions", sessions)).hidden("enabled", "no").danger(None)
    } else {
        let form = Form::new("switch", action, say("connections-switch-on")).title(say("connections-switch-on-title"));
        form.lead(say("connections-switch-on-lead")).hidden("enabled", "yes")
    };
    Ok(form.hidden("seen", version(connection)?))
}

fn removal(console: &Console, connection: &Connection) -> Facts {
    let mut facts = Facts::new("removal").title(say("connections-remove-title"));
    facts.lead = Some(say("connections-remove-text"));
    facts.actions = vec![Link::to(say("connections-remove"), DELETE.of(console, connection.id))];
    facts
}
