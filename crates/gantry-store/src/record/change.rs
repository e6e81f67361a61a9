//! What nodes must forget: written at the end of a transaction, read by every node's poll.

use gantry_core::change::Change;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, Insert};

use super::row::Row;
use crate::database::fault;
use crate::entity::change;

/// The advisory lock of Postgres under which numbers are given out.
const LOCK: i64 = 0x6761_6e74_7263;
/// Rows in one statement, well within the parameters that one may have.
const BATCH: usize = 1000;

/// Writes down what a transaction changed, as its last statements.
///
/// A sequence gives out numbers in the order of asking, but rows become visible in the order of
/// committing; a poll between the two would skip the slower one for good. So on Postgres numbers are
/// given out under a lock that is held until the commit is visible. SQLite has one writer at a time.
pub(crate) async fn insert(transaction: &DatabaseTransaction, changes: &[Change], now: Timestamp) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    if transaction.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({LOCK})");
        transaction.execute_unprepared(&lock).await.map_err(|error| fault("queue for telling the nodes", error))?;
    }
    for batch in changes.chunks(BATCH) {
        let rows = batch.iter().map(|change| encode(*change, now));
        Insert::many(rows).exec_without_returning(transaction).await.map_err(|error| fault("tell the nodes what changed", error))?;
    }
    Ok(())
}

fn encode(change: Change, now: Timestamp) -> change::ActiveModel {
    let (realm, kind, reference) = match change {
        Change::Realm(realm) => (realm, "realm", String::new()),
        Change::Client(realm, client) => (realm, "client", client.to_string()),
    };
    change::ActiveModel {
        number: NotSet,
        realm_id: Set(realm.to_string()),
        kind: Set(kind.to_owned()),
        reference: Set(reference),
        at: Set(now.millis()),
    }
}

/// What a row says, and its number.
pub(crate) fn decode(model: &change::Model) -> Result<(i64, Change), Fault> {
    let key = model.number.to_string();
    let row = Row::new("change", &key);
    let realm = row.id("realm_id", &model.realm_id)?;
    let change = match model.kind.as_str() {
        "realm" => Change::Realm(realm),
        "client" => Change::Client(realm, row.id("reference", &model.reference)?),
        _ => row.known("kind", None)?,
    };
    Ok((model.number, change))
}
