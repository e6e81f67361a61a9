//! Remembered decisions: row and core type, and the queries of that record.

use std::collections::HashMap;

use gantry_core::clock::Timestamp;
use gantry_core::consent::Consent;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, ConsentId, TenantId, UserId};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use super::row::{Row, optional_text, scopes, to_json};
use crate::RealmTx;
use crate::entity::consent;

/// Remembered decisions, within one realm.
#[derive(Debug)]
pub struct Consents<'t>(pub(crate) &'t RealmTx);

impl Consents<'_> {
    /// The decision of a person about a client, for a tenant or none.
    pub async fn find(&self, user: UserId, client: ClientId, tenant: Option<TenantId>) -> Result<Option<Consent>, Fault> {
        let select = self
            .0
            .select::<consent::Entity>()
            .filter(consent::Column::PersonId.eq(user.to_string()))
            .filter(consent::Column::ClientId.eq(client.to_string()))
            .filter(consent::Column::TenantId.eq(tenant_column(tenant)));
        self.0.run().one(select).await?.map(Consent::try_from).transpose()
    }

    /// The decisions of a person about a client, for each tenant and for none.
    pub async fn list_for_client(&self, user: UserId, client: ClientId) -> Result<Vec<Consent>, Fault> {
        self.0.run().all(self.select_for_client(user, client)).await?.into_iter().map(Consent::try_from).collect()
    }

    /// The same, for a transaction that rests on them: who removes them waits until it is over.
    pub async fn hold_for_client(&self, user: UserId, client: ClientId) -> Result<Vec<Consent>, Fault> {
        let select = self.select_for_client(user, client).lock_exclusive();
        self.0.run().all(select).await?.into_iter().map(Consent::try_from).collect()
    }

    fn select_for_client(&self, user: UserId, client: ClientId) -> Select<consent::Entity> {
        self.0
            .select::<consent::Entity>()
            .filter(consent::Column::PersonId.eq(user.to_string()))
            .filter(consent::Column::ClientId.eq(client.to_string()))
    }

    /// The decisions of a person, newest first.
    pub async fn list_for_user(&self, user: UserId) -> Result<Vec<Consent>, Fault> {
        let select = self
            .0
            .select::<consent::Entity>()
            .filter(consent::Column::PersonId.eq(user.to_string()))
            .order_by_desc(consent::Column::DecidedAt)
            .order_by_desc(consent::Column::Id);
        self.0.run().all(select).await?.into_iter().map(Consent::try_from).collect()
    }

    /// The decisions about a client of everybody, by key downwards from before `before`, at most `limit`.
    pub async fn newest_for_client(&self, client: ClientId, before: Option<ConsentId>, limit: u64) -> Result<Vec<Consent>, Fault> {
        let own = self.0.select::<consent::Entity>().filter(consent::Column::ClientId.eq(client.to_string()));
        let mut select = own.order_by_desc(consent::Column::Id).limit(limit);
        if let Some(before) = before {
            select = select.filter(consent::Column::Id.lt(before.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(Consent::try_from).collect()
    }

    /// How many people let each client act for a tenant.
    pub async fn count_for_tenant(&self, tenant: TenantId) -> Result<HashMap<ClientId, u64>, Fault> {
        let select = self
            .0
            .select::<consent::Entity>()
            .select_only()
            .column(consent::Column::ClientId)
            .column_as(consent::Column::Id.count(), "people")
            .filter(consent::Column::TenantId.eq(tenant.to_string()))
            .group_by(consent::Column::ClientId);
        let counted: Vec<(String, i64)> = self.0.run().tuples(select).await?;
        let parsed = counted.into_iter().map(|(id, people)| Ok((Row::new("consent", &id).id("client_id", &id)?, people.unsigned_abs())));
        parsed.collect()
    }

    /// Writes a decision over the one before.
    pub async fn put(&self, consent: &Consent) -> Result<(), Fault> {
        use consent::Column as C;
        let row = consent::Model {
            id: consent.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            person_id: consent.user_id.to_string(),
            client_id: consent.client_id.to_string(),
            client_version: consent.client_version,
            tenant_id: tenant_column(consent.tenant_id),
            scopes: consent.scopes.to_string(),
            audiences: to_json(&consent.audiences)?,
            decided_at: consent.decided_at.millis(),
        };
        let key = [C::RealmId, C::PersonId, C::ClientId, C::TenantId];
        self.0.run().put::<consent::Entity>(row, &key, &[C::ClientVersion, C::Scopes, C::Audiences, C::DecidedAt]).await
    }

    /// Forgets the decisions of a person about a client.
    pub async fn remove(&self, user: UserId, client: ClientId) -> Result<(), Fault> {
        let delete = self
            .0
            .delete::<consent::Entity>()
            .filter(consent::Column::PersonId.eq(user.to_string()))
            .filter(consent::Column::ClientId.eq(client.to_string()));
        self.0.run().delete(delete).await.map(|_| ())
    }

    /// Forgets the decision of a person about a client for a tenant.
    pub async fn remove_for_tenant(&self, user: UserId, client: ClientId, tenant: TenantId) -> Result<(), Fault> {
        self.remove_for(user, client, Some(tenant)).await
    }

    /// Forgets the decision of a person about a client for a tenant, or for none.
    pub async fn remove_for(&self, user: UserId, client: ClientId, tenant: Option<TenantId>) -> Result<(), Fault> {
        let delete = self
            .0
            .delete::<consent::Entity>()
            .filter(consent::Column::PersonId.eq(user.to_string()))
            .filter(consent::Column::ClientId.eq(client.to_string()))
            .filter(consent::Column::TenantId.eq(tenant_column(tenant)));
        self.0.run().delete(delete).await.map(|_| ())
    }
}

/// Empty text for none, so that the unique index covers it.
fn tenant_column(tenant: Option<TenantId>) -> String {
    optional_text(tenant).unwrap_or_default()
}

impl TryFrom<consent::Model> for Consent {
    type Error = Fault;

    fn try_from(model: consent::Model) -> Result<Self, Fault> {
        let row = Row::new("consent", &model.id);
        let tenant = Some(&model.tenant_id).filter(|tenant| !tenant.is_empty());
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            user_id: row.id("person_id", &model.person_id)?,
            client_id: row.id("client_id", &model.client_id)?,
            client_version: model.client_version,
            tenant_id: row.optional_id("tenant_id", tenant)?,
            scopes: scopes(&model.scopes),
            audiences: row.json("audiences", &model.audiences)?,
            decided_at: Timestamp::from_millis(model.decided_at),
        })
    }
}
