//! Who belongs to which tenant: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, MembershipId, TenantId, UserId};
use gantry_core::paging::{Find, Page};
use gantry_core::search::SearchKind;
use gantry_core::tenant::{Membership, TenantRole};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_text};
use super::search::{self, terms};
use crate::RealmTx;
use crate::entity::membership;

/// Who belongs to which tenant, within one realm.
#[derive(Debug)]
pub struct Memberships<'t>(pub(crate) &'t RealmTx);

impl Memberships<'_> {
    /// The memberships of a person.
    pub async fn list_for_user(&self, user: UserId) -> Result<Vec<Membership>, Fault> {
        let select = self
            .0
            .select::<membership::Entity>()
            .filter(membership::Column::PersonId.eq(user.to_string()))
            .order_by_asc(membership::Column::Id);
        self.0.run().all(select).await?.into_iter().map(Membership::try_from).collect()
    }

    /// A person's place in a tenant.
    pub async fn find(&self, tenant: TenantId, user: UserId) -> Result<Option<Membership>, Fault> {
        let select = self
            .0
            .select::<membership::Entity>()
            .filter(membership::Column::TenantId.eq(tenant.to_string()))
            .filter(membership::Column::PersonId.eq(user.to_string()));
        self.0.run().one(select).await?.map(Membership::try_from).transpose()
    }

    /// The members of a tenant.
    pub async fn list_for_tenant(&self, tenant: TenantId) -> Result<Vec<Membership>, Fault> {
        let select = self
            .0
            .select::<membership::Entity>()
            .filter(membership::Column::TenantId.eq(tenant.to_string()))
            .order_by_asc(membership::Column::Id);
        self.0.run().all(select).await?.into_iter().map(Membership::try_from).collect()
    }

    /// Members of a tenant newest first, before `before`, at most `limit`; those with a role, where one is asked for.
    pub async fn page(
        &self,
        tenant: TenantId,
        before: Option<MembershipId>,
        role: Option<TenantRole>,
        limit: u64,
    ) -> Result<Vec<Membership>, Fault> {
        let select = self.0.select::<membership::Entity>().filter(membership::Column::TenantId.eq(tenant.to_string()));
        let mut select = select.order_by_desc(membership::Column::Id).limit(limit);
        if let Some(before) = before {
            select = select.filter(membership::Column::Id.lt(before.to_string()));
        }
        if let Some(role) = role {
            select = select.filter(membership::Column::Role.eq(role.as_str()));
        }
        self.0.run().all(select).await?.into_iter().map(Membership::try_from).collect()
    }

    /// Members of a tenant who are looked for by the words that they are known by; those with a role, where one is asked for.
    pub async fn search(&self, tenant: TenantId, role: Option<TenantRole>, find: &Find) -> Result<Page<Membership>, Fault> {
        let find = Find { facets: vec![terms::place(tenant, role)], ..find.clone() };
        let page = self.0.search().find(SearchKind::User, &find).await?;
        let select = self
            .0
            .select::<membership::Entity>()
            .filter(membership::Column::TenantId.eq(tenant.to_string()))
            .filter(membership::Column::PersonId.is_in(&page.items));
        let rows = self.0.run().all(select).await?;
        search::in_order(page, rows.into_iter().map(Membership::try_from), |place| place.user_id.to_string())
    }

    /// The people who administer a tenant, at most `limit`: for mails to them.
    pub async fn list_admins(&self, tenant: TenantId, limit: u64) -> Result<Vec<Membership>, Fault> {
        let select = self
            .0
            .select::<membership::Entity>()
            .filter(membership::Column::TenantId.eq(tenant.to_string()))
            .filter(membership::Column::Role.eq(TenantRole::TenantAdmin.as_str()))
            .order_by_asc(membership::Column::Id)
            .limit(limit);
        self.0.run().all(select).await?.into_iter().map(Membership::try_from).collect()
    }

    /// Writes a membership, or what the person is there in the one that is there.
    pub async fn put(&self, membership: &Membership) -> Result<(), Fault> {
        use membership::Column as C;
        let both = (self.0.tenants().find(membership.tenant_id).await?, self.0.users().find(membership.user_id).await?);
        let (Some(_), Some(_)) = both else { return Err(Fault::new("a membership is of a person and a tenant of the realm")) };
        let row = self.encode(membership);
        self.0.run().put::<membership::Entity>(row, &[C::TenantId, C::PersonId], &[C::Role, C::BreakGlass, C::ConnectionId]).await?;
        self.0.search().write_place(membership.user_id, membership.tenant_id, Some(membership.role)).await
    }

    /// Writes the membership of somebody who joins. `false`: they are a member already, and stay what they are.
    pub async fn join(&self, membership: &Membership) -> Result<bool, Fault> {
        let joined = self.0.run().insert_new::<membership::Entity>(self.encode(membership)).await?;
        if joined {
            self.0.search().write_place(membership.user_id, membership.tenant_id, Some(membership.role)).await?;
        }
        Ok(joined)
    }

    /// Changes the role of somebody whom a connection made a member. `false`: it is not that connection's to decide any more.
    pub async fn follow(&self, tenant: TenantId, user: UserId, connection: ConnectionId, role: TenantRole) -> Result<bool, Fault> {
        let update = self
            .0
            .update::<membership::Entity>()
            .col_expr(membership::Column::Role, Expr::value(role.to_string()))
            .filter(membership::Column::TenantId.eq(tenant.to_string()))
            .filter(membership::Column::PersonId.eq(user.to_string()))
            .filter(membership::Column::ConnectionId.eq(connection.to_string()));
        let followed = self.0.run().update(update).await? > 0;
        if followed {
            self.0.search().write_place(user, tenant, Some(role)).await?;
        }
        Ok(followed)
    }

    /// Ends a membership.
    pub async fn remove(&self, tenant: TenantId, user: UserId) -> Result<bool, Fault> {
        let delete = self
            .0
            .delete::<membership::Entity>()
            .filter(membership::Column::TenantId.eq(tenant.to_string()))
            .filter(membership::Column::PersonId.eq(user.to_string()));
        let removed = self.0.run().delete(delete).await? > 0;
        if removed {
            self.0.search().write_place(user, tenant, None).await?;
        }
        Ok(removed)
    }

    fn encode(&self, membership: &Membership) -> membership::Model {
        membership::Model {
            id: membership.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            tenant_id: membership.tenant_id.to_string(),
            person_id: membership.user_id.to_string(),
            role: membership.role.to_string(),
            break_glass: membership.break_glass,
            connection_id: optional_text(membership.connection_id),
            created_at: membership.created_at.millis(),
        }
    }
}

impl TryFrom<membership::Model> for Membership {
    type Error = Fault;

    fn try_from(model: membership::Model) -> Result<Self, Fault> {
        let row = Row::new("membership", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            tenant_id: row.id("tenant_id", &model.tenant_id)?,
            user_id: row.id("person_id", &model.person_id)?,
            role: row.known("role", TenantRole::parse(&model.role))?,
            break_glass: model.break_glass,
            connection_id: row.optional_id("connection_id", model.connection_id.as_ref())?,
            created_at: Timestamp::from_millis(model.created_at),
        })
    }
}
