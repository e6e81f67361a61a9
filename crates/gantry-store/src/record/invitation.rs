//! Invitations: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Fault;
use gantry_core::id::{InvitationId, TenantId, UserId};
use gantry_core::invitation::{Invitation, InvitedRole};
use gantry_core::secret::Digest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _, QuerySelect as _, UpdateMany};

use super::row::{Row, optional_millis, optional_text, optional_time};
use crate::RealmTx;
use crate::entity::invitation;

/// Invitations, within one realm.
#[derive(Debug)]
pub struct Invitations<'t>(pub(crate) &'t RealmTx);

impl Invitations<'_> {
    /// The invitation with this key.
    pub async fn find(&self, id: InvitationId) -> Result<Option<Invitation>, Fault> {
        let select = self.0.select::<invitation::Entity>().filter(invitation::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(Invitation::try_from).transpose()
    }

    /// The invitation whose link this is, whatever has become of it.
    pub async fn find_by_digest(&self, digest: Digest) -> Result<Option<Invitation>, Fault> {
        let select = self.0.select::<invitation::Entity>().filter(invitation::Column::Digest.eq(digest.to_text()));
        self.0.run().one(select).await?.map(Invitation::try_from).transpose()
    }

    /// Invitations to a tenant, or to the realm's own roles, newest first, before `before`, at most `limit`. `open`: those
    /// alone that were neither accepted nor taken back.
    pub async fn page(
        &self,
        tenant: Option<TenantId>,
        open: bool,
        before: Option<InvitationId>,
        limit: u64,
    ) -> Result<Vec<Invitation>, Fault> {
        use invitation::Column as C;
        let mut select = self.0.select::<invitation::Entity>().order_by_desc(C::Id).limit(limit);
        select = match tenant {
            Some(tenant) => select.filter(C::TenantId.eq(tenant.to_string())),
            None => select.filter(C::TenantId.is_null()),
        };
        if open {
            select = select.filter(C::AcceptedAt.is_null()).filter(C::RevokedAt.is_null());
        }
        if let Some(before) = before {
            select = select.filter(C::Id.lt(before.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(Invitation::try_from).collect()
    }

    /// What was sent to one address for a tenant, or for the realm's own roles, newest first: the last ten.
    pub async fn list_for_address(&self, tenant: Option<TenantId>, email: &EmailAddress) -> Result<Vec<Invitation>, Fault> {
        use invitation::Column as C;
        let mut select = self.0.select::<invitation::Entity>().filter(C::Email.eq(email.as_str())).order_by_desc(C::Id).limit(10);
        select = match tenant {
            Some(tenant) => select.filter(C::TenantId.eq(tenant.to_string())),
            None => select.filter(C::TenantId.is_null()),
        };
        self.0.run().all(select).await?.into_iter().map(Invitation::try_from).collect()
    }

    /// What a person accepted, and what was sent to an address that they proved for whatever place, newest first.
    pub async fn list_for_person(&self, user: UserId, proved: Option<&EmailAddress>) -> Result<Vec<Invitation>, Fault> {
        use invitation::Column as C;
        let mut theirs = Condition::any().add(C::AcceptedBy.eq(user.to_string()));
        if let Some(email) = proved {
            theirs = theirs.add(C::Email.eq(email.as_str()));
        }
        let select = self.0.select::<invitation::Entity>().filter(theirs).order_by_desc(C::Id);
        self.0.run().all(select).await?.into_iter().map(Invitation::try_from).collect()
    }

    /// Removes an invitation.
    pub async fn remove(&self, id: InvitationId) -> Result<(), Fault> {
        let delete = self.0.delete::<invitation::Entity>().filter(invitation::Column::Id.eq(id.to_string()));
        self.0.run().delete(delete).await.map(|_| ())
    }

    /// Takes out who sent an invitation, where they are gone.
    pub async fn forget_sender(&self, user: UserId) -> Result<(), Fault> {
        let update = self
            .0
            .update::<invitation::Entity>()
            .col_expr(invitation::Column::InvitedBy, Expr::value(None::<String>))
            .filter(invitation::Column::InvitedBy.eq(user.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    /// Whether at least `many` invitations to a tenant, or to the realm's own roles, were made since then.
    pub async fn were_made_since(&self, tenant: Option<TenantId>, since: Timestamp, many: u64) -> Result<bool, Fault> {
        use invitation::Column as C;
        let mut select = self.0.select::<invitation::Entity>().filter(C::CreatedAt.gt(since.millis())).order_by_desc(C::Id).limit(many);
        select = match tenant {
            Some(tenant) => select.filter(C::TenantId.eq(tenant.to_string())),
            None => select.filter(C::TenantId.is_null()),
        };
        let ids: Vec<String> = self.0.run().tuples(select.select_only().column(C::Id)).await?;
        Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX) >= many)
    }

    /// Writes a new invitation.
    pub async fn insert(&self, invitation: &Invitation) -> Result<(), Fault> {
        self.0.run().insert::<invitation::Entity>(self.encode(invitation)).await
    }

    /// Gives an open invitation another link; the one before is void. `false`: it is open no more.
    pub async fn renew(&self, id: InvitationId, digest: Digest, expires_at: Timestamp) -> Result<bool, Fault> {
        let update = self
            .open()
            .col_expr(invitation::Column::Digest, Expr::value(digest.to_text()))
            .col_expr(invitation::Column::ExpiresAt, Expr::value(expires_at.millis()))
            .filter(invitation::Column::Id.eq(id.to_string()));
        Ok(self.0.run().update(update).await? > 0)
    }

    /// Accepts an invitation: one conditional statement. `None`: accepted, taken back, replaced or too old.
    pub async fn accept(&self, digest: Digest, by: UserId, now: Timestamp) -> Result<Option<Invitation>, Fault> {
        let update = self
            .open()
            .col_expr(invitation::Column::AcceptedAt, Expr::value(now.millis()))
            .col_expr(invitation::Column::AcceptedBy, Expr::value(by.to_string()))
            .filter(invitation::Column::Digest.eq(digest.to_text()))
            .filter(invitation::Column::ExpiresAt.gt(now.millis()));
        self.0.run().update_returning(update).await?.pop().map(Invitation::try_from).transpose()
    }

    /// Takes an invitation back. `false`: it is open no more.
    pub async fn revoke(&self, id: InvitationId, now: Timestamp) -> Result<bool, Fault> {
        let update = self.revoking(now).filter(invitation::Column::Id.eq(id.to_string()));
        Ok(self.0.run().update(update).await? > 0)
    }

    /// Takes back what somebody sent as a tenant's admin and nobody took.
    pub async fn revoke_sent_by(&self, user: UserId, tenant: TenantId, now: Timestamp) -> Result<(), Fault> {
        let update = self
            .revoking(now)
            .filter(invitation::Column::TenantId.eq(tenant.to_string()))
            .filter(invitation::Column::InvitedBy.eq(user.to_string()))
            .filter(invitation::Column::InvitedAs.eq("tenant_admin"));
        self.0.run().update(update).await.map(|_| ())
    }

    fn revoking(&self, now: Timestamp) -> UpdateMany<invitation::Entity> {
        self.open().col_expr(invitation::Column::RevokedAt, Expr::value(now.millis()))
    }

    fn open(&self) -> UpdateMany<invitation::Entity> {
        self.0
            .update::<invitation::Entity>()
            .filter(invitation::Column::AcceptedAt.is_null())
            .filter(invitation::Column::RevokedAt.is_null())
    }

    fn encode(&self, invitation: &Invitation) -> invitation::Model {
        invitation::Model {
            id: invitation.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            tenant_id: optional_text(invitation.tenant_id),
            email: invitation.email.as_str().to_owned(),
            role: invitation.role.to_string(),
            locale: invitation.locale.clone(),
            digest: invitation.digest.to_text(),
            invited_as: invitation.invited_as.clone(),
            invited_by: optional_text(invitation.invited_by),
            created_at: invitation.created_at.millis(),
            expires_at: invitation.expires_at.millis(),
            accepted_at: optional_millis(invitation.accepted_at),
            accepted_by: optional_text(invitation.accepted_by),
            revoked_at: optional_millis(invitation.revoked_at),
        }
    }
}

impl TryFrom<invitation::Model> for Invitation {
    type Error = Fault;

    fn try_from(model: invitation::Model) -> Result<Self, Fault> {
        let row = Row::new("invitation", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            tenant_id: row.optional_id("tenant_id", model.tenant_id.as_ref())?,
            email: row.known("email", EmailAddress::parse(&model.email).ok())?,
            role: row.known("role", InvitedRole::parse(&model.role))?,
            digest: row.digest("digest", &model.digest)?,
            invited_by: row.optional_id("invited_by", model.invited_by.as_ref())?,
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            accepted_at: optional_time(model.accepted_at),
            accepted_by: row.optional_id("accepted_by", model.accepted_by.as_ref())?,
            revoked_at: optional_time(model.revoked_at),
            locale: model.locale,
            invited_as: model.invited_as,
        })
    }
}
