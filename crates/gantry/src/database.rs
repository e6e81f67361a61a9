//! Opens the store: the right key, the right schema, then the connections.
//!
//! An empty database is filled with tables at once; one that holds an older version's is left to
//! `gantry migrate`, since a running older node must not find the ground changed under it.

use std::io::ErrorKind;
use std::path::Path;

use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;
use gantry_migrations::{Connection, SchemaError, Status};
use gantry_store::cache::redis::Redis;
use gantry_store::{Store, StoreSettings};

use crate::config::{CacheSettings, DatabaseLocation, Settings, StorageSettings};
use crate::master_key::{self, IfNew};
use crate::private_file;

/// Opens the store that the settings name.
pub async fn open(settings: &Settings, clock: SharedClock, if_new: IfNew) -> Result<Store, Fault> {
    let sealer = master_key::sealer(&settings.seal, &settings.storage, if_new)?;
    prepare(&settings.storage, if_new).await?;
    let redis = connect_redis(&settings.cache).await?;
    let storage =
        StoreSettings { database_url: settings.storage.database.url().clone(), max_connections: settings.storage.max_connections };
    Store::open(&storage, sealer, clock, redis).await
}

async fn connect_redis(cache: &CacheSettings) -> Result<Option<Redis>, Fault> {
    match &cache.redis_url {
        Some(url) => Redis::open(url, &cache.prefix).await.map(Some),
        None => Ok(None),
    }
}

/// Sees to it that the schema is this program's.
async fn prepare(storage: &StorageSettings, if_new: IfNew) -> Result<(), Fault> {
    if if_new == IfNew::Refuse
        && let Some(path) = storage.database.missing_file()
    {
        return Err(Fault::new(format!("there is no database at {} yet; `gantry serve` makes one", path.display())));
    }
    let connection = connect(&storage.database).await?;
    let unreadable = |error| Fault::caused("the database's schema could not be read", error).unavailable();
    if if_new == IfNew::Make && gantry_migrations::status(&connection).await.map_err(unreadable)? == Status::Empty {
        tracing::info!("the database is empty; making its tables");
        gantry_migrations::migrate(&connection).await.map_err(|error| Fault::caused("the tables could not be made", error))?;
    }
    let checked = gantry_migrations::check_schema(&connection).await;
    // Dropped, the connection would close some time later, in the middle of whatever comes next.
    let closed = connection.close().await;
    checked.map_err(|error| told(&error))?;
    closed.map_err(|error| Fault::caused("the database could not be closed", error))
}

/// A connection for looking at the schema and changing it.
pub(crate) async fn connect(database: &DatabaseLocation) -> Result<Connection, Fault> {
    if let Some(path) = database.missing_file() {
        make_file(path).map_err(|error| Fault::caused(format!("{} cannot be made", path.display()), error))?;
    }
    gantry_migrations::connect(database.url().expose()).await.map_err(|error| {
        let place = database.sqlite_path().map_or_else(|| "the Postgres server".to_owned(), |path| path.display().to_string());
        Fault::caused(format!("the database at {place} cannot be opened"), error)
    })
}

/// Makes the database's file, for this user's eyes only; SQLite gives its other files the same rights.
fn make_file(path: &Path) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        private_file::create_directory(directory)?;
    }
    match private_file::create_new(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// The schema's own words are meant for people.
fn told(error: &SchemaError) -> Fault {
    Fault::new(error.to_string())
}
