//! Opaque access tokens, and revoked JWTs: row and core type, and the queries of that record.

use gantry_core::access_token::OpaqueAccessToken;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::secret::Digest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::row::{Row, optional_millis, optional_text, optional_time, scopes, to_json};
use crate::RealmTx;
use crate::entity::{access_token, revoked_jti};

/// Opaque access tokens, and revoked JWTs, within one realm.
#[derive(Debug)]
pub struct AccessTokens<'t>(pub(crate) &'t RealmTx);

impl AccessTokens<'_> {
    /// The opaque token with this digest, revoked ones included.
    pub async fn find(&self, digest: Digest) -> Result<Option<OpaqueAccessToken>, Fault> {
        let select = self.0.select::<access_token::Entity>().filter(access_token::Column::Digest.eq(digest.to_text()));
        self.0.run().one(select).await?.map(OpaqueAccessToken::try_from).transpose()
    }

    /// Writes a new opaque token.
    pub async fn insert(&self, token: &OpaqueAccessToken) -> Result<(), Fault> {
        let row = access_token::Model {
            digest: token.digest.to_text(),
            realm_id: self.0.realm_id().to_string(),
            client_id: token.client_id.to_string(),
            grant_id: optional_text(token.grant_id),
            scopes: token.scopes.to_string(),
            audiences: to_json(&token.audiences)?,
            tenant_id: optional_text(token.tenant_id),
            issued_at: token.issued_at.millis(),
            expires_at: token.expires_at.millis(),
            revoked_at: optional_millis(token.revoked_at),
        };
        self.0.run().insert::<access_token::Entity>(row).await
    }

    /// Revokes an opaque token. `false`: it was revoked already, or is not there.
    pub async fn revoke(&self, digest: Digest, now: Timestamp) -> Result<bool, Fault> {
        let update = self
            .0
            .update::<access_token::Entity>()
            .col_expr(access_token::Column::RevokedAt, Expr::value(now.millis()))
            .filter(access_token::Column::Digest.eq(digest.to_text()))
            .filter(access_token::Column::RevokedAt.is_null());
        Ok(self.0.run().update(update).await? > 0)
    }

    /// Remembers until it expires that the JWT with this `jti` is revoked.
    pub async fn revoke_jti(&self, jti: &str, expires_at: Timestamp) -> Result<(), Fault> {
        let row = revoked_jti::Model { realm_id: self.0.realm_id().to_string(), jti: jti.to_owned(), expires_at: expires_at.millis() };
        self.0.run().insert_new::<revoked_jti::Entity>(row).await.map(|_| ())
    }

    /// Whether the JWT with this `jti` is revoked.
    pub async fn is_jti_revoked(&self, jti: &str) -> Result<bool, Fault> {
        let select = self.0.select::<revoked_jti::Entity>().filter(revoked_jti::Column::Jti.eq(jti));
        Ok(self.0.run().one(select).await?.is_some())
    }
}

impl TryFrom<access_token::Model> for OpaqueAccessToken {
    type Error = Fault;

    fn try_from(model: access_token::Model) -> Result<Self, Fault> {
        let row = Row::new("access_token", &model.digest);
        Ok(Self {
            digest: row.digest("digest", &model.digest)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            client_id: row.id("client_id", &model.client_id)?,
            grant_id: row.optional_id("grant_id", model.grant_id.as_ref())?,
            scopes: scopes(&model.scopes),
            audiences: row.json("audiences", &model.audiences)?,
            tenant_id: row.optional_id("tenant_id", model.tenant_id.as_ref())?,
            issued_at: Timestamp::from_millis(model.issued_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            revoked_at: optional_time(model.revoked_at),
        })
    }
}
