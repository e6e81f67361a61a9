//! Client assertions that were seen: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::ClientId;
use gantry_core::secret::Digest;

use crate::RealmTx;
use crate::entity::assertion;

/// Client assertions that were seen, within one realm.
#[derive(Debug)]
pub struct Assertions<'t>(pub(crate) &'t RealmTx);

impl Assertions<'_> {
    /// Remembers an assertion until it expires. `false`: it was seen before, so this is a replay.
    ///
    /// Its `jti` is the client's choice and may be of any length, so the row holds a digest.
    pub async fn record(&self, client: ClientId, jti: &str, expires_at: Timestamp) -> Result<bool, Fault> {
        let row = assertion::Model {
            client_id: client.to_string(),
            digest: Digest::of(jti.as_bytes()).to_text(),
            realm_id: self.0.realm_id().to_string(),
            expires_at: expires_at.millis(),
        };
        self.0.run().insert_new::<assertion::Entity>(row).await
    }
}
