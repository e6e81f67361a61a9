//! The durable half of the store: connections, the keys that seal columns, and how a database's
//! errors become faults. Never knows the node's memory.

use std::sync::Arc;

use gantry_core::clock::SharedClock;
use gantry_core::failure::Fault;
use gantry_core::id::RealmId;
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr};

use crate::pool::Pools;
use crate::seal::Sealer;
use crate::{RealmTx, StoreSettings};

/// The open database.
#[derive(Debug)]
pub(crate) struct Database {
    /// Its connections.
    pub(crate) pools: Pools,
    /// Seals what is secret at rest.
    pub(crate) sealer: Sealer,
    /// Tells the time.
    pub(crate) clock: SharedClock,
}

impl Database {
    /// Opens it.
    pub(crate) async fn open(settings: &StoreSettings, sealer: Sealer, clock: SharedClock) -> Result<Self, Fault> {
        Ok(Self { pools: Pools::open(settings).await?, sealer, clock })
    }

    /// A handle on a realm outside a transaction.
    pub(crate) fn read(self: &Arc<Self>, realm: RealmId) -> RealmTx {
        RealmTx::reading(realm, Arc::clone(self))
    }

    /// A handle on a realm inside a new transaction.
    pub(crate) async fn begin(self: &Arc<Self>, realm: RealmId) -> Result<RealmTx, Fault> {
        Ok(RealmTx::writing(realm, Arc::clone(self), self.pools.begin().await?))
    }
}

/// What the database failed at. Where trying again may help, the fault says so.
pub(crate) fn fault(doing: &str, error: DbErr) -> Fault {
    let passing = may_pass(&error);
    let fault = Fault::caused(format!("could not {doing}"), error);
    if passing { fault.unavailable() } else { fault }
}

fn may_pass(error: &DbErr) -> bool {
    if let DbErr::Conn(RuntimeErr::SqlxError(cause))
    | DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause)) = error
    {
        return sqlx_may_pass(cause);
    }
    matches!(error, DbErr::ConnectionAcquire(_))
}

fn sqlx_may_pass(cause: &SqlxError) -> bool {
    use SqlxError as E;
    if let E::Database(database) = cause {
        return database.code().is_some_and(|code| is_passing_code(&code));
    }
    matches!(cause, E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed)
}

/// SQLSTATE classes of Postgres, and primary result codes of SQLite (the low byte of an extended one).
fn is_passing_code(code: &str) -> bool {
    if code.len() == 5 {
        // 08 connection lost, 40 serialization and deadlock, 53 out of resources, 57 cancelled or shutting down,
        // 55P03 lock not available, 25P03 and 25P02: idle too long in a transaction, and its aftermath.
        return ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)) || ["55P03", "25P03"].contains(&code);
    }
    // BUSY, LOCKED, IOERR, FULL
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13))
}
