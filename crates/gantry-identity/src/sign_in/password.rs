//! Signing in with a password.
//!
//! Throttle, look up, hash, and only then decide, in one order for every account there is or is not:
//! neither the answer nor its time tells them apart (attack catalogue PRE-10, PRE-11, BRU-01).

use std::time::Duration;

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::UserId;
use gantry_core::realm::Realm;
use gantry_core::secret::Secret;
use gantry_core::user::{PasswordCredential, User};
use gantry_store::RealmTx;

use crate::lockout::Verdict;
use crate::session::{OpenedSession, Proof, may_be_signed_in};
use crate::{Identity, Visit, device};

/// What a person typed.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'c> {
    /// The address.
    pub email: &'c EmailAddress,
    /// The password.
    pub password: &'c Secret,
    /// "Keep me signed in".
    pub remember: bool,
}

/// What came of it.
#[derive(Debug)]
pub enum SignIn {
    /// Signed in.
    Done(Box<OpenedSession>),
    /// Address and password do not belong together, or the account may not sign in: nobody learns which.
    Wrong,
    /// Too many failures; the password was not looked at.
    Throttled {
        /// When to come back.
        wait: Duration,
    },
}

/// What a password proved.
#[derive(Debug)]
pub(crate) enum Checked {
    /// The account's own password.
    Right(PasswordCredential),
    /// Anything else.
    Wrong,
    /// It was not looked at.
    Throttled(Duration),
}

impl Identity {
    /// Signs a person in.
    pub async fn sign_in_with_password(&self, realm: &Realm, typed: Credentials<'_>, visit: &Visit<'_>) -> Result<SignIn, Failure> {
        if !realm.settings.sign_in.password {
            return Err(Refusal::new(ErrorCode::NotFound, "This platform has no passwords").into());
        }
        let account = self.store.read(realm.id).users().find_by_email(typed.email).await?;
        let eligible = account.as_ref().filter(|user| may_be_signed_in(user));
        let credential = match self.check_password(realm, typed.email, eligible, typed.password, visit).await? {
            Checked::Right(credential) => credential,
            Checked::Throttled(wait) => return Ok(SignIn::Throttled { wait }),
            Checked::Wrong => {
                self.note_refusal(realm, account.as_ref(), visit).await?;
                return Ok(SignIn::Wrong);
            }
        };
        let proof = Proof::password(typed.remember);
        let opened = self
            .store
            .transact(realm.id, async |tx| match still_holds(tx, &credential).await? {
                Some(user) => Ok(Some(self.open(tx, realm, user, proof, visit).await?)),
                None => Ok(None),
            })
            .await?;
        Ok(opened.map_or(SignIn::Wrong, |opened| SignIn::Done(Box::new(opened))))
    }

    /// Checks the password of an account that may or may not be there. The try is counted first and
    /// forgiven if it was right.
    pub(crate) async fn check_password(
        &self,
        realm: &Realm,
        email: &EmailAddress,
        user: Option<&User>,
        password: &Secret,
        visit: &Visit<'_>,
    ) -> Result<Checked, Failure> {
        // The look-ups are made for nobody's id too: their time must not tell.
        let id = user.map_or_else(UserId::new, |user| user.id);
        let tag = self.devices.tag(realm.id, id, visit.browser);
        let known = device::holds(visit.devices, &tag).then_some(tag.as_str());
        let attempt = match self.count_try(realm.id, email, visit.origin, known).await? {
            Verdict::Go(attempt) => attempt,
            Verdict::Wait(wait) => return Ok(Checked::Throttled(wait)),
        };
        let credential = self.store.read(realm.id).passwords().find(id).await?;
        let matches = self.passwords.verify(realm.id, password, credential.as_ref().map(|credential| credential.hash.as_str())).await?;
        let Some(credential) = credential.filter(|_| matches) else { return Ok(Checked::Wrong) };
        self.forgive(attempt).await?;
        Ok(Checked::Right(credential))
    }

    async fn note_refusal(&self, realm: &Realm, account: Option<&User>, visit: &Visit<'_>) -> Result<(), Failure> {
        let reason = match account {
            None => "unknown_account",
            Some(user) if user.disabled_at.is_some() => "disabled",
            Some(_) => "wrong_password",
        };
        let mut line = AuditEntry::new(realm.id, self.clock.now(), AuditEvent::SignInRefused).from(visit.origin).reason(reason);
        line.user_id = account.map(|user| user.id);
        self.store.transact(realm.id, async |tx| Ok(tx.audit().insert(&line).await?)).await
    }
}

/// The person, if the password that was checked is still theirs and they may still sign in: hashing
/// takes time, and a reset or an admin may have come between.
pub(crate) async fn still_holds(tx: &RealmTx, checked: &PasswordCredential) -> Result<Option<User>, Failure> {
    if tx.passwords().find(checked.user_id).await?.as_ref() != Some(checked) {
        return Ok(None);
    }
    Ok(tx.users().find(checked.user_id).await?.filter(may_be_signed_in))
}
