//! Brings a database to the schema that the store expects: one history for SQLite and Postgres.
//!
//! Owns the steps, their order, and the lock that keeps two processes from taking them at once.
//! Never writes rows of its own; what an empty install starts with is made by the rules that make
//! such things. The rules for writing a step are in `README.md`.

use std::str::FromStr as _;
use std::time::Duration;

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, SqlxPostgresConnector,
    SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait as _,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

/// A connection to either database, as [`connect`] makes it.
pub use sea_orm::DatabaseConnection as Connection;

mod m20261121_000001_realms;
mod m20261121_000002_people;
mod m20261121_000003_clients;
mod m20261121_000004_grants;
mod m20261121_000005_housekeeping;
mod m20261121_000006_federation;
mod m20261121_000007_search;
mod m20261121_000008_audit;
mod m20261121_000009_service_accounts;
mod m20261121_000010_invitations;
mod m20261121_000011_overview;
mod m20261121_000012_tenant_passwords;
mod step;
mod table;

use step::Step;

/// Every step, oldest first.
const STEPS: &[Step] = &[
    m20261121_000001_realms::STEP,
    m20261121_000002_people::STEP,
    m20261121_000003_clients::STEP,
    m20261121_000004_grants::STEP,
    m20261121_000005_housekeeping::STEP,
    m20261121_000006_federation::STEP,
    m20261121_000007_search::STEP,
    m20261121_000008_audit::STEP,
    m20261121_000009_service_accounts::STEP,
    m20261121_000010_invitations::STEP,
    m20261121_000011_overview::STEP,
    m20261121_000012_tenant_passwords::STEP,
];

/// The advisory lock of Postgres under which steps are taken.
const LOCK: i64 = 0x6761_6e74_7279;

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(|step| Box::new(*step) as Box<dyn MigrationTrait>).collect()
    }
}

/// A step that is still to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its name.
    pub name: &'static str,
    /// What it does, as the rest of a sentence that begins with "it".
    pub does: &'static str,
    /// The tables it touches.
    pub touches: Vec<Touched>,
}

/// A table that a pending step touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Its name.
    pub table: &'static str,
    /// How many rows it has, counted to [`COUNT_LIMIT`] at most; none if it is to be made.
    pub rows: Option<u64>,
}

/// Rows are counted no further than this.
pub const COUNT_LIMIT: u64 = 100_000;

/// How a database's schema stands to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The same.
    Current,
    /// No step was ever taken.
    Empty,
    /// The database lacks this many steps.
    Behind(usize),
    /// The database has a step that this program does not know, so a newer one has served it.
    Ahead(String),
}

/// The schema is not the one this program was built for.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// No step was ever taken.
    #[error("the database is empty; run `gantry migrate`")]
    Empty,
    /// Steps are missing.
    #[error("the database's schema is {0} steps behind this version of Gantry; run `gantry migrate`")]
    Behind(usize),
    /// A newer version was here.
    #[error("the database's schema was made by a newer version of Gantry (it has the step `{0}`); run that version or a later one")]
    Ahead(String),
    /// It could not be found out.
    #[error("the database's schema could not be read: {0}")]
    Unreadable(#[from] DbErr),
}

/// Opens a database for [`migrate`]: without the time limit that requests have, and on SQLite with
/// foreign keys off, because rebuilding a table there would else remove the rows that refer to it.
pub async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    if url.starts_with("sqlite:") {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|error| DbErr::Custom(format!("the SQLite URL is not a valid one: {error}")))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(30))
            .foreign_keys(false)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.map_err(open_error)?;
        return Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool));
    }
    let options = PgConnectOptions::from_str(url)
        // The cause may quote the URL, which holds a password.
        .or(Err(DbErr::Custom("the database URL must be a `sqlite:` or `postgres:` one".to_owned())))?
        .application_name("gantry migrate")
        .disable_statement_logging();
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await.map_err(open_error)?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

fn open_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()))
}

/// Takes every step that is missing: all of them or none, and one process at a time.
pub async fn migrate(database: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = begin_alone(database).await?;
    Migrator::up(&transaction, None).await?;
    check_references(&transaction).await?;
    transaction.commit().await
}

/// Undoes every step. What was in the tables is gone.
pub async fn undo(database: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = begin_alone(database).await?;
    Migrator::down(&transaction, None).await?;
    transaction.commit().await
}

/// How the schema stands, without touching it.
pub async fn status(database: &DatabaseConnection) -> Result<Status, DbErr> {
    let applied = applied(database).await?;
    if let Some(unknown) = applied.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        return Ok(Status::Ahead(unknown.clone()));
    }
    Ok(match STEPS.len().saturating_sub(applied.len()) {
        0 => Status::Current,
        _ if applied.is_empty() => Status::Empty,
        missing => Status::Behind(missing),
    })
}

/// Refuses a schema that is not this program's own; called before serving.
pub async fn check_schema(database: &DatabaseConnection) -> Result<(), SchemaError> {
    match status(database).await? {
        Status::Current => Ok(()),
        Status::Empty => Err(SchemaError::Empty),
        Status::Behind(steps) => Err(SchemaError::Behind(steps)),
        Status::Ahead(step) => Err(SchemaError::Ahead(step)),
    }
}

/// The steps that [`migrate`] would take, without touching anything.
pub async fn plan(database: &DatabaseConnection) -> Result<Vec<Pending>, DbErr> {
    let applied = applied(database).await?;
    let mut pending = Vec::new();
    for step in STEPS.iter().filter(|step| !applied.iter().any(|name| name == step.name)) {
        let mut touches = Vec::new();
        for table in (step.tables)() {
            touches.push(Touched { table: table.name(), rows: count_rows(database, table.name()).await? });
        }
        pending.push(Pending { name: step.name, does: step.does, touches });
    }
    Ok(pending)
}

async fn applied(database: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let manager = sea_orm_migration::SchemaManager::new(database);
    if !manager.has_table("seaql_migrations").await? {
        return Ok(Vec::new());
    }
    let query = Statement::from_string(database.get_database_backend(), "SELECT version FROM seaql_migrations ORDER BY version");
    database.query_all_raw(query).await?.into_iter().map(|row| row.try_get("", "version")).collect()
}

async fn count_rows(database: &DatabaseConnection, table: &str) -> Result<Option<u64>, DbErr> {
    if !sea_orm_migration::SchemaManager::new(database).has_table(table).await? {
        return Ok(None);
    }
    let sql = format!("SELECT count(*) AS rows FROM (SELECT 1 FROM \"{table}\" LIMIT {COUNT_LIMIT}) AS counted");
    let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), sql)).await?;
    let rows: i64 = row.map_or(Ok(0), |row| row.try_get("", "rows"))?;
    Ok(Some(rows.unsigned_abs()))
}

/// Begins the transaction of a migration and waits until no other process is in one.
async fn begin_alone(database: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
    let transaction = database.begin_with_options(immediate).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(transaction)
}

/// SQLite does not check foreign keys while they are off, so it is done once at the end.
async fn check_references(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    if transaction.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let query = Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_key_check");
    match transaction.query_all_raw(query).await?.first() {
        None => Ok(()),
        Some(row) => {
            let table: String = row.try_get("", "table")?;
            Err(DbErr::Migration(format!("the table `{table}` would name rows that are not there")))
        }
    }
}
