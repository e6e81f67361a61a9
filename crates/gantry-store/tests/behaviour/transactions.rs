//! What a transaction keeps: a refusal commits what it learned, a fault leaves nothing, and of many
//! that want the same single-use thing one gets it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gantry_core::change::Change;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use tokio::task::JoinSet;

use crate::database::TestStore;
use crate::sample;

on_each_database! {
    a_refusal_commits_what_it_learned,
    a_fault_leaves_nothing,
    a_swallowed_failure_is_never_committed,
    a_code_is_redeemed_once_by_32,
    an_abandoned_transaction_leaves_nothing,
    changes_reach_the_neighbour_in_their_order,
    a_reading_handle_sees_what_was_committed,
}

async fn a_refusal_commits_what_it_learned(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let grant = sample::grant(realm, sample::a_user(store, realm).await.id, sample::a_client(store, realm).await.id, store.now());
    store.transact(realm, async |tx| Ok(tx.grants().insert(&grant).await?)).await.unwrap();
    let outcome: Result<(), Failure> = store
        .transact(realm, async |tx| {
            assert!(tx.grants().revoke(grant.id, store.now()).await?);
            Err(Refusal::new(ErrorCode::InvalidGrant, "replayed").into())
        })
        .await;
    assert!(matches!(outcome, Err(Failure::Refused(_))));
    assert!(store.read(realm).grants().find(grant.id).await.unwrap().unwrap().revoked_at.is_some());
}

async fn a_fault_leaves_nothing(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let user = sample::user(realm, "ada@example.com", store.now());
    let outcome: Result<(), Failure> = store
        .transact(realm, async |tx| {
            assert!(tx.users().insert(&user).await?);
            assert!(tx.users().find(user.id).await?.is_some(), "a transaction sees what it wrote");
            Err(Fault::new("broken").into())
        })
        .await;
    assert!(matches!(outcome, Err(Failure::Broken(_))));
    assert_eq!(store.read(realm).users().find(user.id).await.unwrap(), None);
}

/// Postgres would answer the commit of a spoilt transaction with a rollback, and call it a success.
async fn a_swallowed_failure_is_never_committed(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let user = sample::user(realm, "ada@example.com", store.now());
    let session = sample::session(realm, user.id, store.now());
    let outcome: Result<(), Failure> = store
        .transact(realm, async |tx| {
            tx.users().insert(&user).await?;
            tx.sessions().insert(&session).await?;
            assert!(tx.sessions().insert(&session).await.is_err(), "the digest is unique");
            Ok(())
        })
        .await;
    assert!(matches!(outcome, Err(Failure::Broken(_))));
    assert_eq!(store.read(realm).users().find(user.id).await.unwrap(), None);
}

async fn a_code_is_redeemed_once_by_32(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let grant = sample::grant(realm, sample::a_user(store, realm).await.id, sample::a_client(store, realm).await.id, store.now());
    let code = sample::code(&grant, store.now());
    store
        .transact(realm, async |tx| {
            tx.grants().insert(&grant).await?;
            Ok(tx.codes().insert(&code).await?)
        })
        .await
        .unwrap();
    let successes = Arc::new(AtomicUsize::new(0));
    let barrier = Arc::new(tokio::sync::Barrier::new(32));
    let mut racers = JoinSet::new();
    for number in 0..32 {
        // Two nodes, as in production.
        let node = if number % 2 == 0 { (**store).clone() } else { store.neighbour().await };
        let (successes, barrier, grant, now) = (Arc::clone(&successes), Arc::clone(&barrier), grant.clone(), store.now());
        let digest = code.digest;
        racers.spawn(async move {
            barrier.wait().await;
            let outcome: Result<(), Failure> = node
                .transact(realm, async |tx| {
                    if tx.codes().consume(digest, now).await?.is_none() {
                        tx.grants().revoke(grant.id, now).await?;
                        return Err(Refusal::new(ErrorCode::InvalidGrant, "replayed").into());
                    }
                    tx.families().insert(&sample::family(&grant, now)).await?;
                    assert!(tx.grants().touch(grant.id, now).await?);
                    Ok(())
                })
                .await;
            match outcome {
                Ok(()) => successes.fetch_add(1, Ordering::SeqCst),
                Err(Failure::Refused(_)) => 0,
                Err(Failure::Broken(fault)) => panic!("{fault}"),
            }
        });
    }
    racers.join_all().await;
    assert_eq!(successes.load(Ordering::SeqCst), 1);
    let read = store.read(realm);
    assert!(read.codes().find(code.digest).await.unwrap().unwrap().consumed_at.is_some());
    assert!(read.grants().find(grant.id).await.unwrap().unwrap().revoked_at.is_some(), "the replays revoked it");
}

async fn an_abandoned_transaction_leaves_nothing(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let user = sample::user(realm, "ada@example.com", store.now());
    let stuck = store.transact(realm, async |tx| {
        tx.users().insert(&user).await?;
        std::future::pending::<()>().await;
        Ok(())
    });
    let abandoned = tokio::time::timeout(std::time::Duration::from_millis(200), stuck).await;
    assert!(abandoned.is_err());
    assert_eq!(store.read(realm).users().find(user.id).await.unwrap(), None);
    let other = sample::user(realm, "ada@example.com", store.now());
    assert!(store.transact(realm, async |tx| Ok(tx.users().insert(&other).await?)).await.unwrap(), "nobody holds the lock");
}

async fn changes_reach_the_neighbour_in_their_order(store: &TestStore) {
    let mut seen = 0;
    let mut told = Vec::new();
    let mut writers = JoinSet::new();
    for _ in 0..20 {
        let (node, realm) = (store.neighbour().await, sample::realm(store.now()));
        writers.spawn(async move {
            assert!(node.transact(realm.id, async |tx| Ok(tx.realms().insert(&realm).await?)).await.unwrap());
            realm.id
        });
    }
    let mut written = Vec::new();
    let patience = std::time::Instant::now();
    while !writers.is_empty() || (told.len() < 20 && patience.elapsed().as_secs() < 10) {
        if let Ok(Some(realm)) = tokio::time::timeout(std::time::Duration::from_millis(2), writers.join_next()).await {
            written.push(realm.unwrap());
        }
        for (number, change) in store.platform().changes_since(seen).await.unwrap() {
            assert!(number > seen);
            seen = number;
            told.push(change);
        }
    }
    assert_eq!(told.len(), 20, "each is told once, none is skipped");
    assert!(written.iter().all(|realm| told.contains(&Change::Realm(*realm))));
}

/// Every third commit is slow, so that without the queue its number would show after a greater one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn slow_commits_of_postgres_show_their_changes_in_order() {
    use sea_orm::ConnectionTrait as _;
    let Some(store) = crate::database::postgres().await else { return };
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF NEW.number % 3 = 0 THEN PERFORM pg_sleep(0.03); END IF; RETURN NEW; END $$;
        CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()";
    store.raw().await.execute_unprepared(slow).await.unwrap();
    changes_reach_the_neighbour_in_their_order(&store).await;
    store.remove().await;
}

async fn a_reading_handle_sees_what_was_committed(store: &TestStore) {
    let realm = sample::a_realm(store).await;
    for number in 0..50 {
        let user = sample::user(realm.id, &format!("u{number}@example.com"), store.now());
        store.transact(realm.id, async |tx| Ok(tx.users().insert(&user).await?)).await.unwrap();
        assert_eq!(store.read(realm.id).users().find(user.id).await.unwrap(), Some(user));
    }
    assert_eq!(store.platform().ping().await.ok(), Some(()));
}
