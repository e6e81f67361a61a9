//! Where settings come from: defaults, then a file, then the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;

use config::{Config, File, FileFormat};
use serde::de::DeserializeOwned;

use super::InvalidSettings;

/// The file that is read if it is there and no other is named.
const DEFAULT_FILE: &str = "gantry.toml";
/// Starts a variable that names a setting by section and key: `GANTRY__SERVER__LISTEN`.
const LONG_PREFIX: &str = "GANTRY__";

/// The variables with a name of their own, and the settings that they are.
const NAMED: &[(&str, &str)] = &[
    ("GANTRY_PUBLIC_URL", "server.public_url"),
    ("GANTRY_LISTEN", "server.listen"),
    ("GANTRY_MANAGEMENT_LISTEN", "server.management_listen"),
    ("GANTRY_DATA_DIR", "storage.data_dir"),
    ("DATABASE_URL", "storage.database_url"),
    ("DATABASE_URL_FILE", "storage.database_url_file"),
    ("REDIS_URL", "cache.redis_url"),
    ("REDIS_URL_FILE", "cache.redis_url_file"),
    ("SMTP_URL", "mail.smtp_url"),
    ("SMTP_URL_FILE", "mail.smtp_url_file"),
    ("GANTRY_MASTER_KEY", "seal.master_key"),
    ("GANTRY_MASTER_KEY_FILE", "seal.master_key_file"),
];

/// The variables that the process was started with.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Environment")
    }
}

impl Environment {
    /// Those of this process. Empty ones, and ones that are not text, count as unset.
    pub fn of_process() -> Self {
        Self::from_pairs(std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))))
    }

    /// Given ones, for tests and the demo.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self(pairs.filter(|(_, value): &(String, String)| !value.is_empty()).collect())
    }

    /// These, and given ones over them.
    #[must_use]
    pub fn with(mut self, pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        self.0.extend(Self::from_pairs(pairs).0);
        self
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Settings as `section.key`, the stronger ones last.
    fn settings(&self) -> impl Iterator<Item = (String, &str)> {
        let named = NAMED.iter().filter_map(|(variable, setting)| Some(((*setting).to_owned(), self.get(variable)?)));
        let long = self.0.iter().filter_map(|(name, value)| {
            let path = name.strip_prefix(LONG_PREFIX)?;
            Some((path.to_ascii_lowercase().replace("__", "."), value.as_str()))
        });
        named.chain(long)
    }
}

/// The file with settings.
#[derive(Debug)]
pub(super) enum SettingsFile {
    /// The one with this name; else the one that `GANTRY_CONFIG` names, else the default one if it is there.
    Usual(Option<PathBuf>),
    /// None, whatever is there.
    None,
}

/// Reads and merges all sources.
pub(super) fn read<T: DeserializeOwned>(file: SettingsFile, environment: &Environment) -> Result<T, InvalidSettings> {
    let mut builder = Config::builder();
    let mut told = "the settings".to_owned();
    if let SettingsFile::Usual(file) = file {
        let named = file.or_else(|| environment.get("GANTRY_CONFIG").map(PathBuf::from));
        let required = named.is_some();
        let path = named.unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
        told = path.display().to_string();
        builder = builder.add_source(File::from(path).format(FileFormat::Toml).required(required));
    }
    for (setting, value) in environment.settings() {
        builder = builder.set_override(&setting, value).map_err(|error| InvalidSettings(vec![format!("`{setting}`: {error}")]))?;
    }
    let merged = builder.build().map_err(|error| InvalidSettings(vec![format!("cannot read {told}: {error}")]))?;
    merged.try_deserialize().map_err(|error| InvalidSettings(vec![one_line(&error.to_string())]))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
