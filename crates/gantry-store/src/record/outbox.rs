//! Messages that wait to leave: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::OutboxId;
use gantry_core::outbox::{Mail, OutboxEntry, OutboxMessage, OutboxState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::Row;
use crate::RealmTx;
use crate::entity::outbox;
use crate::platform::LEASE;
use crate::seal::{SealContext, Sealer};

/// What a mail is sealed for.
const PURPOSE: &str = "outbox.mail";

/// Messages that wait to leave, within one realm.
#[derive(Debug)]
pub struct Outbox<'t>(pub(crate) &'t RealmTx);

impl Outbox<'_> {
    /// Writes a mail, sealed.
    pub async fn insert(&self, mail: &Mail, now: Timestamp) -> Result<(), Fault> {
        let (id, realm) = (OutboxId::new().to_string(), self.0.realm_id().to_string());
        let plain = serde_json::to_vec(mail).map_err(|error| Fault::caused("write a mail as JSON", error))?;
        let context = SealContext { purpose: PURPOSE, realm: &realm, row: &id };
        let row = outbox::Model {
            mail: self.0.database().sealer.seal(context, &plain)?,
            attempts: 0,
            due_at: Some(now.millis()),
            created_at: now.millis(),
            last_error: None,
            id,
            realm_id: realm,
        };
        self.0.run().insert::<outbox::Entity>(row).await
    }

    /// Messages, newest first, before one that was seen, at most `limit`; all, or those that stand so.
    pub async fn list(&self, state: Option<OutboxState>, before: Option<OutboxId>, limit: u64) -> Result<Vec<OutboxEntry>, Fault> {
        use outbox::Column as C;
        let mut select = self.0.select::<outbox::Entity>().order_by_desc(C::Id).limit(limit);
        select = match state {
            None => select,
            Some(OutboxState::GivenUp) => select.filter(C::DueAt.is_null()),
            Some(OutboxState::Failing) => select.filter(C::DueAt.is_not_null()).filter(C::Attempts.gt(0)),
            Some(OutboxState::Waiting) => select.filter(C::DueAt.is_not_null()).filter(C::Attempts.eq(0)),
        };
        if let Some(before) = before {
            select = select.filter(C::Id.lt(before.to_string()));
        }
        let rows = self.0.run().all(select).await?;
        rows.into_iter().map(|row| entry(row, &self.0.database().sealer)).collect()
    }

    /// The message with this key.
    pub async fn find(&self, id: OutboxId) -> Result<Option<OutboxEntry>, Fault> {
        let select = self.0.select::<outbox::Entity>().filter(outbox::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(|row| entry(row, &self.0.database().sealer)).transpose()
    }

    /// Has a message tried at once, as if for the first time. `false`: it is being tried, or soon will be.
    pub async fn retry(&self, id: OutboxId, now: Timestamp) -> Result<bool, Fault> {
        use outbox::Column as C;
        // What is due within a lease may be on its way just now, and would leave twice.
        let idle = Condition::any().add(C::DueAt.is_null()).add(C::DueAt.gt(now.plus(LEASE).millis()));
        let update = self
            .0
            .update::<outbox::Entity>()
            .col_expr(C::DueAt, Expr::value(now.millis()))
            .col_expr(C::Attempts, Expr::value(0_i64))
            .filter(C::Id.eq(id.to_string()))
            .filter(idle);
        Ok(self.0.run().update(update).await? > 0)
    }

    /// Ends the trying. `false`: it had ended.
    pub async fn give_up(&self, id: OutboxId) -> Result<bool, Fault> {
        use outbox::Column as C;
        let update = self
            .0
            .update::<outbox::Entity>()
            .col_expr(C::DueAt, Expr::value(Option::<i64>::None))
            .filter(C::Id.eq(id.to_string()))
            .filter(C::DueAt.is_not_null());
        Ok(self.0.run().update(update).await? > 0)
    }
}

/// A message as admins see it.
fn entry(model: outbox::Model, sealer: &Sealer) -> Result<OutboxEntry, Fault> {
    let row = Row::new("outbox", &model.id);
    let state = match (model.due_at, model.attempts) {
        (None, _) => OutboxState::GivenUp,
        (Some(_), 0) => OutboxState::Waiting,
        (Some(_), _) => OutboxState::Failing,
    };
    Ok(OutboxEntry {
        id: row.id("id", &model.id)?,
        state,
        attempts: row.number("attempts", model.attempts)?,
        due_at: model.due_at.map(Timestamp::from_millis),
        created_at: Timestamp::from_millis(model.created_at),
        mail: open(&model, sealer).map(|mail| (mail.to, mail.locale, mail.kind.name())),
        last_error: model.last_error,
    })
}

fn open(model: &outbox::Model, sealer: &Sealer) -> Option<Mail> {
    let context = SealContext { purpose: PURPOSE, realm: &model.realm_id, row: &model.id };
    sealer.open(context, &model.mail).and_then(|plain| serde_json::from_slice(&plain).ok())
}

/// A message from its row, opened.
pub(crate) fn decode(model: outbox::Model, sealer: &Sealer) -> Result<OutboxMessage, Fault> {
    let row = Row::new("outbox", &model.id);
    let mail = open(&model, sealer);
    Ok(OutboxMessage {
        id: row.id("id", &model.id)?,
        realm_id: row.id("realm_id", &model.realm_id)?,
        mail: row.known("mail", mail)?,
        attempts: row.number("attempts", model.attempts)?,
        due_at: row.known("due_at", model.due_at.map(Timestamp::from_millis))?,
        created_at: Timestamp::from_millis(model.created_at),
        last_error: model.last_error,
    })
}
