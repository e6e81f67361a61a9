//! `[storage]`: where rows and files are.

use std::path::{Path, PathBuf};

use gantry_core::secret::Secret;
use serde::Deserialize;
use url::Url;
use validator::Validate;

use super::secret_file;

#[derive(Debug, Deserialize, Validate)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    data_dir: PathBuf,
    database_url: Option<Secret>,
    database_url_file: Option<PathBuf>,
    #[validate(range(min = 1, max = 1000, message = "must be 1 to 1000"))]
    max_connections: u32,
}

impl Default for Section {
    fn default() -> Self {
        Self { data_dir: PathBuf::from("data"), database_url: None, database_url_file: None, max_connections: 16 }
    }
}

/// Where rows and files are.
#[derive(Debug, Clone)]
pub struct StorageSettings {
    /// The SQLite file, the generated master key and mail written as files.
    pub data_dir: PathBuf,
    /// The database.
    pub database: DatabaseLocation,
    /// The most connections to it.
    pub max_connections: u32,
}

/// A database.
#[derive(Debug, Clone)]
pub enum DatabaseLocation {
    /// A file.
    Sqlite {
        /// The file.
        path: PathBuf,
        /// The same as a URL.
        url: Secret,
    },
    /// A server.
    Postgres {
        /// Its URL, with its password.
        url: Secret,
    },
}

impl DatabaseLocation {
    /// The URL.
    pub const fn url(&self) -> &Secret {
        match self {
            Self::Sqlite { url, .. } | Self::Postgres { url } => url,
        }
    }

    /// The file, if it is one.
    pub fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { path, .. } => Some(path),
            Self::Postgres { .. } => None,
        }
    }

    /// The file, if it is one and not there. A file without a byte is none: SQLite makes one before it writes.
    pub fn missing_file(&self) -> Option<&Path> {
        self.sqlite_path().filter(|path| !std::fs::metadata(path).is_ok_and(|file| file.len() > 0))
    }

    /// The SQLite file at a path.
    fn file(path: &Path) -> Option<Self> {
        let path = std::path::absolute(path).ok()?;
        // The driver undoes percent-encoding, so a path with a `%` or `?` in it must have it.
        let url = Url::from_file_path(&path).ok()?;
        Some(Self::Sqlite { url: Secret::new(format!("sqlite://{}", url.path())), path })
    }
}

impl Section {
    pub(super) fn settings(self, faults: &mut Vec<String>) -> Option<StorageSettings> {
        let before = faults.len();
        let url = secret_file::read(faults, "storage.database_url", self.database_url, self.database_url_file.as_deref());
        if faults.len() > before {
            return None;
        }
        let database = match url {
            None => DatabaseLocation::file(&self.data_dir.join("gantry.db")),
            Some(url) if ["postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme)) => {
                Some(DatabaseLocation::Postgres { url })
            }
            Some(url) => sqlite_path(url.expose()).and_then(|path| DatabaseLocation::file(&path)),
        };
        if database.is_none() {
            faults.push("`storage.database_url` (DATABASE_URL) must be `postgres://…` or `sqlite://` and the path of a file".to_owned());
        }
        Some(StorageSettings { data_dir: self.data_dir, database: database?, max_connections: self.max_connections })
    }
}

/// The file that an SQLite URL names. A database in memory is none: each connection would have its own.
fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    (!path.is_empty() && !path.contains([':', '?', '%'])).then(|| PathBuf::from(path))
}
