//! Signing keys: row and core type, and the queries of that record.

use gantry_core::failure::Fault;
use gantry_core::signing_key::SigningKey;

use crate::RealmTx;

/// Signing keys, within one realm.
#[derive(Debug)]
pub struct SigningKeys<'t>(pub(crate) &'t RealmTx);

impl SigningKeys<'_> {
    /// All keys that are still published or still to be remembered, private parts opened.
    pub async fn list(&self) -> Result<Vec<SigningKey>, Fault> {
        crate::unfinished()
    }

    /// Writes a new key, its private part sealed, and tells the nodes. `false`: another is active (or next) for the algorithm.
    pub async fn insert(&self, key: &SigningKey) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Writes the state and instants of a key and tells the nodes.
    pub async fn update(&self, key: &SigningKey) -> Result<(), Fault> {
        crate::unfinished()
    }
}
