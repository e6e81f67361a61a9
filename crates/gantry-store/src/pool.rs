//! Connections: how each of the two databases is opened.
//!
//! Pools are built here and handed to the ORM ready-made, because its own connector writes the URL,
//! password included, into a trace span.

use std::str::FromStr as _;
use std::time::Duration;

use gantry_core::failure::Fault;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions,
    TransactionTrait as _,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::StoreSettings;
use crate::database::fault;

/// How long a caller waits for a connection, and SQLite for another process's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long an idle connection is taken to be still there.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);

/// The open connections. On SQLite writers queue for the one connection that writes, which is fair
/// and never busy; on Postgres both are the same pool.
#[derive(Debug)]
pub(crate) struct Pools {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
}

impl Pools {
    /// Opens what the URL names.
    pub(crate) async fn open(settings: &StoreSettings) -> Result<Self, Fault> {
        let url = settings.database_url.expose();
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url, settings.max_connections).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_postgres(url, settings.max_connections).await
        } else {
            Err(Fault::new("the database URL must begin with `sqlite:` or `postgres:`"))
        }
    }

    /// For single reads.
    pub(crate) const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For single statements that write.
    pub(crate) const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a transaction that writes. READ COMMITTED is enough on Postgres, because what must
    /// happen once is one conditional statement; on SQLite a deferred transaction could fail at its
    /// first write, so it takes the lock at its beginning.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Fault> {
        let options =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
        self.writer.begin_with_options(options).await.map_err(|error| fault("begin a transaction", error))
    }

    /// Closes all connections once what runs on them is done; SQLite then writes its log back into its file.
    pub(crate) async fn close(&self) -> Result<(), Fault> {
        for connection in [&self.reader, &self.writer] {
            connection.close_by_ref().await.map_err(|error| fault("close the database", error))?;
        }
        Ok(())
    }

    async fn open_sqlite(url: &str, readers: u32) -> Result<Self, Fault> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|error| Fault::caused("read the SQLite URL", error))?
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL could lose acknowledged commits when the power fails.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await
            .map_err(|error| Fault::caused("open the SQLite database", error).unavailable())?;
        let reader = SqlitePoolOptions::new()
            .max_connections(readers.max(1))
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            // A handle for reading that is used to write is a mistake, and fails.
            .connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self { reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader), writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer) })
    }

    async fn open_postgres(url: &str, connections: u32) -> Result<Self, Fault> {
        let options = PgConnectOptions::from_str(url)
            // The cause may quote the URL, which holds a password.
            .or(Err(Fault::new("the Postgres URL is not a valid one")))?
            .application_name("gantry")
            .options([("statement_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(connections.max(1))
            .acquire_timeout(PATIENCE)
            // Asking first costs a round trip each time, so only a connection that lay idle is asked.
            .test_before_acquire(false)
            .before_acquire(|connection, usage| {
                Box::pin(async move {
                    if usage.idle_for > TRUSTED_IDLE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| Fault::caused("connect to Postgres", error).unavailable())?;
        let both = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Self { reader: both.clone(), writer: both })
    }
}
