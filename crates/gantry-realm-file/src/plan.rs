//! What applying a file would change: a typed list, and the same in words.
//!
//! Owns the comparison of two documents: what is there and what is wanted, both in the one form, so
//! that an export differs from nothing. Never shows a secret: of one it names the last four characters.

mod compare;

use std::fmt;

use gantry_core::id::{AppKeyId, ClientSecretId, DomainId};
use gantry_core::secret::Secret;
use gantry_identity::connections::GivenSecrets;
use gantry_identity::members::MemberSettings;
use gantry_identity::password::HashedPassword;

use crate::document;

pub(crate) use compare::{Ready, between};

/// What happens to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// It is removed.
    Remove,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the section of the same name")]
pub enum Kind {
    Realm,
    Connection,
    Resource,
    Scope,
    Publisher,
    User,
    Tenant,
    Attachment,
    Client,
    Installation,
    Mail,
}

/// One difference.
#[derive(Debug)]
pub struct Change {
    /// What happens.
    pub act: Act,
    /// To what kind of entry.
    pub kind: Kind,
    /// The entry's name: slug, audience, address, `org_id` or `client_id`; both of an installation or attachment; kind and
    /// language of a mail.
    pub name: String,
    /// The fields that differ, for an update.
    pub fields: Vec<FieldChange>,
    pub(crate) item: Item,
}

/// One field that differs, both sides as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The dotted name.
    pub field: String,
    /// What is there; none: nothing.
    pub from: Option<String>,
    /// What is wanted; none: nothing.
    pub to: Option<String>,
}

/// What carries a change out.
#[derive(Debug)]
pub(crate) enum Item {
    Realm(Box<document::Realm>),
    Connection {
        connection: Box<document::Connection>,
        secrets: GivenSecrets,
    },
    Resource(document::Resource),
    Scope {
        resource: Option<String>,
        scope: document::Scope,
    },
    Publisher(document::Publisher),
    User {
        user: Box<document::User>,
        password: Option<HashedPassword>,
    },
    Tenant {
        tenant: Box<document::Tenant>,
        members: Vec<MemberChange>,
        domains: Vec<DomainChange>,
    },
    Attachment {
        org_id: String,
        attachment: document::Attachment,
    },
    Detached {
        org_id: String,
        connection: String,
    },
    Client {
        client: Box<document::Client>,
        bring: Vec<Secret>,
        make: bool,
        end: Vec<ClientSecretId>,
        app_keys: Vec<AppKeyChange>,
    },
    Installation(document::Installation),
    Mail(document::MailText),
    /// The name says it all.
    Gone,
}

/// What happens to one of a client's App Keys.
#[derive(Debug, Clone)]
pub(crate) enum AppKeyChange {
    /// It is taken over, or made if the file does not bring it.
    Add(document::AppKey, Option<Secret>),
    /// It stays and may do something else.
    Change(AppKeyId, document::AppKey),
    /// It ends.
    Revoke(AppKeyId),
}

/// A person who joins a tenant, changes place in it, or (without one) leaves it.
#[derive(Debug, Clone)]
pub(crate) struct MemberChange {
    pub(crate) email: String,
    pub(crate) place: Option<MemberSettings>,
}

/// What happens to one of a tenant's domains.
#[derive(Debug, Clone)]
pub(crate) enum DomainChange {
    /// It is claimed; the server looks for its proof.
    Claim(String),
    /// Whoever applies the file vouches for it.
    Vouch(String),
    /// It is the tenant's no more.
    Remove(DomainId),
}

/// All differences, in the order in which they are carried out.
#[derive(Debug)]
pub struct Plan {
    /// The realm.
    pub realm: String,
    /// The differences.
    pub changes: Vec<Change>,
}

impl Plan {
    /// Whether applying would do nothing.
    pub const fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn count(&self, act: Act) -> usize {
        self.changes.iter().filter(|change| change.act == act).count()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return write!(f, "Realm {}: nothing to change.", self.realm);
        }
        writeln!(f, "Realm {}:", self.realm)?;
        for change in &self.changes {
            writeln!(f, "  {change}")?;
            for field in &change.fields {
                writeln!(f, "      {field}")?;
            }
        }
        let (create, update, remove) = (self.count(Act::Create), self.count(Act::Update), self.count(Act::Remove));
        write!(f, "{create} to add, {update} to change, {remove} to remove.")
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.act {
            Act::Create => '+',
            Act::Update => '~',
            Act::Remove => '-',
        };
        write!(f, "{sign} {} {}", self.kind, self.name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Realm => "realm",
            Self::Connection => "connection",
            Self::Resource => "resource",
            Self::Scope => "scope",
            Self::Publisher => "publisher",
            Self::User => "user",
            Self::Tenant => "tenant",
            Self::Attachment => "attachment",
            Self::Client => "client",
            Self::Installation => "installation",
            Self::Mail => "mail",
        })
    }
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, "{}: {from} -> {to}", self.field),
            (None, Some(to)) => write!(f, "{}: + {to}", self.field),
            (Some(from), None) => write!(f, "{}: - {from}", self.field),
            (None, None) => f.write_str(&self.field),
        }
    }
}
