//! Developer teams: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::PublisherId;
use gantry_core::paging::{Find, Page};
use gantry_core::publisher::Publisher;
use gantry_core::search::SearchKind;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use super::row::{Row, optional_millis, optional_time};
use super::search::{self, newest, terms};
use crate::RealmTx;
use crate::entity::{client, publisher};

/// Developer teams, within one realm.
#[derive(Debug)]
pub struct Publishers<'t>(pub(crate) &'t RealmTx);

impl Publishers<'_> {
    /// The publisher with this key.
    pub async fn find(&self, id: PublisherId) -> Result<Option<Publisher>, Fault> {
        let select = self.0.select::<publisher::Entity>().filter(publisher::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(Publisher::try_from).transpose()
    }

    /// All publishers of the realm.
    pub async fn list(&self) -> Result<Vec<Publisher>, Fault> {
        let select = self.0.select::<publisher::Entity>().order_by_asc(publisher::Column::Slug);
        self.0.run().all(select).await?.into_iter().map(Publisher::try_from).collect()
    }

    /// Publishers that are looked for; without words and properties all of them, newest first.
    pub async fn search(&self, find: &Find) -> Result<Page<Publisher>, Fault> {
        if search::is_narrowed(find) {
            let page = self.0.search().find(SearchKind::Publisher, find).await?;
            let rows = self.0.run().all(self.0.select::<publisher::Entity>().filter(publisher::Column::Id.is_in(&page.items))).await?;
            return search::in_order(page, rows.into_iter().map(Publisher::try_from), |publisher| publisher.id.to_string());
        }
        let select = newest::<publisher::Entity, PublisherId>(self.0, publisher::Column::Id, find);
        let Some(select) = select else { return Ok(Page::empty()) };
        search::page_of(self.0.run().all(select).await?.into_iter().map(Publisher::try_from), find, |publisher| publisher.id.to_string())
    }

    /// Writes a new publisher. `false`: the slug is in use.
    pub async fn insert(&self, publisher: &Publisher) -> Result<bool, Fault> {
        let inserted = self.0.run().insert_new::<publisher::Entity>(self.encode(publisher)).await?;
        if inserted {
            self.0.search().write(SearchKind::Publisher, &publisher.id.to_string(), terms::of_publisher(publisher)).await?;
        }
        Ok(inserted)
    }

    /// Writes a changed publisher and tells the nodes about each of its clients.
    pub async fn update(&self, publisher: &Publisher) -> Result<(), Fault> {
        let id = publisher.id.to_string();
        let update = self.0.rewrite::<publisher::Entity>(self.encode(publisher)).filter(publisher::Column::Id.eq(id.as_str()));
        if self.0.run().update(update).await? > 0 {
            self.0.search().write(SearchKind::Publisher, &id, terms::of_publisher(publisher)).await?;
        }
        for owned in self.0.run().all(self.owned_by(&id)).await? {
            self.0.client_changed(Row::new("client", &owned.id).id("id", &owned.id)?);
        }
        Ok(())
    }

    /// Removes a publisher that owns no client. `false`: it owns one, so it stays.
    pub async fn remove(&self, id: PublisherId) -> Result<bool, Fault> {
        let id = id.to_string();
        if self.0.run().one(self.owned_by(&id)).await?.is_some() {
            return Ok(false);
        }
        self.0.run().delete(self.0.delete::<publisher::Entity>().filter(publisher::Column::Id.eq(id.as_str()))).await?;
        self.0.search().forget(&id).await?;
        Ok(true)
    }

    fn owned_by(&self, id: &str) -> sea_orm::Select<client::Entity> {
        self.0.select::<client::Entity>().filter(client::Column::PublisherId.eq(id))
    }

    fn encode(&self, publisher: &Publisher) -> publisher::Model {
        publisher::Model {
            id: publisher.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            slug: publisher.slug.clone(),
            name: publisher.name.clone(),
            website: publisher.website.clone(),
            verified_at: optional_millis(publisher.verified_at),
            created_at: publisher.created_at.millis(),
        }
    }
}

impl TryFrom<publisher::Model> for Publisher {
    type Error = Fault;

    fn try_from(model: publisher::Model) -> Result<Self, Fault> {
        let row = Row::new("publisher", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            verified_at: optional_time(model.verified_at),
            created_at: Timestamp::from_millis(model.created_at),
            slug: model.slug,
            name: model.name,
            website: model.website,
        })
    }
}
