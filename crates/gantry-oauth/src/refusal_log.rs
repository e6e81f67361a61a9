//! Which refusals of a client are written to the audit trail: each reason once in a while, so that
//! a flood of bad requests is one line a second and not a flood of rows.

use std::time::Duration;

use gantry_core::client::Client;
use gantry_core::failure::Refusal;
use gantry_core::id::ClientId;

/// How long the same refusal of the same client makes one line.
const INTERVAL: Duration = Duration::from_secs(1);
/// The most pairs that are remembered.
const MAX_PAIRS: u64 = 10_000;

/// What was written a moment ago. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct RefusalLog(moka::sync::Cache<(ClientId, String), ()>);

impl Default for RefusalLog {
    fn default() -> Self {
        Self(moka::sync::Cache::builder().max_capacity(MAX_PAIRS).time_to_live(INTERVAL).build())
    }
}

impl RefusalLog {
    /// The reason to write, unless the same was written a moment ago.
    pub(crate) fn due(&self, client: &Client, refusal: &Refusal) -> Option<String> {
        let reason = refusal.detail.clone().unwrap_or_else(|| refusal.description.to_owned());
        let pair = (client.id, reason.clone());
        if self.0.contains_key(&pair) {
            return None;
        }
        self.0.insert(pair, ());
        Some(reason)
    }
}
