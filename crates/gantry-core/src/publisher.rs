//! A publisher: a developer team that owns clients.

use crate::clock::Timestamp;
use crate::id::{PublisherId, RealmId};

/// A developer team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// The key.
    pub id: PublisherId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The name in realm files.
    pub slug: String,
    /// The name that people read.
    pub name: String,
    /// Its site, https.
    pub website: Option<String>,
    /// When the platform made sure who it is, if it did.
    pub verified_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}
