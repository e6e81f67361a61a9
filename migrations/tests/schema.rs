//! The schema's history on both databases: there and back again, and no drift between the two.
//!
//! Postgres takes part where `GANTRY_TEST_DATABASE_URL` names a server to make databases on.

// The lints that spare tests look for this attribute; the modules beside the tests are tests too.
#![cfg(test)]

#[path = "schema/database.rs"]
mod database;
#[path = "schema/shape.rs"]
mod shape;

use database::{TestDatabase, postgres, sqlite};
use gantry_migrations::{Status, check_schema, migrate, plan, status, undo};

#[tokio::test]
async fn sqlite_goes_up_down_and_up() {
    let database = sqlite().await;
    there_and_back(&database).await;
}

#[tokio::test]
async fn postgres_goes_up_down_and_up() {
    let Some(database) = postgres().await else { return };
    there_and_back(&database).await;
    database.remove().await;
}

async fn there_and_back(database: &TestDatabase) {
    let connection = &database.connection;
    let empty = shape::of(connection).await;
    let steps = plan(connection).await.unwrap();
    assert_eq!(status(connection).await.unwrap(), Status::Empty);
    assert!(steps.iter().flat_map(|step| &step.touches).all(|touched| touched.rows.is_none()));
    assert_eq!(shape::of(connection).await, empty, "asking for the plan touches nothing");
    assert!(check_schema(connection).await.is_err());

    migrate(connection).await.unwrap();
    let full = shape::of(connection).await;
    assert_eq!(status(connection).await.unwrap(), Status::Current);
    assert_eq!(plan(connection).await.unwrap(), []);
    migrate(connection).await.unwrap();
    assert_eq!(shape::of(connection).await, full);

    undo(connection).await.unwrap();
    assert_eq!(shape::of(connection).await, empty);
    migrate(connection).await.unwrap();
    assert_eq!(shape::of(connection).await, full);
}

#[tokio::test]
async fn a_schema_from_the_future_is_not_served() {
    use sea_orm::ConnectionTrait as _;
    let database = sqlite().await;
    migrate(&database.connection).await.unwrap();
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_future', 0)";
    database.connection.execute_unprepared(sql).await.unwrap();
    let error = check_schema(&database.connection).await.unwrap_err().to_string();
    assert!(error.contains("m29991231_000001_future"), "{error}");
}

#[tokio::test]
async fn processes_that_start_together_take_each_step_once() {
    for database in [Some(sqlite().await), postgres().await].into_iter().flatten() {
        let mut starting = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let url = database.url.clone();
            starting.spawn(async move { migrate(&gantry_migrations::connect(&url).await.unwrap()).await.unwrap() });
        }
        starting.join_all().await;
        assert_eq!(status(&database.connection).await.unwrap(), Status::Current);
        database.remove().await;
    }
}

#[tokio::test]
async fn the_two_databases_have_the_same_shape() {
    let Some(postgres) = postgres().await else { return };
    let sqlite = sqlite().await;
    migrate(&sqlite.connection).await.unwrap();
    migrate(&postgres.connection).await.unwrap();
    let (left, right) = (shape::of(&sqlite.connection).await, shape::of(&postgres.connection).await);
    for (left, right) in left.iter().zip(&right) {
        assert_eq!(left, right);
    }
    assert_eq!(left.len(), right.len());
    postgres.remove().await;
}
