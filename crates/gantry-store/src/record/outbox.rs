//! Messages that wait to leave: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::outbox::Mail;

use crate::RealmTx;

/// Messages that wait to leave, within one realm.
#[derive(Debug)]
pub struct Outbox<'t>(pub(crate) &'t RealmTx);

impl Outbox<'_> {
    /// Writes a mail, sealed.
    pub async fn insert(&self, mail: &Mail, now: Timestamp) -> Result<(), Fault> {
        crate::unfinished()
    }
}
