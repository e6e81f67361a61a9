//! The audit trail: row and core type, and the queries of that record.

use gantry_core::audit::{AuditEntry, AuditEvent, AuditFilter, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::figure;
use gantry_core::id::AuditId;
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

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

    /// Lines by their keys, newest first, before `before`, at most `limit`. For tests and for small trails alone: pages
    /// are read by [`Self::search`], along its indexes.
    pub async fn list(&self, before: Option<AuditId>, limit: u64) -> Result<Vec<AuditEntry>, Fault> {
        let mut select = self.0.select::<audit::Entity>().order_by_desc(audit::Column::Id).limit(limit);
        if let Some(before) = before {
            select = select.filter(audit::Column::Id.lt(before.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(AuditEntry::try_from).collect()
    }

    /// The line with this key.
    pub async fn find(&self, id: AuditId) -> Result<Option<AuditEntry>, Fault> {
        let select = self.0.select::<audit::Entity>().filter(audit::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(AuditEntry::try_from).transpose()
    }

    /// Lines that fit, newest first, after the place of one that was seen, at most `limit`.
    pub async fn search(&self, filter: &AuditFilter, after: Option<(Timestamp, AuditId)>, limit: u64) -> Result<Vec<AuditEntry>, Fault> {
        use audit::Column as C;
        let mut select = narrowed(self.0.select::<audit::Entity>(), filter);
        if let Some((at, id)) = after {
            let same = Condition::all().add(C::At.eq(at.millis())).add(C::Id.lt(id.to_string()));
            // The first condition alone bounds the walk along the index.
            select = select.filter(C::At.lte(at.millis())).filter(Condition::any().add(C::At.lt(at.millis())).add(same));
        }
        let select = select.order_by_desc(C::At).order_by_desc(C::Id).limit(limit);
        self.0.run().all(select).await?.into_iter().map(AuditEntry::try_from).collect()
    }

    fn encode(&self, entry: &AuditEntry) -> Result<audit::Model, Fault> {
        let origin = self.0.origin();
        let or_of_handle = |own: &Option<String>, of: fn(&Origin) -> &String| {
            own.clone().or_else(|| origin.map(|origin| of(origin).clone())).filter(|text| !text.is_empty())
        };
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
            ip: or_of_handle(&entry.ip, |origin| &origin.ip),
            request_id: or_of_handle(&entry.request_id, |origin| &origin.request_id),
            detail: entry.detail.as_ref().map(to_json).transpose()?,
            tenant_id: optional_text(entry.tenant_id),
            pending: figure::COUNTED.contains(&entry.event).then_some(1),
        })
    }
}

/// The lines that a filter leaves.
fn narrowed(mut select: Select<audit::Entity>, filter: &AuditFilter) -> Select<audit::Entity> {
    use audit::Column as C;
    let AuditFilter { from, until, events, actor, person, client, target, tenant, reason } = filter;
    if let Some(from) = from {
        select = select.filter(C::At.gte(from.millis()));
    }
    if let Some(until) = until {
        select = select.filter(C::At.lt(until.millis()));
    }
    match events.as_slice() {
        [] => {}
        [event] => select = select.filter(C::Event.eq(event.as_str())),
        several => select = select.filter(C::Event.is_in(several.iter().map(|event| event.as_str()))),
    }
    let exact = [
        (C::Actor, actor.clone()),
        (C::PersonId, optional_text(*person)),
        (C::ClientId, optional_text(*client)),
        (C::Target, target.clone()),
        (C::TenantId, optional_text(*tenant)),
        (C::Reason, reason.clone()),
    ];
    for (column, wanted) in exact {
        if let Some(wanted) = wanted {
            select = select.filter(column.eq(wanted));
        }
    }
    select
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
            tenant_id: row.optional_id("tenant_id", model.tenant_id.as_ref())?,
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
