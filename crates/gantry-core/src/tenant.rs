//! A tenant: a customer organization inside a realm, and who belongs to it.

use crate::clock::Timestamp;
use crate::id::{MembershipId, RealmId, TenantId, UserId};

/// A customer organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// The key.
    pub id: TenantId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The public id, given or generated; never changed, never reused.
    pub org_id: String,
    /// The name that people read.
    pub name: String,
    /// Suspended: nothing for this tenant works.
    pub suspended_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A person's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The key.
    pub id: MembershipId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The person.
    pub user_id: UserId,
    /// What the person is there.
    pub role: TenantRole,
    /// When the person joined.
    pub created_at: Timestamp,
}

crate::closed_set::closed_set! {
    /// A role in a tenant.
    TenantRole {
        /// Belongs to it.
        Member = "member",
        /// Administers it.
        TenantAdmin = "tenant_admin",
    }
}
