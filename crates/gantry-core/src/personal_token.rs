//! A personal token: what a person makes to reach an API as themself, without an app in between.
//!
//! Owns the record and its limits. Never decides whether it still stands.

use crate::clock::Timestamp;
use crate::id::{PersonalTokenId, RealmId, TenantId, UserId};
use crate::scope_set::ScopeSet;
use crate::secret::Digest;

/// The most personal tokens of a person, expired ones included as long as they are listed.
pub const MAX_PERSONAL_TOKENS: usize = 50;

/// The fewest and the most days that a personal token lives.
pub const LIFETIME_DAYS: std::ops::RangeInclusive<u32> = 1..=366;

/// One of a person's tokens. A token that was revoked is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalToken {
    /// The key.
    pub id: PersonalTokenId,
    /// Its realm.
    pub realm_id: RealmId,
    /// Whose, and who it acts as.
    pub user_id: UserId,
    /// The organization that it acts in; none: in none.
    pub tenant_id: Option<TenantId>,
    /// What its owner calls it.
    pub name: String,
    /// What it may do, as long as the realm allows personal tokens to.
    pub scopes: ScopeSet,
    /// What is kept of it.
    pub digest: Digest,
    /// How people tell it apart.
    pub last_four: String,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}
