//! A connection: a configured way to sign in.

use crate::clock::Timestamp;
use crate::connector_kind::ConnectorKind;
use crate::id::{ConnectionId, RealmId};

/// A configured way to sign in. Each realm has a password connection from its first moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The key.
    pub id: ConnectionId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The name in realm files and `connection` hints.
    pub slug: String,
    /// The name that people read.
    pub name: String,
    /// What code serves it.
    pub kind: ConnectorKind,
    /// Switched off.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}
