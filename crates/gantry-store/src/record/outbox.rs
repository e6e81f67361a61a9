//! Messages that wait to leave: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::OutboxId;
use gantry_core::outbox::{Mail, OutboxMessage};

use super::row::Row;
use crate::RealmTx;
use crate::entity::outbox;
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
}

/// A message from its row, opened.
pub(crate) fn decode(model: outbox::Model, sealer: &Sealer) -> Result<OutboxMessage, Fault> {
    let row = Row::new("outbox", &model.id);
    let context = SealContext { purpose: PURPOSE, realm: &model.realm_id, row: &model.id };
    let mail = sealer.open(context, &model.mail).and_then(|plain| serde_json::from_slice(&plain).ok());
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
