//! Keeps a second server off the same SQLite database (attack catalogue F-14).
//!
//! Commands may work beside a running server; another server may not, since each believes to be the
//! only node. On Postgres any number of nodes may serve.

use std::fs::File;

use gantry_core::failure::Fault;

use crate::config::StorageSettings;
use crate::private_file;

/// Held as long as the server runs; the operating system lets go of it however the process ends.
#[derive(Debug)]
pub(crate) struct ServerLock(#[expect(dead_code, reason = "the lock is held by keeping the file open")] File);

/// Takes the lock, if the database is a file.
pub(crate) fn take(storage: &StorageSettings) -> Result<Option<ServerLock>, Fault> {
    let Some(database) = storage.database.sqlite_path() else { return Ok(None) };
    let path = database.with_extension("lock");
    let cannot = |error| Fault::caused(format!("{} cannot be locked", path.display()), error);
    if let Some(directory) = path.parent() {
        private_file::create_directory(directory).map_err(cannot)?;
    }
    let file = private_file::create(&path).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(ServerLock(file))),
        Err(std::fs::TryLockError::WouldBlock) => Err(Fault::new(format!(
            "another server is running on {}; stop it first, or give this one a data directory of its own",
            database.display()
        ))),
        Err(std::fs::TryLockError::Error(error)) => Err(cannot(error)),
    }
}
