//! `[seal]`: the master key, if one is given. Whether one must be is decided by `crate::master_key`.

use std::path::PathBuf;

use gantry_core::secret::Secret;
use serde::Deserialize;

use super::secret_file;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    master_key: Option<Secret>,
    master_key_file: Option<PathBuf>,
}

/// The master key, if one was given.
#[derive(Debug, Clone)]
pub struct SealSettings {
    /// 32 random bytes as base64.
    pub master_key: Option<Secret>,
}

impl Section {
    pub(super) fn settings(self, faults: &mut Vec<String>) -> Option<SealSettings> {
        let before = faults.len();
        let master_key = secret_file::read(faults, "seal.master_key", self.master_key, self.master_key_file.as_deref());
        (faults.len() == before).then_some(SealSettings { master_key })
    }
}
