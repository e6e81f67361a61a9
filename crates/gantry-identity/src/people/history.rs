//! What happened to a person's account: sign-ins and what changed how they sign in, and the traces of sign-ins with providers.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::UserId;
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};
use gantry_core::sign_in_trace::SignInTrace;
use gantry_store::RealmTx;

use super::seen;

/// Traces on one page.
const TRACES: u64 = 25;

/// What belongs to the history of signing in.
pub const EVENTS: &[AuditEvent] = &[
    AuditEvent::SignedIn,
    AuditEvent::SignInRefused,
    AuditEvent::SignInThrottled,
    AuditEvent::SignedOut,
    AuditEvent::SessionEnded,
    AuditEvent::SignedUp,
    AuditEvent::EmailVerified,
    AuditEvent::ResetRequested,
    AuditEvent::PasswordChanged,
    AuditEvent::IdentityLinked,
    AuditEvent::IdentityUnlinked,
    AuditEvent::AccountsMerged,
];

/// What happened, newest first.
pub async fn events(tx: &RealmTx, actor: Actor, id: UserId, find: &Find) -> Result<Page<AuditEntry>, Failure> {
    seen(tx, actor, id).await?;
    let before = match &find.after {
        None => None,
        Some(cursor) => match place(cursor) {
            Some(place) => Some(place),
            None => return Ok(Page::empty()),
        },
    };
    let limit = find.limit.clamp(1, MAX_LIMIT);
    let mut items = tx.person_trail().events(id, EVENTS, before, u64::from(limit) + 1).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| Cursor::at(format!("{} {}", last.at.millis(), last.id)));
    Ok(Page { items, next })
}

/// The newest traces of the person's sign-ins with providers.
pub async fn traces(tx: &RealmTx, actor: Actor, id: UserId, now: Timestamp) -> Result<Vec<SignInTrace>, Failure> {
    seen(tx, actor, id).await?;
    let mut traces = tx.person_trail().traces(id, None, TRACES).await?;
    traces.retain(|trace| now < trace.expires_at);
    Ok(traces)
}

fn place(cursor: &Cursor) -> Option<(Timestamp, gantry_core::id::AuditId)> {
    let (at, id) = cursor.place().split_once(' ')?;
    Some((Timestamp::from_millis(at.parse().ok()?), id.parse().ok()?))
}
