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

use super::Subject;
use super::fields::{self, Typed};
use crate::admin::fingerprint;
use crate::console::context::{Answer, Console};
use crate::console::form::{ConsoleForm, wrong};
use crate::console::stale::{self, Theirs};
use crate::paths::console as at;

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
        Err(bad) => return stale::show_wrong(&console, &form, sheet(&console, &subject, &typed, Some(say("clients-wrong")), &bad)?),
    };
    let (now, id) = (console.now()?, subject.client.id);
    match console.transact(async |tx| write(tx, &console, id, &form, &entry, now).await).await {
        Ok(None) => console.done(subject.path(&console, at::CLIENT_SETTINGS), "clients-saved"),
        Ok(Some(theirs)) => {
            let sheet = sheet(&console, &subject, &typed, None, &[])?;
            stale::show(&console, &form, sheet, &theirs, &entry)
        }
        Err(failure) => {
            let refusal = wrong(failure)?;
            let bad = fields::wrong_fields(&console, &refusal, &entry)?;
            stale::show_wrong(&console, &form, sheet(&console, &subject, &typed, Some(say("clients-wrong")), &bad)?)
        }
    }
}

/// Writes what was typed; what stands instead, if somebody else saved meanwhile.
async fn write(
    tx: &RealmTx,
    console: &Console,
    id: ClientId,
    sent: &ConsoleForm,
    typed: &document::Client,
    now: Timestamp,
) -> Result<Option<Theirs>, Failure> {
    let before: Client = clients::find(tx, console.actor, id).await?;
    let catalogue = catalogue::read(tx, console.actor).await?;
    let stands = fields::entry(&before, &catalogue);
    if let Some(theirs) = Theirs::unless_seen(sent, fingerprint(&stands)?, &stands)? {
        return Ok(Some(theirs));
    }
    let (settings, unknown) = entry::client_settings(typed, &catalogue);
    if !unknown.is_empty() {
        return Err(violation::refusal(&unknown).into());
    }
    clients::update(tx, console.actor, id, settings, now).await?;
    Ok(None)
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
