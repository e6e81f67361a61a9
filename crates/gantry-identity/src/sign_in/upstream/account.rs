//! What becomes of the account: known, linked or made.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::{ExternalIdentity, Groups, UserIdentity};
use gantry_core::failure::Failure;
use gantry_core::id::{IdentityId, UserId};
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::Realm;
use gantry_core::user::{Profile, User};
use gantry_store::RealmTx;
use serde_json::{Value, json};

use super::profile::refreshed;
use super::{Came, Notice};
use crate::linking::Address;
use crate::{Identity, Visit, users};

/// Where it happens: one transaction, one browser, one moment.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'s> {
    pub(crate) rules: &'s Identity,
    pub(crate) tx: &'s RealmTx,
    pub(crate) realm: &'s Realm,
    pub(crate) visit: &'s Visit<'s>,
    pub(crate) notice: Notice<'s>,
    pub(crate) now: Timestamp,
}

/// An account with the identity that it was found or made by; none: somebody else was faster, decide again.
type Linked = Option<(UserIdentity, User)>;

impl Scene<'_> {
    /// Writes down what is new about somebody who is known.
    pub(crate) async fn refresh(&self, came: &Came<'_>, known: Linked, address: &Address) -> Result<Linked, Failure> {
        let Some((mut link, mut user)) = known else { return Ok(None) };
        told(&mut link, came.identity, self.now);
        let proved = user.email_verified_at.is_none() && address.is_verified();
        if proved && let Some(email) = address.email() {
            user.email = email.clone();
            user.email_verified_at = Some(self.now);
        }
        if !self.tx.identities().refresh(&link).await? || !self.take_profile(came, &mut user, proved).await? {
            return Ok(None);
        }
        if proved {
            users::remove_unverified_rivals(self.tx, &user).await?;
            self.note(AuditEvent::EmailVerified, &user, &user.id, json!({ "address": address })).await?;
        }
        Ok(Some((link, user)))
    }

    /// Links to the account that holds the address.
    pub(crate) async fn link_holder(&self, came: &Came<'_>, holder: Option<User>, address: &Address) -> Result<Linked, Failure> {
        let Some(mut user) = holder else { return Ok(None) };
        let Some(link) = self.link(came, &user, json!(address)).await? else { return Ok(None) };
        self.take_profile(came, &mut user, false).await?;
        Ok(Some((link, user)))
    }

    /// Makes an account with a proved address. What others made of the address before falls, credentials and all
    /// (attack catalogue PRE-01, FED-10).
    pub(crate) async fn create(&self, came: &Came<'_>, email: EmailAddress, address: &Address) -> Result<Linked, Failure> {
        let user = User {
            id: UserId::new(),
            realm_id: self.realm.id,
            email,
            email_verified_at: Some(self.now),
            profile: refreshed(&Profile::default(), &came.identity.profile, came.connection.settings.profile),
            roles: Vec::new(),
            disabled_at: None,
            created_at: self.now,
            updated_at: self.now,
        };
        if !self.tx.users().insert(&user).await? {
            return Ok(None);
        }
        let link = self.link_of(came, user.id);
        if !self.tx.identities().insert(&link).await? {
            self.tx.users().remove(user.id).await?;
            return Ok(None);
        }
        users::remove_unverified_rivals(self.tx, &user).await?;
        self.note(AuditEvent::SignedUp, &user, &user.id, json!({ "connection": came.connection.id })).await?;
        self.note(AuditEvent::IdentityLinked, &user, &link.id, linked(came, &json!(address))).await?;
        Ok(Some((link, user)))
    }

    /// Links an identity to an account that was there before, and tells its person. `None`: it is somebody's by now.
    pub(crate) async fn link(&self, came: &Came<'_>, user: &User, because: Value) -> Result<Option<UserIdentity>, Failure> {
        let link = self.link_of(came, user.id);
        if !self.tx.identities().insert(&link).await? {
            return Ok(None);
        }
        self.note(AuditEvent::IdentityLinked, user, &link.id, linked(came, &because)).await?;
        let kind = MailKind::SignInLinked { provider: came.connection.name.clone(), account: self.notice.account.to_owned() };
        self.tx.outbox().insert(&Mail { to: user.email.clone(), locale: self.notice.locale.to_owned(), kind }, self.now).await?;
        Ok(Some(link))
    }

    /// Takes names and pictures over. `false`: the address that goes with it is another's by now.
    pub(crate) async fn take_profile(&self, came: &Came<'_>, user: &mut User, changed: bool) -> Result<bool, Failure> {
        let profile = refreshed(&user.profile, &came.identity.profile, came.connection.settings.profile);
        if profile == user.profile && !changed {
            return Ok(true);
        }
        user.profile = profile;
        user.updated_at = self.now;
        Ok(self.tx.users().update(user).await?)
    }

    fn link_of(&self, came: &Came<'_>, user: UserId) -> UserIdentity {
        let mut link = UserIdentity {
            id: IdentityId::new(),
            realm_id: self.realm.id,
            connection_id: came.connection.id,
            issuer: came.identity.issuer.clone(),
            subject: came.identity.subject.clone(),
            user_id: user,
            email: None,
            directory: None,
            groups: Vec::new(),
            groups_stale_since: None,
            created_at: self.now,
            last_used_at: self.now,
        };
        told(&mut link, came.identity, self.now);
        link
    }

    pub(crate) async fn note(
        &self,
        event: AuditEvent,
        user: &User,
        target: &(impl std::fmt::Display + Sync),
        detail: Value,
    ) -> Result<(), Failure> {
        let actor = Actor::User { user: user.id, realm: self.realm.id };
        let line = AuditEntry::new(self.realm.id, self.now, event).by(actor).from(self.visit.origin).target(target);
        Ok(self.tx.audit().insert(&line.detail(detail)).await?)
    }
}

/// Takes over what a provider said. What it cannot say now stays as it was, and is marked.
fn told(link: &mut UserIdentity, identity: &ExternalIdentity, now: Timestamp) {
    link.email = identity.email.as_ref().map(|email| email.address.chars().take(254).collect());
    link.directory.clone_from(&identity.directory);
    link.last_used_at = now;
    match &identity.groups {
        Groups::NotSent => {}
        Groups::Known(groups) => (link.groups, link.groups_stale_since) = (groups.clone(), None),
        Groups::Unavailable => link.groups_stale_since = link.groups_stale_since.or(Some(now)),
    }
}

fn linked(came: &Came<'_>, because: &Value) -> Value {
    json!({
        "connection": came.connection.id,
        "issuer": came.identity.issuer,
        "subject": came.identity.subject,
        "because": because,
    })
}
