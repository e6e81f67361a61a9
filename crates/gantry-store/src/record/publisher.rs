//! Developer teams: row and core type, and the queries of that record.

use gantry_core::failure::Fault;
use gantry_core::id::PublisherId;
use gantry_core::publisher::Publisher;

use crate::RealmTx;

/// Developer teams, within one realm.
#[derive(Debug)]
pub struct Publishers<'t>(pub(crate) &'t RealmTx);

impl Publishers<'_> {
    /// The publisher with this key.
    pub async fn find(&self, id: PublisherId) -> Result<Option<Publisher>, Fault> {
        crate::unfinished()
    }

    /// All publishers of the realm.
    pub async fn list(&self) -> Result<Vec<Publisher>, Fault> {
        crate::unfinished()
    }

    /// Writes a new publisher. `false`: the slug is in use.
    pub async fn insert(&self, publisher: &Publisher) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Writes a changed publisher.
    pub async fn update(&self, publisher: &Publisher) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Removes a publisher that owns no client.
    pub async fn remove(&self, id: PublisherId) -> Result<(), Fault> {
        crate::unfinished()
    }
}
