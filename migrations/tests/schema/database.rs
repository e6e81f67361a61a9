//! Databases of a test's own.

use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tempfile::TempDir;

/// An empty database.
pub(crate) struct TestDatabase {
    /// A connection to it.
    pub(crate) connection: DatabaseConnection,
    /// Where it is.
    pub(crate) url: String,
    home: Home,
}

enum Home {
    Folder { _folder: TempDir },
    Server { admin: DatabaseConnection, name: String },
}

impl TestDatabase {
    /// Drops it from the server; a SQLite file goes with its folder.
    pub(crate) async fn remove(self) {
        self.connection.close().await.unwrap();
        if let Home::Server { admin, name } = self.home {
            admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
        }
    }
}

/// A SQLite file.
pub(crate) async fn sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("gantry.db").display());
    TestDatabase { connection: gantry_migrations::connect(&url).await.unwrap(), url, home: Home::Folder { _folder: folder } }
}

/// A database on the server that `GANTRY_TEST_DATABASE_URL` names, if it is set.
pub(crate) async fn postgres() -> Option<TestDatabase> {
    let Some(server) = postgres_server() else {
        not_run();
        return None;
    };
    let admin = gantry_migrations::connect(&server).await.unwrap();
    let name = format!("gantry_schema_{}", uuid::Uuid::new_v4().simple());
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    let url = url.to_string();
    Some(TestDatabase { connection: gantry_migrations::connect(&url).await.unwrap(), url, home: Home::Server { admin, name } })
}

#[expect(clippy::disallowed_methods, reason = "the one setting of the test suite")]
fn postgres_server() -> Option<String> {
    std::env::var("GANTRY_TEST_DATABASE_URL").ok()
}

#[expect(clippy::print_stderr, reason = "a run must not look like one that Postgres took part in")]
fn not_run() {
    eprintln!("not run on Postgres: GANTRY_TEST_DATABASE_URL is not set");
}
