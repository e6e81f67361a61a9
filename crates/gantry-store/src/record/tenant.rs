//! Customer organizations: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::TenantId;
use gantry_core::paging::{Find, Page};
use gantry_core::search::SearchKind;
use gantry_core::tenant::{AppPolicy, SignInRule, Tenant, TenantBranding};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_time};
use super::search::{newest, terms};
use super::{search, taken_name};
use crate::RealmTx;
use crate::entity::tenant;

/// Customer organizations, within one realm.
#[derive(Debug)]
pub struct Tenants<'t>(pub(crate) &'t RealmTx);

impl Tenants<'_> {
    /// The tenant with this key.
    pub async fn find(&self, id: TenantId) -> Result<Option<Tenant>, Fault> {
        let select = self.0.select::<tenant::Entity>().filter(tenant::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(Tenant::try_from).transpose()
    }

    /// The same, for a transaction that changes it or who administers it: who changes it too waits until it is over.
    /// SQLite has one writer and leaves the lock out.
    pub async fn hold(&self, id: TenantId) -> Result<Option<Tenant>, Fault> {
        let select = self.0.select::<tenant::Entity>().filter(tenant::Column::Id.eq(id.to_string())).lock_exclusive();
        self.0.run().one(select).await?.map(Tenant::try_from).transpose()
    }

    /// The tenant with this public id.
    pub async fn find_by_org_id(&self, org_id: &str) -> Result<Option<Tenant>, Fault> {
        let select = self.0.select::<tenant::Entity>().filter(tenant::Column::OrgId.eq(org_id));
        self.0.run().one(select).await?.map(Tenant::try_from).transpose()
    }

    /// The tenants with these keys, in order of key.
    pub async fn find_all(&self, ids: &[TenantId]) -> Result<Vec<Tenant>, Fault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys = ids.iter().map(ToString::to_string);
        let select = self.0.select::<tenant::Entity>().filter(tenant::Column::Id.is_in(keys)).order_by_asc(tenant::Column::Id);
        self.0.run().all(select).await?.into_iter().map(Tenant::try_from).collect()
    }

    /// Tenants in order of key after `after`, at most `limit`.
    pub async fn list(&self, after: Option<TenantId>, limit: u64) -> Result<Vec<Tenant>, Fault> {
        let mut select = self.0.select::<tenant::Entity>().order_by_asc(tenant::Column::Id).limit(limit);
        if let Some(after) = after {
            select = select.filter(tenant::Column::Id.gt(after.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(Tenant::try_from).collect()
    }

    /// Tenants that are looked for; without words and properties all of them, newest first.
    pub async fn search(&self, find: &Find) -> Result<Page<Tenant>, Fault> {
        if search::is_narrowed(find) {
            let page = self.0.search().find(SearchKind::Tenant, find).await?;
            let rows = self.0.run().all(self.0.select::<tenant::Entity>().filter(tenant::Column::Id.is_in(&page.items))).await?;
            return search::in_order(page, rows.into_iter().map(Tenant::try_from), |tenant| tenant.id.to_string());
        }
        let Some(select) = newest::<tenant::Entity, TenantId>(self.0, tenant::Column::Id, find) else { return Ok(Page::empty()) };
        search::page_of(self.0.run().all(select).await?.into_iter().map(Tenant::try_from), find, |tenant| tenant.id.to_string())
    }

    /// Writes a new tenant. `false`: the `org_id` is or was in use.
    pub async fn insert(&self, tenant: &Tenant) -> Result<bool, Fault> {
        if !taken_name::take(self.0, taken_name::Kind::OrgId, &tenant.org_id).await? {
            return Ok(false);
        }
        self.0.run().insert::<tenant::Entity>(self.encode(tenant)).await?;
        self.0.search().write(SearchKind::Tenant, &tenant.id.to_string(), terms::of_tenant(tenant)).await?;
        Ok(true)
    }

    /// Writes a changed tenant; its `org_id` never changes.
    pub async fn update(&self, tenant: &Tenant) -> Result<(), Fault> {
        let update = self
            .0
            .rewrite::<tenant::Entity>(self.encode(tenant))
            .filter(tenant::Column::Id.eq(tenant.id.to_string()))
            .filter(tenant::Column::OrgId.eq(tenant.org_id.as_str()));
        match self.0.run().update(update).await? {
            0 => Err(Fault::new("a tenant that is changed is there and keeps its org_id")),
            _ => self.0.search().write(SearchKind::Tenant, &tenant.id.to_string(), terms::of_tenant(tenant)).await,
        }
    }

    fn encode(&self, tenant: &Tenant) -> tenant::Model {
        tenant::Model {
            id: tenant.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            org_id: tenant.org_id.clone(),
            name: tenant.name.clone(),
            app_policy: tenant.app_policy.to_string(),
            max_sign_in_age: tenant.max_sign_in_age.map(i64::from),
            sign_in: tenant.sign_in.to_string(),
            suspended_at: optional_millis(tenant.suspended_at),
            not_before: optional_millis(tenant.not_before),
            created_at: tenant.created_at.millis(),
            accent: tenant.branding.accent.clone(),
            welcome: tenant.branding.welcome.clone(),
            password_min_length: tenant.password_min_length.map(i64::from),
        }
    }
}

impl TryFrom<tenant::Model> for Tenant {
    type Error = Fault;

    fn try_from(model: tenant::Model) -> Result<Self, Fault> {
        let row = Row::new("tenant", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            app_policy: row.known("app_policy", AppPolicy::parse(&model.app_policy))?,
            max_sign_in_age: row.optional_number("max_sign_in_age", model.max_sign_in_age)?,
            password_min_length: row.optional_number("password_min_length", model.password_min_length)?,
            sign_in: row.known("sign_in", SignInRule::parse(&model.sign_in))?,
            suspended_at: optional_time(model.suspended_at),
            not_before: optional_time(model.not_before),
            created_at: Timestamp::from_millis(model.created_at),
            branding: TenantBranding { accent: model.accent, welcome: model.welcome },
            org_id: model.org_id,
            name: model.name,
        })
    }
}
