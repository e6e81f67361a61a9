//! Domains of tenants: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{DomainId, TenantId};
use gantry_core::tenant_domain::{DomainProof, TenantDomain};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_text, optional_time};
use crate::RealmTx;
use crate::entity::tenant_domain;

/// Domains of tenants, within one realm.
#[derive(Debug)]
pub struct TenantDomains<'t>(pub(crate) &'t RealmTx);

impl TenantDomains<'_> {
    /// The proved domain of this name: at most one tenant has it.
    pub async fn find_proved(&self, domain: &str) -> Result<Option<TenantDomain>, Fault> {
        let select = self
            .0
            .select::<tenant_domain::Entity>()
            .filter(tenant_domain::Column::Domain.eq(domain))
            .filter(tenant_domain::Column::Proof.is_not_null());
        self.0.run().one(select).await?.map(TenantDomain::try_from).transpose()
    }

    /// The realm's domains that wait for their proof, the latest claimed first, at most `limit`.
    pub async fn unproved(&self, limit: u64) -> Result<Vec<TenantDomain>, Fault> {
        use tenant_domain::Column as C;
        let select = self.0.select::<tenant_domain::Entity>().filter(C::Proof.is_null()).order_by_desc(C::Id).limit(limit);
        self.0.run().all(select).await?.into_iter().map(TenantDomain::try_from).collect()
    }

    /// The realm's proved domains whose record is missing, the longest missing first, at most `limit`.
    pub async fn failing(&self, limit: u64) -> Result<Vec<TenantDomain>, Fault> {
        use tenant_domain::Column as C;
        let select =
            self.0.select::<tenant_domain::Entity>().filter(C::FailingSince.is_not_null()).order_by_asc(C::FailingSince).limit(limit);
        self.0.run().all(select).await?.into_iter().map(TenantDomain::try_from).collect()
    }

    /// The domain with this key.
    pub async fn find(&self, id: DomainId) -> Result<Option<TenantDomain>, Fault> {
        let select = self.0.select::<tenant_domain::Entity>().filter(tenant_domain::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(TenantDomain::try_from).transpose()
    }

    /// The domains of a tenant, by name.
    pub async fn list(&self, tenant: TenantId) -> Result<Vec<TenantDomain>, Fault> {
        let select = self
            .0
            .select::<tenant_domain::Entity>()
            .filter(tenant_domain::Column::TenantId.eq(tenant.to_string()))
            .order_by_asc(tenant_domain::Column::Domain);
        self.0.run().all(select).await?.into_iter().map(TenantDomain::try_from).collect()
    }

    /// Writes a new domain. `false`: the tenant has it, or it is proved and another tenant has it.
    pub async fn insert(&self, domain: &TenantDomain) -> Result<bool, Fault> {
        self.0.run().insert_new::<tenant_domain::Entity>(self.encode(domain)).await
    }

    /// Writes a changed domain. `false`: it would be proved for two tenants.
    pub async fn update(&self, domain: &TenantDomain) -> Result<bool, Fault> {
        let update = self.0.rewrite::<tenant_domain::Entity>(self.encode(domain));
        let update = update.filter(tenant_domain::Column::Id.eq(domain.id.to_string()));
        Ok(self.0.update_unique(update).await?.is_some())
    }

    /// Removes a domain. `false`: it is not this tenant's.
    pub async fn remove(&self, id: DomainId, tenant: TenantId) -> Result<bool, Fault> {
        let delete = self
            .0
            .delete::<tenant_domain::Entity>()
            .filter(tenant_domain::Column::Id.eq(id.to_string()))
            .filter(tenant_domain::Column::TenantId.eq(tenant.to_string()));
        Ok(self.0.run().delete(delete).await? > 0)
    }

    fn encode(&self, domain: &TenantDomain) -> tenant_domain::Model {
        tenant_domain::Model {
            id: domain.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            tenant_id: domain.tenant_id.to_string(),
            domain: domain.domain.clone(),
            challenge: domain.challenge.clone(),
            proof: optional_text(domain.proof),
            proved_at: optional_millis(domain.proved_at),
            checked_at: optional_millis(domain.checked_at),
            failing_since: optional_millis(domain.failing_since),
            check_at: optional_millis(domain.check_at),
            created_at: domain.created_at.millis(),
        }
    }
}

impl TryFrom<tenant_domain::Model> for TenantDomain {
    type Error = Fault;

    fn try_from(model: tenant_domain::Model) -> Result<Self, Fault> {
        let row = Row::new("tenant_domain", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            tenant_id: row.id("tenant_id", &model.tenant_id)?,
            proof: model.proof.as_deref().map(|word| row.known("proof", DomainProof::parse(word))).transpose()?,
            proved_at: optional_time(model.proved_at),
            checked_at: optional_time(model.checked_at),
            failing_since: optional_time(model.failing_since),
            check_at: optional_time(model.check_at),
            created_at: Timestamp::from_millis(model.created_at),
            domain: model.domain,
            challenge: model.challenge,
        })
    }
}
