//! People who came back from a provider and still have to prove something: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::PendingLinkId;
use gantry_core::secret::Digest;
use gantry_core::sign_in_attempt::PendingLink;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::row::{Row, optional_text, to_json};
use crate::RealmTx;
use crate::entity::pending_link;
use crate::seal::SealContext;

/// People who still have to prove something, within one realm.
#[derive(Debug)]
pub struct PendingLinks<'t>(pub(crate) &'t RealmTx);

impl PendingLinks<'_> {
    /// What waits in this browser under this key; the caller judges its age.
    pub async fn find(&self, id: PendingLinkId, browser: Digest) -> Result<Option<PendingLink>, Fault> {
        let select = self
            .0
            .select::<pending_link::Entity>()
            .filter(pending_link::Column::Id.eq(id.to_string()))
            .filter(pending_link::Column::Browser.eq(browser.to_text()));
        self.0.run().one(select).await?.map(|model| self.decode(&model)).transpose()
    }

    /// Writes what waits, the assertion sealed.
    pub async fn insert(&self, link: &PendingLink) -> Result<(), Fault> {
        let (realm, id) = (self.0.realm_id().to_string(), link.id.to_string());
        let row = pending_link::Model {
            identity: self.0.database().sealer.seal(context(&realm, &id), to_json(&link.identity)?.as_bytes())?,
            browser: link.browser.to_text(),
            connection_id: link.connection_id.to_string(),
            person_id: optional_text(link.user_id),
            request_id: optional_text(link.request),
            tenant_id: optional_text(link.tenant),
            remember: link.remember,
            trace_id: link.trace.to_string(),
            created_at: link.created_at.millis(),
            expires_at: link.expires_at.millis(),
            realm_id: realm,
            id,
        };
        self.0.run().insert::<pending_link::Entity>(row).await
    }

    /// Takes out what waits: at most one caller ever gets it; the caller judges its age.
    pub async fn consume(&self, id: PendingLinkId, browser: Digest) -> Result<Option<PendingLink>, Fault> {
        let delete = self
            .0
            .delete::<pending_link::Entity>()
            .filter(pending_link::Column::Id.eq(id.to_string()))
            .filter(pending_link::Column::Browser.eq(browser.to_text()));
        self.0.run().delete_returning(delete).await?.pop().map(|model| self.decode(&model)).transpose()
    }

    fn decode(&self, model: &pending_link::Model) -> Result<PendingLink, Fault> {
        let row = Row::new("pending_link", &model.id);
        let opened = self.0.database().sealer.open(context(&model.realm_id, &model.id), &model.identity);
        Ok(PendingLink {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            browser: row.digest("browser", &model.browser)?,
            connection_id: row.id("connection_id", &model.connection_id)?,
            identity: row.known("identity", opened.and_then(|bytes| serde_json::from_slice(&bytes).ok()))?,
            user_id: row.optional_id("person_id", model.person_id.as_ref())?,
            request: row.optional_id("request_id", model.request_id.as_ref())?,
            tenant: row.optional_id("tenant_id", model.tenant_id.as_ref())?,
            trace: row.id("trace_id", &model.trace_id)?,
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            remember: model.remember,
        })
    }
}

const fn context<'c>(realm: &'c str, row: &'c str) -> SealContext<'c> {
    SealContext { purpose: "pending_link.identity", realm, row }
}
