//! Reads what other nodes and the command line changed, and forgets it here.

use std::time::Duration;

use gantry_core::failure::Fault;
use gantry_store::Store;

use super::Next;

/// With this a revocation is known everywhere well within a second.
pub(super) const PERIOD: Duration = Duration::from_millis(250);

/// One poll.
pub async fn poll_changes(store: &Store) -> Result<Next, Fault> {
    store.snapshots().poll().await?;
    Ok(Next::Later)
}
