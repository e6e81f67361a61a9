//! A mail as it would leave, with made-up facts: its plain part, and its other one as a page for a frame.

use actix_web::http::StatusCode;
use gantry_core::failure::{Failure, Fault};
use gantry_core::mail_text::{self, MAIL_FORMS, MailForm, MailText};
use gantry_core::outbox::Mail;
use gantry_identity::mail;
use gantry_views::Views;
use gantry_views::console::{Code, Preview, say};
use gantry_views::mail::{MailChrome, RenderedMail};

use super::super::context::{Answer, Console};
use super::{named, paragraphs_of};
use crate::paths::console as at;
use crate::respond::{data, html_response};

/// A subject and paragraphs.
pub(super) type Words = (String, Vec<String>);

/// How the realm words a mail now: in its own words, or in Gantry's; and whether they are its own.
pub(super) async fn words_now(console: &Console, form: &'static MailForm, locale: &str) -> Result<(Words, bool), Failure> {
    Ok(match mail::text(&console.read()?, console.actor, form, locale).await? {
        Some(own) => ((own.subject, own.paragraphs), true),
        None => (data::<Views>(console.request())?.mail_words(form, locale)?, false),
    })
}

/// The plain part.
pub(super) fn plain(console: &Console, form: &'static MailForm, locale: &str, words: Words) -> Result<Code, Fault> {
    let rendered = render(console, form, locale, words)?;
    let text = format!("{}\n\n{}", rendered.subject, rendered.text);
    Ok(Code { id: "preview", title: Some(say("mail-preview-plain")), lead: Some(say("mail-preview-lead")), text })
}

/// The other part, in a frame that follows what is typed.
pub(super) fn frame(console: &Console, form: &'static MailForm, locale: &str) -> Preview {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("kind", form.name).append_pair("locale", locale).finish();
    let src = format!("{}?{query}", console.path(at::MAIL_PREVIEW, &[]));
    Preview { id: "mail-preview", title: say("mail-preview"), src, follows: Some("words") }
}

/// The page in that frame. What is typed is shown once it holds; until then, what stands.
pub(super) async fn show(console: Console) -> Answer {
    let query = console.query()?;
    let first = MAIL_FORMS.first().filter(|_| query.get("kind").is_none());
    let (form, locale) = match first {
        Some(first) => (first, "en".to_owned()),
        None => named(&console, &query)?,
    };
    let (now, _) = words_now(&console, form, &locale).await?;
    let typed = query.get("subject").zip(query.get("paragraphs"));
    let typed = typed.and_then(|(subject, text)| mail::checked(form, subject, &paragraphs_of(text)).ok());
    let rendered = render(&console, form, &locale, typed.unwrap_or(now))?;
    Ok(html_response(StatusCode::OK, rendered.html))
}

fn render(console: &Console, form: &'static MailForm, locale: &str, (subject, paragraphs): Words) -> Result<RenderedMail, Fault> {
    let (realm, home) = (&console.realm.realm, console.address.base());
    let chrome = MailChrome::new(&realm.name, &home, &realm.settings.branding);
    let mail = Mail { to: console.person().email.clone(), locale: locale.to_owned(), kind: mail_text::sample(form, &home) };
    let words = MailText { kind: form, locale: locale.to_owned(), subject, paragraphs, updated_at: console.now()? };
    data::<Views>(console.request())?.render_mail(&chrome, &mail, Some(&words))
}
