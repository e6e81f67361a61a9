//! Mails: what surrounds them, and what comes out.
//!
//! The mails themselves are [`gantry_core::outbox::MailKind`]; their templates lie in
//! `templates/mail/<name>/`.

use gantry_core::realm::Branding;
use serde::Serialize;

use crate::chrome::Support;

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
