//! Mails: what surrounds them, and what comes out.
//!
//! The mails themselves are [`gantry_core::outbox::MailKind`]; their templates lie in
//! `templates/mail/<name>/`.

use std::collections::BTreeMap;

use fluent_bundle::FluentArgs;
use gantry_core::failure::Fault;
use gantry_core::mail_text::{MailForm, MailText, fill, values_of};
use gantry_core::outbox::MailKind;
use gantry_core::realm::Branding;
use serde::Serialize;

use crate::chrome::Support;
use crate::texts::Texts;

/// What surrounds a mail.
#[derive(Debug, Clone, Serialize)]
pub struct MailChrome {
    /// The platform's name.
    pub realm: String,
    /// The platform's base, as an absolute URL.
    pub home: String,
    /// Where people find help.
    pub support: Option<Support>,
    /// The accent colour, `#rrggbb`.
    pub accent: String,
    /// What can be read on it.
    pub on_accent: String,
}

impl MailChrome {
    /// The surroundings of a realm's mails.
    pub fn new(realm: &str, home: &str, branding: &Branding) -> Self {
        let (accent, on_accent) = crate::branding::mail_colours(branding);
        let support = branding.support_contact.as_deref().and_then(Support::parse);
        Self { realm: realm.to_owned(), home: home.to_owned(), support, accent, on_accent }
    }
}

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line.
    pub subject: String,
    /// The plain part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// What a mail says where the realm does not word it: the beginning of its texts' keys, and its paragraphs.
struct Shape {
    name: &'static str,
    prefix: &'static str,
    parts: &'static [Part],
}

enum Part {
    /// A text, by the end of its key.
    Key(&'static str),
    /// A link, and the key of what its button says.
    Link(&'static str, &'static str),
    /// As it is.
    Fixed(&'static str),
}

const SHAPES: &[Shape] = &[
    Shape { name: "verify_email", prefix: "verify", parts: &[Part::Key("text"), Part::Link("link", "mail-verify-action")] },
    Shape {
        name: "already_registered",
        prefix: "registered",
        parts: &[
            Part::Key("text"),
            Part::Link("sign_in", "mail-registered-action"),
            Part::Key("forgot"),
            Part::Link("reset", "mail-reset-action"),
        ],
    },
    Shape { name: "reset_password", prefix: "reset", parts: &[Part::Key("text"), Part::Link("link", "mail-reset-action")] },
    Shape { name: "password_changed", prefix: "changed", parts: &[Part::Key("text"), Part::Link("reset", "mail-changed-action")] },
    Shape { name: "domain_lost", prefix: "domain", parts: &[Part::Key("text"), Part::Key("record"), Part::Fixed("{record}\n{value}")] },
    Shape { name: "credential_expires", prefix: "credential", parts: &[Part::Key("text"), Part::Key("how")] },
    Shape { name: "personal_token_made", prefix: "token", parts: &[Part::Key("text"), Part::Link("tokens", "mail-token-action")] },
    Shape { name: "prove_address", prefix: "prove", parts: &[Part::Key("text"), Part::Link("link", "mail-prove-action")] },
    Shape { name: "sign_in_linked", prefix: "linked", parts: &[Part::Key("text"), Part::Link("account", "mail-linked-action")] },
    Shape { name: "sign_in_unlinked", prefix: "unlinked", parts: &[Part::Key("text"), Part::Link("account", "mail-unlinked-action")] },
];

fn shape_of(form: &MailForm) -> Result<&'static Shape, Fault> {
    let shape = SHAPES.iter().find(|shape| shape.name == form.name);
    shape.ok_or_else(|| Fault::new(format!("the mail `{}` has no shape", form.name)))
}

/// How a mail is worded where the realm does not: its subject and paragraphs, placeholders in place.
pub(crate) fn default_words(texts: &Texts, form: &MailForm) -> Result<(String, Vec<String>), Fault> {
    let shape = shape_of(form)?;
    let mut arguments = FluentArgs::new();
    for name in form.links.iter().chain(form.needed).chain(form.optional) {
        arguments.set(*name, format!("{{{name}}}"));
    }
    let text = |end: &str| texts.text(&format!("mail-{}-{end}", shape.prefix), &arguments);
    let part = |part: &Part| match part {
        Part::Key(end) => text(end),
        Part::Link(name, _) => Ok(format!("{{{name}}}")),
        Part::Fixed(fixed) => Ok((*fixed).to_owned()),
    };
    Ok((text("subject")?, shape.parts.iter().map(part).collect::<Result<_, _>>()?))
}

/// A mail as its realm words it, filled in.
#[derive(Debug, Serialize)]
pub(crate) struct Worded {
    subject: String,
    parts: Vec<WordedPart>,
    /// Why it comes, in our words: what a mail is for is not the realm's to hide.
    reason: String,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum WordedPart {
    Link { href: String, label: String },
    Text { text: String },
}

impl Worded {
    /// Fills a text in with what one mail tells.
    pub(crate) fn of(texts: &Texts, platform: &str, kind: &MailKind, text: &MailText) -> Result<Self, Fault> {
        let shape = shape_of(text.kind)?;
        let values: BTreeMap<String, String> = values_of(kind, platform);
        let mut arguments = FluentArgs::new();
        for (name, value) in &values {
            arguments.set(name.clone(), value.clone());
        }
        let label = |link: &str| {
            let key = shape.parts.iter().find_map(|part| match part {
                Part::Link(name, key) if *name == link => Some(*key),
                Part::Link(..) | Part::Key(_) | Part::Fixed(_) => None,
            });
            texts.text(key.unwrap_or("mail-link-hint"), &arguments)
        };
        let part = |paragraph: &String| match text.kind.link_of(paragraph) {
            Some(link) => Ok(WordedPart::Link { href: values.get(link).cloned().unwrap_or_default(), label: label(link)? }),
            None => Ok(WordedPart::Text { text: fill(paragraph, &values) }),
        };
        Ok(Self {
            subject: fill(&text.subject, &values),
            parts: text.paragraphs.iter().map(part).collect::<Result<_, Fault>>()?,
            reason: texts.text(&format!("mail-{}-reason", shape.prefix), &arguments)?,
        })
    }
}
