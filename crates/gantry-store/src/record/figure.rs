//! Figures: how lines of the audit trail become counts, and the queries of those.
//!
//! A line that is to be counted is written with a mark. The roll-up takes marked lines, adds them up and takes the
//! marks away, all in one transaction: so a line counts once, however late it was committed, wherever a node died,
//! and whichever node counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gantry_core::audit::AuditEvent;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::figure::{Figure, hour_of, reason_of, start_of};
use gantry_core::id::TenantId;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{ColumnTrait as _, EntityTrait as _, Insert, IntoActiveModel as _, QueryFilter as _, QuerySelect as _};

use super::row::{Row, optional_text};
use crate::RealmTx;
use crate::database::{Database, fault};
use crate::entity::{audit, figure};

/// Rows of figures in one statement, well within the parameters that one may have.
const BATCH: usize = 500;

/// Figures, within one realm.
#[derive(Debug)]
pub struct Figures<'t>(pub(crate) &'t RealmTx);

impl Figures<'_> {
    /// How often each of these happened from an instant on, by reason and by spans of so many hours: of the realm as
    /// a whole, or of one tenant.
    pub async fn sums(&self, tenant: Option<TenantId>, events: &[AuditEvent], from: Timestamp, span: u32) -> Result<Vec<Figure>, Fault> {
        use figure::Column as C;
        let span = i64::from(std::cmp::max(span, 1));
        let begin = hour_of(from).div_euclid(span).saturating_mul(span);
        // Whole numbers divide without a rest on both databases, and hours are none of them negative.
        let part = || Expr::col(C::Hour).sub(begin).div(span);
        let select = self
            .0
            .select::<figure::Entity>()
            .select_only()
            .column(C::Event)
            .column(C::Reason)
            .column_as(part(), "part")
            .column_as(Expr::cust(r#"CAST(SUM("count") AS BIGINT)"#), "times")
            .filter(C::TenantId.eq(optional_text(tenant).unwrap_or_default()))
            .filter(C::Event.is_in(events.iter().map(|event| event.as_str())))
            .filter(C::Hour.gte(begin))
            .group_by(C::Event)
            .group_by(C::Reason)
            // By its place: a parameter twice is two different ones to Postgres.
            .group_by(Expr::cust("3"));
        let rows: Vec<(String, String, i64, i64)> = self.0.run().tuples(select).await?;
        let of = |(event, reason, part, count): (String, String, i64, i64)| {
            let row = Row::new("figure", &event);
            let at = start_of(begin.saturating_add(part.saturating_mul(span)));
            Ok(Figure { event: row.known("event", AuditEvent::parse(&event))?, reason, at, count: row.number("count", count)? })
        };
        rows.into_iter().map(of).collect()
    }
}

/// Counts at most `limit` lines that are not counted yet; returns how many there were.
pub(crate) async fn roll_up(database: &Arc<Database>, limit: u64) -> Result<u64, Fault> {
    use figure::Column as C;
    let transaction = database.pools.begin().await?;
    let run = crate::statement::Statements::on(&transaction);
    let due = Query::select()
        .column(audit::Column::Id)
        .from(audit::Entity)
        .and_where(audit::Column::Pending.is_not_null())
        .order_by(audit::Column::Id, sea_orm::Order::Asc)
        .limit(limit)
        // Two nodes count different lines. SQLite leaves this out; it has one writer.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .to_owned();
    let unmark = audit::Entity::update_many()
        .col_expr(audit::Column::Pending, Expr::value(Option::<i64>::None))
        .filter(audit::Column::Id.in_subquery(due));
    let lines = run.update_returning(unmark).await?;
    let count = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    let rows = add_up(&lines)?;
    for batch in rows.chunks(BATCH) {
        let add = Expr::col((figure::Entity, C::Count)).add(Expr::cust(r#"excluded."count""#));
        let known = OnConflict::columns([C::RealmId, C::TenantId, C::Event, C::Hour, C::Reason]).value(C::Count, add).to_owned();
        let insert = Insert::many(batch.iter().cloned().map(figure::Model::into_active_model)).on_conflict(known);
        insert.exec_without_returning(&transaction).await.map_err(|error| fault("add to the figures", error))?;
    }
    transaction.commit().await.map_err(|error| fault("commit figures", error))?;
    Ok(count)
}

/// The figures of some lines, in the order of their keys: two nodes that add to the same ones wait for each other
/// rather than locking each other out.
fn add_up(lines: &[audit::Model]) -> Result<Vec<figure::Model>, Fault> {
    let mut sums: BTreeMap<(String, String, String, i64, String), i64> = BTreeMap::new();
    for line in lines {
        let event = Row::new("audit", &line.id).known("event", AuditEvent::parse(&line.event))?;
        let reason = reason_of(event, line.reason.as_deref());
        let hour = hour_of(Timestamp::from_millis(line.at));
        // The realm as a whole, and the tenant beside it, so that no reader adds tenants up.
        let whose: BTreeSet<&str> = std::iter::once("").chain(line.tenant_id.as_deref()).collect();
        for tenant in whose {
            let key = (line.realm_id.clone(), tenant.to_owned(), line.event.clone(), hour, reason.to_owned());
            let sum = sums.entry(key).or_default();
            *sum = sum.saturating_add(1);
        }
    }
    let row = |((realm_id, tenant_id, event, hour, reason), count)| figure::Model { realm_id, tenant_id, event, hour, reason, count };
    Ok(sums.into_iter().map(row).collect())
}
