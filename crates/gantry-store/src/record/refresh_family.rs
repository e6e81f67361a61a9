//! Chains of refresh tokens: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::RefreshFamilyId;
use gantry_core::refresh_family::{FamilySecret, RefreshFamily};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::row::{Row, optional_millis, optional_time};
use crate::RealmTx;
use crate::entity::{access_grant, refresh_family};
use crate::seal::SealContext;

/// What a family's secret is sealed for.
const PURPOSE: &str = "refresh_family.secret";

/// Chains of refresh tokens, within one realm.
#[derive(Debug)]
pub struct RefreshFamilies<'t>(pub(crate) &'t RealmTx);

impl RefreshFamilies<'_> {
    /// The family with this id, revoked ones included.
    pub async fn find(&self, id: RefreshFamilyId) -> Result<Option<RefreshFamily>, Fault> {
        let select = self.0.select::<refresh_family::Entity>().filter(refresh_family::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(|row| self.decode(&row)).transpose()
    }

    /// Writes a new family, its secret sealed. Its grant stays as long as it does.
    pub async fn insert(&self, family: &RefreshFamily) -> Result<(), Fault> {
        self.0.run().insert::<refresh_family::Entity>(self.encode(family)?).await?;
        let keep = self
            .0
            .update::<access_grant::Entity>()
            .col_expr(access_grant::Column::PurgeAt, Expr::value(None::<i64>))
            .filter(access_grant::Column::Id.eq(family.grant_id.to_string()));
        self.0.run().update(keep).await.map(|_| ())
    }

    /// Moves the family on from its generation, or only its idle expiry if `rotated` is false: one conditional
    /// statement. `false`: revoked, or another caller moved it first.
    pub async fn advance(&self, family: &RefreshFamily, rotated: bool, now: Timestamp, idle_expires_at: Timestamp) -> Result<bool, Fault> {
        let generation = i64::from(family.generation);
        let mut update = self
            .0
            .update::<refresh_family::Entity>()
            .col_expr(refresh_family::Column::IdleExpiresAt, Expr::value(idle_expires_at.millis()))
            .filter(refresh_family::Column::Id.eq(family.id.to_string()))
            .filter(refresh_family::Column::Generation.eq(generation))
            .filter(refresh_family::Column::RevokedAt.is_null());
        if rotated {
            update = update
                .col_expr(refresh_family::Column::Generation, Expr::value(generation.saturating_add(1)))
                .col_expr(refresh_family::Column::RotatedAt, Expr::value(now.millis()));
        }
        Ok(self.0.run().update(update).await? > 0)
    }

    /// Revokes a family. `false`: it was revoked already, or is not there.
    pub async fn revoke(&self, id: RefreshFamilyId, now: Timestamp) -> Result<bool, Fault> {
        let update = self
            .0
            .update::<refresh_family::Entity>()
            .col_expr(refresh_family::Column::RevokedAt, Expr::value(now.millis()))
            .filter(refresh_family::Column::Id.eq(id.to_string()))
            .filter(refresh_family::Column::RevokedAt.is_null());
        Ok(self.0.run().update(update).await? > 0)
    }

    fn encode(&self, family: &RefreshFamily) -> Result<refresh_family::Model, Fault> {
        let (id, realm) = (family.id.to_string(), self.0.realm_id().to_string());
        let context = SealContext { purpose: PURPOSE, realm: &realm, row: &id };
        Ok(refresh_family::Model {
            secret: self.0.database().sealer.seal(context, family.secret.as_bytes())?,
            grant_id: family.grant_id.to_string(),
            client_id: family.client_id.to_string(),
            generation: i64::from(family.generation),
            rotated_at: family.rotated_at.millis(),
            idle_expires_at: family.idle_expires_at.millis(),
            absolute_expires_at: family.absolute_expires_at.millis(),
            revoked_at: optional_millis(family.revoked_at),
            created_at: family.created_at.millis(),
            id,
            realm_id: realm,
        })
    }

    fn decode(&self, model: &refresh_family::Model) -> Result<RefreshFamily, Fault> {
        let row = Row::new("refresh_family", &model.id);
        let context = SealContext { purpose: PURPOSE, realm: &model.realm_id, row: &model.id };
        let secret = self.0.database().sealer.open(context, &model.secret);
        Ok(RefreshFamily {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            grant_id: row.id("grant_id", &model.grant_id)?,
            client_id: row.id("client_id", &model.client_id)?,
            secret: row.known("secret", secret.and_then(|bytes| FamilySecret::from_bytes(&bytes)))?,
            generation: row.number("generation", model.generation)?,
            rotated_at: Timestamp::from_millis(model.rotated_at),
            idle_expires_at: Timestamp::from_millis(model.idle_expires_at),
            absolute_expires_at: Timestamp::from_millis(model.absolute_expires_at),
            revoked_at: optional_time(model.revoked_at),
            created_at: Timestamp::from_millis(model.created_at),
        })
    }
}
