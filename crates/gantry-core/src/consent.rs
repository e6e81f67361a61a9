//! A consent: a remembered decision, so that the page may be skipped.

use crate::clock::Timestamp;
use crate::id::{ClientId, ConsentId, RealmId, TenantId, UserId};
use crate::scope_set::ScopeSet;

/// What a person decided about a client. One row for each person, client and tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The key.
    pub id: ConsentId,
    /// Its realm.
    pub realm_id: RealmId,
    /// Who decided.
    pub user_id: UserId,
    /// About which client.
    pub client_id: ClientId,
    /// The client's metadata version then; another version asks again.
    pub client_version: i64,
    /// For which tenant, if any.
    pub tenant_id: Option<TenantId>,
    /// The scopes allowed.
    pub scopes: ScopeSet,
    /// The audiences allowed.
    pub audiences: Vec<String>,
    /// When it was decided.
    pub decided_at: Timestamp,
}

impl Consent {
    /// Whether this decision answers for the same client version and no more than these.
    pub fn covers(&self, client_version: i64, scopes: &ScopeSet, audiences: &[String]) -> bool {
        self.client_version == client_version
            && scopes.is_subset_of(&self.scopes)
            && audiences.iter().all(|audience| self.audiences.contains(audience))
    }
}
