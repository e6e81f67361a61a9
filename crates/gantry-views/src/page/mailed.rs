//! What surrounds a mailed link: "look into your mailbox", the page that a link opens, and the
//! page of a link that is used up.
//!
//! None of them tells whether an account exists.

mod check_mail;
mod expired_link;
mod prove_address;
mod verify_email;

pub use check_mail::CheckMail;
pub use expired_link::ExpiredLink;
pub use prove_address::ProveAddress;
pub use verify_email::VerifyEmail;

use serde::Serialize;

/// What a mailed link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Confirms an address.
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
    /// Makes the first operator.
    FirstOperator,
    /// Proves an address after a sign-in with a provider.
    ProveAddress,
}
