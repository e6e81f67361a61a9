//! The realm itself: row and core type, and the queries of that record.

use gantry_core::failure::Fault;
use gantry_core::realm::Realm;

use crate::RealmTx;

/// The realm itself, within one realm.
#[derive(Debug)]
pub struct Realms<'t>(pub(crate) &'t RealmTx);

impl Realms<'_> {
    /// The realm that this handle is for.
    pub async fn find(&self) -> Result<Option<Realm>, Fault> {
        crate::unfinished()
    }

    /// Writes a new realm. The handle must be for its id. `false`: the slug is or was in use, or a host is.
    pub async fn insert(&self, realm: &Realm) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Writes a changed realm if it still has the version before; counts the version on and tells the nodes.
    /// `false`: somebody else changed it meanwhile.
    pub async fn update(&self, realm: &Realm) -> Result<bool, Fault> {
        crate::unfinished()
    }
}
