//! Mails that a realm words itself: a subject and plain paragraphs for each kind of mail and each language.
//!
//! Owns which placeholders each kind has, and how they are filled in. Never markup: a text is text wherever it goes,
//! and a value that is filled in is never read for placeholders again.

use std::collections::BTreeMap;

use crate::clock::Timestamp;
use crate::outbox::MailKind;

/// The most paragraphs of a mail.
pub const MOST_PARAGRAPHS: usize = 20;
/// The longest paragraph, in characters.
pub const LONGEST_PARAGRAPH: usize = 1000;
/// The longest subject, in characters.
pub const LONGEST_SUBJECT: usize = 150;

/// A mail as a realm words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailText {
    /// The kind of mail, by its name.
    pub kind: &'static MailForm,
    /// The BCP 47 tag of the language.
    pub locale: String,
    /// The subject, which is the heading too.
    pub subject: String,
    /// What it says. A paragraph that is a link's placeholder alone becomes its button.
    pub paragraphs: Vec<String>,
    /// When it was worded so.
    pub updated_at: Timestamp,
}

/// What a kind of mail can say.
#[derive(Debug, PartialEq, Eq)]
pub struct MailForm {
    /// Its name, see [`MailKind::name`].
    pub name: &'static str,
    /// The links: each has to stand, alone in a paragraph.
    pub links: &'static [&'static str],
    /// Facts that have to be told.
    pub needed: &'static [&'static str],
    /// Facts that may be told.
    pub optional: &'static [&'static str],
}

/// Every kind of mail that a realm can word. Invitations are none: what they say depends on what somebody becomes.
pub const MAIL_FORMS: &[MailForm] = &[
    MailForm { name: "verify_email", links: &["link"], needed: &[], optional: &["platform"] },
    MailForm { name: "already_registered", links: &["sign_in", "reset"], needed: &[], optional: &["platform"] },
    MailForm { name: "reset_password", links: &["link"], needed: &[], optional: &["platform"] },
    MailForm { name: "password_changed", links: &["reset"], needed: &[], optional: &["platform"] },
    MailForm { name: "domain_lost", links: &[], needed: &["domain", "record", "value"], optional: &["platform", "organization"] },
    MailForm { name: "credential_expires", links: &[], needed: &["connection", "date"], optional: &["platform", "days"] },
    MailForm { name: "personal_token_made", links: &["tokens"], needed: &["name"], optional: &["platform"] },
    MailForm { name: "prove_address", links: &["link"], needed: &["provider"], optional: &["platform"] },
    MailForm { name: "sign_in_linked", links: &["account"], needed: &["provider"], optional: &["platform"] },
    MailForm { name: "sign_in_unlinked", links: &["account"], needed: &["provider"], optional: &["platform"] },
];

impl MailForm {
    /// The kind with this name.
    pub fn parse(name: &str) -> Option<&'static Self> {
        MAIL_FORMS.iter().find(|form| form.name == name)
    }

    /// Whether this is a placeholder of the kind.
    fn knows(&self, name: &str) -> bool {
        [self.links, self.needed, self.optional].iter().any(|names| names.contains(&name))
    }

    /// The link that a paragraph is, if it is one.
    pub fn link_of(&self, paragraph: &str) -> Option<&'static str> {
        let name = paragraph.trim().strip_prefix('{')?.strip_suffix('}')?;
        self.links.iter().copied().find(|link| *link == name)
    }
}

/// What is wrong with a text: the field, which entry of it, and the problem, worded to follow the field's name.
pub type Wrong = (&'static str, Option<usize>, String);

/// The stored form of a text, or everything that is wrong with it.
pub fn normalise(form: &MailForm, subject: &str, paragraphs: &[String]) -> Result<(String, Vec<String>), Vec<Wrong>> {
    let mut wrong: Vec<Wrong> = Vec::new();
    let subject = subject.trim().to_owned();
    if !(1..=LONGEST_SUBJECT).contains(&subject.chars().count()) || subject.chars().any(char::is_control) {
        wrong.push(("subject", None, "must be one line of 1 to 150 characters".to_owned()));
    }
    check_text(form, &subject, &mut |problem| wrong.push(("subject", None, problem)));
    if form.links.iter().any(|link| subject.contains(&format!("{{{link}}}"))) {
        wrong.push(("subject", None, "must not have a link".to_owned()));
    }
    let paragraphs: Vec<String> =
        paragraphs.iter().map(|text| text.replace("\r\n", "\n").trim().to_owned()).filter(|text| !text.is_empty()).collect();
    if !(1..=MOST_PARAGRAPHS).contains(&paragraphs.len()) {
        wrong.push(("paragraphs", None, "must be 1 to 20 paragraphs".to_owned()));
    }
    for (index, text) in paragraphs.iter().enumerate() {
        let mut note = |problem: String| wrong.push(("paragraphs", Some(index), problem));
        if text.chars().count() > LONGEST_PARAGRAPH {
            note("must be at most 1000 characters".to_owned());
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            note("must not have control characters".to_owned());
        }
        check_text(form, text, &mut note);
        for link in form.links.iter().filter(|link| text.contains(&format!("{{{link}}}"))) {
            if form.link_of(text).is_none() {
                note(format!("must be `{{{link}}}` alone: it becomes a button"));
            }
        }
    }
    for name in form.links.iter().chain(form.needed) {
        if !paragraphs.iter().any(|text| text.contains(&format!("{{{name}}}"))) {
            wrong.push(("paragraphs", None, format!("must have `{{{name}}}`")));
        }
    }
    if wrong.is_empty() { Ok((subject, paragraphs)) } else { Err(wrong) }
}

fn check_text(form: &MailForm, text: &str, note: &mut impl FnMut(String)) {
    for part in parts(text) {
        match part {
            Part::Name(name) if !form.knows(name) => note(format!("has the unknown placeholder `{{{name}}}`")),
            Part::Brace => note("has a brace that belongs to no placeholder".to_owned()),
            Part::Name(_) | Part::Text(_) => {}
        }
    }
    let markup = text.match_indices('<').any(|(at, _)| {
        text.get(at.saturating_add(1)..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!'))
    });
    if markup {
        note("must be plain text without markup".to_owned());
    }
}

/// What a text is made of.
enum Part<'t> {
    Text(&'t str),
    Name(&'t str),
    /// One that begins or ends nothing.
    Brace,
}

fn parts(mut text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    while let Some((before, rest)) = text.split_once(['{', '}']) {
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        let opened = text.as_bytes().get(before.len()) == Some(&b'{');
        let named = rest.split_once('}').filter(|(name, _)| opened && !name.is_empty() && name.bytes().all(is_name_byte));
        if let Some((name, after)) = named {
            parts.push(Part::Name(name));
            text = after;
        } else {
            parts.push(Part::Brace);
            text = rest;
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    parts
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte == b'_'
}

/// A text with its placeholders filled in, in one pass. What has no value stays as it is.
pub fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let (mut rest, parts) = (text, parts(text));
    for part in parts {
        match part {
            Part::Text(text) => {
                filled.push_str(text);
                rest = rest.get(text.len()..).unwrap_or_default();
            }
            Part::Name(name) => {
                match values.get(name) {
                    Some(value) => filled.push_str(value),
                    None => filled.extend(["{", name, "}"]),
                }
                rest = rest.get(name.len().saturating_add(2)..).unwrap_or_default();
            }
            Part::Brace => {
                let mut chars = rest.chars();
                filled.extend(chars.next());
                rest = chars.as_str();
            }
        }
    }
    filled
}

/// The values of a mail's placeholders.
pub fn values_of(kind: &MailKind, platform: &str) -> BTreeMap<String, String> {
    let written = serde_json::to_value(kind).unwrap_or_default();
    let fields = written.as_object().into_iter().flatten().filter(|(name, _)| *name != "mail");
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut values: BTreeMap<String, String> = fields.map(|(name, value)| (name.clone(), text(value))).collect();
    values.insert("platform".to_owned(), platform.to_owned());
    values
}

/// A mail of this kind that could have been sent: its links lead home, its names are made up.
pub fn sample(form: &MailForm, home: &str) -> MailKind {
    let (link, provider) = (home.to_owned(), "GitHub".to_owned());
    match form.name {
        "already_registered" => MailKind::AlreadyRegistered { sign_in: link.clone(), reset: link },
        "reset_password" => MailKind::ResetPassword { link },
        "password_changed" => MailKind::PasswordChanged { reset: link },
        "domain_lost" => MailKind::DomainLost {
            organization: "Example".to_owned(),
            domain: "corp.example".to_owned(),
            record: "_gantry-challenge.corp.example".to_owned(),
            value: "gantry-domain=example".to_owned(),
        },
        "credential_expires" => {
            MailKind::CredentialExpires { connection: "Example ID".to_owned(), date: "2027-01-31".to_owned(), days: 30 }
        }
        "personal_token_made" => MailKind::PersonalTokenMade { name: "Backup script".to_owned(), tokens: link },
        "prove_address" => MailKind::ProveAddress { provider, link },
        "sign_in_linked" => MailKind::SignInLinked { provider, account: link },
        "sign_in_unlinked" => MailKind::SignInUnlinked { provider, account: link },
        _ => MailKind::VerifyEmail { link },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(kind: &str, subject: &str, paragraphs: &[&str]) -> Vec<String> {
        let paragraphs: Vec<String> = paragraphs.iter().map(|text| (*text).to_owned()).collect();
        let wrong = normalise(MailForm::parse(kind).unwrap(), subject, &paragraphs).err().unwrap_or_default();
        wrong.into_iter().map(|(field, index, problem)| format!("{field}{index:?} {problem}")).collect()
    }

    #[test]
    fn the_link_stays_and_stands_alone() {
        assert!(problems("verify_email", "Hello from {platform}", &["Welcome!", "{link}"]).is_empty());
        for (paragraphs, expected) in [
            (&["Welcome!"][..], "must have `{link}`"),
            (&["Go to {link} now"], "alone"),
            (&["{link}", "{secret}"], "unknown placeholder `{secret}`"),
            (&["{link}", "a } b"], "brace"),
            (&["{link}", "{ platform }"], "brace"),
            (&["{link}", "<b>now</b>"], "markup"),
            (&["{link}", "</p>"], "markup"),
            (&["{link}", "a\u{7}"], "control"),
            (&[], "1 to 20"),
        ] {
            let found = problems("verify_email", "Hello", paragraphs);
            assert!(found.iter().any(|problem| problem.contains(expected)), "{paragraphs:?}: {found:?}");
        }
        assert!(problems("verify_email", "a\r\nBcc: eve@example.com", &["{link}"])[0].contains("one line"));
        assert!(problems("verify_email", "Go to {link}", &["{link}"])[0].contains("must not have a link"));
        assert!(problems("verify_email", "1 < 2", &["{link}"]).is_empty());
    }

    #[test]
    fn a_value_is_never_read_for_placeholders() {
        let values: BTreeMap<String, String> =
            [("platform", "{link}"), ("link", "https://id.example/x")].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(fill("At {platform}: {link}.", &values), "At {link}: https://id.example/x.");
        assert_eq!(fill("{} {nothing} }{ {link", &values), "{} {nothing} }{ {link");
    }

    #[test]
    fn every_kind_of_mail_has_its_placeholders() {
        let kinds = [
            MailKind::VerifyEmail { link: String::new() },
            MailKind::AlreadyRegistered { sign_in: String::new(), reset: String::new() },
            MailKind::ResetPassword { link: String::new() },
            MailKind::PasswordChanged { reset: String::new() },
            MailKind::DomainLost { organization: String::new(), domain: String::new(), record: String::new(), value: String::new() },
            MailKind::CredentialExpires { connection: String::new(), date: String::new(), days: 7 },
            MailKind::PersonalTokenMade { name: String::new(), tokens: String::new() },
            MailKind::ProveAddress { provider: String::new(), link: String::new() },
            MailKind::SignInLinked { provider: String::new(), account: String::new() },
            MailKind::SignInUnlinked { provider: String::new(), account: String::new() },
        ];
        assert_eq!(kinds.len(), MAIL_FORMS.len());
        for kind in kinds {
            let form = MailForm::parse(kind.name()).unwrap();
            let values = values_of(&kind, "Acme");
            assert!(values.keys().all(|name| form.knows(name)), "{}: {values:?}", form.name);
            let names = form.links.len() + form.needed.len() + form.optional.len();
            assert_eq!(names, values.len(), "{}", form.name);
            assert_eq!(sample(form, "https://id.example").name(), form.name);
        }
    }
}
