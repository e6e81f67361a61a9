//! An action link: a single-use link that was mailed or printed.
//!
//! Opening one shows a page; only that page's POST acts (attack catalogue §0.13).

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::email_address::EmailAddress;
use crate::id::{ActionLinkId, PendingLinkId, RealmId, UserId};
use crate::secret::Digest;

/// The link as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionLink {
    /// The key.
    pub id: ActionLinkId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The digest of its token.
    pub digest: Digest,
    /// What it does.
    pub action: Action,
    /// For whom; none for the operator link.
    pub user_id: Option<UserId>,
    /// Where to go on afterwards: the authorization request it interrupted, as text of its id.
    pub resume: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it is too old.
    pub expires_at: Timestamp,
    /// When it was used or made void.
    pub consumed_at: Option<Timestamp>,
}

/// What a link does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "action")]
pub enum Action {
    /// Proves that the person reads this address's mail.
    VerifyEmail {
        /// The address; if the account's has changed since, the link proves nothing.
        email: EmailAddress,
        /// The digest, as text, of the browser that signed up. Any other has to give the password
        /// too, so that nobody confirms an account that a stranger made in their name.
        browser: String,
    },
    /// Sets a new password.
    ResetPassword {
        /// The address it was sent to.
        email: EmailAddress,
    },
    /// Makes the first operator.
    FirstOperator,
    /// Proves, to somebody who came back from a provider, that they read this address's mail. Worth nothing in
    /// any other browser than the one that waits (attack catalogue FED-12).
    ProveAddress {
        /// The address.
        email: EmailAddress,
        /// What waits for the proof.
        link: PendingLinkId,
    },
    /// Makes one account of two, both of which its holder has proved. Never mailed: it stays in the browser's form.
    MergeAccounts {
        /// The account that goes; the link's own person is the one that stays.
        from: UserId,
        /// The digest, as text, of the browser in which both were proved.
        browser: String,
    },
}

impl Action {
    /// The name in tables.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify_email",
            Self::ResetPassword { .. } => "reset_password",
            Self::FirstOperator => "first_operator",
            Self::ProveAddress { .. } => "prove_address",
            Self::MergeAccounts { .. } => "merge_accounts",
        }
    }

    /// Seconds that such a link lives.
    pub const fn lifetime(&self) -> u32 {
        match self {
            Self::VerifyEmail { .. } => 86_400,
            Self::ResetPassword { .. } | Self::ProveAddress { .. } => 1800,
            Self::MergeAccounts { .. } => 600,
            Self::FirstOperator => 3600,
        }
    }
}
