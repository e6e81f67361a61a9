//! The outbox: what has to leave Gantry, written in the transaction that decided it.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::email_address::EmailAddress;
use crate::id::{OutboxId, RealmId};
use crate::invitation::InvitedRole;

/// A message waiting to leave.
#[derive(Debug, Clone)]
pub struct OutboxMessage {
    /// The key.
    pub id: OutboxId,
    /// Its realm.
    pub realm_id: RealmId,
    /// What it is. Holds single-use links, so it is sealed at rest.
    pub mail: Mail,
    /// How often delivery was tried.
    pub attempts: u32,
    /// When it may be tried next.
    pub due_at: Timestamp,
    /// When it was written.
    pub created_at: Timestamp,
    /// What went wrong last.
    pub last_error: Option<String>,
}

crate::closed_set::closed_set! {
    /// How a message in the outbox stands.
    OutboxState {
        /// It was not tried yet.
        Waiting = "waiting",
        /// It did not leave, and will be tried again.
        Failing = "failing",
        /// Nobody tries any more.
        GivenUp = "given_up",
    }
}

/// A message in the outbox as admins see it: never what it says, nor a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The key.
    pub id: OutboxId,
    /// To whom, in which language, and the name of the kind; none if the master key that opens it is gone.
    pub mail: Option<(EmailAddress, String, &'static str)>,
    /// How it stands.
    pub state: OutboxState,
    /// How often delivery was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub due_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// A mail to a person, in their language. Rendered when it is delivered.
#[derive(Clone, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: EmailAddress,
    /// The BCP 47 tag of the language.
    pub locale: String,
    /// What it says.
    pub kind: MailKind,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("kind", &self.kind.name()).finish_non_exhaustive()
    }
}

/// The mails that Gantry sends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "mail")]
pub enum MailKind {
    /// "Confirm your address", after sign-up.
    VerifyEmail {
        /// The link.
        link: String,
    },
    /// Sign-up with an address that has an account: tells its owner, and how to sign in.
    AlreadyRegistered {
        /// The sign-in page.
        sign_in: String,
        /// The page that starts a reset.
        reset: String,
    },
    /// "Set a new password".
    ResetPassword {
        /// The link.
        link: String,
    },
    /// "Your password was changed".
    PasswordChanged {
        /// The page that starts a reset.
        reset: String,
    },
    /// "You are invited", to somebody who may have no account yet.
    Invitation {
        /// The tenant; none: the realm's own roles.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organization: Option<String>,
        /// What they become.
        role: InvitedRole,
        /// The name of whoever invited, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        inviter: Option<String>,
        /// The link.
        link: String,
        /// The day on which it ends, as `2026-11-21`.
        date: String,
    },
    /// "The proof of a domain is gone", to whoever administers its tenant.
    DomainLost {
        /// The tenant.
        organization: String,
        /// The domain.
        domain: String,
        /// The name at which the proof stood.
        record: String,
        /// What it has to say.
        value: String,
    },
    /// "A secret or certificate ends", to whom the connection names.
    CredentialExpires {
        /// The connection.
        connection: String,
        /// When, as `2026-11-21`.
        date: String,
        /// In how many days; 0: it is over today.
        days: u32,
    },
    /// "A personal token was made".
    PersonalTokenMade {
        /// What it is called.
        name: String,
        /// The page with the person's tokens.
        tokens: String,
    },
    /// "Is this you?", after a sign-in with a provider.
    ProveAddress {
        /// What the provider is called.
        provider: String,
        /// The link.
        link: String,
    },
    /// "A way to sign in was added to your account".
    SignInLinked {
        /// What the provider is called.
        provider: String,
        /// The account page.
        account: String,
    },
    /// "A way to sign in was removed from your account".
    SignInUnlinked {
        /// What the provider is called.
        provider: String,
        /// The account page.
        account: String,
    },
}

impl MailKind {
    /// The name of its template folder.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify_email",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged { .. } => "password_changed",
            Self::Invitation { .. } => "invitation",
            Self::DomainLost { .. } => "domain_lost",
            Self::CredentialExpires { .. } => "credential_expires",
            Self::PersonalTokenMade { .. } => "personal_token_made",
            Self::ProveAddress { .. } => "prove_address",
            Self::SignInLinked { .. } => "sign_in_linked",
            Self::SignInUnlinked { .. } => "sign_in_unlinked",
        }
    }
}

/// Seconds until the next try after this many failed ones; `None` when the last was the last
/// (attack catalogue F-24: tried for 24 hours).
pub const fn retry_delay(attempts: u32) -> Option<u64> {
    match attempts {
        0 => Some(0),
        1 => Some(5),
        2 => Some(30),
        3 => Some(120),
        4 => Some(600),
        5..=28 => Some(3600),
        _ => None,
    }
}
