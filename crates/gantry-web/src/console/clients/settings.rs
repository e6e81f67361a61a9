//! The settings of a client: all of its record in one form.

use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::ClientId;
use gantry_oauth::catalogue;
use gantry_oauth::clients;
use gantry_oauth::violation;
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use gantry_views::console::{Form, Sheet, Text, say};

use super::fields::{self, Typed};
use super::{Subject, code};
use crate::admin::fingerprint;
use crate::console::context::{Answer, Console};
use crate::console::form::{ConsoleForm, wrong};
use crate::paths::console as at;

/// What came of saving.
enum Saved {
    Done,
    /// Somebody else saved meanwhile: this is what stands now.
    Stale(Box<document::Client>),
}

pub(super) async fn show(console: Console) -> Answer {
    let subject = Subject::of(&console).await?;
    let typed = Typed::of(fields::entry(&subject.client, &subject.catalogue));
    let sheet = sheet(&console, &subject, &typed, None, &[])?;
    console.show(sheet)
}

pub(super) async fn save(console: Console, form: ConsoleForm) -> Answer {
    let subject = Subject::of(&console).await?;
    let typed = Typed::read(&form, fields::entry(&subject.client, &subject.catalogue));
    let entry = match typed.settle(&console)? {
        Ok(entry) => entry,
        Err(bad) => return console.show_wrong(sheet(&console, &subject, &typed, Some(say("clients-wrong")), &bad)?),
    };
    let (now, id, seen) = (console.now()?, subject.client.id, form.line("seen").to_owned());
    match console.transact(async |tx| write(tx, &console, id, &seen, &entry, now).await).await {
        Ok(Saved::Done) => console.done(subject.path(&console, at::CLIENT_SETTINGS), "clients-saved"),
        Ok(Saved::Stale(theirs)) => {
            let mut sheet = sheet(&console, &subject, &typed, Some(say("clients-stale")), &[])?;
            sheet.panels.extend(code::both("clients", &theirs, &entry)?);
            console.show_wrong(sheet)
        }
        Err(failure) => {
            let refusal = wrong(failure)?;
            let bad = fields::wrong_fields(&console, &refusal, &entry)?;
            console.show_wrong(sheet(&console, &subject, &typed, Some(say("clients-wrong")), &bad)?)
        }
    }
}

/// Writes what was typed, if the record is still the one that the form was filled from.
async fn write(
    tx: &RealmTx,
    console: &Console,
    id: ClientId,
    seen: &str,
    typed: &document::Client,
    now: Timestamp,
) -> Result<Saved, Failure> {
    let before: Client = clients::find(tx, console.actor, id).await?;
    let catalogue = catalogue::read(tx, console.actor).await?;
    let theirs = fields::entry(&before, &catalogue);
    if fingerprint(&theirs)? != seen {
        return Ok(Saved::Stale(Box::new(theirs)));
    }
    let (settings, unknown) = entry::client_settings(typed, &catalogue);
    if !unknown.is_empty() {
        return Err(violation::refusal(&unknown).into());
    }
    clients::update(tx, console.actor, id, settings, now).await?;
    Ok(Saved::Done)
}

fn sheet(console: &Console, subject: &Subject, typed: &Typed, whole: Option<Text>, bad: &[(String, String)]) -> Result<Sheet, Failure> {
    let stands = fields::entry(&subject.client, &subject.catalogue);
    let mut form = Form::new("settings", subject.path(console, at::CLIENT_SETTINGS), say("clients-save"));
    form = form.hidden("seen", fingerprint(&stands)?).lead(say("clients-settings-lead"));
    form.fields = typed.fields(console, &subject.catalogue);
    let mut sheet = subject.sheet(console, at::CLIENT_SETTINGS).panel(form.with_problems(whole, bad));
    sheet.as_code = subject.as_code(console)?;
    Ok(sheet)
}
