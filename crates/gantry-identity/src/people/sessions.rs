//! Sessions of others: an admin looks at them and ends them.
//!
//! Whether one still counts is judged as for a request that carries its cookie, see [`crate::session`].

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{ConnectionId, SessionId, UserId};
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};
use gantry_core::session::Session;
use gantry_core::user::User;
use gantry_store::RealmTx;
use serde_json::json;

use super::{managed, seen};
use crate::at_once::in_order;
use crate::permission::{self, Action};
use crate::realms;
use crate::session::{end as end_bound, end_all, is_live, may_be_signed_in};

/// A session with the person who is signed in by it.
#[derive(Debug, Clone)]
pub struct LiveSession {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub user: User,
    /// The name of the connection that they came through; none: a password here.
    pub through: Option<String>,
}

/// A person's live sessions, last used first.
pub async fn of(tx: &RealmTx, actor: Actor, id: UserId, now: Timestamp) -> Result<Vec<LiveSession>, Failure> {
    let user = seen(tx, actor, id).await?;
    Ok(counting(tx, tx.sessions().list_live(id, now).await?, std::slice::from_ref(&user), now).await?)
}

/// The realm's live sessions, newest first. A page may be short where sessions have outlived the realm's policy.
pub async fn live(tx: &RealmTx, actor: Actor, find: &Find, now: Timestamp) -> Result<Page<LiveSession>, Failure> {
    permission::check(actor, Action::ReadUsers, tx.realm_id())?;
    let before = match &find.after {
        None => None,
        Some(cursor) => match cursor.place().parse::<SessionId>() {
            Ok(id) => Some(id),
            Err(_) => return Ok(Page::empty()),
        },
    };
    let limit = find.limit.clamp(1, MAX_LIMIT);
    let mut rows = tx.sessions().newest_live(before, u64::from(limit) + 1, now).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| Cursor::at(last.id.to_string()));
    let users = tx.users().find_all(&rows.iter().map(|session| session.user_id).collect::<Vec<_>>()).await?;
    Ok(Page { items: counting(tx, rows, &users, now).await?, next })
}

/// Ends a session, and what is bound to it.
pub async fn end(tx: &RealmTx, actor: Actor, id: SessionId, now: Timestamp) -> Result<Session, Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    let session = tx.sessions().find(id).await?.ok_or_else(no_session)?;
    if !end_bound(tx, id, now).await? {
        return Err(no_session());
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::SessionEnded).by(actor).target(&session.user_id);
    tx.audit().insert(&line.reason("by_admin").detail(json!({ "session": id }))).await?;
    Ok(session)
}

/// The same, for a page about one person: another's session is none.
pub async fn end_of(tx: &RealmTx, actor: Actor, user: UserId, id: SessionId, now: Timestamp) -> Result<(), Failure> {
    managed(tx, actor, user).await?;
    if tx.sessions().find(id).await?.is_none_or(|session| session.user_id != user) {
        return Err(no_session());
    }
    end(tx, actor, id, now).await.map(|_| ())
}

/// Ends all sessions of a person, and what is bound to them; returns how many there were.
pub async fn end_everywhere(tx: &RealmTx, actor: Actor, user: UserId, now: Timestamp) -> Result<usize, Failure> {
    managed(tx, actor, user).await?;
    let ended = end_all(tx, user, None, now).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::SessionEnded).by(actor).target(&user);
    tx.audit().insert(&line.reason("all_by_admin").detail(json!({ "sessions": ended }))).await?;
    Ok(ended)
}

/// The sessions with these ids that still count, if the realm knows all of them.
pub async fn several(tx: &RealmTx, actor: Actor, ids: Vec<SessionId>, now: Timestamp) -> Result<Vec<LiveSession>, Failure> {
    permission::check(actor, Action::ReadUsers, tx.realm_id())?;
    let mut sessions = Vec::new();
    for id in in_order(ids)? {
        sessions.push(tx.sessions().find(id).await?.ok_or_else(no_session)?);
    }
    let users = tx.users().find_all(&sessions.iter().map(|session| session.user_id).collect::<Vec<_>>()).await?;
    Ok(counting(tx, sessions, &users, now).await?)
}

/// Ends these sessions; returns how many there were. One that ended since it was looked at is none; one that the realm does
/// not know ends nothing for any.
pub async fn end_several(tx: &RealmTx, actor: Actor, ids: Vec<SessionId>, now: Timestamp) -> Result<usize, Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    let mut ended = 0_usize;
    for id in in_order(ids)? {
        if tx.sessions().find(id).await?.ok_or_else(no_session)?.ended_at.is_none() {
            end(tx, actor, id, now).await?;
            ended = ended.saturating_add(1);
        }
    }
    Ok(ended)
}

/// Those of the sessions that still count, with whose they are and how they began.
async fn counting(tx: &RealmTx, sessions: Vec<Session>, users: &[User], now: Timestamp) -> Result<Vec<LiveSession>, Fault> {
    let realm = realms::find(tx).await?;
    let mut ids: Vec<ConnectionId> = sessions.iter().filter_map(|session| session.connection_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let connections = tx.connections().find_all(&ids).await?;
    let with_both = |session: Session| {
        let user = users.iter().find(|user| user.id == session.user_id && may_be_signed_in(user))?.clone();
        // Switched off since, or gone: as for the requests that carry its cookie (attack catalogue FED-15).
        let through = match session.connection_id {
            None => None,
            Some(id) => {
                let connection = connections.iter().find(|connection| connection.id == id)?;
                Some(connection.stands_since(session.created_at).then(|| connection.name.clone())?)
            }
        };
        is_live(&realm.settings.sign_in, &session, now).then_some(LiveSession { session, user, through })
    };
    Ok(sessions.into_iter().filter_map(with_both).collect())
}

fn no_session() -> Failure {
    Refusal::new(ErrorCode::NotFound, "There is no such session").into()
}
