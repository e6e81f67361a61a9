//! Apps: row and core type, and the queries of that record.

use gantry_core::client::Client;
use gantry_core::failure::Fault;
use gantry_core::id::ClientId;

use crate::RealmTx;

/// Apps, within one realm.
#[derive(Debug)]
pub struct Clients<'t>(pub(crate) &'t RealmTx);

impl Clients<'_> {
    /// The client with this key.
    pub async fn find(&self, id: ClientId) -> Result<Option<Client>, Fault> {
        crate::unfinished()
    }

    /// The client with this name on the wire.
    pub async fn find_by_client_id(&self, client_id: &str) -> Result<Option<Client>, Fault> {
        crate::unfinished()
    }

    /// Clients in order of key after `after`, at most `limit`.
    pub async fn list(&self, after: Option<ClientId>, limit: u64) -> Result<Vec<Client>, Fault> {
        crate::unfinished()
    }

    /// Writes a new client. `false`: its `client_id` is or was in use.
    pub async fn insert(&self, client: &Client) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Writes a changed client if it still has the version before; counts it on and tells the nodes.
    /// `false`: somebody else changed it meanwhile.
    pub async fn update(&self, client: &Client) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Removes a client and all that hangs on it; its `client_id` stays taken.
    pub async fn remove(&self, id: ClientId) -> Result<(), Fault> {
        crate::unfinished()
    }
}
