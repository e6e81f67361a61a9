//! Ways to sign in: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Fault;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use super::row::{Row, optional_millis, optional_time};
use crate::RealmTx;
use crate::entity::connection;

/// Ways to sign in, within one realm.
#[derive(Debug)]
pub struct Connections<'t>(pub(crate) &'t RealmTx);

impl Connections<'_> {
    /// All connections of the realm.
    pub async fn list(&self) -> Result<Vec<Connection>, Fault> {
        let select = self.0.select::<connection::Entity>().order_by_asc(connection::Column::Slug);
        self.0.run().all(select).await?.into_iter().map(Connection::try_from).collect()
    }

    /// Writes a new connection and tells the nodes.
    pub async fn insert(&self, connection: &Connection) -> Result<(), Fault> {
        self.0.run().insert::<connection::Entity>(self.encode(connection)).await?;
        self.0.realm_changed();
        Ok(())
    }

    /// Writes a changed connection and tells the nodes.
    pub async fn update(&self, connection: &Connection) -> Result<(), Fault> {
        let row = self.encode(connection);
        let update = self.0.rewrite::<connection::Entity>(row).filter(connection::Column::Id.eq(connection.id.to_string()));
        self.0.run().update(update).await?;
        self.0.realm_changed();
        Ok(())
    }

    fn encode(&self, connection: &Connection) -> connection::Model {
        connection::Model {
            id: connection.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            slug: connection.slug.clone(),
            name: connection.name.clone(),
            kind: connection.kind.to_string(),
            disabled_at: optional_millis(connection.disabled_at),
            created_at: connection.created_at.millis(),
        }
    }
}

impl TryFrom<connection::Model> for Connection {
    type Error = Fault;

    fn try_from(model: connection::Model) -> Result<Self, Fault> {
        let row = Row::new("connection", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            kind: row.known("kind", ConnectorKind::parse(&model.kind))?,
            disabled_at: optional_time(model.disabled_at),
            created_at: Timestamp::from_millis(model.created_at),
            slug: model.slug,
            name: model.name,
        })
    }
}
