//! Apps: row and core type, and the queries of that record.

use std::collections::HashMap;

use gantry_core::client::{Client, ClientKind};
use gantry_core::client_auth_method::ClientAuthMethod;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::grant_type::GrantType;
use gantry_core::id::{ClientId, ResourceId};
use gantry_core::paging::{Find, Page};
use gantry_core::search::SearchKind;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use super::row::{Row, optional_millis, optional_text, optional_time, scopes, to_json, to_words};
use super::search::{newest, terms};
use super::{removal, search, taken_name};
use crate::RealmTx;
use crate::entity::{client, client_resource};

/// Apps, within one realm.
#[derive(Debug)]
pub struct Clients<'t>(pub(crate) &'t RealmTx);

impl Clients<'_> {
    /// The client with this key.
    pub async fn find(&self, id: ClientId) -> Result<Option<Client>, Fault> {
        self.one(client::Column::Id.eq(id.to_string())).await
    }

    /// The client with this name on the wire.
    pub async fn find_by_client_id(&self, client_id: &str) -> Result<Option<Client>, Fault> {
        self.one(client::Column::ClientId.eq(client_id)).await
    }

    /// The clients with these keys, in order of key.
    pub async fn find_all(&self, ids: &[ClientId]) -> Result<Vec<Client>, Fault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys = ids.iter().map(ToString::to_string);
        self.all(self.0.select::<client::Entity>().filter(client::Column::Id.is_in(keys)).order_by_asc(client::Column::Id)).await
    }

    /// Clients in order of key after `after`, at most `limit`.
    pub async fn list(&self, after: Option<ClientId>, limit: u64) -> Result<Vec<Client>, Fault> {
        let mut select = self.0.select::<client::Entity>().order_by_asc(client::Column::Id).limit(limit);
        if let Some(after) = after {
            select = select.filter(client::Column::Id.gt(after.to_string()));
        }
        self.all(select).await
    }

    /// Clients that people registered, newest first, from before `before` on, at most `limit`.
    pub async fn newest_registered(&self, before: Option<ClientId>, limit: u64) -> Result<Vec<Client>, Fault> {
        let own = self.0.select::<client::Entity>().filter(client::Column::BuiltIn.eq(false));
        let mut select = own.order_by_desc(client::Column::Id).limit(limit);
        if let Some(before) = before {
            select = select.filter(client::Column::Id.lt(before.to_string()));
        }
        self.all(select).await
    }

    /// Clients that are looked for; without words and properties all of them, newest first.
    pub async fn search(&self, find: &Find) -> Result<Page<Client>, Fault> {
        if search::is_narrowed(find) {
            let page = self.0.search().find(SearchKind::Client, find).await?;
            let clients = self.all(self.0.select::<client::Entity>().filter(client::Column::Id.is_in(&page.items))).await?;
            return search::in_order(page, clients.into_iter().map(Ok), |client| client.id.to_string());
        }
        let Some(select) = newest::<client::Entity, ClientId>(self.0, client::Column::Id, find) else { return Ok(Page::empty()) };
        search::page_of(self.all(select).await?.into_iter().map(Ok), find, |client| client.id.to_string())
    }

    /// Writes a new client. `false`: its `client_id` is or was in use.
    pub async fn insert(&self, client: &Client) -> Result<bool, Fault> {
        if !taken_name::take(self.0, taken_name::Kind::ClientId, &client.client_id).await? {
            return Ok(false);
        }
        self.0.run().insert::<client::Entity>(self.encode(client)?).await?;
        self.insert_resources(client).await?;
        self.0.search().write(SearchKind::Client, &client.id.to_string(), terms::of_client(client)).await?;
        self.0.client_changed(client.id);
        Ok(true)
    }

    /// Writes a changed client if it still has the version before; counts it on and tells the nodes.
    /// `false`: somebody else changed it meanwhile.
    pub async fn update(&self, client: &Client) -> Result<bool, Fault> {
        let id = client.id.to_string();
        let mut row = self.encode(client)?;
        row.version = client.version.saturating_add(1);
        let update = self
            .0
            .rewrite::<client::Entity>(row)
            .filter(client::Column::Id.eq(id.as_str()))
            .filter(client::Column::Version.eq(client.version));
        if self.0.run().update(update).await? == 0 {
            return Ok(false);
        }
        self.0.run().delete(client_resource::Entity::delete_many().filter(client_resource::Column::ClientId.eq(id))).await?;
        self.insert_resources(client).await?;
        self.0.search().write(SearchKind::Client, &client.id.to_string(), terms::of_client(client)).await?;
        self.0.client_changed(client.id);
        Ok(true)
    }

    /// Removes a client and all that hangs on it; its `client_id` stays taken. Nothing of it works from
    /// the commit on; grants and consents go in batches with the purge, however many they are.
    pub async fn remove(&self, id: ClientId) -> Result<(), Fault> {
        let now = self.0.database().clock.now();
        let delete = self.0.delete::<client::Entity>().filter(client::Column::Id.eq(id.to_string()));
        if self.0.run().delete(delete).await? > 0 {
            self.0.search().forget(&id.to_string()).await?;
            removal::insert(self.0, removal::Kind::Client, &id.to_string(), now).await?;
            self.0.client_changed(id);
        }
        Ok(())
    }

    async fn one(&self, filter: sea_orm::sea_query::Expr) -> Result<Option<Client>, Fault> {
        Ok(self.all(self.0.select::<client::Entity>().filter(filter)).await?.pop())
    }

    async fn all(&self, select: Select<client::Entity>) -> Result<Vec<Client>, Fault> {
        let rows = self.0.run().all(select).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let resources = client_resource::Entity::find()
            .filter(client_resource::Column::ClientId.is_in(rows.iter().map(|row| row.id.as_str())))
            .order_by_asc(client_resource::Column::Position);
        let mut resources_of: HashMap<String, Vec<String>> = HashMap::new();
        for row in self.0.run().all(resources).await? {
            resources_of.entry(row.client_id).or_default().push(row.resource_id);
        }
        rows.into_iter().map(|row| decode(row, &mut resources_of)).collect()
    }

    async fn insert_resources(&self, client: &Client) -> Result<(), Fault> {
        let rows = (0..).zip(&client.resources).map(|(position, resource)| client_resource::Model {
            client_id: client.id.to_string(),
            resource_id: resource.to_string(),
            position,
        });
        self.0.run().insert_all::<client_resource::Entity>(rows.collect()).await
    }

    fn encode(&self, client: &Client) -> Result<client::Model, Fault> {
        Ok(client::Model {
            id: client.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            client_id: client.client_id.clone(),
            kind: client.kind.to_string(),
            name: client.name.clone(),
            description: client.description.clone(),
            publisher_id: optional_text(client.publisher_id),
            website: client.website.clone(),
            redirect_uris: to_json(&client.redirect_uris)?,
            post_logout_redirect_uris: to_json(&client.post_logout_redirect_uris)?,
            grant_types: to_words(&client.grant_types),
            scopes: client.scopes.to_string(),
            default_resource: optional_text(client.default_resource),
            auth_method: optional_text(client.auth_method),
            jwks: client.jwks.clone(),
            jwks_uri: client.jwks_uri.clone(),
            introspects: optional_text(client.introspects),
            policy: to_json(&client.policy)?,
            built_in: client.built_in,
            consent_version: client.consent_version,
            version: client.version,
            not_before: optional_millis(client.not_before),
            disabled_at: optional_millis(client.disabled_at),
            created_at: client.created_at.millis(),
        })
    }
}

fn decode(model: client::Model, resources_of: &mut HashMap<String, Vec<String>>) -> Result<Client, Fault> {
    let row = Row::new("client", &model.id);
    let resources = resources_of.remove(&model.id).unwrap_or_default();
    let resources: Result<Vec<ResourceId>, Fault> = resources.iter().map(|id| row.id("client_resource.resource_id", id)).collect();
    let auth_method = model.auth_method.as_deref().map(|name| row.known("auth_method", ClientAuthMethod::parse(name)));
    Ok(Client {
        id: row.id("id", &model.id)?,
        realm_id: row.id("realm_id", &model.realm_id)?,
        kind: row.known("kind", ClientKind::parse(&model.kind))?,
        publisher_id: row.optional_id("publisher_id", model.publisher_id.as_ref())?,
        redirect_uris: row.json("redirect_uris", &model.redirect_uris)?,
        post_logout_redirect_uris: row.json("post_logout_redirect_uris", &model.post_logout_redirect_uris)?,
        grant_types: row.words("grant_types", &model.grant_types, GrantType::parse)?,
        scopes: scopes(&model.scopes),
        resources: resources?,
        default_resource: row.optional_id("default_resource", model.default_resource.as_ref())?,
        auth_method: auth_method.transpose()?,
        introspects: row.optional_id("introspects", model.introspects.as_ref())?,
        policy: row.json("policy", &model.policy)?,
        built_in: model.built_in,
        consent_version: model.consent_version,
        version: model.version,
        not_before: optional_time(model.not_before),
        disabled_at: optional_time(model.disabled_at),
        created_at: Timestamp::from_millis(model.created_at),
        client_id: model.client_id,
        name: model.name,
        description: model.description,
        website: model.website,
        jwks: model.jwks,
        jwks_uri: model.jwks_uri,
    })
}
