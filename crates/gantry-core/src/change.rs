//! Changes: what a transaction tells the other nodes to forget.
//!
//! Each transaction that changes something that nodes keep in memory writes one row for each
//! thing; every node polls them and drops what they name (architecture: revocation reaches every
//! node within a second, Redis or not).

use crate::id::{ClientId, RealmId};

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// A realm, its resources, scopes, connections or keys.
    Realm(RealmId),
    /// A client, its secrets or its publisher.
    Client(RealmId, ClientId),
}
