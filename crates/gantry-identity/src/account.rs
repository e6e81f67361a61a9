//! A person's own account: where they are signed in, which apps have access, their name and password.
//!
//! Every rule takes the person who is signed in and touches nothing of anybody else's; what is not
//! theirs looks like what is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::display_name::{self, InvalidName};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{ClientId, ConnectionId, RealmId, SessionId, TenantId, UserId};
use gantry_core::publisher::Publisher;
use gantry_core::realm::Realm;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Secret;
use gantry_core::session::Session;
use gantry_core::tenant::Tenant;
use gantry_core::user::User;
use gantry_store::RealmTx;

use crate::password_rule::WeakPassword;
use crate::recovery::{ChangedMail, tell_of_change};
use crate::session::{OpenedSession, Proof, end, end_all, is_live};
use crate::sign_in::password::{Checked, still_holds};
use crate::sign_up::{password_least, password_rule_for};
use crate::{Identity, Visit, realms, users};

/// An app that a person has let in.
#[derive(Debug, Clone)]
pub struct AppAccess {
    /// The app.
    pub client: Client,
    /// The team that owns it.
    pub publisher: Option<Publisher>,
    /// Everything that it may do, over all that the person allowed.
    pub scopes: ScopeSet,
    /// The tenants that it may work in, in order of key.
    pub tenants: Vec<Tenant>,
    /// Since when.
    pub since: Timestamp,
    /// When a token was last issued, if one may be issued still.
    pub last_used_at: Option<Timestamp>,
}

/// What consents and grants add up to for one app.
struct Allowed {
    scopes: ScopeSet,
    tenants: BTreeSet<TenantId>,
    since: Timestamp,
    last_used_at: Option<Timestamp>,
}

impl Allowed {
    fn since(since: Timestamp) -> Self {
        Self { scopes: ScopeSet::default(), tenants: BTreeSet::new(), since, last_used_at: None }
    }

    fn add(&mut self, scopes: &ScopeSet, tenants: impl IntoIterator<Item = TenantId>, at: Timestamp) {
        scopes.iter().for_each(|scope| self.scopes.insert(scope));
        self.tenants.extend(tenants);
        self.since = self.since.min(at);
    }
}

/// What a person typed to change their password.
#[derive(Debug, Clone, Copy)]
pub struct TypedPasswords<'t> {
    /// The present one.
    pub current: &'t Secret,
    /// The one to be.
    pub new: &'t Secret,
}

/// What came of changing a password.
#[derive(Debug)]
pub enum PasswordChange {
    /// Changed; the session goes on under a new cookie.
    Done(Box<OpenedSession>),
    /// The present password is wrong.
    WrongCurrent,
    /// The new one is the present one.
    Same,
    /// The new one will not do.
    Weak(WeakPassword),
    /// Too many wrong ones.
    Throttled {
        /// When to come back.
        wait: Duration,
    },
}

impl Identity {
    /// A person's live sessions, last used first.
    pub async fn sessions_of(&self, realm: &Realm, user: &User) -> Result<Vec<Session>, Fault> {
        let now = self.clock.now();
        let rows = self.store.read(realm.id);
        let mut sessions = rows.sessions().list_live(user.id, now).await?;
        sessions.retain(|session| is_live(&realm.settings.sign_in, session, now));
        let through: Vec<_> = sessions.iter().filter_map(|session| session.connection_id).collect();
        let connections = rows.connections().find_all(&through).await?;
        let stands = |session: &Session| {
            let of = |id| connections.iter().find(|connection| connection.id == id);
            session.connection_id.is_none_or(|id| of(id).is_some_and(|connection| connection.stands_since(session.created_at)))
        };
        sessions.retain(stands);
        Ok(sessions)
    }

    /// Whether a person has a password.
    pub async fn has_password(&self, user: &User) -> Result<bool, Fault> {
        Ok(self.store.read(user.realm_id).passwords().find(user.id).await?.is_some())
    }

    /// The tenants with these keys.
    pub async fn tenants_named(&self, realm: RealmId, ids: &[TenantId]) -> Result<Vec<Tenant>, Fault> {
        self.store.read(realm).tenants().find_all(ids).await
    }

    /// The connections with these keys.
    pub async fn connections_named(&self, realm: RealmId, ids: &[ConnectionId]) -> Result<Vec<Connection>, Fault> {
        self.store.read(realm).connections().find_all(ids).await
    }

    /// Ends one of a person's sessions.
    pub async fn end_session(&self, user: &User, session: SessionId, origin: &Origin) -> Result<(), Failure> {
        let now = self.clock.now();
        self.store
            .transact(user.realm_id, async |tx| {
                let own = tx.sessions().find(session).await?.is_some_and(|session| session.user_id == user.id);
                if !own || !end(tx, session, now).await? {
                    return Err(Refusal::new(ErrorCode::NotFound, "There is no such session").into());
                }
                Ok(tx.audit().insert(&line(user, AuditEvent::SessionEnded, origin, now).target(&session)).await?)
            })
            .await
    }

    /// Ends all of a person's sessions but the one they act from.
    pub async fn end_other_sessions(&self, user: &User, except: SessionId, origin: &Origin) -> Result<(), Failure> {
        let now = self.clock.now();
        self.store
            .transact(user.realm_id, async |tx| {
                end_all(tx, user.id, Some(except), now).await?;
                Ok(tx.audit().insert(&line(user, AuditEvent::SessionEnded, origin, now).reason("all_others")).await?)
            })
            .await
    }

    /// The apps that a person has let in: those with a live grant, and those whose consent is remembered.
    pub async fn apps_of(&self, user: &User) -> Result<Vec<AppAccess>, Fault> {
        apps_of(&self.store.read(user.realm_id), user.id).await
    }

    /// Takes back everything that a person allowed an app; its next request asks again (attack catalogue CON-11).
    pub async fn remove_app(&self, user: &User, client: ClientId, origin: &Origin) -> Result<(), Failure> {
        let now = self.clock.now();
        self.store
            .transact(user.realm_id, async |tx| {
                take_back(tx, user.id, client, now).await?;
                Ok(tx.audit().insert(&line(user, AuditEvent::Revoked, origin, now).client(client).reason("app_removed")).await?)
            })
            .await
    }

    /// Changes a person's name; an empty one is none.
    pub async fn rename(&self, user: &User, name: &str, origin: &Origin) -> Result<Result<(), InvalidName>, Failure> {
        let name = if name.trim().is_empty() { Ok(None) } else { display_name::parse(name).map(Some) };
        let name = match name {
            Ok(name) => name,
            Err(invalid) => return Ok(Err(invalid)),
        };
        let now = self.clock.now();
        self.store
            .transact(user.realm_id, async |tx| {
                let before = tx.users().find(user.id).await?.ok_or_else(users::no_user)?;
                let mut user = before.clone();
                user.profile.name = name;
                user.updated_at = now;
                tx.users().update(&user).await?;
                Ok(tx.audit().insert(&line(&user, AuditEvent::Updated, origin, now).target(&user.id).changes(&before, &user)).await?)
            })
            .await
            .map(Ok)
    }

    /// How long a new password of theirs has to be.
    pub async fn password_least(&self, realm: &Realm, user: &User) -> Result<u32, Fault> {
        password_least(&self.store.read(realm.id), realm, user.id).await
    }

    /// Changes a password. Whoever else is signed in with the old one is out, and so is every app that
    /// was let in from another session and every personal token (attack catalogue RTK-11).
    pub async fn change_password(
        &self,
        realm: &Realm,
        user: &User,
        typed: TypedPasswords<'_>,
        mail: ChangedMail<'_>,
        visit: &Visit<'_>,
    ) -> Result<PasswordChange, Failure> {
        let rule = password_rule_for(&self.store.read(realm.id), realm, user).await?;
        let accepted = match rule.accept(typed.new) {
            Ok(accepted) => accepted,
            Err(why) => return Ok(PasswordChange::Weak(why)),
        };
        let credential = match self.check_password(realm, &user.email, Some(user), typed.current, visit).await? {
            Checked::Right(credential) => credential,
            Checked::Wrong => return Ok(PasswordChange::WrongCurrent),
            Checked::Throttled(wait) => return Ok(PasswordChange::Throttled { wait }),
        };
        if self.passwords.verify(realm.id, typed.new, Some(&credential.hash)).await? {
            return Ok(PasswordChange::Same);
        }
        let hash = self.passwords.hash(realm.id, accepted).await?;
        let now = self.clock.now();
        self.store
            .transact(realm.id, async |tx| {
                let Some(user) = still_holds(tx, &credential).await? else { return Ok(PasswordChange::WrongCurrent) };
                users::put_password(tx, user.id, hash, now).await?;
                tx.action_links().void_for_user(user.id, None, now).await?;
                tell_of_change(tx, &user, mail, now).await?;
                tx.audit().insert(&line(&user, AuditEvent::PasswordChanged, visit.origin, now)).await?;
                let opened = self.reopen(tx, realm, user, visit).await?;
                // After the sessions have ended: what one of them was making is there by now, or never will be.
                tx.personal_tokens().remove_for_user(opened.user.id).await?;
                Ok(PasswordChange::Done(Box::new(opened)))
            })
            .await
    }

    /// Gives the present session a new id and cookie, and ends whatever else the person has.
    async fn reopen(&self, tx: &RealmTx, realm: &Realm, user: User, visit: &Visit<'_>) -> Result<OpenedSession, Failure> {
        let now = self.clock.now();
        let present = match visit.session {
            Some(cookie) => tx.sessions().find_by_digest(cookie.digest()).await?,
            None => None,
        };
        let proof = Proof::password(present.is_some_and(|session| session.remembered));
        let opened = self.open(tx, realm, user, proof, visit).await?;
        end_all(tx, opened.user.id, Some(opened.session.id), now).await?;
        for grant in tx.grants().list_live(opened.user.id).await? {
            if grant.session_id != opened.session.id {
                tx.grants().revoke(grant.id, now).await?;
            }
        }
        Ok(opened)
    }
}

/// The apps that a person has let in, by the handle of their realm.
pub(crate) async fn apps_of(rows: &RealmTx, user: UserId) -> Result<Vec<AppAccess>, Fault> {
    let mut found: BTreeMap<ClientId, Allowed> = BTreeMap::new();
    for consent in rows.consents().list_for_user(user).await? {
        let allowed = found.entry(consent.client_id).or_insert_with(|| Allowed::since(consent.decided_at));
        allowed.add(&consent.scopes, consent.tenant_id, consent.decided_at);
    }
    let realm = realms::find(rows).await?;
    for grant in rows.grants().list_live(user).await?.into_iter().filter(|grant| realm.stands_since(grant.created_at)) {
        let allowed = found.entry(grant.client_id).or_insert_with(|| Allowed::since(grant.created_at));
        allowed.add(&grant.scopes, grant.tenants, grant.created_at);
        allowed.last_used_at = allowed.last_used_at.max(Some(grant.last_used_at));
    }
    let mut apps = Vec::with_capacity(found.len());
    for (id, Allowed { scopes, tenants, since, last_used_at }) in found {
        // Gantry's own pages are no app that somebody let in.
        let Some(client) = rows.clients().find(id).await?.filter(|client| !client.built_in) else { continue };
        let publisher = match client.publisher_id {
            Some(id) => rows.publishers().find(id).await?,
            None => None,
        };
        let tenants = rows.tenants().find_all(&tenants.into_iter().collect::<Vec<_>>()).await?;
        apps.push(AppAccess { client, publisher, scopes, tenants, since, last_used_at });
    }
    apps.sort_by_key(|app| std::cmp::Reverse(app.last_used_at.unwrap_or(app.since)));
    Ok(apps)
}

/// Takes back everything that a person allowed an app.
pub(crate) async fn take_back(tx: &RealmTx, user: UserId, client: ClientId, now: Timestamp) -> Result<(), Failure> {
    if tx.clients().find(client).await?.is_none() {
        return Err(Refusal::new(ErrorCode::NotFound, "There is no such app").into());
    }
    // In this order: a request that is being answered holds the consents that it rests on, and
    // its grant has to be there when grants are revoked.
    tx.consents().remove(user, client).await?;
    tx.grants().revoke_for_client(user, client, now).await?;
    Ok(())
}

fn line(user: &User, event: AuditEvent, origin: &Origin, now: Timestamp) -> AuditEntry {
    let actor = Actor::User { user: user.id, realm: user.realm_id };
    AuditEntry::new(user.realm_id, now, event).by(actor).from(origin)
}
