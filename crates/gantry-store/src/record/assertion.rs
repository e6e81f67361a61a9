//! What may be used once until it expires and was: assertions of clients, logout tokens of providers, numbers of forms.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, ConnectionId, SessionId};
use gantry_core::secret::Digest;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

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

    /// Remembers the number of a form that was sent in a session, as long as the session can last. `false`: the form was
    /// sent before. A session's id is no client's and no connection's, so they share the table.
    pub async fn record_form(&self, session: SessionId, number: &str, expires_at: Timestamp) -> Result<bool, Fault> {
        self.remember(session.to_string(), number, expires_at).await
    }

    /// Forgets it again, because the form did nothing.
    pub async fn forget_form(&self, session: SessionId, number: &str) -> Result<(), Fault> {
        let delete = self
            .0
            .delete::<assertion::Entity>()
            .filter(assertion::Column::ClientId.eq(session.to_string()))
            .filter(assertion::Column::Digest.eq(Digest::of(number.as_bytes()).to_text()));
        self.0.run().delete(delete).await.map(|_| ())
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
