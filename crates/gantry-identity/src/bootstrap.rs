//! The first operator, and admins made from the command line.
//!
//! There is no default account and no default secret: a link that is printed once, works once and
//! lives for an hour makes the first operator (attack catalogue BRU-15). Never logs a link.

use gantry_core::action_link::Action;
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::RealmId;
use gantry_core::realm::{Realm, SYSTEM_REALM};
use gantry_core::secret::Secret;
use gantry_core::user::{Profile, RealmRole, User};
use gantry_store::RealmTx;

use crate::action_link::{digest_of, issue};
use crate::password::HashedPassword;
use crate::password_rule::WeakPassword;
use crate::session::{OpenedSession, Proof};
use crate::sign_up::password_rule;
use crate::users::{self, NewUser, UserChange};
use crate::{Identity, Visit};

/// What came of the first operator's form.
#[derive(Debug)]
pub enum FirstOperator {
    /// Made, and signed in.
    Done(Box<OpenedSession>),
    /// The link is unknown, used or too old, or there is an operator already.
    Dead,
    /// The link still works; the password will not do.
    Weak(WeakPassword),
}

/// How an admin made from the command line gets their password.
#[derive(Debug)]
pub enum AdminProof<'p> {
    /// It is given.
    Password(&'p Secret),
    /// By a link, as after "forgot password"; the token is returned.
    Link,
}

/// What came of making an admin.
#[derive(Debug)]
pub struct CreatedAdmin {
    /// The person.
    pub user: User,
    /// The token of the link that sets their password, if one was asked for.
    pub token: Option<Secret>,
}

/// Why an admin was not made.
#[derive(Debug)]
pub enum NoAdmin {
    /// The password will not do.
    Weak(WeakPassword),
    /// Anything else.
    Failed(Failure),
}

impl From<Failure> for NoAdmin {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Identity {
    /// A fresh link for the first operator in place of all earlier ones; `None` once there is one.
    pub async fn first_operator_link(&self, system: RealmId) -> Result<Option<Secret>, Failure> {
        let now = self.clock.now();
        self.store
            .transact(system, async |tx| {
                if tx.users().any_with_role(RealmRole::Operator).await? {
                    return Ok(None);
                }
                tx.action_links().void_unowned(Action::FirstOperator.name(), now).await?;
                Ok(Some(issue(tx, Action::FirstOperator, None, None, now).await?))
            })
            .await
    }

    /// Whether a link of the first operator still works. Does not use it.
    pub async fn first_operator_awaited(&self, realm: &Realm, token: &Secret) -> Result<bool, Fault> {
        if realm.slug != SYSTEM_REALM {
            return Ok(false);
        }
        let rows = self.store.read(realm.id);
        let Some(digest) = digest_of(token) else { return Ok(false) };
        let link = rows.action_links().find_live(digest, self.clock.now()).await?;
        Ok(link.is_some_and(|link| link.action == Action::FirstOperator) && !rows.users().any_with_role(RealmRole::Operator).await?)
    }

    /// Makes the first operator by a link, once, and signs them in.
    pub async fn create_first_operator(
        &self,
        system: &Realm,
        token: &Secret,
        email: &EmailAddress,
        password: &Secret,
        visit: &Visit<'_>,
    ) -> Result<FirstOperator, Failure> {
        if !self.first_operator_awaited(system, token).await? {
            return Ok(FirstOperator::Dead);
        }
        let accepted = match password_rule(system, email.as_str()).accept(password) {
            Ok(accepted) => accepted,
            Err(why) => return Ok(FirstOperator::Weak(why)),
        };
        let password = self.passwords.hash(system.id, accepted).await?;
        let operator = NewUser {
            email: email.clone(),
            email_verified: true,
            profile: Profile::default(),
            roles: vec![RealmRole::Operator],
            password: Some(password),
        };
        self.store
            .transact(system.id, async |tx| {
                let Some(user) = self.take_office(tx, token, operator, visit).await? else { return Ok(FirstOperator::Dead) };
                let proof = Proof::password(false);
                Ok(FirstOperator::Done(Box::new(self.open(tx, system, user, proof, visit).await?)))
            })
            .await
    }

    async fn take_office(&self, tx: &RealmTx, token: &Secret, operator: NewUser, visit: &Visit<'_>) -> Result<Option<User>, Failure> {
        let now = self.clock.now();
        let link = tx.action_links().consume(token.digest(), now).await?;
        if link.is_none_or(|link| link.action != Action::FirstOperator) || tx.users().any_with_role(RealmRole::Operator).await? {
            return Ok(None);
        }
        let user = users::create(tx, Actor::System, operator, now).await?;
        let signed_up = AuditEntry::new(tx.realm_id(), now, AuditEvent::SignedUp).from(visit.origin).user(user.id);
        tx.audit().insert(&signed_up.reason("first_operator")).await?;
        Ok(Some(user))
    }

    /// Makes an admin of a realm, or an operator in `system`, from the command line; a person who has
    /// proved the address already gets the role. A given password replaces theirs.
    pub async fn create_admin(&self, realm: &Realm, email: &EmailAddress, proof: AdminProof<'_>) -> Result<CreatedAdmin, NoAdmin> {
        let role = if realm.slug == SYSTEM_REALM { RealmRole::Operator } else { RealmRole::RealmAdmin };
        let (password, by_link) = match proof {
            AdminProof::Link => (None, true),
            AdminProof::Password(password) => {
                let accepted = password_rule(realm, email.as_str()).accept(password).map_err(NoAdmin::Weak)?;
                (Some(self.passwords.hash(realm.id, accepted).await.map_err(Failure::from)?), false)
            }
        };
        let now = self.clock.now();
        let appointed = self
            .store
            .transact(realm.id, async |tx| {
                let user = appoint(tx, email, role, password, now).await?;
                let token = if by_link {
                    Some(issue(tx, Action::ResetPassword { email: email.clone() }, Some(user.id), None, now).await?)
                } else {
                    None
                };
                Ok(CreatedAdmin { user, token })
            })
            .await?;
        Ok(appointed)
    }
}

async fn appoint(
    tx: &RealmTx,
    email: &EmailAddress,
    role: RealmRole,
    password: Option<HashedPassword>,
    now: Timestamp,
) -> Result<User, Failure> {
    let Some(user) = tx.users().find_by_email(email).await? else {
        let new = NewUser { email: email.clone(), email_verified: true, profile: Profile::default(), roles: vec![role], password };
        return users::create(tx, Actor::CommandLine, new, now).await;
    };
    if let Some(password) = password {
        users::set_password(tx, Actor::CommandLine, user.id, password, now).await?;
    }
    let mut roles = user.roles.clone();
    if !roles.contains(&role) {
        roles.push(role);
    }
    users::update(tx, Actor::CommandLine, user.id, UserChange { roles: Some(roles), ..UserChange::default() }, now).await
}
