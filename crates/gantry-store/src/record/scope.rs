//! Permissions: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::ScopeId;
use gantry_core::scope::Scope;
use gantry_core::search::SearchKind;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use super::row::{Row, optional_text, to_json, to_word};
use super::search::terms;
use crate::RealmTx;
use crate::entity::scope;

/// Permissions, within one realm.
#[derive(Debug)]
pub struct Scopes<'t>(pub(crate) &'t RealmTx);

impl Scopes<'_> {
    /// All scopes of the realm; the standard ones are no rows.
    pub async fn list(&self) -> Result<Vec<Scope>, Fault> {
        let select = self.0.select::<scope::Entity>().order_by_asc(scope::Column::Name);
        self.0.run().all(select).await?.into_iter().map(Scope::try_from).collect()
    }

    /// Writes a new scope and tells the nodes. `false`: the name is in use.
    pub async fn insert(&self, scope: &Scope) -> Result<bool, Fault> {
        let inserted = self.0.run().insert_new::<scope::Entity>(self.encode(scope)?).await?;
        if inserted {
            self.0.search().write(SearchKind::Scope, &scope.id.to_string(), terms::of_scope(scope)?).await?;
            self.0.realm_changed();
        }
        Ok(inserted)
    }

    /// Writes a changed scope and tells the nodes.
    pub async fn update(&self, scope: &Scope) -> Result<(), Fault> {
        let update = self.0.rewrite::<scope::Entity>(self.encode(scope)?).filter(scope::Column::Id.eq(scope.id.to_string()));
        if self.0.run().update(update).await? > 0 {
            self.0.search().write(SearchKind::Scope, &scope.id.to_string(), terms::of_scope(scope)?).await?;
        }
        self.0.realm_changed();
        Ok(())
    }

    /// Removes a scope and tells the nodes.
    pub async fn remove(&self, id: ScopeId) -> Result<(), Fault> {
        self.0.run().delete(self.0.delete::<scope::Entity>().filter(scope::Column::Id.eq(id.to_string()))).await?;
        self.0.search().forget(&id.to_string()).await?;
        self.0.realm_changed();
        Ok(())
    }

    fn encode(&self, scope: &Scope) -> Result<scope::Model, Fault> {
        Ok(scope::Model {
            id: scope.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            resource_id: optional_text(scope.resource_id),
            name: scope.name.clone(),
            title: scope.title.clone(),
            description: scope.description.clone(),
            tier: to_word(&scope.tier)?,
            claims: to_json(&scope.claims)?,
            machine: scope.machine,
            created_at: scope.created_at.millis(),
        })
    }
}

impl TryFrom<scope::Model> for Scope {
    type Error = Fault;

    fn try_from(model: scope::Model) -> Result<Self, Fault> {
        let row = Row::new("scope", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            resource_id: row.optional_id("resource_id", model.resource_id.as_ref())?,
            tier: row.word("tier", &model.tier)?,
            claims: row.json("claims", &model.claims)?,
            machine: model.machine,
            created_at: Timestamp::from_millis(model.created_at),
            name: model.name,
            title: model.title,
            description: model.description,
        })
    }
}
