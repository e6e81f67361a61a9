//! What the audit trail and the traces of sign-ins say of one person, for an admin who looks, for the person who asks what is
//! held of them, and for their erasure.

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{AuditId, TraceId, UserId};
use gantry_core::sign_in_trace::SignInTrace;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::RealmTx;
use crate::entity::{audit, sign_in_trace};

/// What was written about one person, within one realm.
#[derive(Debug)]
pub struct PersonTrail<'t>(pub(crate) &'t RealmTx);

impl PersonTrail<'_> {
    /// The audit lines in which a person acted or was acted on, newest first, from before `before` on, at most `limit`; only
    /// those of some events, where such are given.
    pub async fn events(
        &self,
        user: UserId,
        events: &[AuditEvent],
        before: Option<(Timestamp, AuditId)>,
        limit: u64,
    ) -> Result<Vec<AuditEntry>, Fault> {
        let narrowed = |column: audit::Column| {
            let mut select = self.0.select::<audit::Entity>().filter(column.eq(user.to_string()));
            if !events.is_empty() {
                select = select.filter(audit::Column::Event.is_in(events.iter().map(|event| event.as_str())));
            }
            from(select, before).order_by_desc(audit::Column::At).order_by_desc(audit::Column::Id).limit(limit)
        };
        // Each goes along an index of its own; the two asked for as one would not.
        let mut rows = self.0.run().all(narrowed(audit::Column::PersonId)).await?;
        rows.extend(self.0.run().all(narrowed(audit::Column::Target)).await?);
        rows.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
        rows.dedup_by(|one, other| one.id == other.id);
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        rows.into_iter().map(AuditEntry::try_from).collect()
    }

    /// The traces of a person's sign-ins with providers, newest first, from before `before` on, at most `limit`.
    pub async fn traces(&self, user: UserId, before: Option<TraceId>, limit: u64) -> Result<Vec<SignInTrace>, Fault> {
        let mut select = self
            .0
            .select::<sign_in_trace::Entity>()
            .filter(sign_in_trace::Column::PersonId.eq(user.to_string()))
            .order_by_desc(sign_in_trace::Column::Id)
            .limit(limit);
        if let Some(before) = before {
            select = select.filter(sign_in_trace::Column::Id.lt(before.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(SignInTrace::try_from).collect()
    }

    /// Takes out of the audit trail what it says of a person beyond their id: where they acted from, and in lines of their
    /// own, and lines about them, every further fact. What they did as an admin keeps its facts, which are about others.
    pub async fn blank(&self, user: UserId) -> Result<u64, Fault> {
        let id = user.to_string();
        let own = self.0.update::<audit::Entity>().filter(audit::Column::PersonId.eq(id.as_str()));
        let origins = own
            .clone()
            .col_expr(audit::Column::Ip, Expr::value(None::<String>))
            .col_expr(audit::Column::RequestId, Expr::value(None::<String>));
        let blanked = self.0.run().update(origins).await?;
        let facts = own.col_expr(audit::Column::Detail, Expr::value(None::<String>)).filter(audit::Column::Actor.is_in(["user", "system"]));
        self.0.run().update(facts).await?;
        let about = self
            .0
            .update::<audit::Entity>()
            .col_expr(audit::Column::Detail, Expr::value(None::<String>))
            .filter(audit::Column::Target.eq(id));
        Ok(blanked + self.0.run().update(about).await?)
    }

    /// Takes out of the audit trail every fact of the lines about something of a person's: an invitation to their address, say.
    pub async fn blank_about(&self, target: &str) -> Result<u64, Fault> {
        let update = self
            .0
            .update::<audit::Entity>()
            .col_expr(audit::Column::Detail, Expr::value(None::<String>))
            .filter(audit::Column::Target.eq(target));
        self.0.run().update(update).await
    }

    /// Removes the traces of a person's sign-ins with all their steps; returns how many.
    pub async fn remove_traces(&self, user: UserId) -> Result<u64, Fault> {
        let delete = self.0.delete::<sign_in_trace::Entity>().filter(sign_in_trace::Column::PersonId.eq(user.to_string()));
        self.0.run().delete(delete).await
    }
}

/// The lines after a place, in the order of the index: by time, then by id.
fn from(select: Select<audit::Entity>, before: Option<(Timestamp, AuditId)>) -> Select<audit::Entity> {
    let Some((at, id)) = before else { return select };
    let place = Expr::tuple([Expr::value(at.millis()), Expr::value(id.to_string())]);
    select.filter(Expr::tuple([Expr::col(audit::Column::At), Expr::col(audit::Column::Id)]).lt(place))
}
