//! The audit trail: row and core type, and the queries of that record.

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::AuditId;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_text, to_json};
use crate::RealmTx;
use crate::entity::audit;

/// Lines in one statement, well within the parameters that one may have.
const BATCH: usize = 500;

/// The audit trail, within one realm.
#[derive(Debug)]
pub struct AuditTrail<'t>(pub(crate) &'t RealmTx);

impl AuditTrail<'_> {
    /// Writes a line.
    pub async fn insert(&self, entry: &AuditEntry) -> Result<(), Fault> {
        self.0.run().insert::<audit::Entity>(self.encode(entry)?).await
    }

    /// Writes many lines, hundreds in one statement.
    pub async fn insert_all(&self, entries: &[AuditEntry]) -> Result<(), Fault> {
        for batch in entries.chunks(BATCH) {
            let rows = batch.iter().map(|entry| self.encode(entry)).collect::<Result<_, _>>()?;
            self.0.run().insert_all::<audit::Entity>(rows).await?;
        }
        Ok(())
    }

    /// Lines, newest first, before `before`, at most `limit`.
    pub async fn list(&self, before: Option<AuditId>, limit: u64) -> Result<Vec<AuditEntry>, Fault> {
        let mut select = self.0.select::<audit::Entity>().order_by_desc(audit::Column::Id).limit(limit);
        if let Some(before) = before {
            select = select.filter(audit::Column::Id.lt(before.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(AuditEntry::try_from).collect()
    }

    fn encode(&self, entry: &AuditEntry) -> Result<audit::Model, Fault> {
        Ok(audit::Model {
            id: entry.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            at: entry.at.millis(),
            event: entry.event.to_string(),
            actor: entry.actor.clone(),
            person_id: optional_text(entry.user_id),
            client_id: optional_text(entry.client_id),
            target: entry.target.clone(),
            reason: entry.reason.clone(),
            ip: entry.ip.clone(),
            request_id: entry.request_id.clone(),
            detail: entry.detail.as_ref().map(to_json).transpose()?,
        })
    }
}

impl TryFrom<audit::Model> for AuditEntry {
    type Error = Fault;

    fn try_from(model: audit::Model) -> Result<Self, Fault> {
        let row = Row::new("audit", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            at: Timestamp::from_millis(model.at),
            event: row.known("event", AuditEvent::parse(&model.event))?,
            user_id: row.optional_id("person_id", model.person_id.as_ref())?,
            client_id: row.optional_id("client_id", model.client_id.as_ref())?,
            detail: model.detail.as_deref().map(|text| row.json("detail", text)).transpose()?,
            actor: model.actor,
            target: model.target,
            reason: model.reason,
            ip: model.ip,
            request_id: model.request_id,
        })
    }
}
