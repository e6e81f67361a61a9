//! Getting back in: a mailed link that sets a new password.
//!
//! Only a proved address gets a link. Using one ends every session, revokes everything that was
//! allowed and makes every other link void, so that whoever had got in is out (attack catalogue
//! PRE-02, PRE-04, RTK-11). Never signs anybody in.

use gantry_core::action_link::{Action, ActionLink};
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::Realm;
use gantry_core::secret::Secret;
use gantry_core::user::User;
use gantry_store::RealmTx;

use crate::action_link::{digest_of, issue};
use crate::password::HashedPassword;
use crate::password_rule::WeakPassword;
use crate::session::may_be_signed_in;
use crate::sign_up::{password_least, password_rule_for};
use crate::{Identity, Visit, users};

/// What the mail with the link says.
#[derive(Debug, Clone, Copy)]
pub struct ResetMail<'m> {
    /// The language.
    pub locale: &'m str,
    /// Where the link leads, up to its token.
    pub link_to: &'m str,
    /// The authorization request that was interrupted.
    pub resume: Option<&'m str>,
}

/// What the mail "your password was changed" says.
#[derive(Debug, Clone, Copy)]
pub struct ChangedMail<'m> {
    /// The language.
    pub locale: &'m str,
    /// The page that starts a reset, for whoever did not change it.
    pub reset: &'m str,
}

/// What a link is good for.
#[derive(Debug, Clone)]
pub struct PendingReset {
    /// Whose password it sets.
    pub user: User,
    /// How long that has to be.
    pub password_least: u32,
}

/// What came of using a link.
#[derive(Debug)]
pub enum Reset {
    /// The password is set.
    Done {
        /// The authorization request to go on with.
        resume: Option<String>,
    },
    /// The link is unknown, used, replaced or too old: nobody learns which.
    Dead,
    /// The link still works; the password will not do.
    Weak {
        /// Whose password it would be.
        pending: Box<PendingReset>,
        /// Why not.
        why: WeakPassword,
    },
}

impl Identity {
    /// Mails a link to the owner of an address, if there is one. Nothing tells whether there is.
    pub async fn request_reset(&self, realm: &Realm, email: &EmailAddress, mail: ResetMail<'_>, visit: &Visit<'_>) -> Result<(), Failure> {
        if !realm.settings.sign_in.password {
            return Err(Refusal::new(ErrorCode::NotFound, "This platform has no passwords").into());
        }
        if !self.may_mail(realm.id, "reset", email, &visit.origin.ip).await {
            return Ok(());
        }
        let now = self.clock.now();
        self.store
            .transact(realm.id, async |tx| {
                let account = tx.users().find_by_email(email).await?;
                // The line is written for nobody too: its commit takes most of the time.
                let mut line = AuditEntry::new(realm.id, now, AuditEvent::ResetRequested).from(visit.origin);
                line.user_id = account.as_ref().map(|user| user.id);
                if account.is_none() {
                    line = line.reason("unknown_account");
                }
                tx.audit().insert(&line).await?;
                match account.filter(may_be_signed_in) {
                    Some(user) => send_link(tx, &user, mail, now).await,
                    None => Ok(()),
                }
            })
            .await
    }

    /// Looks at a link without using it: the address that it was mailed to.
    pub async fn pending_reset(&self, realm: &Realm, token: &Secret) -> Result<Option<PendingReset>, Fault> {
        let rows = self.store.read(realm.id);
        let Some(digest) = digest_of(token) else { return Ok(None) };
        let Some(link) = rows.action_links().find_live(digest, self.clock.now()).await? else { return Ok(None) };
        let Some(user) = owner(&rows, &link).await? else { return Ok(None) };
        let password_least = password_least(&rows, realm, user.id).await?;
        Ok(Some(PendingReset { user, password_least }))
    }

    /// Sets a new password by a link, once.
    pub async fn reset_password(
        &self,
        realm: &Realm,
        token: &Secret,
        password: &Secret,
        mail: ChangedMail<'_>,
        visit: &Visit<'_>,
    ) -> Result<Reset, Failure> {
        // Looked at before it is hashed: a made-up token should cost nothing.
        let Some(pending) = self.pending_reset(realm, token).await? else { return Ok(Reset::Dead) };
        let accepted = match password_rule_for(&self.store.read(realm.id), realm, &pending.user).await?.accept(password) {
            Ok(accepted) => accepted,
            Err(why) => return Ok(Reset::Weak { pending: Box::new(pending), why }),
        };
        let hash = self.passwords.hash(realm.id, accepted).await?;
        let now = self.clock.now();
        self.store
            .transact(realm.id, async |tx| {
                let Some(link) = tx.action_links().consume(token.digest(), now).await? else { return Ok(Reset::Dead) };
                let Some(user) = owner(tx, &link).await? else { return Ok(Reset::Dead) };
                set_password(tx, &user, hash, mail, visit, now).await?;
                Ok(Reset::Done { resume: link.resume })
            })
            .await
    }
}

async fn set_password(
    tx: &RealmTx,
    user: &User,
    hash: HashedPassword,
    mail: ChangedMail<'_>,
    visit: &Visit<'_>,
    now: Timestamp,
) -> Result<(), Failure> {
    users::put_password(tx, user.id, hash, now).await?;
    users::end_everything(tx, user.id, now).await?;
    tell_of_change(tx, user, mail, now).await?;
    let actor = Actor::User { user: user.id, realm: user.realm_id };
    let line = AuditEntry::new(user.realm_id, now, AuditEvent::PasswordChanged).by(actor).from(visit.origin).reason("reset");
    tx.audit().insert(&line).await?;
    Ok(())
}

pub(crate) async fn send_link(tx: &RealmTx, user: &User, mail: ResetMail<'_>, now: Timestamp) -> Result<(), Failure> {
    let action = Action::ResetPassword { email: user.email.clone() };
    tx.action_links().void_for_user(user.id, Some(action.name()), now).await?;
    let token = issue(tx, action, Some(user.id), mail.resume, now).await?;
    let kind = MailKind::ResetPassword { link: format!("{}{}", mail.link_to, token.expose()) };
    tx.outbox().insert(&Mail { to: user.email.clone(), locale: mail.locale.to_owned(), kind }, now).await?;
    Ok(())
}

/// Tells a person that their password was changed.
pub(crate) async fn tell_of_change(tx: &RealmTx, user: &User, mail: ChangedMail<'_>, now: Timestamp) -> Result<(), Fault> {
    let kind = MailKind::PasswordChanged { reset: mail.reset.to_owned() };
    tx.outbox().insert(&Mail { to: user.email.clone(), locale: mail.locale.to_owned(), kind }, now).await
}

/// The person of a reset link, while the address that it went to is still their proved one.
async fn owner(tx: &RealmTx, link: &ActionLink) -> Result<Option<User>, Fault> {
    let (Action::ResetPassword { email }, Some(id)) = (&link.action, link.user_id) else { return Ok(None) };
    Ok(tx.users().find(id).await?.filter(|user| user.email == *email && may_be_signed_in(user)))
}
