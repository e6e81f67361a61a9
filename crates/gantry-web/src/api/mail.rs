//! Mail that waits to leave, and the words of mails. No answer holds what a mail says to somebody, nor a link in it.

use gantry_core::admin_scope::AdminScope::{MailRead, MailWrite};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::mail_text::{MailForm, MailText};
use gantry_core::outbox::{OutboxEntry, OutboxState};
use gantry_identity::mail;
use gantry_realm_file::document;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;

const ALL: &str = "/realms/{realm}/mail";
const GIVE_UP: &str = "/realms/{realm}/mail/{mail}/give-up";
const RETRY: &str = "/realms/{realm}/mail/{mail}/retry";
const TEXTS: &str = "/realms/{realm}/mail-texts";
const RESET: &str = "/realms/{realm}/mail-texts/reset";

/// A mail that has not left.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WaitingMail")]
struct Known {
    /// Its id.
    id: String,
    /// When it was written.
    created_at: String,
    /// What kind of mail it is; null if the key that opens it is gone, as are the next two.
    mail: Option<String>,
    /// To whom.
    to: Option<String>,
    /// The language, as a BCP 47 tag.
    locale: Option<String>,
    /// How it stands.
    state: OutboxState,
    /// How often delivery was tried.
    attempts: u32,
    /// When it is tried next; null if nobody tries any more.
    due_at: Option<String>,
    /// What went wrong last.
    last_error: Option<String>,
}

/// How a realm words a mail in a language.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoredMailText")]
struct Worded {
    /// The kind of mail.
    mail: String,
    /// The language, as a BCP 47 tag.
    locale: String,
    /// The subject, which is the heading too.
    subject: String,
    /// What it says.
    paragraphs: Vec<String>,
    /// When it was worded so.
    updated_at: String,
}

/// Which mail in which language.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MailTextName")]
struct Named {
    /// The kind of mail, such as `reset_password`.
    mail: String,
    /// The language, as a BCP 47 tag.
    locale: String,
}

pub(super) fn operations() -> Vec<Operation> {
    let mut all = outbox_operations();
    all.extend(text_operations());
    all
}

fn outbox_operations() -> Vec<Operation> {
    vec![
        Operation::get(ALL, "listMail", MailRead)
            .says("List mail that has not left", "Newest first, without what it says.")
            .paged()
            .narrowed_by("is", "`waiting`, `failing` or `given_up`.")
            .asks("is=waiting&limit=1")
            .answers::<Listed<Known>>()
            .captures_as(&[("mail", "/items/0/id")])
            .does(|call| Box::pin(list(call))),
        Operation::act(GIVE_UP, "giveUpMail", MailWrite)
            .says("Stop trying a mail", "It stays in the list for a while, and can be tried again.")
            .can(&[ErrorCode::Conflict])
            .answers_with(204)
            .does(|call| Box::pin(give_up(call))),
        Operation::act(RETRY, "retryMail", MailWrite)
            .says("Try a mail again", "At once, as if for the first time. One that may be on its way just now is left alone.")
            .can(&[ErrorCode::Conflict])
            .answers_with(204)
            .does(|call| Box::pin(retry(call))),
    ]
}

fn text_operations() -> Vec<Operation> {
    vec![
        Operation::act(TEXTS, "setMailText", MailWrite)
            .says("Word a mail in a language", "In place of what the realm said before. Wrong placeholders are told by paragraph.")
            .takes::<document::MailText>(json!({
                "mail": "reset_password",
                "locale": "en",
                "subject": "A new password for {platform}",
                "paragraphs": ["Somebody asked for a new password. If it was you, go on here.", "{link}"],
            }))
            .answers::<Worded>()
            .does(|call| Box::pin(set_text(call))),
        Operation::get(TEXTS, "listMailTexts", MailRead)
            .says("List the mails that the realm words itself", "All others say what Gantry has for them.")
            .answers::<Listed<Worded>>()
            .does(|call| Box::pin(texts(call))),
        Operation::act(RESET, "resetMailText", MailWrite)
            .says("Give a mail its own words back", "")
            .takes::<Named>(json!({ "mail": "reset_password", "locale": "en" }))
            .answers_with(204)
            .does(|call| Box::pin(reset_text(call))),
    ]
}

fn write(entry: OutboxEntry) -> Known {
    let OutboxEntry { id, mail, state, attempts, due_at, created_at, last_error } = entry;
    let (to, locale, kind) = match mail {
        Some((to, locale, kind)) => (Some(to.as_str().to_owned()), Some(locale), Some(kind.to_owned())),
        None => (None, None, None),
    };
    Known {
        id: id.to_string(),
        created_at: created_at.to_rfc3339(),
        mail: kind,
        to,
        locale,
        state,
        attempts,
        due_at: due_at.map(Timestamp::to_rfc3339),
        last_error,
    }
}

fn write_text(text: MailText) -> Worded {
    let MailText { kind, locale, subject, paragraphs, updated_at } = text;
    Worded { mail: kind.name.to_owned(), locale, subject, paragraphs, updated_at: updated_at.to_rfc3339() }
}

fn form(name: &str) -> Result<&'static MailForm, Failure> {
    let unknown =
        || Refusal::new(ErrorCode::InvalidRequest, "The body does not fit this operation").field("mail", "is no mail that can be worded");
    Ok(MailForm::parse(name).ok_or_else(unknown)?)
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let page = mail::list(&call.read()?, call.actor, &call.find(&["is"])?).await?;
    Ok(Reply::of(&Listed::of(page, write))?)
}

async fn give_up(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("mail")?;
    call.transact(async |tx| {
        mail::give_up(tx, call.actor, id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}

async fn retry(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("mail")?;
    call.transact(async |tx| {
        mail::retry(tx, call.actor, id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}

async fn set_text(call: &Call) -> Result<Reply, Failure> {
    let document::MailText { mail: name, locale, subject, paragraphs } = call.body()?;
    let form = form(&name)?;
    call.transact(async |tx| {
        let text = mail::put_text(tx, call.actor, (form, &locale), &subject, &paragraphs, call.now).await?;
        Ok(Reply::of(&write_text(text))?)
    })
    .await
}

async fn texts(call: &Call) -> Result<Reply, Failure> {
    let texts = mail::texts(&call.read()?, call.actor).await?;
    Ok(Reply::of(&Listed::whole(texts.into_iter().map(write_text).collect()))?)
}

async fn reset_text(call: &Call) -> Result<Reply, Failure> {
    let Named { mail: name, locale } = call.body()?;
    let form = form(&name)?;
    call.transact(async |tx| {
        mail::reset_text(tx, call.actor, form, &locale, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
