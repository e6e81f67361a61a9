//! What admins do about mail: they look at what waits, have it tried again or given up, and word the mails themselves.
//!
//! Never shows what a mail says nor a link in it: either would let an admin in as somebody else. Never sends; a job
//! does.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, FieldProblem, Refusal};
use gantry_core::id::{OutboxId, RealmId};
use gantry_core::mail_text::{self, MailForm, MailText};
use gantry_core::outbox::{Mail, OutboxEntry, OutboxState};
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};
use gantry_core::user::User;
use gantry_store::rate_limit::Quota;
use gantry_store::{RealmTx, Store};
use serde_json::json;

use crate::permission::{self, Action};

/// The longest tag of a language.
const LONGEST_LOCALE: usize = 35;

/// Messages that wait or were given up, newest first. Facets: `is:waiting`, `is:failing`, `is:given_up`.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<OutboxEntry>, Failure> {
    permission::check(actor, Action::ReadMail, tx.realm_id())?;
    let state = match find.facets.first().map(|facet| facet.strip_prefix("is:").and_then(OutboxState::parse)) {
        None => None,
        Some(Some(state)) => Some(state),
        Some(None) => return Ok(Page::empty()),
    };
    let before = match find.after.as_ref().map(|cursor| cursor.place().parse::<OutboxId>()) {
        None => None,
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => return Ok(Page::empty()),
    };
    let limit = find.limit.clamp(1, MAX_LIMIT);
    let mut items = tx.outbox().list(state, before, u64::from(limit).saturating_add(1)).await?;
    let more = u32::try_from(items.len()).is_ok_and(|count| count > limit);
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = items.last().filter(|_| more).map(|last| Cursor::at(last.id.to_string()));
    Ok(Page { items, next })
}

/// Has a message tried at once, as if for the first time.
pub async fn retry(tx: &RealmTx, actor: Actor, id: OutboxId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageMail, tx.realm_id())?;
    let entry = tx.outbox().find(id).await?.ok_or_else(no_mail)?;
    if !tx.outbox().retry(id, now).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "The mail is being tried just now").into());
    }
    note(tx, actor, &entry, ("retry", OutboxState::Waiting), now).await
}

/// Ends the trying of a message.
pub async fn give_up(tx: &RealmTx, actor: Actor, id: OutboxId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageMail, tx.realm_id())?;
    let entry = tx.outbox().find(id).await?.ok_or_else(no_mail)?;
    if !tx.outbox().give_up(id).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "The mail was given up already").into());
    }
    note(tx, actor, &entry, ("give_up", OutboxState::GivenUp), now).await
}

/// Samples that one person may have sent to themself.
const SAMPLES: Quota = Quota { burst: 10, period: Duration::from_hours(1) };

/// Counts a sample before it is sent: whoever may word mails is no way to fill a mailbox or a mail server's queue.
pub async fn check_samples(store: &Store, actor: Actor, realm: RealmId, person: &User) -> Result<(), Failure> {
    permission::check(actor, Action::ManageMail, realm)?;
    let within = store.limiter().check(&format!("mail-sample:{}:{}", person.realm_id, person.id), SAMPLES).await;
    within.or(Err(Refusal::new(ErrorCode::TooManyRequests, "Too many samples were sent; try again in an hour").into()))
}

/// Sends a sample of a mail to whoever asks for it, and to nobody else. Its links lead home.
pub async fn send_sample(
    tx: &RealmTx,
    actor: Actor,
    person: &User,
    (form, locale): (&'static MailForm, &str),
    home: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    permission::check(actor, Action::ManageMail, tx.realm_id())?;
    if actor.user() != Some(person.id) {
        return Err(Refusal::new(ErrorCode::Forbidden, "A sample goes to whoever asks for it").into());
    }
    let kind = mail_text::sample(form, home);
    let mail = Mail { to: person.email.clone(), locale: checked_locale(locale)?, kind };
    tx.outbox().insert(&mail, now).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Created).by(actor).target(&"mail_sample");
    Ok(tx.audit().insert(&line.detail(json!({ "mail": form.name, "locale": locale }))).await?)
}

/// The mails that the realm words itself.
pub async fn texts(tx: &RealmTx, actor: Actor) -> Result<Vec<MailText>, Failure> {
    permission::check(actor, Action::ReadMail, tx.realm_id())?;
    Ok(tx.mail_texts().list().await?)
}

/// How the realm words a mail in a language, if it does.
pub async fn text(tx: &RealmTx, actor: Actor, form: &MailForm, locale: &str) -> Result<Option<MailText>, Failure> {
    permission::check(actor, Action::ReadMail, tx.realm_id())?;
    Ok(tx.mail_texts().find(form, locale).await?)
}

/// Words a mail in a language.
pub async fn put_text(
    tx: &RealmTx,
    actor: Actor,
    (form, locale): (&'static MailForm, &str),
    subject: &str,
    paragraphs: &[String],
    now: Timestamp,
) -> Result<MailText, Failure> {
    permission::check(actor, Action::ManageMail, tx.realm_id())?;
    let locale = checked_locale(locale)?;
    let (subject, paragraphs) = checked(form, subject, paragraphs)?;
    let before = tx.mail_texts().find(form, &locale).await?;
    let text = MailText { kind: form, locale, subject, paragraphs, updated_at: now };
    tx.mail_texts().put(&text).await?;
    note_text(tx, actor, before.as_ref(), Some(&text), now).await?;
    Ok(text)
}

/// Gives a mail its own words back.
pub async fn reset_text(tx: &RealmTx, actor: Actor, form: &'static MailForm, locale: &str, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageMail, tx.realm_id())?;
    let Some(before) = tx.mail_texts().find(form, locale).await? else { return Ok(()) };
    tx.mail_texts().remove(form, locale).await?;
    note_text(tx, actor, Some(&before), None, now).await
}

/// The stored form of a mail's words, or everything that is wrong with them.
pub fn checked(form: &MailForm, subject: &str, paragraphs: &[String]) -> Result<(String, Vec<String>), Refusal> {
    mail_text::normalise(form, subject, paragraphs).map_err(|wrong| {
        let mut refusal = Refusal::new(ErrorCode::InvalidRequest, "The mail cannot be worded so");
        refusal.fields =
            wrong.into_iter().map(|(field, index, problem)| FieldProblem { field: field.to_owned(), index, problem }).collect();
        refusal
    })
}

/// The tag of a language, if it is one.
pub fn checked_locale(locale: &str) -> Result<String, Refusal> {
    let is_tag = (2..=LONGEST_LOCALE).contains(&locale.len())
        && locale.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    let wrong =
        || Refusal::new(ErrorCode::InvalidRequest, "The language must be a tag such as `de`").field("locale", "must be a tag such as `de`");
    if is_tag { Ok(locale.to_owned()) } else { Err(wrong()) }
}

fn no_mail() -> Failure {
    Refusal::new(ErrorCode::NotFound, "There is no such mail").into()
}

async fn note(tx: &RealmTx, actor: Actor, entry: &OutboxEntry, (what, state): (&str, OutboxState), now: Timestamp) -> Result<(), Failure> {
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&entry.id);
    let kind = entry.mail.as_ref().map(|(_, _, kind)| *kind);
    let detail = json!({
        "mail": kind,
        "done": what,
        "before": { "state": entry.state, "attempts": entry.attempts },
        "after": { "state": state, "attempts": if state == OutboxState::Waiting { 0 } else { entry.attempts } },
    });
    Ok(tx.audit().insert(&line.detail(detail)).await?)
}

async fn note_text(tx: &RealmTx, actor: Actor, before: Option<&MailText>, after: Option<&MailText>, now: Timestamp) -> Result<(), Failure> {
    let Some(text) = after.or(before) else { return Ok(()) };
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&"mail_text");
    let line = line.detail(json!({ "mail": text.kind.name, "locale": text.locale })).changes(&before, &after);
    Ok(tx.audit().insert(&line).await?)
}
