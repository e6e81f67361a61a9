//! Clients' secrets: row and core type, and the queries of that record.

use gantry_core::client::ClientSecret;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, ClientSecretId};

use crate::RealmTx;

/// Clients' secrets, within one realm.
#[derive(Debug)]
pub struct ClientSecrets<'t>(pub(crate) &'t RealmTx);

impl ClientSecrets<'_> {
    /// The secrets of a client, newest first, expired ones included.
    pub async fn list(&self, client: ClientId) -> Result<Vec<ClientSecret>, Fault> {
        crate::unfinished()
    }

    /// Writes a new secret and tells the nodes.
    pub async fn insert(&self, secret: &ClientSecret) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Sets when a secret stops working and tells the nodes.
    pub async fn expire(&self, secret: &ClientSecret, at: Timestamp) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Removes a secret and tells the nodes.
    pub async fn remove(&self, secret: &ClientSecret) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Notes that a secret was used, without telling anybody.
    pub async fn touch(&self, id: ClientSecretId, now: Timestamp) -> Result<(), Fault> {
        crate::unfinished()
    }
}
