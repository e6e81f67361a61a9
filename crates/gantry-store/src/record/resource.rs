//! APIs: row and core type, and the queries of that record.

use gantry_core::failure::Fault;
use gantry_core::id::ResourceId;
use gantry_core::resource::Resource;

use crate::RealmTx;

/// APIs, within one realm.
#[derive(Debug)]
pub struct Resources<'t>(pub(crate) &'t RealmTx);

impl Resources<'_> {
    /// All resources of the realm.
    pub async fn list(&self) -> Result<Vec<Resource>, Fault> {
        crate::unfinished()
    }

    /// Writes a new resource. `false`: the audience is in use.
    pub async fn insert(&self, resource: &Resource) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Writes a changed resource.
    pub async fn update(&self, resource: &Resource) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Removes a resource that no client and no scope names.
    pub async fn remove(&self, id: ResourceId) -> Result<(), Fault> {
        crate::unfinished()
    }
}
