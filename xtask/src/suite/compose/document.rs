//! The part of the compose format that the project's file uses. A key that is not here is refused: it may be a slip of the pen.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::trouble::Trouble;

/// A compose file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Compose {
    #[serde(rename = "name")]
    _name: String,
    pub(super) services: BTreeMap<String, Service>,
    /// Named volumes, none with an option.
    #[serde(default)]
    pub(super) volumes: BTreeMap<String, Option<()>>,
    #[serde(default)]
    pub(super) secrets: BTreeMap<String, Secret>,
}

/// A service of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Service {
    pub(super) image: String,
    pub(super) build: Option<String>,
    pub(super) user: Option<String>,
    pub(super) command: Vec<String>,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) secrets: Vec<String>,
    pub(super) ports: Vec<String>,
    pub(super) volumes: Vec<String>,
    pub(super) depends_on: BTreeMap<String, Dependency>,
    pub(super) healthcheck: Option<HealthCheck>,
    pub(super) cap_drop: Vec<String>,
    pub(super) security_opt: Vec<String>,
    pub(super) read_only: bool,
    pub(super) restart: String,
}

/// What must be true of another service first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dependency {
    pub(super) condition: String,
}

/// How a service is asked whether it is well.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HealthCheck {
    pub(super) test: Vec<String>,
    pub(super) interval: String,
    pub(super) timeout: String,
    #[serde(default)]
    pub(super) start_period: String,
    pub(super) retries: u32,
}

/// A secret that comes from the caller's environment.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Secret {
    pub(super) environment: String,
}

impl Compose {
    /// Reads the file; an error says where.
    pub(super) fn parse(text: &str) -> Result<Self, Trouble> {
        serde_saphyr::from_str(text).map_err(|error| Trouble::failed(format!("docker-compose.yml: {error}")))
    }
}
