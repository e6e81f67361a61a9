//! Links that show one trace: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::secret::Digest;
use gantry_core::sign_in_trace::{TraceReader, TraceShare};
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::row::{Row, optional_text};
use crate::RealmTx;
use crate::entity::trace_share;

/// Links that show one trace, within one realm.
#[derive(Debug)]
pub struct TraceShares<'t>(pub(crate) &'t RealmTx);

impl TraceShares<'_> {
    /// The link with this digest that still works.
    pub async fn find_live(&self, digest: Digest, now: Timestamp) -> Result<Option<TraceShare>, Fault> {
        let select = self
            .0
            .select::<trace_share::Entity>()
            .filter(trace_share::Column::Digest.eq(digest.to_text()))
            .filter(trace_share::Column::ExpiresAt.gt(now.millis()));
        self.0.run().one(select).await?.map(TraceShare::try_from).transpose()
    }

    /// Writes a new link.
    pub async fn insert(&self, share: &TraceShare) -> Result<(), Fault> {
        let row = trace_share::Model {
            digest: share.digest.to_text(),
            realm_id: self.0.realm_id().to_string(),
            trace_id: share.trace_id.to_string(),
            reader: share.reader.to_string(),
            tenant_id: optional_text(share.tenant_id),
            created_at: share.created_at.millis(),
            expires_at: share.expires_at.millis(),
        };
        self.0.run().insert::<trace_share::Entity>(row).await
    }
}

impl TryFrom<trace_share::Model> for TraceShare {
    type Error = Fault;

    fn try_from(model: trace_share::Model) -> Result<Self, Fault> {
        let row = Row::new("trace_share", &model.digest);
        Ok(Self {
            digest: row.digest("digest", &model.digest)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            trace_id: row.id("trace_id", &model.trace_id)?,
            reader: row.known("reader", TraceReader::parse(&model.reader))?,
            tenant_id: row.optional_id("tenant_id", model.tenant_id.as_ref())?,
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
        })
    }
}
