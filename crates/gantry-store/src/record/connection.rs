//! Ways to sign in: row and core type, and the queries of that record.

use gantry_core::connection::Connection;
use gantry_core::failure::Fault;

use crate::RealmTx;

/// Ways to sign in, within one realm.
#[derive(Debug)]
pub struct Connections<'t>(pub(crate) &'t RealmTx);

impl Connections<'_> {
    /// All connections of the realm.
    pub async fn list(&self) -> Result<Vec<Connection>, Fault> {
        crate::unfinished()
    }

    /// Writes a new connection.
    pub async fn insert(&self, connection: &Connection) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Writes a changed connection.
    pub async fn update(&self, connection: &Connection) -> Result<(), Fault> {
        crate::unfinished()
    }
}
