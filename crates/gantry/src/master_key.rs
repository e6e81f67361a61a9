//! Which master key a database is sealed with.
//!
//! A key is made only together with a new SQLite database (attack catalogue DAT-03): made
//! silently beside an old one it would leave everything sealed in there unreadable, and beside
//! Postgres it would be lost with this machine. Never prints a key.

use std::io::{self, ErrorKind, Write as _};
use std::path::PathBuf;

use gantry_core::failure::Fault;
use gantry_core::secret::Secret;
use gantry_store::seal::Sealer;

use crate::config::{DatabaseLocation, SealSettings, StorageSettings};
use crate::private_file;

const FILE: &str = "master.key";

/// Whether a key may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfNew {
    /// With a new database, yes.
    Make,
    /// No: the command looks at what is there.
    Refuse,
}

/// The sealer under the right key; a fault says in one line what to do.
pub fn sealer(seal: &SealSettings, storage: &StorageSettings, if_new: IfNew) -> Result<Sealer, Fault> {
    Sealer::from_master_key(&find(seal, storage, if_new)?)
}

fn find(seal: &SealSettings, storage: &StorageSettings, if_new: IfNew) -> Result<Secret, Fault> {
    if let Some(given) = &seal.master_key {
        return Ok(given.clone());
    }
    let DatabaseLocation::Sqlite { path: database, .. } = &storage.database else {
        return Err(Fault::new(
            "no master key: with Postgres, GANTRY_MASTER_KEY or GANTRY_MASTER_KEY_FILE must give one (`openssl rand -base64 32` makes one)",
        ));
    };
    let file = storage.data_dir.join(FILE);
    match std::fs::read_to_string(&file) {
        Ok(text) => return Ok(Secret::new(text.trim())),
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Fault::caused(format!("the master key in {} cannot be read", file.display()), error));
        }
        Err(_) => {}
    }
    if storage.database.missing_file().is_none() {
        let (database, file) = (database.display(), file.display());
        return Err(Fault::new(format!(
            "the master key of {database} is missing: put it back at {file}, or give it in GANTRY_MASTER_KEY or GANTRY_MASTER_KEY_FILE"
        )));
    }
    match if_new {
        IfNew::Make => make(&file).map_err(|error| Fault::caused(format!("the master key cannot be written to {}", file.display()), error)),
        IfNew::Refuse => Err(Fault::new(format!("there is no database at {} yet; `gantry serve` makes one", database.display()))),
    }
}

/// Makes a key and keeps it before anything is sealed with it.
fn make(file: &PathBuf) -> io::Result<Secret> {
    if let Some(directory) = file.parent() {
        private_file::create_directory(directory)?;
    }
    let key = Sealer::generate_master_key();
    let mut out = match private_file::create_new(file) {
        Ok(out) => out,
        // Another process was faster, and its key counts.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(Secret::new(std::fs::read_to_string(file)?.trim())),
        Err(error) => return Err(error),
    };
    writeln!(out, "{}", key.expose())?;
    out.sync_all()?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Settings};

    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn key_file(&self) -> PathBuf {
            self.0.path().join(FILE)
        }

        fn sealer(&self, variables: &[(&str, &str)], if_new: IfNew) -> Result<Sealer, Fault> {
            let data_dir = [("GANTRY_DATA_DIR", self.0.path().to_str().unwrap())];
            let settings = Settings::load(None, &Environment::from_pairs(data_dir.iter().chain(variables).copied())).unwrap();
            sealer(&settings.seal, &settings.storage, if_new)
        }
    }

    #[test]
    fn a_new_sqlite_database_gets_a_key_that_stays() {
        let place = Place::new();
        let first = place.sealer(&[], IfNew::Make).unwrap().derive("x");
        assert_eq!(place.sealer(&[], IfNew::Make).unwrap().derive("x"), first);
        assert_eq!(place.sealer(&[], IfNew::Refuse).unwrap().derive("x"), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(place.key_file()).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn beside_an_old_database_none_is_made() {
        let place = Place::new();
        std::fs::write(place.0.path().join("gantry.db"), "rows").unwrap();
        let fault = place.sealer(&[], IfNew::Make).unwrap_err().to_string();
        assert!(fault.contains("missing") && !fault.contains('\n'), "{fault}");
        assert!(!place.key_file().exists());
    }

    #[test]
    fn with_postgres_none_is_made() {
        let place = Place::new();
        let fault = place.sealer(&[("DATABASE_URL", "postgres://db/gantry")], IfNew::Make).unwrap_err().to_string();
        assert!(fault.contains("GANTRY_MASTER_KEY") && !fault.contains('\n'), "{fault}");
        assert!(!place.key_file().exists());
    }

    #[test]
    fn looking_makes_none() {
        let place = Place::new();
        place.sealer(&[], IfNew::Refuse).unwrap_err();
        assert!(!place.key_file().exists());
    }

    #[test]
    fn a_short_or_example_key_is_refused_in_one_line() {
        let place = Place::new();
        for wrong in ["c2hvcnQ=", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "change-me"] {
            let fault = place.sealer(&[("GANTRY_MASTER_KEY", wrong)], IfNew::Make).unwrap_err().to_string();
            assert!(fault.contains("master key") && !fault.contains('\n') && !fault.contains(wrong), "{fault}");
        }
    }
}
