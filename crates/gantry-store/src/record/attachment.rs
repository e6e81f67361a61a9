//! Where connections are offered: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::connection::{Attachment, JoinRule};
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, TenantId};
use gantry_core::tenant::TenantRole;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, to_json};
use crate::RealmTx;
use crate::entity::attachment;

/// Where connections are offered, within one realm.
#[derive(Debug)]
pub struct Attachments<'t>(pub(crate) &'t RealmTx);

impl Attachments<'_> {
    /// A connection's place at a tenant.
    pub async fn find(&self, connection: ConnectionId, tenant: TenantId) -> Result<Option<Attachment>, Fault> {
        let select = self
            .0
            .select::<attachment::Entity>()
            .filter(attachment::Column::ConnectionId.eq(connection.to_string()))
            .filter(attachment::Column::TenantId.eq(tenant.to_string()));
        self.0.run().one(select).await?.map(Attachment::try_from).transpose()
    }

    /// The tenants that a connection is attached to, at most `limit`.
    pub async fn list_of_connection(&self, connection: ConnectionId, limit: u64) -> Result<Vec<Attachment>, Fault> {
        let select = self
            .0
            .select::<attachment::Entity>()
            .filter(attachment::Column::ConnectionId.eq(connection.to_string()))
            .order_by_asc(attachment::Column::TenantId)
            .limit(limit);
        self.0.run().all(select).await?.into_iter().map(Attachment::try_from).collect()
    }

    /// The same, those that come after a tenant.
    pub async fn page_of_connection(&self, connection: ConnectionId, after: Option<&str>, limit: u64) -> Result<Vec<Attachment>, Fault> {
        let mut select = self
            .0
            .select::<attachment::Entity>()
            .filter(attachment::Column::ConnectionId.eq(connection.to_string()))
            .order_by_asc(attachment::Column::TenantId)
            .limit(limit);
        if let Some(after) = after {
            select = select.filter(attachment::Column::TenantId.gt(after));
        }
        self.0.run().all(select).await?.into_iter().map(Attachment::try_from).collect()
    }

    /// To how many tenants a connection is attached.
    pub async fn count_of_connection(&self, connection: ConnectionId) -> Result<u64, Fault> {
        let select = self.0.select::<attachment::Entity>().filter(attachment::Column::ConnectionId.eq(connection.to_string()));
        self.0.run().count(select).await
    }

    /// The connections that are attached to a tenant.
    pub async fn list_of_tenant(&self, tenant: TenantId) -> Result<Vec<Attachment>, Fault> {
        self.list_of_tenants(&[tenant]).await
    }

    /// The connections that are attached to any of these tenants.
    pub async fn list_of_tenants(&self, tenants: &[TenantId]) -> Result<Vec<Attachment>, Fault> {
        if tenants.is_empty() {
            return Ok(Vec::new());
        }
        let select = self
            .0
            .select::<attachment::Entity>()
            .filter(attachment::Column::TenantId.is_in(tenants.iter().map(ToString::to_string)))
            .order_by_asc(attachment::Column::ConnectionId);
        self.0.run().all(select).await?.into_iter().map(Attachment::try_from).collect()
    }

    /// Those of these tenants that a connection is attached to.
    pub async fn among(&self, connection: ConnectionId, tenants: &[TenantId]) -> Result<Vec<TenantId>, Fault> {
        if tenants.is_empty() {
            return Ok(Vec::new());
        }
        let select = self
            .0
            .select::<attachment::Entity>()
            .filter(attachment::Column::ConnectionId.eq(connection.to_string()))
            .filter(attachment::Column::TenantId.is_in(tenants.iter().map(ToString::to_string)));
        self.0
            .run()
            .all(select)
            .await?
            .iter()
            .map(|row| Row::new("attachment", &row.connection_id).id("tenant_id", &row.tenant_id))
            .collect()
    }

    /// Attaches a connection to a tenant, or changes how it is.
    pub async fn put(&self, attachment: &Attachment) -> Result<(), Fault> {
        use attachment::Column as C;
        let both = (self.0.tenants().find(attachment.tenant_id).await?, self.0.connections().find(attachment.connection_id).await?);
        let (Some(_), Some(_)) = both else { return Err(Fault::new("an attachment is of a connection and a tenant of the realm")) };
        let row = attachment::Model {
            connection_id: attachment.connection_id.to_string(),
            tenant_id: attachment.tenant_id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            join_rule: attachment.join.to_string(),
            default_role: attachment.default_role.to_string(),
            roles: to_json(&attachment.roles)?,
            directories: to_json(&attachment.directories)?,
            created_at: attachment.created_at.millis(),
        };
        let over = [C::JoinRule, C::DefaultRole, C::Roles, C::Directories];
        self.0.run().put::<attachment::Entity>(row, &[C::ConnectionId, C::TenantId], &over).await
    }

    /// Takes a connection away from a tenant. `false`: it was not there.
    pub async fn remove(&self, connection: ConnectionId, tenant: TenantId) -> Result<bool, Fault> {
        let delete = self
            .0
            .delete::<attachment::Entity>()
            .filter(attachment::Column::ConnectionId.eq(connection.to_string()))
            .filter(attachment::Column::TenantId.eq(tenant.to_string()));
        Ok(self.0.run().delete(delete).await? > 0)
    }
}

impl TryFrom<attachment::Model> for Attachment {
    type Error = Fault;

    fn try_from(model: attachment::Model) -> Result<Self, Fault> {
        let row = Row::new("attachment", &model.connection_id);
        Ok(Self {
            realm_id: row.id("realm_id", &model.realm_id)?,
            connection_id: row.id("connection_id", &model.connection_id)?,
            tenant_id: row.id("tenant_id", &model.tenant_id)?,
            join: row.known("join_rule", JoinRule::parse(&model.join_rule))?,
            default_role: row.known("default_role", TenantRole::parse(&model.default_role))?,
            roles: row.json("roles", &model.roles)?,
            directories: row.json("directories", &model.directories)?,
            created_at: Timestamp::from_millis(model.created_at),
        })
    }
}
