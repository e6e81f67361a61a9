//! Service accounts and their keys: rows and core types, and the queries of those records.
//!
//! Read from the database at each use, so that every node sees the end of one at once.

use gantry_core::admin_scope::AdminScopes;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ServiceAccountId, ServiceKeyId};
use gantry_core::service_account::{ServiceAccount, ServiceKey};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_time};
use crate::RealmTx;
use crate::entity::{service_account, service_key};

/// Service accounts, within one realm.
#[derive(Debug)]
pub struct ServiceAccounts<'t>(pub(crate) &'t RealmTx);

impl ServiceAccounts<'_> {
    /// The account with this key.
    pub async fn find(&self, id: ServiceAccountId) -> Result<Option<ServiceAccount>, Fault> {
        let select = self.0.select::<service_account::Entity>().filter(service_account::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(ServiceAccount::try_from).transpose()
    }

    /// Accounts, newest first, before `before`, at most `limit`.
    pub async fn list(&self, before: Option<ServiceAccountId>, limit: u64) -> Result<Vec<ServiceAccount>, Fault> {
        let mut select = self.0.select::<service_account::Entity>().order_by_desc(service_account::Column::Id).limit(limit);
        if let Some(before) = before {
            select = select.filter(service_account::Column::Id.lt(before.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(ServiceAccount::try_from).collect()
    }

    /// Writes a new account. `false`: the realm has one of this name.
    pub async fn insert(&self, account: &ServiceAccount) -> Result<bool, Fault> {
        self.0.run().insert_new::<service_account::Entity>(self.encode(account)).await
    }

    /// Writes a changed account. `false`: the realm has another of this name, or this one is gone.
    pub async fn update(&self, account: &ServiceAccount) -> Result<bool, Fault> {
        let update =
            self.0.rewrite::<service_account::Entity>(self.encode(account)).filter(service_account::Column::Id.eq(account.id.to_string()));
        Ok(self.0.update_unique(update).await? == Some(1))
    }

    /// Removes an account with its keys. `false`: it is not there.
    pub async fn remove(&self, id: ServiceAccountId) -> Result<bool, Fault> {
        let delete = self.0.delete::<service_account::Entity>().filter(service_account::Column::Id.eq(id.to_string()));
        Ok(self.0.run().delete(delete).await? > 0)
    }

    /// The keys of an account, newest first, ended ones included.
    pub async fn keys(&self, account: ServiceAccountId) -> Result<Vec<ServiceKey>, Fault> {
        let select = self
            .0
            .select::<service_key::Entity>()
            .filter(service_key::Column::AccountId.eq(account.to_string()))
            .order_by_desc(service_key::Column::Id);
        self.0.run().all(select).await?.into_iter().map(ServiceKey::try_from).collect()
    }

    /// Writes a new key. `false`: somebody has this key.
    pub async fn insert_key(&self, key: &ServiceKey) -> Result<bool, Fault> {
        let row = service_key::Model {
            id: key.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            account_id: key.account_id.to_string(),
            digest: key.digest.to_text(),
            last_four: key.last_four.clone(),
            last_used_at: optional_millis(key.last_used_at),
            expires_at: optional_millis(key.expires_at),
            created_at: key.created_at.millis(),
        };
        self.0.run().insert_new::<service_key::Entity>(row).await
    }

    /// Says when a key ends.
    pub async fn expire_key(&self, key: ServiceKeyId, at: Timestamp) -> Result<(), Fault> {
        let update = self
            .0
            .update::<service_key::Entity>()
            .col_expr(service_key::Column::ExpiresAt, Expr::value(at.millis()))
            .filter(service_key::Column::Id.eq(key.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    fn encode(&self, account: &ServiceAccount) -> service_account::Model {
        service_account::Model {
            id: account.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            name: account.name.clone(),
            scopes: account.scopes.to_string(),
            created_at: account.created_at.millis(),
            disabled_at: optional_millis(account.disabled_at),
        }
    }
}

impl TryFrom<service_account::Model> for ServiceAccount {
    type Error = Fault;

    fn try_from(model: service_account::Model) -> Result<Self, Fault> {
        let row = Row::new("service_account", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            scopes: row.known("scopes", AdminScopes::parse(&model.scopes))?,
            created_at: Timestamp::from_millis(model.created_at),
            disabled_at: optional_time(model.disabled_at),
            name: model.name,
        })
    }
}

impl TryFrom<service_key::Model> for ServiceKey {
    type Error = Fault;

    fn try_from(model: service_key::Model) -> Result<Self, Fault> {
        let row = Row::new("service_key", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            account_id: row.id("account_id", &model.account_id)?,
            digest: row.digest("digest", &model.digest)?,
            last_used_at: optional_time(model.last_used_at),
            expires_at: optional_time(model.expires_at),
            created_at: Timestamp::from_millis(model.created_at),
            last_four: model.last_four,
        })
    }
}
