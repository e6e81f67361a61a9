//! A store of a test's own, on either database.

use std::ops::Deref;
use std::sync::Arc;

use gantry_core::clock::{Clock as _, SharedClock, TestClock, Timestamp};
use gantry_core::secret::Secret;
use gantry_store::cache::redis::Redis;
use gantry_store::seal::Sealer;
use gantry_store::{Store, StoreSettings};
use tempfile::TempDir;

/// A store on an empty database with its schema.
pub(crate) struct TestStore {
    store: Store,
    /// Where the database is.
    pub(crate) url: String,
    /// The clock that it goes by.
    pub(crate) clock: Arc<TestClock>,
    sealer: Sealer,
    home: Home,
}

enum Home {
    Folder { _folder: TempDir },
    Server { server: String, name: String },
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl TestStore {
    async fn open(url: String, home: Home) -> Self {
        gantry_migrations::migrate(&gantry_migrations::connect(&url).await.unwrap()).await.unwrap();
        let (clock, sealer) = (Arc::new(TestClock::default()), Sealer::from_master_key(&Sealer::generate_master_key()).unwrap());
        Self { store: open(&url, &sealer, clock.clone(), None).await, url, clock, sealer, home }
    }

    /// Another node on the same database.
    pub(crate) async fn neighbour(&self) -> Store {
        open(&self.url, &self.sealer, self.clock.clone(), None).await
    }

    /// Another node on the same database, with a Redis.
    pub(crate) async fn neighbour_with(&self, redis: Redis) -> Store {
        open(&self.url, &self.sealer, self.clock.clone(), Some(redis)).await
    }

    /// Another node that has another master key.
    pub(crate) async fn stranger(&self) -> Store {
        open(&self.url, &Sealer::from_master_key(&Sealer::generate_master_key()).unwrap(), self.clock.clone(), None).await
    }

    /// The present instant.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A connection past the store, to look at columns or spoil them.
    pub(crate) async fn raw(&self) -> sea_orm::DatabaseConnection {
        gantry_migrations::connect(&self.url).await.unwrap()
    }

    /// Drops the database from the server; a SQLite file goes with its folder.
    pub(crate) async fn remove(self) {
        if let Home::Server { server, name } = &self.home {
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            execute(server, &drop).await;
        }
    }
}

async fn open(url: &str, sealer: &Sealer, clock: SharedClock, redis: Option<Redis>) -> Store {
    let settings = StoreSettings { database_url: Secret::new(url), max_connections: 8 };
    Store::open(&settings, sealer.clone(), clock, redis).await.unwrap()
}

async fn execute(url: &str, sql: &str) {
    use sea_orm::ConnectionTrait as _;
    gantry_migrations::connect(url).await.unwrap().execute_unprepared(sql).await.unwrap();
}

/// On a SQLite file.
pub(crate) async fn sqlite() -> TestStore {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("gantry.db").display());
    TestStore::open(url, Home::Folder { _folder: folder }).await
}

/// On the server that `GANTRY_TEST_DATABASE_URL` names, if it is set.
pub(crate) async fn postgres() -> Option<TestStore> {
    let Some(server) = postgres_server() else {
        not_run();
        return None;
    };
    let name = format!("gantry_store_{}", uuid::Uuid::new_v4().simple());
    execute(&server, &format!("CREATE DATABASE {name}")).await;
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    Some(TestStore::open(url.to_string(), Home::Server { server, name }).await)
}

#[expect(clippy::disallowed_methods, reason = "the one setting of the test suite")]
fn postgres_server() -> Option<String> {
    std::env::var("GANTRY_TEST_DATABASE_URL").ok()
}

#[expect(clippy::print_stderr, reason = "a run must not look like one that Postgres took part in")]
fn not_run() {
    eprintln!("not run on Postgres: GANTRY_TEST_DATABASE_URL is not set");
}
