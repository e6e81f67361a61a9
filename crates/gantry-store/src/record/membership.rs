//! Who belongs to which tenant: row and core type, and the queries of that record.

use gantry_core::failure::Fault;
use gantry_core::id::{TenantId, UserId};
use gantry_core::tenant::Membership;

use crate::RealmTx;

/// Who belongs to which tenant, within one realm.
#[derive(Debug)]
pub struct Memberships<'t>(pub(crate) &'t RealmTx);

impl Memberships<'_> {
    /// The memberships of a person.
    pub async fn list_for_user(&self, user: UserId) -> Result<Vec<Membership>, Fault> {
        crate::unfinished()
    }

    /// The members of a tenant.
    pub async fn list_for_tenant(&self, tenant: TenantId) -> Result<Vec<Membership>, Fault> {
        crate::unfinished()
    }

    /// Writes a membership, or changes the role of the one that is there.
    pub async fn put(&self, membership: &Membership) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Ends a membership.
    pub async fn remove(&self, tenant: TenantId, user: UserId) -> Result<bool, Fault> {
        crate::unfinished()
    }
}
