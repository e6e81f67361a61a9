//! What surrounds every page: the realm's name and branding, the language, the signed-in person.
//!
//! Never holds anything about the page's own subject.

use gantry_core::realm::Branding;
use serde::Serialize;

use crate::page::initials;

/// What surrounds a page.
#[derive(Debug, Clone, Serialize)]
pub struct Chrome {
    /// The platform's name.
    pub realm: String,
    /// One or two letters of it, shown where it has no logo.
    pub initials: String,
    /// Where the platform's name leads: the realm's base.
    pub home: String,
    /// Where [`crate::branding::branding_css`] is served, if the realm has an accent colour.
    pub branding_css: Option<String>,
    /// A sentence of the platform's, for the sign-in pages.
    pub welcome: Option<String>,
    /// Where people find help.
    pub support: Option<Support>,
    /// The page's language as a BCP 47 tag; one of [`crate::Views::locales`].
    pub locale: String,
    /// The token that every form of ours carries as `csrf`.
    pub csrf: String,
    /// Who is signed in.
    pub person: Option<Person>,
    /// The line that confirms what the last form did.
    pub notice: Option<Notice>,
    /// How the page is shown: the app may ask for it (OpenID Connect Core §3.1.2.1).
    pub display: Display,
}

impl Chrome {
    /// The surroundings of a page for somebody who is not signed in.
    pub fn new(realm: &str, home: &str, branding: &Branding, locale: &str) -> Self {
        Self {
            realm: realm.to_owned(),
            initials: initials(realm),
            home: home.to_owned(),
            branding_css: None,
            welcome: branding.welcome.clone(),
            support: branding.support_contact.as_deref().and_then(Support::parse),
            locale: locale.to_owned(),
            csrf: String::new(),
            person: None,
            notice: None,
            display: Display::Page,
        }
    }
}

/// Where people find help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Support {
    /// What is shown: the address, or the host and path.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

impl Support {
    /// Reads an e-mail address or an https URL; anything else is not shown.
    pub fn parse(contact: &str) -> Option<Self> {
        let contact = contact.trim();
        if contact.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return None;
        }
        if let Some(rest) = contact.strip_prefix("https://") {
            return Some(Self { label: rest.trim_end_matches('/').to_owned(), href: contact.to_owned() });
        }
        let (local, domain) = contact.split_once('@')?;
        let plain = |text: &str| !text.is_empty() && !text.contains(['@', ':', '/', '?', '&', '#', '%']);
        (plain(local) && plain(domain)).then(|| Self { label: contact.to_owned(), href: format!("mailto:{contact}") })
    }
}

/// A person as a page shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The display name; the e-mail address where there is none.
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

/// How the page is shown: as the app asked, or as a preview.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Display {
    /// A full page.
    #[default]
    Page,
    /// A small window.
    Popup,
    /// A frame on a page of ours that shows what this one would look like: nothing in it works.
    Frame,
}

/// What the last form did. Each has its text as `notice-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// The profile was saved.
    ProfileSaved,
    /// The password was changed.
    PasswordChanged,
    /// A session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OtherSessionsEnded,
    /// An app's access was removed.
    AppRemoved,
    /// A token was ended.
    TokenRevoked,
    /// The e-mail address was confirmed.
    EmailVerified,
    /// The operator's account was made.
    OperatorCreated,
    /// A mail with a new link was asked for.
    MailRequested,
    /// A mail with a link to set a first password is on its way.
    PasswordMailed,
    /// A way to sign in was linked.
    ConnectionLinked,
    /// A way to sign in was taken away.
    ConnectionUnlinked,
    /// A way to sign in was not taken away: it is the only one.
    ConnectionNeeded,
    /// Two accounts became one.
    AccountsMerged,
    /// Two accounts did not become one: it took too long, or was done.
    MergeOver,
    /// An invitation was accepted.
    InvitationAccepted,
}

impl Notice {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::ProfileSaved,
        Self::PasswordChanged,
        Self::SessionEnded,
        Self::OtherSessionsEnded,
        Self::AppRemoved,
        Self::TokenRevoked,
        Self::EmailVerified,
        Self::OperatorCreated,
        Self::MailRequested,
        Self::PasswordMailed,
        Self::ConnectionLinked,
        Self::ConnectionUnlinked,
        Self::ConnectionNeeded,
        Self::AccountsMerged,
        Self::MergeOver,
        Self::InvitationAccepted,
    ];

    /// The name that travels through the redirect after a POST.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProfileSaved => "profile-saved",
            Self::PasswordChanged => "password-changed",
            Self::SessionEnded => "session-ended",
            Self::OtherSessionsEnded => "other-sessions-ended",
            Self::AppRemoved => "app-removed",
            Self::TokenRevoked => "token-revoked",
            Self::EmailVerified => "email-verified",
            Self::OperatorCreated => "operator-created",
            Self::MailRequested => "mail-requested",
            Self::PasswordMailed => "password-mailed",
            Self::ConnectionLinked => "connection-linked",
            Self::ConnectionUnlinked => "connection-unlinked",
            Self::ConnectionNeeded => "connection-needed",
            Self::AccountsMerged => "accounts-merged",
            Self::MergeOver => "merge-over",
            Self::InvitationAccepted => "invitation-accepted",
        }
    }

    /// The notice with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|notice| notice.name() == name)
    }
}
