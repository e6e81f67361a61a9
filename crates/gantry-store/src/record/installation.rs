//! What tenants decided about apps: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, TenantId};
use gantry_core::installation::{Installation, InstallationStanding};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_time};
use crate::RealmTx;
use crate::entity::installation;

/// What tenants decided about apps, within one realm.
#[derive(Debug)]
pub struct Installations<'t>(pub(crate) &'t RealmTx);

impl Installations<'_> {
    /// How an app stands with a tenant.
    pub async fn find(&self, tenant: TenantId, client: ClientId) -> Result<Option<Installation>, Fault> {
        let select = self
            .0
            .select::<installation::Entity>()
            .filter(installation::Column::TenantId.eq(tenant.to_string()))
            .filter(installation::Column::ClientId.eq(client.to_string()));
        self.0.run().one(select).await?.map(Installation::try_from).transpose()
    }

    /// How an app stands with these tenants, as far as any of them has heard of it.
    pub async fn list_for_client(&self, client: ClientId, tenants: &[TenantId]) -> Result<Vec<Installation>, Fault> {
        if tenants.is_empty() {
            return Ok(Vec::new());
        }
        let select = self
            .0
            .select::<installation::Entity>()
            .filter(installation::Column::ClientId.eq(client.to_string()))
            .filter(installation::Column::TenantId.is_in(tenants.iter().map(ToString::to_string)));
        self.0.run().all(select).await?.into_iter().map(Installation::try_from).collect()
    }

    /// The tenants that have heard of an app, by their key downwards from before `before`, at most `limit`.
    pub async fn newest_for_client(&self, client: ClientId, before: Option<TenantId>, limit: u64) -> Result<Vec<Installation>, Fault> {
        let own = self.0.select::<installation::Entity>().filter(installation::Column::ClientId.eq(client.to_string()));
        let mut select = own.order_by_desc(installation::Column::TenantId).limit(limit);
        if let Some(before) = before {
            select = select.filter(installation::Column::TenantId.lt(before.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(Installation::try_from).collect()
    }

    /// The apps that a tenant has heard of.
    pub async fn list_for_tenant(&self, tenant: TenantId) -> Result<Vec<Installation>, Fault> {
        let select = self
            .0
            .select::<installation::Entity>()
            .filter(installation::Column::TenantId.eq(tenant.to_string()))
            .order_by_asc(installation::Column::ClientId);
        self.0.run().all(select).await?.into_iter().map(Installation::try_from).collect()
    }

    /// Writes how an app stands with a tenant.
    pub async fn put(&self, installation: &Installation) -> Result<(), Fault> {
        use installation::Column as C;
        let both = (self.0.tenants().find(installation.tenant_id).await?, self.0.clients().find(installation.client_id).await?);
        let (Some(_), Some(_)) = both else { return Err(Fault::new("an installation is of an app and a tenant of the realm")) };
        let row = self.encode(installation);
        self.0.run().put::<installation::Entity>(row, &[C::TenantId, C::ClientId], &[C::Standing, C::NotBefore, C::UpdatedAt]).await
    }

    /// Writes that an app is new to a tenant. `false`: the tenant has heard of it, and what stands stays.
    pub async fn insert(&self, installation: &Installation) -> Result<bool, Fault> {
        self.0.run().insert_new::<installation::Entity>(self.encode(installation)).await
    }

    /// Brings an app back that was taken out. `false`: it is not out any more, and what an admin decided meanwhile stays.
    pub async fn bring_back(&self, removed: &Installation, now: Timestamp) -> Result<bool, Fault> {
        let back = removed.clone().moved(InstallationStanding::Installed, now);
        let update = self
            .0
            .rewrite::<installation::Entity>(self.encode(&back))
            .filter(installation::Column::TenantId.eq(back.tenant_id.to_string()))
            .filter(installation::Column::ClientId.eq(back.client_id.to_string()))
            .filter(installation::Column::Standing.eq(InstallationStanding::Removed.as_str()));
        Ok(self.0.run().update(update).await? > 0)
    }

    fn encode(&self, installation: &Installation) -> installation::Model {
        installation::Model {
            tenant_id: installation.tenant_id.to_string(),
            client_id: installation.client_id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            standing: installation.standing.to_string(),
            not_before: optional_millis(installation.not_before),
            created_at: installation.created_at.millis(),
            updated_at: installation.updated_at.millis(),
        }
    }
}

impl TryFrom<installation::Model> for Installation {
    type Error = Fault;

    fn try_from(model: installation::Model) -> Result<Self, Fault> {
        let row = Row::new("installation", &model.tenant_id);
        Ok(Self {
            realm_id: row.id("realm_id", &model.realm_id)?,
            tenant_id: row.id("tenant_id", &model.tenant_id)?,
            client_id: row.id("client_id", &model.client_id)?,
            standing: row.known("standing", InstallationStanding::parse(&model.standing))?,
            not_before: optional_time(model.not_before),
            created_at: Timestamp::from_millis(model.created_at),
            updated_at: Timestamp::from_millis(model.updated_at),
        })
    }
}
