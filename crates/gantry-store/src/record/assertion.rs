//! Client assertions that were seen: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::ClientId;

use crate::RealmTx;

/// Client assertions that were seen, within one realm.
#[derive(Debug)]
pub struct Assertions<'t>(pub(crate) &'t RealmTx);

impl Assertions<'_> {
    /// Remembers an assertion until it expires. `false`: it was seen before, so this is a replay.
    pub async fn record(&self, client: ClientId, jti: &str, expires_at: Timestamp) -> Result<bool, Fault> {
        crate::unfinished()
    }
}
