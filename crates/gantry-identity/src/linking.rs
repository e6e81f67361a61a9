//! Whose account an identity elsewhere is: the decision, and the facts that it rests on.
//!
//! The key is connection, issuer and subject; an address never is one (attack catalogue §0.5). An address only
//! says which account somebody may be asked to prove, and only where it counts as verified here ([`Address`]).
//! Decides and writes nothing; see [`crate::sign_in::upstream`].

mod address;
mod dry_run;
mod facts;
mod outlook;

pub use address::{Address, Doubt, Warrant};
pub use dry_run::{DryRun, dry_run};
pub(crate) use facts::{Aim, Facts, ways};
pub use outlook::{Expectation, Outlook, Place, outlook};

use gantry_core::connection::{Connection, LinkingPolicy};
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::{ExternalIdentity, UserIdentity};
use gantry_core::id::{ConnectionId, UserId};
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::user::User;
use serde::Serialize;

/// What is to be done with somebody who came from a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "decision")]
pub enum Resolution {
    /// The identity is linked to this account.
    Known {
        /// The account.
        user: UserId,
    },
    /// It becomes linked at once: the address's domain is proved by a tenant of the connection, and the connection
    /// links by that; or the person has just proved the mailbox.
    Link {
        /// The account.
        user: UserId,
    },
    /// An account is made.
    Create {
        /// Its address, proved by that.
        email: EmailAddress,
    },
    /// An account has the address: the person has to prove that it is theirs.
    Prove {
        /// The account.
        user: UserId,
        /// How they can.
        ways: Ways,
    },
    /// The person has to prove that they read the mail of an address.
    ProveAddress {
        /// The one that the provider gave.
        suggested: Option<EmailAddress>,
    },
    /// The answer is no.
    Refuse {
        /// Why.
        problem: SignInProblem,
    },
}

/// How somebody can prove that an account is theirs. A mailed link is always one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ways {
    /// By its password.
    pub password: bool,
    /// By signing in with one of these, which it is linked to already.
    pub connections: Vec<ConnectionId>,
}

/// What the decision is about.
#[derive(Debug, Clone, Copy)]
pub struct Case<'c> {
    /// The connection, as it is now.
    pub connection: &'c Connection,
    /// Whose the identity is, if it is linked.
    pub known: Option<(&'c UserIdentity, &'c User)>,
    /// The asserted address, judged.
    pub address: &'c Address,
    /// The account that has proved the address; never one that has only claimed it (attack catalogue FED-10).
    pub holder: Option<&'c User>,
    /// How that account can be proved.
    pub ways: &'c Ways,
}

/// Decides. What the person proves on the way in, rather than from their account page, is not for a connection
/// that only links.
pub fn resolve(case: &Case<'_>) -> Resolution {
    let settings = &case.connection.settings;
    if !case.connection.is_enabled() || !case.connection.kind.is_upstream() {
        return refuse(SignInProblem::ConnectionDisabled);
    }
    if settings.link_only {
        return refuse(SignInProblem::LinkOnly);
    }
    if let Some((_, user)) = case.known {
        return resolve_known(case, user);
    }
    match (case.address, case.holder) {
        (Address::Verified { because, .. }, Some(holder)) => resolve_holder(case, holder, because),
        (Address::Verified { .. }, None) if settings.known_people_only => refuse(SignInProblem::UnknownPerson),
        (Address::Verified { email, .. }, None) => Resolution::Create { email: email.clone() },
        // Whoever the mailbox may turn out to belong to, this connection would let neither in.
        _ if settings.known_people_only && settings.linking == LinkingPolicy::Never => refuse(SignInProblem::UnknownPerson),
        (Address::Unverified { email, .. }, _) => Resolution::ProveAddress { suggested: Some(email.clone()) },
        (Address::None | Address::Unusable, _) => Resolution::ProveAddress { suggested: None },
    }
}

/// The identity is somebody's. Their account works only with a proved address, which an admin may have taken back.
fn resolve_known(case: &Case<'_>, user: &User) -> Resolution {
    if user.disabled_at.is_some() {
        return refuse(SignInProblem::AccountDisabled);
    }
    if user.email_verified_at.is_some() {
        return Resolution::Known { user: user.id };
    }
    match (case.address, case.holder) {
        (Address::Verified { .. }, Some(holder)) if holder.id != user.id => refuse(SignInProblem::AddressTaken),
        (Address::Verified { .. }, _) => Resolution::Known { user: user.id },
        (address, _) => Resolution::ProveAddress { suggested: address.email().cloned() },
    }
}

/// An account has proved the address that counts as verified for whoever came.
fn resolve_holder(case: &Case<'_>, holder: &User, because: &Warrant) -> Resolution {
    let user = holder.id;
    match (case.connection.settings.linking, because) {
        (LinkingPolicy::Never, _) => refuse(SignInProblem::AddressTaken),
        _ if holder.disabled_at.is_some() => refuse(SignInProblem::AccountDisabled),
        // What a tenant vouches for opens nobody's account by itself who administers the realm.
        (LinkingPolicy::TrustedDomain, Warrant::ProvedDomain { .. }) if !holder.roles.is_empty() => {
            Resolution::Prove { user, ways: case.ways.clone() }
        }
        // Who has just proved the mailbox has done what they would be asked for.
        (LinkingPolicy::Prove | LinkingPolicy::TrustedDomain, Warrant::Mailbox)
        | (LinkingPolicy::TrustedDomain, Warrant::ProvedDomain { .. }) => Resolution::Link { user },
        (
            LinkingPolicy::Prove | LinkingPolicy::TrustedDomain,
            Warrant::ProvedDomain { .. } | Warrant::Provider | Warrant::DomainOwner | Warrant::Account,
        ) => Resolution::Prove { user, ways: case.ways.clone() },
    }
}

const fn refuse(problem: SignInProblem) -> Resolution {
    Resolution::Refuse { problem }
}

/// Whether a subject can stand for somebody: 1 to 255 visible characters of ASCII, and not the word that a null
/// becomes in careless hands (attack catalogue FED-08). The connectors refuse it first; this is the door itself.
pub(crate) fn is_identifiable(identity: &ExternalIdentity) -> bool {
    let visible = |text: &str| (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    visible(&identity.subject) && !matches!(identity.subject.as_str(), "null" | "undefined") && !identity.issuer.is_empty()
}

/// What an address is worth, without the id of the tenant that has proved its domain: it may be another than the reader's.
pub(crate) fn said(address: &Address) -> serde_json::Value {
    let mut said = serde_json::json!(address);
    if let Some(because) = said.get_mut("because").and_then(serde_json::Value::as_object_mut) {
        because.remove("tenant");
    }
    said
}
