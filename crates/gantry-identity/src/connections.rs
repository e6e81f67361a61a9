//! Admin rules for connections: what the ways to sign in are called, and which are offered.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::ConnectionId;
use gantry_store::RealmTx;
use serde_json::json;

use crate::permission::{self, Action};

/// What may change about a connection; its slug and kind never do.
#[derive(Debug, Clone)]
pub struct ConnectionChange {
    /// Its name for people.
    pub name: String,
    /// Whether it is offered.
    pub enabled: bool,
}

/// Changes a connection.
pub async fn update(tx: &RealmTx, actor: Actor, id: ConnectionId, change: ConnectionChange, now: Timestamp) -> Result<Connection, Failure> {
    permission::check(actor, Action::ManageRealm, tx.realm_id())?;
    let before = tx.connections().find(id).await?.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "There is no such connection"))?;
    let wrong = Refusal::new(ErrorCode::InvalidRequest, "The name must be 1 to 120 visible characters on one line");
    let name = display_name::parse(&change.name).or(Err(wrong))?;
    let disabled_at = if change.enabled { None } else { before.disabled_at.or(Some(now)) };
    let not_before = if change.enabled { before.not_before } else { Some(now) };
    let connection = Connection { name, disabled_at, not_before, ..before };
    tx.connections().update(&connection).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&connection.id);
    tx.audit().insert(&line.detail(json!({ "enabled": change.enabled }))).await?;
    Ok(connection)
}
