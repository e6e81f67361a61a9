//! What nodes must forget: written at the end of a transaction, read by every node's poll.

use gantry_core::change::Change;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use sea_orm::DatabaseTransaction;

/// Writes down what a transaction changed, as its last statement.
pub(crate) async fn insert(transaction: &DatabaseTransaction, changes: &[Change], now: Timestamp) -> Result<(), Fault> {
    crate::unfinished()
}
