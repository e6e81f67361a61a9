//! What is decided about a connection: its settings, where things are in its claims, whose accounts it may link.
//!
//! Three tabs with fields of their own and one way to save: the form is read over what is there, the provider is asked
//! where the change concerns it (attack catalogue FED-03), and a form that has not seen the latest version says so.

use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, ConnectionSettings};
use gantry_core::failure::{Failure, Refusal};
use gantry_identity::connections::{self, ConnectionChange, GivenSecrets, Held, Seen, Written, moves_secrets, probe};
use gantry_realm_file::entry;
use gantry_views::console::{Field, Form, Sheet, Text, said, say};

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems, wrong};
use super::super::stale::{self, Theirs};
use super::{CLAIMS, LINKING, SETTINGS, callback, fields, frame, named, upstream};
use crate::admin::fingerprint;
use crate::extract::unknown_realm;

/// What a form was filled in with.
struct Filled {
    name: String,
    settings: ConnectionSettings,
}

pub(super) async fn show(console: Console) -> Answer {
    let connection = named(&console).await?;
    let filled = Filled { name: connection.name.clone(), settings: connection.settings.clone() };
    let form = form(&console, &connection, &filled)?;
    let mut sheet = frame::sheet(&console, &connection).panel(form);
    sheet.as_code = Some(frame::as_code(&console, &connection, None).await?);
    console.show(sheet)
}

pub(super) async fn save(console: Console, sent: ConsoleForm) -> Answer {
    let connection = named(&console).await?;
    let (filled, misread) = read(&console, &connection, &sent);
    if let Some(problem) = misread {
        return again(&console, &sent, &connection, &filled, (Some(say("connections-wrong")), &[problem]));
    }
    let change = Change { name: filled.name.clone(), enabled: connection.is_enabled(), settings: filled.settings.clone() };
    match Box::pin(write(&console, &connection, change, &sent)).await {
        Ok(Ok(written)) => {
            let did = if written.secrets_void { "connection-saved-secrets-void" } else { "connection-saved" };
            console.done(console.request().path().to_owned(), did)
        }
        Ok(Err((now, theirs))) => {
            let typed = Connection { name: filled.name.clone(), settings: filled.settings.clone(), ..(*now).clone() };
            let sheet = frame::sheet(&console, &now).panel(form(&console, &now, &filled)?);
            stale::show(&console, &sent, sheet, &theirs, &entry::connection(&typed, None, None))
        }
        Err(failure) => {
            let refusal = wrong_field(failure)?;
            again(&console, &sent, &connection, &filled, (Some(summary(&refusal)), &problems(&refusal)))
        }
    }
}

/// A change of a connection by a form.
pub(super) struct Change {
    pub(super) name: String,
    pub(super) enabled: bool,
    pub(super) settings: ConnectionSettings,
}

/// Asks the provider where the change concerns it, then writes, unless somebody else was faster: then as it is now.
pub(super) async fn write(
    console: &Console,
    before: &Connection,
    change: Change,
    sent: &ConsoleForm,
) -> Result<Result<Written, (Box<Connection>, Theirs)>, Failure> {
    let (id, actor, now) = (before.id, console.actor, console.now()?);
    let upstream = upstream(console)?;
    let callback = callback(console, &before.slug);
    probe::before_update(upstream.outside(console.realm.realm.id, &callback), actor, id, &change.settings).await?;
    let reach = upstream.connectors().reach();
    console
        .transact(async |tx| {
            let Seen::Whole(current) = connections::find(tx, actor, id).await? else { return Err(unknown_realm().into()) };
            if let Some(theirs) = Theirs::unless_seen(sent, version(&current)?, &entry::connection(&current, None, None))? {
                return Ok(Err((current, theirs)));
            }
            let held = connections::held(tx, actor, id).await?;
            let Change { name, enabled, settings } = change;
            // The end that a provider told belongs to the secret that goes with it.
            let told = told_end(&current, &held).filter(|_| !moves_secrets(&current.settings, &settings));
            let change = ConnectionChange { name, enabled, settings, secrets: GivenSecrets::default(), client_secret_expires_at: told };
            connections::update(tx, actor, id, change, reach, now).await.map(Ok)
        })
        .await
}

/// The end of the secret, where the provider told one: a certificate's is its own.
pub(super) fn told_end(connection: &Connection, held: &Held) -> Option<Timestamp> {
    let of_certificate = held.certificate.as_ref().map(|(end, _)| *end);
    connection.credential_expires_at.filter(|end| of_certificate != Some(*end))
}

/// The name of the version that a form has seen.
pub(super) fn version(connection: &Connection) -> Result<String, Failure> {
    Ok(fingerprint(&entry::connection(connection, None, None))?)
}

/// What is wrong with what was typed, a setting that is not the actor's to decide included: that has its field too.
pub(super) fn wrong_field(failure: Failure) -> Result<Refusal, crate::respond::PageFailure> {
    match failure {
        Failure::Refused(refusal) if !refusal.fields.is_empty() => Ok(refusal),
        Failure::Refused(_) | Failure::Broken(_) => wrong(failure),
    }
}

/// What a refusal says of the form as a whole. Rules word it for those who read English.
pub(super) fn summary(refusal: &Refusal) -> Text {
    match &refusal.detail {
        Some(detail) if refusal.fields.is_empty() => said(format!("{}: {detail}", refusal.description)),
        _ if refusal.fields.is_empty() => said(refusal.description),
        _ => say("connections-wrong"),
    }
}

fn again(
    console: &Console,
    sent: &ConsoleForm,
    connection: &Connection,
    filled: &Filled,
    (whole, problems): (Option<Text>, &[(String, String)]),
) -> Answer {
    let form = form(console, connection, filled)?.with_problems(whole, &placed(problems));
    stale::show_wrong(console, sent, frame::sheet(console, connection).panel(form))
}

/// Problems at fields that the page has: an entry of a map is at the map.
pub(super) fn placed(problems: &[(String, String)]) -> Vec<(String, String)> {
    let place = |(name, problem): &(String, String)| match name.split_once('.') {
        Some(("parameters", rest)) => ("parameters".to_owned(), format!("{rest}: {problem}")),
        _ => (name.clone(), problem.clone()),
    };
    problems.iter().map(place).collect()
}

fn form(console: &Console, connection: &Connection, filled: &Filled) -> Result<Form, Failure> {
    let (kind, settings, by_tenant) = (connection.kind, &filled.settings, console.actor.tenant().is_some());
    let (id, lead, fields): (_, _, Vec<Field>) = if CLAIMS.is_here(console) {
        ("claims", say("connections-claims-lead"), fields::claims(&settings.claims))
    } else if LINKING.is_here(console) {
        ("linking", say("connections-linking-lead"), fields::linking(settings, connection.owner.is_some()))
    } else {
        let name = Field::line("name", say("connections-field-name"), &filled.name).hint(say("connections-name-hint")).required();
        let mut all = vec![name];
        all.extend(fields::registration(kind, settings));
        all.extend(fields::further(kind, settings, by_tenant));
        ("settings", say("connections-settings-lead"), all)
    };
    let mut form = Form::new(id, console.request().path(), say("connections-save")).lead(lead).hidden("seen", version(connection)?);
    form.fields = fields;
    Ok(form)
}

fn read(console: &Console, connection: &Connection, sent: &ConsoleForm) -> (Filled, Option<(String, String)>) {
    let read = fields::read(sent, connection.kind, &connection.settings);
    let by_tenant = console.actor.tenant().is_some();
    if SETTINGS.is_here(console) {
        let name = sent.line("name").to_owned();
        return match fields::read_further(sent, connection.kind, by_tenant, read.clone()) {
            Ok(settings) => (Filled { name, settings }, None),
            Err(problem) => (Filled { name, settings: read }, Some(problem)),
        };
    }
    let settings = if LINKING.is_here(console) { fields::read_linking(sent, read) } else { read };
    (Filled { name: connection.name.clone(), settings }, None)
}

/// A page of a connection with one form and problems in it, for tabs that have a form of their own.
pub(super) fn sheet_with(console: &Console, connection: &Connection, form: Form) -> Sheet {
    frame::sheet(console, connection).panel(form)
}
