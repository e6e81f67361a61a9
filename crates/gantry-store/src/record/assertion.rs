//! Assertions of clients, and logout tokens of providers, that were seen: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, ConnectionId};
use gantry_core::secret::Digest;

use crate::RealmTx;
use crate::entity::assertion;

/// Assertions that were seen, within one realm.
#[derive(Debug)]
pub struct Assertions<'t>(pub(crate) &'t RealmTx);

impl Assertions<'_> {
    /// Remembers a provider's logout token until it expires. `false`: it was seen before, so this is a replay.
    ///
    /// It is single use by the same rule as a client's assertion, so it shares the table; a connection's id is no
    /// client's, so the two never meet.
    pub async fn record_logout_token(&self, connection: ConnectionId, jti: &str, expires_at: Timestamp) -> Result<bool, Fault> {
        self.remember(connection.to_string(), jti, expires_at).await
    }

    /// Remembers an assertion until it expires. `false`: it was seen before, so this is a replay.
    ///
    /// Its `jti` is the client's choice and may be of any length, so the row holds a digest.
    pub async fn record(&self, client: ClientId, jti: &str, expires_at: Timestamp) -> Result<bool, Fault> {
        self.remember(client.to_string(), jti, expires_at).await
    }

    async fn remember(&self, whose: String, jti: &str, expires_at: Timestamp) -> Result<bool, Fault> {
        let row = assertion::Model {
            client_id: whose,
            digest: Digest::of(jti.as_bytes()).to_text(),
            realm_id: self.0.realm_id().to_string(),
            expires_at: expires_at.millis(),
        };
        self.0.run().insert_new::<assertion::Entity>(row).await
    }
}
