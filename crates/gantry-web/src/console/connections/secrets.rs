//! What a connection proves itself with: brought here, never shown again.

use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::connector_kind::ConnectorKind;
use gantry_identity::connections::{self, GivenSecrets, Held};
use gantry_views::console::{Facts, Field, FieldKind, Form, Tone, Value, say};
use gantry_views::moment::Day;

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems};
use super::settings::{sheet_with, summary, wrong_field};
use super::{SECRETS, fields, frame, named};

pub(super) async fn show(console: Console) -> Answer {
    let connection = named(&console).await?;
    console.fresh(&console.here())?;
    let held = connections::held(&console.read()?, console.actor, connection.id).await?;
    let sheet = frame::sheet(&console, &connection).panel(facts(&connection, &held, console.now()?));
    console.show(sheet.panel(form(&console, &connection, "")))
}

pub(super) async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let connection = named(&console).await?;
    console.fresh(&SECRETS.of(&console, connection.id))?;
    let (ends, given) = (sent.line("client_secret_expires_at"), read(&sent));
    let told = Timestamp::parse_rfc3339(ends);
    let mut wrong: Vec<(String, String)> =
        given.check(connection.kind).into_iter().map(|(field, problem)| (field.to_owned(), problem.to_owned())).collect();
    if !ends.is_empty() && told.is_none() {
        wrong.push(("client_secret_expires_at".to_owned(), "must be a day such as 2027-01-31".to_owned()));
    }
    if given.is_empty() && ends.is_empty() {
        wrong.push(("client_secret".to_owned(), "must be given: nothing was filled in".to_owned()));
    }
    if !wrong.is_empty() {
        let form = form(&console, &connection, ends).with_problems(Some(say("connections-wrong")), &wrong);
        return console.show_wrong(sheet_with(&console, &connection, form));
    }
    let (actor, now) = (console.actor, console.now()?);
    let work = console.transact(async |tx| connections::set_secrets(tx, actor, connection.id, given, told, now).await);
    match work.await {
        Ok(_) => console.done(SECRETS.of(&console, connection.id), "connection-secrets-set"),
        Err(failure) => {
            let refusal = wrong_field(failure)?;
            let form = form(&console, &connection, ends).with_problems(Some(summary(&refusal)), &problems(&refusal));
            console.show_wrong(sheet_with(&console, &connection, form))
        }
    }
}

/// The secrets of a form, for the wizard too.
pub(super) fn read(sent: &ConsoleForm) -> GivenSecrets {
    GivenSecrets {
        client_secret: sent.some("client_secret").map(gantry_core::secret::Secret::new),
        private_key: sent.some("private_key").map(gantry_core::secret::Secret::new),
        certificate: sent.some("certificate"),
    }
}

/// The fields for secrets of a kind.
pub(super) fn of_kind(kind: ConnectorKind, ends: &str) -> Vec<Field> {
    let key = Field::new("private_key", say("connections-field-private-key"), FieldKind::Code(String::new()));
    if kind == ConnectorKind::Apple {
        return vec![key.hint(say("connections-private-key-hint-apple"))];
    }
    let secret = Field::new("client_secret", say("connections-field-client-secret"), FieldKind::Secret);
    let day = Field::new("client_secret_expires_at", say("connections-field-secret-ends"), FieldKind::Date(ends.to_owned()));
    let mut all = vec![secret.hint(secret_hint(kind)), day.hint(say("connections-secret-ends-hint"))];
    if fields::has_a_choice_of_proof(kind) {
        all.push(key.hint(say("connections-private-key-hint")));
        let certificate = Field::new("certificate", say("connections-field-certificate"), FieldKind::Code(String::new()));
        all.push(certificate.hint(say("connections-certificate-hint")));
    }
    all
}

fn secret_hint(kind: ConnectorKind) -> gantry_views::console::Text {
    if kind == ConnectorKind::Microsoft { say("connections-client-secret-hint-microsoft") } else { say("connections-client-secret-hint") }
}

fn form(console: &Console, connection: &Connection, ends: &str) -> Form {
    let mut form = Form::new("secrets", SECRETS.of(console, connection.id), say("connections-secrets-save"));
    form = form.title(say("connections-secrets-replace")).lead(say("connections-secrets-lead"));
    form.fields = of_kind(connection.kind, ends);
    form
}

fn facts(connection: &Connection, held: &Held, now: Timestamp) -> Facts {
    let there = |is: bool| {
        if is { Value::badge("connections-secret-set", Tone::Good) } else { Value::badge("connections-secret-none", Tone::Plain) }
    };
    let mut facts = Facts::new("held").title(say("connections-secrets-held"));
    if connection.kind != ConnectorKind::Apple {
        facts = facts.fact(say("connections-field-client-secret"), there(held.client_secret));
    }
    facts = facts.fact(say("connections-field-private-key"), there(held.private_key));
    if let Some((end, thumbprint)) = &held.certificate {
        facts = facts.fact(say("connections-field-certificate"), Value::Code(thumbprint.clone()));
        facts = facts.fact(say("connections-certificate-ends"), Value::Day(Day::of(*end)));
    }
    if let Some(end) = connection.credential_expires_at {
        let mut shown = vec![Value::Day(Day::of(end))];
        shown.extend(frame::ending(end, now).map(Value::Badge));
        facts = facts.fact(say("connections-column-ends"), Value::List(shown));
    }
    facts
}

/// Whether a connection lacks what it has to prove itself with.
pub(super) fn lacks(connection: &Connection, held: &Held) -> bool {
    use gantry_core::connection::UpstreamAuth;
    let auth = connection.settings.client_auth;
    let by_key = connection.kind == ConnectorKind::Apple || auth == Some(UpstreamAuth::PrivateKeyJwt);
    if by_key { !held.private_key } else { auth != Some(UpstreamAuth::None) && !held.client_secret }
}
