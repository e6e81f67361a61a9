//! Customer organizations: row and core type, and the queries of that record.

use gantry_core::failure::Fault;
use gantry_core::id::TenantId;
use gantry_core::tenant::Tenant;

use crate::RealmTx;

/// Customer organizations, within one realm.
#[derive(Debug)]
pub struct Tenants<'t>(pub(crate) &'t RealmTx);

impl Tenants<'_> {
    /// The tenant with this key.
    pub async fn find(&self, id: TenantId) -> Result<Option<Tenant>, Fault> {
        crate::unfinished()
    }

    /// The tenant with this public id.
    pub async fn find_by_org_id(&self, org_id: &str) -> Result<Option<Tenant>, Fault> {
        crate::unfinished()
    }

    /// Tenants in order of key after `after`, at most `limit`.
    pub async fn list(&self, after: Option<TenantId>, limit: u64) -> Result<Vec<Tenant>, Fault> {
        crate::unfinished()
    }

    /// Writes a new tenant. `false`: the `org_id` is or was in use.
    pub async fn insert(&self, tenant: &Tenant) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Writes a changed tenant; its `org_id` never changes.
    pub async fn update(&self, tenant: &Tenant) -> Result<(), Fault> {
        crate::unfinished()
    }
}
