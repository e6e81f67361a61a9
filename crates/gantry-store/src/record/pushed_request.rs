//! Pushed requests: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::pushed_request::PushedRequest;
use gantry_core::secret::Digest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::row::{Row, optional_millis, optional_time, to_json};
use crate::RealmTx;
use crate::entity::pushed_request;

/// Pushed requests, within one realm.
#[derive(Debug)]
pub struct PushedRequests<'t>(pub(crate) &'t RealmTx);

impl PushedRequests<'_> {
    /// The request with this reference, used ones included.
    pub async fn find(&self, digest: Digest) -> Result<Option<PushedRequest>, Fault> {
        let select = self.0.select::<pushed_request::Entity>().filter(pushed_request::Column::Digest.eq(digest.to_text()));
        self.0.run().one(select).await?.map(PushedRequest::try_from).transpose()
    }

    /// Writes a new request.
    pub async fn insert(&self, request: &PushedRequest) -> Result<(), Fault> {
        let row = pushed_request::Model {
            digest: request.digest.to_text(),
            realm_id: self.0.realm_id().to_string(),
            client_id: request.client_id.to_string(),
            parameters: to_json(&request.parameters)?,
            expires_at: request.expires_at.millis(),
            used_at: optional_millis(request.used_at),
        };
        self.0.run().insert::<pushed_request::Entity>(row).await
    }

    /// Uses a request up. `false`: it was answered before, or is not there any more. That it has
    /// expired meanwhile does not matter: the browser came in time.
    pub async fn consume(&self, digest: Digest, now: Timestamp) -> Result<bool, Fault> {
        let update = self
            .0
            .update::<pushed_request::Entity>()
            .col_expr(pushed_request::Column::UsedAt, Expr::value(now.millis()))
            .filter(pushed_request::Column::Digest.eq(digest.to_text()))
            .filter(pushed_request::Column::UsedAt.is_null());
        Ok(self.0.run().update(update).await? > 0)
    }
}

impl TryFrom<pushed_request::Model> for PushedRequest {
    type Error = Fault;

    fn try_from(model: pushed_request::Model) -> Result<Self, Fault> {
        let row = Row::new("pushed_request", &model.digest);
        Ok(Self {
            digest: row.digest("digest", &model.digest)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            client_id: row.id("client_id", &model.client_id)?,
            parameters: row.json("parameters", &model.parameters)?,
            expires_at: Timestamp::from_millis(model.expires_at),
            used_at: optional_time(model.used_at),
        })
    }
}
