//! `[log]`: what is logged, and how.

use serde::Deserialize;

use super::Environment;

/// What libraries say of their own doing helps nobody who runs a server.
const DEFAULT_FILTER: &str = "info,actix_server=warn,sea_orm_migration=warn,sqlx::postgres::notice=warn";

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    filter: String,
    format: LogFormat,
}

impl Default for Section {
    fn default() -> Self {
        Self { filter: DEFAULT_FILTER.to_owned(), format: LogFormat::Text }
    }
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object for each line.
    Json,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// Directives such as `info,gantry_web=debug`.
    pub filter: String,
    /// How a line looks.
    pub format: LogFormat,
}

impl Section {
    pub(super) fn settings(self, faults: &mut Vec<String>, environment: &Environment) -> Option<LogSettings> {
        let filter = environment.get("RUST_LOG").map_or(self.filter, str::to_owned);
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&filter) {
            faults.push(format!("`log.filter` (RUST_LOG) cannot be read: {error}"));
            return None;
        }
        Some(LogSettings { filter, format: self.format })
    }
}
