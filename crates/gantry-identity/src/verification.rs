//! Proving an address by the link that was mailed to it.
//!
//! Opening the link shows a page; only its POST comes here to act. The browser that signed up is
//! signed in by it. Any other has to give the password chosen then: a link alone must not turn an
//! account that a stranger made into the mailbox owner's (attack catalogue PRE-01).

use std::time::Duration;

use gantry_core::action_link::{Action, ActionLink};
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::{Failure, Fault};
use gantry_core::realm::Realm;
use gantry_core::secret::{Digest, Secret};
use gantry_core::user::User;
use gantry_store::RealmTx;

use crate::action_link::digest_of;
use crate::session::{OpenedSession, Proof};
use crate::sign_in::password::Checked;
use crate::{Identity, Visit, users};

/// What the page of a link that works shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingVerification {
    /// The address to be proved.
    pub email: EmailAddress,
    /// Whether this browser has to give the password.
    pub needs_password: bool,
}

/// What came of it.
#[derive(Debug)]
pub enum Verification {
    /// Proved, and signed in.
    Done {
        /// The session.
        opened: Box<OpenedSession>,
        /// The authorization request to go on with, in the browser that began it.
        resume: Option<String>,
    },
    /// The link is unknown, used, too old, or the address is another's by now: nobody learns which.
    Dead,
    /// The link works, the password is wrong or missing.
    WrongPassword(PendingVerification),
    /// Too many tries at the password.
    Throttled {
        /// What the page shows.
        pending: PendingVerification,
        /// When to come back.
        wait: Duration,
    },
}

impl Identity {
    /// Looks at a link without using it.
    pub async fn pending_verification(&self, realm: &Realm, token: &Secret, browser: Digest) -> Result<Option<PendingVerification>, Fault> {
        Ok(self.find_verification(realm, token, browser).await?.map(|(_, _, pending)| pending))
    }

    /// Proves the address, once, and signs the person in. Other accounts that claimed the address
    /// fall with everything they had.
    pub async fn verify_email(
        &self,
        realm: &Realm,
        token: &Secret,
        password: Option<&Secret>,
        visit: &Visit<'_>,
    ) -> Result<Verification, Failure> {
        let Some((link, user, pending)) = self.find_verification(realm, token, visit.browser).await? else {
            return Ok(Verification::Dead);
        };
        if pending.needs_password {
            let Some(password) = password else { return Ok(Verification::WrongPassword(pending)) };
            match self.check_password(realm, &pending.email, Some(&user), password, visit).await? {
                Checked::Right(_) => {}
                Checked::Wrong => return Ok(Verification::WrongPassword(pending)),
                Checked::Throttled(wait) => return Ok(Verification::Throttled { pending, wait }),
            }
        }
        // An interrupted request belongs to the browser that began it.
        let resume = link.resume.clone().filter(|_| !pending.needs_password);
        let opened = self
            .store
            .transact(realm.id, async |tx| match self.prove(tx, &link, visit).await? {
                Some(user) => {
                    let proof = Proof::password(false);
                    Ok(Some(self.open(tx, realm, user, proof, visit).await?))
                }
                None => Ok(None),
            })
            .await?;
        Ok(opened.map_or(Verification::Dead, |opened| Verification::Done { opened: Box::new(opened), resume }))
    }

    async fn find_verification(
        &self,
        realm: &Realm,
        token: &Secret,
        browser: Digest,
    ) -> Result<Option<(ActionLink, User, PendingVerification)>, Fault> {
        let rows = self.store.read(realm.id);
        let Some(digest) = digest_of(token) else { return Ok(None) };
        let Some(link) = rows.action_links().find_live(digest, self.clock.now()).await? else { return Ok(None) };
        let Action::VerifyEmail { email, browser: signed_up } = &link.action else { return Ok(None) };
        let Some(user) = unproved(&rows, &link, email).await? else { return Ok(None) };
        let needs_password = Digest::from_text(signed_up) != Some(browser);
        let pending = PendingVerification { email: email.clone(), needs_password };
        Ok(Some((link, user, pending)))
    }

    /// Uses the link up and marks the address as proved; `None` if somebody was faster.
    async fn prove(&self, tx: &RealmTx, link: &ActionLink, visit: &Visit<'_>) -> Result<Option<User>, Failure> {
        let now = self.clock.now();
        let Some(link) = tx.action_links().consume(link.digest, now).await? else { return Ok(None) };
        let Action::VerifyEmail { email, .. } = &link.action else { return Ok(None) };
        let Some(mut user) = unproved(tx, &link, email).await? else { return Ok(None) };
        user.email_verified_at = Some(now);
        user.updated_at = now;
        if !tx.users().update(&user).await? {
            return Ok(None);
        }
        users::remove_unverified_rivals(tx, &user).await?;
        tx.action_links().void_for_user(user.id, None, now).await?;
        let actor = Actor::User { user: user.id, realm: user.realm_id };
        tx.audit().insert(&AuditEntry::new(user.realm_id, now, AuditEvent::EmailVerified).by(actor).from(visit.origin)).await?;
        Ok(Some(user))
    }
}

/// The account of a link, while it still waits for just this proof: a link for an address that has
/// changed since proves nothing (attack catalogue PRE-13).
async fn unproved(tx: &RealmTx, link: &ActionLink, email: &EmailAddress) -> Result<Option<User>, Fault> {
    let Some(id) = link.user_id else { return Ok(None) };
    let waits = |user: &User| user.email == *email && user.email_verified_at.is_none() && user.disabled_at.is_none();
    Ok(tx.users().find(id).await?.filter(waits))
}
