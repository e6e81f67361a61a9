//! Apps' keys: row and core type, and the queries of that record.
//!
//! Read from the database at each use, so that a revocation is seen by every node at once.

use gantry_core::app_key::AppKey;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{AppKeyId, ClientId};
use gantry_core::secret::Digest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_time, scopes};
use crate::RealmTx;
use crate::entity::app_key;

/// Apps' keys, within one realm.
#[derive(Debug)]
pub struct AppKeys<'t>(pub(crate) &'t RealmTx);

impl AppKeys<'_> {
    /// The key with this digest, expired ones included.
    pub async fn find(&self, digest: Digest) -> Result<Option<AppKey>, Fault> {
        let select = self.0.select::<app_key::Entity>().filter(app_key::Column::Digest.eq(digest.to_text()));
        self.0.run().one(select).await?.map(AppKey::try_from).transpose()
    }

    /// The keys of a client by name, expired ones included.
    pub async fn list(&self, client: ClientId) -> Result<Vec<AppKey>, Fault> {
        let select =
            self.0.select::<app_key::Entity>().filter(app_key::Column::ClientId.eq(client.to_string())).order_by_asc(app_key::Column::Name);
        self.0.run().all(select).await?.into_iter().map(AppKey::try_from).collect()
    }

    /// The realm's keys that end between two instants, soonest first, at most `limit`.
    pub async fn ending(&self, from: Timestamp, to: Timestamp, limit: u64) -> Result<Vec<AppKey>, Fault> {
        use app_key::Column as C;
        let select = self.0.select::<app_key::Entity>().filter(C::ExpiresAt.between(from.millis(), to.millis()));
        let rows = self.0.run().all(select.order_by_asc(C::ExpiresAt).limit(limit)).await?;
        rows.into_iter().map(AppKey::try_from).collect()
    }

    /// Writes a new key. `false`: the realm has this key, or the client has one of this name.
    pub async fn insert(&self, key: &AppKey) -> Result<bool, Fault> {
        self.0.run().insert_new::<app_key::Entity>(self.encode(key)).await
    }

    /// Writes a changed key.
    pub async fn update(&self, key: &AppKey) -> Result<(), Fault> {
        let update = self.0.rewrite::<app_key::Entity>(self.encode(key)).filter(app_key::Column::Id.eq(key.id.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    /// Removes a key. `false`: it is not there.
    pub async fn remove(&self, id: AppKeyId) -> Result<bool, Fault> {
        let delete = self.0.delete::<app_key::Entity>().filter(app_key::Column::Id.eq(id.to_string()));
        Ok(self.0.run().delete(delete).await? > 0)
    }

    /// Notes that a key was used.
    pub async fn touch(&self, id: AppKeyId, now: Timestamp) -> Result<(), Fault> {
        let update = self
            .0
            .update::<app_key::Entity>()
            .col_expr(app_key::Column::LastUsedAt, Expr::value(now.millis()))
            .filter(app_key::Column::Id.eq(id.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    fn encode(&self, key: &AppKey) -> app_key::Model {
        app_key::Model {
            id: key.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            client_id: key.client_id.to_string(),
            name: key.name.clone(),
            scopes: key.scopes.to_string(),
            digest: key.digest.to_text(),
            last_four: key.last_four.clone(),
            last_used_at: optional_millis(key.last_used_at),
            expires_at: optional_millis(key.expires_at),
            created_at: key.created_at.millis(),
        }
    }
}

impl TryFrom<app_key::Model> for AppKey {
    type Error = Fault;

    fn try_from(model: app_key::Model) -> Result<Self, Fault> {
        let row = Row::new("app_key", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            client_id: row.id("client_id", &model.client_id)?,
            scopes: scopes(&model.scopes),
            digest: row.digest("digest", &model.digest)?,
            last_used_at: optional_time(model.last_used_at),
            expires_at: optional_time(model.expires_at),
            created_at: Timestamp::from_millis(model.created_at),
            name: model.name,
            last_four: model.last_four,
        })
    }
}
