//! The folder of the demo, and how it is told from any other.
//!
//! Owns the marker file and the lock on it. Never removes a folder without the marker, nor one
//! that a running demo uses.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use gantry_core::failure::Fault;

/// What makes a folder a demo's.
const MARKER: &str = "gantry-demo";

/// A folder that belongs to this demo alone, for as long as the value lives.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Takes the folder; makes it if it is missing, and empties it first if asked to.
    pub fn take(path: &Path, fresh: bool) -> Result<Self, Fault> {
        let path = std::path::absolute(path).map_err(|error| Fault::caused(format!("{} is no folder", path.display()), error))?;
        let cannot = |error| Fault::caused(format!("the demo's folder {} cannot be used", path.display()), error);
        create_folder(&path).map_err(cannot)?;
        let marker = path.join(MARKER);
        if !marker.exists() && std::fs::read_dir(&path).map_err(cannot)?.next().is_some() {
            return Err(Fault::new(format!("{} is not a demo's folder; it stays as it is", path.display())));
        }
        let lock = private_file().truncate(false).open(&marker).map_err(cannot)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Fault::new(format!("a demo is running in {} already; stop it first", path.display())));
            }
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        if fresh {
            empty(&path).map_err(cannot)?;
        }
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a file in it is.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Reads a file, if it is there.
    pub fn read(&self, name: &str) -> Result<Option<String>, Fault> {
        let path = self.file(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::caused(format!("{} cannot be read", path.display()), error)),
        }
    }

    /// Writes a file that only its owner may read. Whoever reads it sees all of it or what was there before.
    pub fn write(&self, name: &str, text: &str) -> Result<(), Fault> {
        let (path, draft) = (self.file(name), self.file(&format!("{name}.new")));
        let written = || {
            private_file().truncate(true).open(&draft)?.write_all(text.as_bytes())?;
            std::fs::rename(&draft, &path)
        };
        written().map_err(|error| Fault::caused(format!("{} cannot be written", path.display()), error))
    }

    /// Removes a file, if it is there.
    pub fn remove(&self, name: &str) -> Result<(), Fault> {
        let path = self.file(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Fault::caused(format!("{} cannot be removed", path.display()), error))
            }
            _ => Ok(()),
        }
    }
}

fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Removes everything but the marker, which is locked.
fn empty(path: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name() == MARKER {
            continue;
        }
        if entry.file_type()?.is_dir() { std::fs::remove_dir_all(entry.path())? } else { std::fs::remove_file(entry.path())? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_somebody_else_stays_as_it_is() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("thesis.txt"), "years of work").unwrap();
        for fresh in [false, true] {
            assert!(Directory::take(place.path(), fresh).unwrap_err().to_string().contains("not a demo's folder"));
        }
        assert!(place.path().join("thesis.txt").exists());
    }

    #[test]
    fn fresh_starts_over_and_nothing_else_does() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("data").join("demo");
        let directory = Directory::take(&path, true).unwrap();
        directory.write("a", "kept").unwrap();
        std::fs::create_dir(directory.file("mail")).unwrap();
        assert!(Directory::take(&path, true).unwrap_err().to_string().contains("running"));
        drop(directory);
        let again = Directory::take(&path, false).unwrap();
        assert_eq!(again.read("a").unwrap().as_deref(), Some("kept"));
        drop(again);
        let fresh = Directory::take(&path, true).unwrap();
        assert_eq!(fresh.read("a").unwrap(), None);
        assert!(!fresh.file("mail").exists());
        fresh.remove("a").unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_what_is_in_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let directory = Directory::take(&place.path().join("demo"), false).unwrap();
        directory.write("demo.json", "{}").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&directory.file("demo.json")), 0o600);
        assert_eq!(mode(directory.path()), 0o700);
    }
}
