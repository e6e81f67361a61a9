//! APIs: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::ResourceId;
use gantry_core::resource::Resource;
use gantry_core::search::SearchKind;
use gantry_core::signing_algorithm::SigningAlgorithm;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::row::{Row, optional_text, to_word};
use super::search::terms;
use crate::RealmTx;
use crate::entity::{client, client_resource, resource, scope};

/// APIs, within one realm.
#[derive(Debug)]
pub struct Resources<'t>(pub(crate) &'t RealmTx);

impl Resources<'_> {
    /// All resources of the realm.
    pub async fn list(&self) -> Result<Vec<Resource>, Fault> {
        let select = self.0.select::<resource::Entity>().order_by_asc(resource::Column::Audience);
        self.0.run().all(select).await?.into_iter().map(Resource::try_from).collect()
    }

    /// Writes a new resource and tells the nodes. `false`: the audience is in use.
    pub async fn insert(&self, resource: &Resource) -> Result<bool, Fault> {
        let inserted = self.0.run().insert_new::<resource::Entity>(self.encode(resource)?).await?;
        if inserted {
            self.0.search().write(SearchKind::Resource, &resource.id.to_string(), terms::of_resource(resource)?).await?;
            self.0.realm_changed();
        }
        Ok(inserted)
    }

    /// Writes a changed resource and tells the nodes.
    pub async fn update(&self, resource: &Resource) -> Result<(), Fault> {
        let row = self.encode(resource)?;
        let update = self.0.rewrite::<resource::Entity>(row).filter(resource::Column::Id.eq(resource.id.to_string()));
        if self.0.run().update(update).await? > 0 {
            self.0.search().write(SearchKind::Resource, &resource.id.to_string(), terms::of_resource(resource)?).await?;
        }
        self.0.realm_changed();
        Ok(())
    }

    /// Removes a resource that no client and no scope names, and tells the nodes. `false`: one names it, so it stays.
    pub async fn remove(&self, id: ResourceId) -> Result<bool, Fault> {
        if self.is_named(&id.to_string()).await? {
            return Ok(false);
        }
        self.0.run().delete(self.0.delete::<resource::Entity>().filter(resource::Column::Id.eq(id.to_string()))).await?;
        self.0.search().forget(&id.to_string()).await?;
        self.0.realm_changed();
        Ok(true)
    }

    async fn is_named(&self, id: &str) -> Result<bool, Fault> {
        let run = self.0.run();
        let by_scope = self.0.select::<scope::Entity>().filter(scope::Column::ResourceId.eq(id));
        let as_default = self.0.select::<client::Entity>().filter(client::Column::DefaultResource.eq(id));
        let by_introspection = self.0.select::<client::Entity>().filter(client::Column::Introspects.eq(id));
        let by_client = client_resource::Entity::find().filter(client_resource::Column::ResourceId.eq(id));
        Ok(run.one(by_scope).await?.is_some()
            || run.one(as_default).await?.is_some()
            || run.one(by_introspection).await?.is_some()
            || run.one(by_client).await?.is_some())
    }

    fn encode(&self, resource: &Resource) -> Result<resource::Model, Fault> {
        Ok(resource::Model {
            id: resource.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            audience: resource.audience.clone(),
            name: resource.name.clone(),
            token_format: to_word(&resource.token_format)?,
            signing_algorithm: optional_text(resource.signing_algorithm),
            access_lifetime: resource.access_lifetime.map(i64::from),
            created_at: resource.created_at.millis(),
        })
    }
}

impl TryFrom<resource::Model> for Resource {
    type Error = Fault;

    fn try_from(model: resource::Model) -> Result<Self, Fault> {
        let row = Row::new("resource", &model.id);
        let algorithm = model.signing_algorithm.as_deref().map(|name| row.known("signing_algorithm", SigningAlgorithm::parse(name)));
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            token_format: row.word("token_format", &model.token_format)?,
            signing_algorithm: algorithm.transpose()?,
            access_lifetime: row.optional_number("access_lifetime", model.access_lifetime)?,
            created_at: Timestamp::from_millis(model.created_at),
            audience: model.audience,
            name: model.name,
        })
    }
}
