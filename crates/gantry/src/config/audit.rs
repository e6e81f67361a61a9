//! `[audit]`: how long the audit trail is kept.

use std::time::Duration;

use serde::Deserialize;
use validator::Validate;

/// Days that lines are kept where nobody says how many: a year, and the month in which it is looked over.
const KEEP_DAYS: u32 = 400;

#[derive(Debug, Deserialize, Validate)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    #[validate(range(max = 36_500, message = "must be 0 to 36500; 0 keeps everything"))]
    keep_days: u32,
}

impl Default for Section {
    fn default() -> Self {
        Self { keep_days: KEEP_DAYS }
    }
}

/// How long the audit trail is kept.
#[derive(Debug, Clone, Copy)]
pub struct AuditSettings {
    /// How long; for good if there is none.
    pub keep: Option<Duration>,
}

impl Section {
    pub(super) const fn settings(&self) -> AuditSettings {
        let hours = self.keep_days as u64 * 24;
        AuditSettings { keep: if hours == 0 { None } else { Some(Duration::from_hours(hours)) } }
    }
}
