//! `[cache]`: where what may be lost is.

use std::path::PathBuf;

use gantry_core::secret::Secret;
use serde::Deserialize;
use validator::Validate;

use super::secret_file;

#[derive(Debug, Deserialize, Validate)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    redis_url: Option<Secret>,
    redis_url_file: Option<PathBuf>,
    #[validate(length(max = 64, message = "must have at most 64 characters"))]
    prefix: String,
}

impl Default for Section {
    fn default() -> Self {
        Self { redis_url: None, redis_url_file: None, prefix: "gantry:".to_owned() }
    }
}

/// Where what may be lost is.
#[derive(Debug, Clone)]
pub struct CacheSettings {
    /// The Redis that nodes share; in this process if unset.
    pub redis_url: Option<Secret>,
    /// Begins every key, so that deployments can share a Redis.
    pub prefix: String,
}

impl Section {
    pub(super) fn settings(self, faults: &mut Vec<String>) -> Option<CacheSettings> {
        let redis_url = secret_file::read(faults, "cache.redis_url", self.redis_url, self.redis_url_file.as_deref());
        let is_redis = |url: &Secret| ["redis://", "rediss://"].iter().any(|scheme| url.expose().starts_with(scheme));
        if redis_url.as_ref().is_some_and(|url| !is_redis(url)) {
            faults.push("`cache.redis_url` (REDIS_URL) must be `redis://…` or `rediss://…`".to_owned());
            return None;
        }
        Some(CacheSettings { redis_url, prefix: self.prefix })
    }
}
