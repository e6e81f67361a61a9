//! The audit trail: row and core type, and the queries of that record.

use gantry_core::audit::AuditEntry;
use gantry_core::failure::Fault;
use gantry_core::id::AuditId;

use crate::RealmTx;

/// The audit trail, within one realm.
#[derive(Debug)]
pub struct AuditTrail<'t>(pub(crate) &'t RealmTx);

impl AuditTrail<'_> {
    /// Writes a line.
    pub async fn insert(&self, entry: &AuditEntry) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Writes many lines in one statement.
    pub async fn insert_all(&self, entries: &[AuditEntry]) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Lines, newest first, before `before`, at most `limit`.
    pub async fn list(&self, before: Option<AuditId>, limit: u64) -> Result<Vec<AuditEntry>, Fault> {
        crate::unfinished()
    }
}
