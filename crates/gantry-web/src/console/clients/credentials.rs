//! What a client proves itself with: its secrets, by what is known of them, and a new one.

use std::time::Duration;

use gantry_core::client::{ClientSecret, MAX_CLIENT_SECRETS};
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ClientId, ClientSecretId};
use gantry_oauth::app_keys;
use gantry_oauth::clients::{self, ClientSettings};
use gantry_views::console::{Act, Choice, Empty, Field, Form, Link, Note, Panel, Row, Sheet, Table, Text, Tone, Value, say};
use gantry_views::moment::{Day, Moment};

use super::{Subject, app_keys as keys, new};
use crate::console::context::{Answer, Console};
use crate::console::form::{ConsoleForm, wrong};
use crate::console::once;
use crate::paths::console as at;

/// How long the secret before goes on working: the values of the form, and their hours.
const OVERLAPS: [(&str, u64, Text); 4] = [
    ("0", 0, say("clients-overlap-none")),
    ("24", 24, say("clients-overlap-day")),
    ("168", 168, say("clients-overlap-week")),
    ("720", 720, say("clients-overlap-month")),
];
/// The one that is chosen at first.
const FIRST: &str = "24";

pub(super) async fn show(console: Console) -> Answer {
    let subject = Subject::of(&console).await?;
    let (rows, id, now) = (console.read()?, subject.client.id, console.now()?);
    let mut sheet = subject.sheet(&console, at::CLIENT_CREDENTIALS);
    if ClientSettings::of(&subject.client).uses_secrets() {
        sheet = sheet.panel(secrets(&console, &subject, &clients::secrets(&rows, console.actor, id).await?, now));
    } else {
        let text = if subject.client.kind.is_public() { say("clients-no-secrets-public") } else { say("clients-no-secrets-keys") };
        let settings = Link::to(say("clients-tab-settings"), subject.path(&console, at::CLIENT_SETTINGS));
        sheet.panels.push(Panel::Note(Note { tone: Tone::Plain, text, action: Some(settings) }));
    }
    if app_keys::may_have_keys(subject.client.kind) {
        sheet = sheet.panel(keys::table(&console, &subject, &app_keys::list(&rows, console.actor, id).await?, now));
    }
    sheet.as_code = subject.as_code(&console)?;
    console.show(sheet)
}

fn secrets(console: &Console, subject: &Subject, secrets: &[ClientSecret], now: Timestamp) -> Table {
    let columns = vec![say("clients-secret"), say("clients-made"), say("clients-last-used"), say("clients-ends")];
    let make = Link::primary(say("clients-secret-new"), subject.path(console, at::CLIENT_SECRETS)).icon("rotate-cw");
    let empty = Empty { icon: "key-round", title: say("clients-secrets-empty"), text: say("clients-secrets-empty-text"), action: None };
    let mut table = Table::new("secrets", columns, empty);
    table.title = Some(say("clients-secrets"));
    table.lead = Some(say("clients-secrets-lead"));
    table.actions.push(make);
    let row = |secret: &ClientSecret| {
        let live = secret.expires_at.is_none_or(|at| at > now);
        let cells = vec![
            Value::Code(format!("…{}", secret.last_four)),
            Value::Moment(Moment::seen(secret.created_at, now)),
            secret.last_used_at.map_or_else(|| Value::say("clients-never-used"), |at| Value::Moment(Moment::seen(at, now))),
            ends(secret.expires_at, now),
        ];
        let row = Row::plain(secret.id.to_string(), cells);
        if !live {
            return row;
        }
        let id = [("client", subject.client.id.to_string()), ("secret", secret.id.to_string())];
        let id = [(id[0].0, id[0].1.as_str()), (id[1].0, id[1].1.as_str())];
        let label = say("clients-secret-end-label").with("last", secret.last_four.as_str());
        row.act(Act::new(say("clients-secret-end"), console.path(at::CLIENT_SECRET, &id)).label(label).danger())
    };
    table.rows = secrets.iter().map(row).collect();
    table
}

/// When something stops working, or that it did.
pub(super) fn ends(at: Option<Timestamp>, now: Timestamp) -> Value {
    match at {
        None => Value::say("clients-ends-never"),
        Some(at) if at <= now => Value::badge("clients-ended", Tone::Bad),
        Some(at) => Value::Day(Day::of(at)),
    }
}

/// Asks how a new secret takes over.
pub(super) async fn ask(console: Console) -> Answer {
    console.fresh(&console.here())?;
    let subject = Subject::of(&console).await?;
    let sheet = form_sheet(&console, &subject, None).await?;
    console.show(sheet)
}

async fn form_sheet(console: &Console, subject: &Subject, refused: Option<&Refusal>) -> Result<Sheet, Failure> {
    let now = console.now()?;
    let secrets = clients::secrets(&console.read()?, console.actor, subject.client.id).await?;
    let live = secrets.iter().filter(|secret| secret.expires_at.is_none_or(|at| at > now)).count();
    let form = Form::new("secret-new", subject.path(console, at::CLIENT_SECRETS), say("clients-secret-make"));
    let mut form = once::numbered(form).lead(if live == 0 { say("clients-secret-first-lead") } else { say("clients-secret-rotate-lead") });
    if live > 0 {
        // Where two work, only ending both makes room at once.
        let offered = OVERLAPS.into_iter().filter(|(_, hours, _)| live < MAX_CLIENT_SECRETS || *hours == 0);
        let choices = offered.map(|(value, _, text)| Choice::new(value, text, value == FIRST || live >= MAX_CLIENT_SECRETS)).collect();
        form = form.field(Field::radio("overlap", say("clients-overlap"), choices).hint(say("clients-overlap-hint")));
    }
    form.problem = refused.map(|_| say("clients-secret-refused"));
    let mut sheet = subject.sheet_below(console, say("clients-secret-new"), (at::CLIENT_CREDENTIALS, say("clients-tab-credentials")));
    if live >= MAX_CLIENT_SECRETS {
        sheet.panels.push(Panel::Note(Note { tone: Tone::Warn, text: say("clients-secrets-full"), action: None }));
    }
    Ok(sheet.panel(form))
}

pub(super) async fn make(console: Console, form: ConsoleForm) -> Answer {
    console.fresh(&console.here())?;
    let subject = Subject::of(&console).await?;
    let hours = OVERLAPS.iter().find(|(value, ..)| *value == form.line("overlap")).map_or(0, |(_, hours, _)| *hours);
    let (overlap, id, now) = (Duration::from_hours(hours), subject.client.id, console.now()?);
    let credentials = || subject.path(&console, at::CLIENT_CREDENTIALS);
    let below = |title| subject.sheet_below(&console, title, (at::CLIENT_CREDENTIALS, say("clients-tab-credentials")));
    match once::transact(&console, &form, async |tx| clients::rotate_secret(tx, console.actor, id, overlap, now).await).await {
        Ok(None) => once::again(&console, below(say("clients-secret-new")), Link::to(say("clients-tab-credentials"), credentials())),
        Ok(Some((_, secret))) => {
            let sheet = below(say("clients-secret-made")).action(Link::primary(say("clients-secret-kept"), credentials()));
            console.show(sheet.panel(new::secret_of(&subject.client.client_id, say("clients-secret-once"), secret)))
        }
        Err(failure) => {
            let refusal = wrong(failure)?;
            let sheet = form_sheet(&console, &subject, Some(&refusal)).await?;
            console.show_wrong(sheet)
        }
    }
}

/// Ends a secret at once.
pub(super) async fn end(console: Console, _form: ConsoleForm) -> Answer {
    let (client, secret) = (console.id::<ClientId>("client")?, console.id::<ClientSecretId>("secret")?);
    let back = console.path(at::CLIENT_CREDENTIALS, &[("client", &client.to_string())]);
    console.fresh(&back)?;
    let now = console.now()?;
    console.transact(async |tx| clients::expire_secret(tx, console.actor, client, secret, now, now).await).await?;
    console.done(back, "clients-secret-ended")
}
