//! A service account: a program's account at the admin API.
//!
//! Owns the record. Never says what an account may be given; the rules that make one do.

use crate::actor::Actor;
use crate::admin_scope::AdminScopes;
use crate::clock::Timestamp;
use crate::id::{RealmId, ServiceAccountId, ServiceKeyId};
use crate::secret::Digest;

/// The most keys of an account that work at the same time: one in use and its successor.
pub const MAX_SERVICE_KEYS: usize = 2;

/// A program's account. It belongs to a realm and reaches that one; one of the realm `system` reaches all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    /// The key of the record.
    pub id: ServiceAccountId,
    /// Where it belongs.
    pub realm_id: RealmId,
    /// What people call it, unique in its realm.
    pub name: String,
    /// What it may do.
    pub scopes: AdminScopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
}

impl ServiceAccount {
    /// As whom it acts; `everywhere` where it belongs to the realm `system`.
    pub const fn actor(&self, everywhere: bool) -> Actor {
        let realm = if everywhere { None } else { Some(self.realm_id) };
        Actor::Service { account: self.id, realm, scopes: self.scopes }
    }
}

/// One of an account's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceKey {
    /// The key of the record.
    pub id: ServiceKeyId,
    /// Whose.
    pub account_id: ServiceAccountId,
    /// What is kept of it.
    pub digest: Digest,
    /// How people tell it apart.
    pub last_four: String,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl ServiceKey {
    /// Whether its time is not over.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| at > now)
    }
}
