//! A database for each test, cloned from one that was set up once: a migrated Gantry with the sample realm.
//!
//! The one place that knows which backend the suite runs on. No test asks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::Connection as _;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Where a started Gantry keeps everything.
#[derive(Debug)]
pub struct Database {
    /// Its data directory, removed with the test.
    pub dir: TempDir,
    /// `DATABASE_URL`, if it is not the data directory's own SQLite file.
    pub url: Option<String>,
    /// `REDIS_URL`, if the suite runs with Redis.
    pub redis: Option<String>,
}

impl Database {
    /// An empty one.
    pub async fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), url: create(None).await, redis: redis() }
    }

    /// A copy with a life of its own. Nobody may be using this one.
    pub async fn duplicate(&self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        copy(self.dir.path(), dir.path());
        Self { dir, url: create(self.url.as_deref()).await, redis: redis() }
    }

    /// Begins all its keys in Redis: the copies of one template hold the same realms.
    pub fn key_prefix(&self) -> String {
        let name = self.dir.path().file_name().unwrap_or_default();
        format!("{}:", name.to_string_lossy())
    }

    /// The data directory.
    pub fn path(&self) -> PathBuf {
        self.dir.path().to_owned()
    }
}

/// The template, set up by the first test that needs it.
pub async fn template(set_up: impl AsyncFnOnce(&Arc<Database>)) -> &'static Database {
    static TEMPLATE: OnceCell<Arc<Database>> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(async || {
            let database = Arc::new(Database::empty().await);
            set_up(&database).await;
            database
        })
        .await
}

/// What whoever runs the suite says in the environment.
#[expect(clippy::disallowed_methods, reason = "the suite has no settings but these variables")]
pub fn told(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

fn redis() -> Option<String> {
    told("GANTRY_TEST_REDIS_URL")
}

/// Creates a Postgres database, empty or as a clone, where the suite runs on Postgres.
async fn create(template: Option<&str>) -> Option<String> {
    let server = told("GANTRY_TEST_DATABASE_URL")?;
    let base = server.rsplit_once('/').map(|(base, _)| base.to_owned()).unwrap();
    let name = format!("gantry_{}", uuid());
    let source = template.map_or("template1", |url| url.rsplit('/').next().unwrap());
    let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
    let statement = format!("CREATE DATABASE {name} TEMPLATE {source}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    Some(format!("{base}/{name}"))
}

fn uuid() -> String {
    gantry_core::id::OutboxId::new().uuid().simple().to_string()
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}
