//! What the store promises, asked of SQLite and of Postgres alike.
//!
//! Postgres takes part where `GANTRY_TEST_DATABASE_URL` names a server to make databases on.

// The lints that spare tests look for this attribute; the modules beside the tests are tests too.
#![cfg(test)]

/// Runs each case on each database.
macro_rules! on_each_database {
    ($($case:ident,)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                super::$case(&crate::database::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                let Some(database) = crate::database::postgres().await else { return };
                super::$case(&database).await;
                database.remove().await;
            })*
        }
    };
}

#[path = "behaviour/configuration.rs"]
mod configuration;
#[path = "behaviour/database.rs"]
mod database;
#[path = "behaviour/federation.rs"]
mod federation;
#[path = "behaviour/federation_sample.rs"]
mod federation_sample;
#[path = "behaviour/flows.rs"]
mod flows;
#[path = "behaviour/history.rs"]
mod history;
#[path = "behaviour/housekeeping.rs"]
mod housekeeping;
#[path = "behaviour/isolation.rs"]
mod isolation;
#[path = "behaviour/people.rs"]
mod people;
#[path = "behaviour/sample.rs"]
mod sample;
#[path = "behaviour/sample_flows.rs"]
mod sample_flows;
#[path = "behaviour/search.rs"]
mod search;
#[path = "behaviour/snapshots.rs"]
mod snapshots;
#[path = "behaviour/transactions.rs"]
mod transactions;
