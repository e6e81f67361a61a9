//! Making an account: unverified until its person proves the address.
//!
//! The answer is the same whether or not the address has an account; only its mailbox learns that
//! (attack catalogue PRE-10). Never signs anybody in; see [`crate::verification`].

use gantry_core::action_link::Action;
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::display_name::{self, InvalidName};
use gantry_core::email_address::{EmailAddress, InvalidEmailAddress};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::UserId;
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::Realm;
use gantry_core::reason::Reason;
use gantry_core::secret::Secret;
use gantry_core::tenant::Tenant;
use gantry_core::user::{Profile, User};
use gantry_store::RealmTx;

use crate::password::HashedPassword;
use crate::password_rule::{AcceptedPassword, PasswordRule, WeakPassword};
use crate::{Identity, Visit, action_link, users};

/// A filled-in form that passed every check.
#[derive(Debug)]
pub struct NewAccount {
    email: EmailAddress,
    name: Option<String>,
    password: AcceptedPassword,
}

/// What is wrong with a form, field by field.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct InvalidAccount {
    /// The address.
    pub email: Option<InvalidEmailAddress>,
    /// The name.
    pub name: Option<InvalidName>,
    /// The password.
    pub password: Option<WeakPassword>,
}

impl NewAccount {
    /// The address, in canonical form.
    pub const fn email(&self) -> &EmailAddress {
        &self.email
    }

    /// Its parts, for whoever makes the account otherwise.
    pub(crate) fn into_parts(self) -> (EmailAddress, Option<String>, AcceptedPassword) {
        (self.email, self.name, self.password)
    }

    /// Checks a form; an empty name is none.
    pub fn check(realm: &Realm, email: &str, name: &str, password: &Secret) -> Result<Self, InvalidAccount> {
        Self::check_for(realm, None, email, name, password)
    }

    /// The same for somebody whom a tenant invited, whose rule counts too.
    pub fn check_for(realm: &Realm, tenant: Option<&Tenant>, email: &str, name: &str, password: &Secret) -> Result<Self, InvalidAccount> {
        let name = if name.trim().is_empty() { Ok(None) } else { display_name::parse(name).map(Some) };
        let of_realm = realm.settings.sign_in.password_min_length;
        let least = tenant.map_or(of_realm, |tenant| tenant.password_least(of_realm));
        let password = rule_of(realm, least, email).accept(password);
        match (EmailAddress::parse(email), name, password) {
            (Ok(email), Ok(name), Ok(password)) => Ok(Self { email, name, password }),
            (email, name, password) => Err(InvalidAccount { email: email.err(), name: name.err(), password: password.err() }),
        }
    }
}

/// The rule for a new password of a person in a realm who belongs to no tenant.
pub(crate) fn password_rule(realm: &Realm, email: &str) -> PasswordRule {
    rule_of(realm, realm.settings.sign_in.password_min_length, email)
}

fn rule_of(realm: &Realm, least: u32, email: &str) -> PasswordRule {
    PasswordRule::new(least).not_like(&[email, &realm.name, &realm.slug])
}

/// The least length of a new password of a person: the greatest that the realm or one of their tenants asks for.
pub(crate) async fn password_least(tx: &RealmTx, realm: &Realm, user: UserId) -> Result<u32, Fault> {
    let places = tx.memberships().list_for_user(user).await?;
    let tenants = tx.tenants().find_all(&places.iter().map(|place| place.tenant_id).collect::<Vec<_>>()).await?;
    Ok(tenants.iter().fold(realm.settings.sign_in.password_min_length, |least, tenant| tenant.password_least(least)))
}

/// The rule for a new password of somebody who is known.
pub(crate) async fn password_rule_for(tx: &RealmTx, realm: &Realm, user: &User) -> Result<PasswordRule, Fault> {
    Ok(rule_of(realm, password_least(tx, realm, user.id).await?, user.email.as_str()))
}

/// What the mail says.
#[derive(Debug, Clone, Copy)]
pub struct SignUpMail<'m> {
    /// The language.
    pub locale: &'m str,
    /// Where the mailed link leads, up to its token.
    pub link_to: &'m str,
    /// The sign-in page, for whom the address is known already.
    pub sign_in: &'m str,
    /// The page that starts a reset, likewise.
    pub reset: &'m str,
    /// The authorization request that was interrupted.
    pub resume: Option<&'m str>,
}

/// Refuses where strangers may not make an account, on the page and on its form alike (PRE-16).
pub fn check_open(realm: &Realm) -> Result<(), Refusal> {
    if realm.settings.sign_in.sign_up && realm.settings.sign_in.password {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::NotFound, "This platform takes no sign-ups").reason(Reason::SignUpClosed))
}

impl Identity {
    /// Makes an unverified account and mails its link; or tells the owner of the address that there is
    /// an account already. Over the mail quota nothing happens.
    pub async fn sign_up(&self, realm: &Realm, account: NewAccount, mail: SignUpMail<'_>, visit: &Visit<'_>) -> Result<(), Failure> {
        check_open(realm)?;
        // Hashed before anything is looked up: it is most of the time that this takes.
        let password = self.passwords.hash(realm.id, account.password).await?;
        if !self.may_mail(realm.id, "sign_up", &account.email, &visit.origin.ip).await {
            return Ok(());
        }
        let now = self.clock.now();
        let user = User {
            id: UserId::new(),
            realm_id: realm.id,
            email: account.email,
            email_verified_at: None,
            profile: Profile { name: account.name, ..Profile::default() },
            roles: Vec::new(),
            disabled_at: None,
            created_at: now,
            updated_at: now,
        };
        self.store
            .transact(realm.id, async |tx| match tx.users().find_by_email(&user.email).await? {
                Some(owner) => tell_owner(tx, &owner, mail, visit, now).await,
                None => make(tx, &user, password, mail, visit).await,
            })
            .await
    }
}

async fn make(tx: &RealmTx, user: &User, password: HashedPassword, mail: SignUpMail<'_>, visit: &Visit<'_>) -> Result<(), Failure> {
    let now = user.created_at;
    if !tx.users().insert(user).await? {
        return Ok(());
    }
    users::put_password(tx, user.id, password, now).await?;
    let action = Action::VerifyEmail { email: user.email.clone(), browser: visit.browser.to_text() };
    let token = action_link::issue(tx, action, Some(user.id), mail.resume, now).await?;
    let kind = MailKind::VerifyEmail { link: format!("{}{}", mail.link_to, token.expose()) };
    tx.outbox().insert(&Mail { to: user.email.clone(), locale: mail.locale.to_owned(), kind }, now).await?;
    note(tx, user, visit, None, now).await
}

/// A disabled account's owner is not written to: there is nothing that they could do.
async fn tell_owner(tx: &RealmTx, owner: &User, mail: SignUpMail<'_>, visit: &Visit<'_>, now: Timestamp) -> Result<(), Failure> {
    if owner.disabled_at.is_none() {
        let kind = MailKind::AlreadyRegistered { sign_in: mail.sign_in.to_owned(), reset: mail.reset.to_owned() };
        tx.outbox().insert(&Mail { to: owner.email.clone(), locale: mail.locale.to_owned(), kind }, now).await?;
    }
    note(tx, owner, visit, Some("already_registered"), now).await
}

async fn note(tx: &RealmTx, user: &User, visit: &Visit<'_>, reason: Option<&str>, now: Timestamp) -> Result<(), Failure> {
    let actor = Actor::User { user: user.id, realm: user.realm_id };
    let mut line = AuditEntry::new(user.realm_id, now, AuditEvent::SignedUp).by(actor).from(visit.origin).target(&user.id);
    line.reason = reason.map(str::to_owned);
    tx.audit().insert(&line).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_core::id::RealmId;
    use gantry_core::realm::RealmSettings;

    fn realm(sign_up: bool, password: bool) -> Realm {
        let mut settings = RealmSettings::default();
        (settings.sign_in.sign_up, settings.sign_in.password) = (sign_up, password);
        Realm {
            id: RealmId::new(),
            slug: "rocketskip".to_owned(),
            name: "Rocketskip".to_owned(),
            hosts: Vec::new(),
            settings,
            version: 1,
            created_at: Timestamp::from_seconds(0),
            not_before: None,
            disabled_at: None,
        }
    }

    #[test]
    fn pre_16_closed_is_closed() {
        assert!(check_open(&realm(true, true)).is_ok());
        assert!(check_open(&realm(false, true)).is_err());
        assert!(check_open(&realm(true, false)).is_err());
    }

    #[test]
    fn every_field_is_judged() {
        let realm = realm(true, true);
        let password = Secret::new("a-fine-long-phrase");
        assert!(NewAccount::check(&realm, "alice@example.com", "  ", &password).is_ok_and(|account| account.name.is_none()));
        let wrong = NewAccount::check(&realm, "alice", "a\u{202e}b", &Secret::new("rocketskip")).unwrap_err();
        assert!(wrong.email.is_some() && wrong.name.is_some());
        assert_eq!(wrong.password, Some(WeakPassword::Personal));
    }
}
