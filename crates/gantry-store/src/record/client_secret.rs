//! Clients' secrets: row and core type, and the queries of that record.

use gantry_core::client::ClientSecret;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, ClientSecretId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_time};
use crate::RealmTx;
use crate::entity::client_secret;

/// Clients' secrets, within one realm.
#[derive(Debug)]
pub struct ClientSecrets<'t>(pub(crate) &'t RealmTx);

impl ClientSecrets<'_> {
    /// The secrets of a client, newest first, expired ones included.
    pub async fn list(&self, client: ClientId) -> Result<Vec<ClientSecret>, Fault> {
        let select = self
            .0
            .select::<client_secret::Entity>()
            .filter(client_secret::Column::ClientId.eq(client.to_string()))
            .order_by_desc(client_secret::Column::Id);
        self.0.run().all(select).await?.into_iter().map(ClientSecret::try_from).collect()
    }

    /// The realm's secrets that end between two instants, soonest first, at most `limit`.
    pub async fn ending(&self, from: Timestamp, to: Timestamp, limit: u64) -> Result<Vec<ClientSecret>, Fault> {
        use client_secret::Column as C;
        let select = self.0.select::<client_secret::Entity>().filter(C::ExpiresAt.between(from.millis(), to.millis()));
        let rows = self.0.run().all(select.order_by_asc(C::ExpiresAt).limit(limit)).await?;
        rows.into_iter().map(ClientSecret::try_from).collect()
    }

    /// Writes a new secret and tells the nodes.
    pub async fn insert(&self, secret: &ClientSecret) -> Result<(), Fault> {
        let row = client_secret::Model {
            id: secret.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            client_id: secret.client_id.to_string(),
            digest: secret.digest.to_text(),
            last_four: secret.last_four.clone(),
            last_used_at: optional_millis(secret.last_used_at),
            expires_at: optional_millis(secret.expires_at),
            created_at: secret.created_at.millis(),
        };
        self.0.run().insert::<client_secret::Entity>(row).await?;
        self.0.client_changed(secret.client_id);
        Ok(())
    }

    /// Sets when a secret stops working and tells the nodes.
    pub async fn expire(&self, secret: &ClientSecret, at: Timestamp) -> Result<(), Fault> {
        let update = self
            .0
            .update::<client_secret::Entity>()
            .col_expr(client_secret::Column::ExpiresAt, Expr::value(at.millis()))
            .filter(client_secret::Column::Id.eq(secret.id.to_string()));
        self.0.run().update(update).await?;
        self.0.client_changed(secret.client_id);
        Ok(())
    }

    /// Removes a secret and tells the nodes.
    pub async fn remove(&self, secret: &ClientSecret) -> Result<(), Fault> {
        let delete = self.0.delete::<client_secret::Entity>().filter(client_secret::Column::Id.eq(secret.id.to_string()));
        self.0.run().delete(delete).await?;
        self.0.client_changed(secret.client_id);
        Ok(())
    }

    /// Notes that a secret was used, without telling anybody.
    pub async fn touch(&self, id: ClientSecretId, now: Timestamp) -> Result<(), Fault> {
        let update = self
            .0
            .update::<client_secret::Entity>()
            .col_expr(client_secret::Column::LastUsedAt, Expr::value(now.millis()))
            .filter(client_secret::Column::Id.eq(id.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }
}

impl TryFrom<client_secret::Model> for ClientSecret {
    type Error = Fault;

    fn try_from(model: client_secret::Model) -> Result<Self, Fault> {
        let row = Row::new("client_secret", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            client_id: row.id("client_id", &model.client_id)?,
            digest: row.digest("digest", &model.digest)?,
            last_used_at: optional_time(model.last_used_at),
            expires_at: optional_time(model.expires_at),
            created_at: Timestamp::from_millis(model.created_at),
            last_four: model.last_four,
        })
    }
}
