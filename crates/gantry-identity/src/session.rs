//! Sessions: signed-in browsers, from the cookie to the end.
//!
//! Owns their lifetimes, judged anew by the realm's present policy, and what falls with one. Never
//! decides who somebody is; whoever starts a session has a proof in hand.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{ConnectionId, SessionId, UserId};
use gantry_core::realm::{Realm, SignInPolicy, seconds};
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::session::{AuthMethod, Session};
use gantry_core::user::User;
use gantry_store::RealmTx;
use serde_json::json;

use crate::upstream_sessions::{self, Standing};
use crate::{Identity, Visit, device};

/// The most live sessions of a person; the one unused for longest ends (attack catalogue RES-03).
const MAX_SESSIONS: u64 = 100;

/// A use is noted at most this often: a page view should not cost a commit.
const TOUCH_EVERY: Duration = Duration::from_mins(1);

/// A session that was just started, with what its browser has to keep.
#[derive(Debug, Clone)]
pub struct OpenedSession {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub user: User,
    /// The value of its cookie; the store has only a digest.
    pub cookie: Secret,
    /// The value of the cookie of known accounts.
    pub devices: String,
}

/// How a session comes to be.
#[derive(Debug, Clone)]
pub(crate) struct Proof {
    pub(crate) methods: Vec<AuthMethod>,
    /// The connection that the person came through; none: a password here.
    pub(crate) connection: Option<ConnectionId>,
    /// When they proved themself; none: just now.
    pub(crate) at: Option<Timestamp>,
    pub(crate) remember: bool,
}

impl Proof {
    /// By a password here, just now.
    pub(crate) fn password(remember: bool) -> Self {
        Self { methods: vec![AuthMethod::Password], connection: None, at: None, remember }
    }
}

impl Identity {
    /// The live session behind a cookie, with its person, judged against the realm's present policy.
    pub async fn find_live(&self, realm: &Realm, cookie: &Secret) -> Result<Option<(Session, User)>, Failure> {
        let rows = self.store.read(realm.id);
        let session = find(&rows, cookie).await?;
        self.judge(realm, &rows, session).await
    }

    /// The same for a session that Gantry's own console or portal rests on, by its id.
    pub async fn find_live_session(&self, realm: &Realm, session: SessionId) -> Result<Option<(Session, User)>, Failure> {
        let rows = self.store.read(realm.id);
        let session = rows.sessions().find(session).await?;
        self.judge(realm, &rows, session).await
    }

    async fn judge(&self, realm: &Realm, rows: &RealmTx, session: Option<Session>) -> Result<Option<(Session, User)>, Failure> {
        let now = self.clock.now();
        let Some(session) = session.filter(|session| is_live(&realm.settings.sign_in, session, now)) else { return Ok(None) };
        let Some(user) = rows.users().find(session.user_id).await?.filter(may_be_signed_in) else { return Ok(None) };
        if !connection_stands(rows, session.connection_id, session.created_at).await? {
            return Ok(None);
        }
        if now.since(session.last_used_at) >= TOUCH_EVERY {
            self.store.transact(realm.id, async |tx| Ok(tx.sessions().touch(session.id, now).await?)).await?;
        }
        Ok(Some((session, user)))
    }

    /// Ends a session because its person signs out, and what is bound to it. Returns what it owed to a provider where
    /// the person is to be signed out as well.
    pub async fn sign_out(&self, session: &Session, origin: &Origin) -> Result<Option<Box<Standing>>, Failure> {
        let now = self.clock.now();
        let actor = Actor::User { user: session.user_id, realm: session.realm_id };
        self.store
            .transact(session.realm_id, async |tx| {
                let owed = match session.connection_id {
                    Some(_) => upstream_sessions::find(tx, session.id, now).await?,
                    None => None,
                };
                if end(tx, session.id, now).await? {
                    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::SignedOut).by(actor).from(origin).target(&session.id);
                    tx.audit().insert(&line).await?;
                }
                Ok(owed.filter(|owed| owed.connection.settings.sign_out_upstream).map(Box::new))
            })
            .await
    }

    /// Starts a session for a person who has proved themself, in place of whatever session the browser had.
    pub(crate) async fn open(
        &self,
        tx: &RealmTx,
        realm: &Realm,
        user: User,
        proof: Proof,
        visit: &Visit<'_>,
    ) -> Result<OpenedSession, Failure> {
        let now = self.clock.now();
        let policy = &realm.settings.sign_in;
        let previous = match visit.session {
            Some(cookie) => find(tx, cookie).await?,
            None => None,
        };
        let (session, cookie) = new_session(realm, user.id, proof, visit.origin, now);
        tx.sessions().insert(&session).await?;
        if let Some(previous) = previous {
            replace(tx, policy, &previous, &session).await?;
        }
        end_surplus(tx, user.id, now).await?;
        let actor = Actor::User { user: user.id, realm: realm.id };
        let mut line = AuditEntry::new(realm.id, now, AuditEvent::SignedIn).by(actor).from(visit.origin).target(&session.id);
        line.detail = session.connection_id.map(|connection| json!({ "connection": connection }));
        tx.audit().insert(&line).await?;
        let devices = device::remember(visit.devices, &self.devices.tag(realm.id, user.id, visit.browser));
        Ok(OpenedSession { session, user, cookie, devices })
    }
}

/// Whether a session still counts. Whichever is shorter holds, the policy of now or the promise of
/// then, so that a shortened or withdrawn "keep me signed in" cuts old sessions too (SES-14).
pub fn is_live(policy: &SignInPolicy, session: &Session, now: Timestamp) -> bool {
    let (idle, absolute) = limits(policy, session.remembered);
    session.ended_at.is_none()
        && now < session.expires_at
        && now < session.created_at.plus(absolute)
        && now < session.last_used_at.plus(idle)
}

/// Whether what began through a connection at that time still counts: the connection is there, switched on, and has
/// not been switched off since (attack catalogue FED-15). `began` is when the session or the grant was made, not when
/// the person proved themself to a provider, which may have been before. What needed no connection always stands.
pub async fn connection_stands(tx: &RealmTx, connection: Option<ConnectionId>, began: Timestamp) -> Result<bool, Fault> {
    match connection {
        Some(id) => Ok(tx.connections().find(id).await?.is_some_and(|connection| connection.stands_since(began))),
        None => Ok(true),
    }
}

/// Ends a session and revokes what is bound to it. `false`: it had ended already.
pub async fn end(tx: &RealmTx, session: SessionId, now: Timestamp) -> Result<bool, Fault> {
    let ended = tx.sessions().end(session, now).await?;
    if ended {
        tx.grants().revoke_bound_to(&[session], now).await?;
    }
    Ok(ended)
}

/// Ends all sessions of a person but one, and revokes what is bound to them.
pub(crate) async fn end_all(tx: &RealmTx, user: UserId, except: Option<SessionId>, now: Timestamp) -> Result<usize, Fault> {
    let ended = tx.sessions().end_all(user, except, now).await?;
    tx.grants().revoke_bound_to(&ended, now).await?;
    Ok(ended.len())
}

/// Whether a person's sessions count at all.
pub(crate) fn may_be_signed_in(user: &User) -> bool {
    user.disabled_at.is_none() && user.email_verified_at.is_some()
}

fn limits(policy: &SignInPolicy, remembered: bool) -> (Duration, Duration) {
    if remembered && policy.remember {
        (seconds(policy.remembered_lifetime), seconds(policy.remembered_lifetime))
    } else {
        (seconds(policy.session_idle_lifetime), seconds(policy.session_absolute_lifetime))
    }
}

async fn find(tx: &RealmTx, cookie: &Secret) -> Result<Option<Session>, Fault> {
    match SecretKind::Session.unwrap(cookie.expose()) {
        Some(_) => tx.sessions().find_by_digest(cookie.digest()).await,
        None => Ok(None),
    }
}

fn new_session(realm: &Realm, user: UserId, proof: Proof, origin: &Origin, now: Timestamp) -> (Session, Secret) {
    let cookie = SecretKind::Session.generate();
    let remembered = proof.remember && realm.settings.sign_in.remember;
    let (_, absolute) = limits(&realm.settings.sign_in, remembered);
    let session = Session {
        id: SessionId::new(),
        realm_id: realm.id,
        user_id: user,
        digest: cookie.digest(),
        connection_id: proof.connection,
        methods: proof.methods,
        authenticated_at: proof.at.unwrap_or(now),
        remembered,
        user_agent: origin.user_agent.clone(),
        ip: origin.ip.clone(),
        last_used_at: now,
        created_at: now,
        expires_at: now.plus(absolute),
        ended_at: None,
    };
    (session, cookie)
}

/// Ends the browser's session before this one. What the same person bound to it goes on under the new
/// one; another person's falls (attack catalogue SES-01, SES-06).
async fn replace(tx: &RealmTx, policy: &SignInPolicy, previous: &Session, next: &Session) -> Result<(), Fault> {
    let now = next.created_at;
    if previous.user_id == next.user_id && is_live(policy, previous, now) {
        tx.grants().rebind(previous.id, next.id).await?;
    }
    if end(tx, previous.id, now).await? {
        let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::SessionEnded).user(previous.user_id).target(&previous.id);
        tx.audit().insert(&line.reason("replaced")).await?;
    }
    Ok(())
}

async fn end_surplus(tx: &RealmTx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    for surplus in tx.sessions().list_surplus(user, MAX_SESSIONS, now).await? {
        end(tx, surplus.id, now).await?;
        let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::SessionEnded).user(user).target(&surplus.id);
        tx.audit().insert(&line.reason("too_many")).await?;
    }
    Ok(())
}
