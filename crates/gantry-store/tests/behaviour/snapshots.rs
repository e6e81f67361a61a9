//! What a node remembers, and how it forgets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gantry_core::client::Client;
use gantry_core::realm::Realm;
use gantry_core::secret::Secret;
use gantry_store::Store;
use gantry_store::cache::redis::Redis;
use sea_orm::ConnectionTrait as _;

use crate::database::{self, TestStore};
use crate::sample;

on_each_database! {
    what_is_remembered_is_asked_for_no_more,
    a_nodes_own_change_shows_at_once,
    another_nodes_change_shows_with_the_next_poll,
    another_nodes_change_shows_within_a_second_without_any_poll,
    what_was_not_there_is_found_when_it_comes,
    a_host_leads_to_the_realm_that_has_it_now,
    who_slept_too_long_forgets_everything,
    many_who_ask_a_database_that_is_gone_fail_together,
}

async fn a_client(store: &TestStore) -> (Realm, Client) {
    let realm = sample::a_realm(store).await;
    let client = sample::client(realm.id, store.now());
    assert!(store.transact(realm.id, async |tx| Ok(tx.clients().insert(&client).await?)).await.unwrap());
    (realm, client)
}

async fn rename(store: &Store, realm: &mut Realm, name: &str) {
    name.clone_into(&mut realm.name);
    assert!(store.transact(realm.id, async |tx| Ok(tx.realms().update(realm).await?)).await.unwrap());
    realm.version += 1;
}

async fn name_at(store: &Store, realm: &Realm) -> String {
    store.snapshots().realm(realm.id).await.unwrap().unwrap().realm.name.clone()
}

async fn what_is_remembered_is_asked_for_no_more(store: &TestStore) {
    let (realm, client) = a_client(store).await;
    let ask = async || {
        let by_slug = store.snapshots().realm_by_slug(&realm.slug).await.unwrap().unwrap();
        let by_host = store.snapshots().realm_by_host(&realm.hosts[0]).await.unwrap().unwrap();
        let by_name = store.snapshots().client(realm.id, &client.client_id).await.unwrap().unwrap();
        let by_key = store.snapshots().client_by_key(realm.id, client.id).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&by_slug, &by_host) && Arc::ptr_eq(&by_name, &by_key));
        assert_eq!((&by_slug.realm, &by_key.client), (&realm, &client));
    };
    ask().await;
    store.snapshots().poll().await.unwrap();
    // Its own insert came back as a change, so everything is loaded once more.
    ask().await;
    let raw = store.raw().await;
    raw.execute_unprepared("ALTER TABLE client RENAME TO client_away").await.unwrap();
    raw.execute_unprepared("ALTER TABLE realm RENAME TO realm_away").await.unwrap();
    store.snapshots().poll().await.unwrap();
    ask().await;
    raw.execute_unprepared("ALTER TABLE client_away RENAME TO client").await.unwrap();
    raw.execute_unprepared("ALTER TABLE realm_away RENAME TO realm").await.unwrap();
}

async fn a_nodes_own_change_shows_at_once(store: &TestStore) {
    let (mut realm, mut client) = a_client(store).await;
    for turn in 0..20 {
        let name = format!("turn {turn}");
        rename(store, &mut realm, &name).await;
        assert_eq!(name_at(store, &realm).await, name);
        client.name.clone_from(&name);
        assert!(store.transact(realm.id, async |tx| Ok(tx.clients().update(&client).await?)).await.unwrap());
        client.version += 1;
        assert_eq!(store.snapshots().client(realm.id, &client.client_id).await.unwrap().unwrap().client.name, name);
    }
    store.transact(realm.id, async |tx| Ok(tx.clients().remove(client.id).await?)).await.unwrap();
    assert!(store.snapshots().client(realm.id, &client.client_id).await.unwrap().is_none());
}

async fn another_nodes_change_shows_with_the_next_poll(store: &TestStore) {
    let (mut realm, _) = a_client(store).await;
    let neighbour = store.neighbour().await;
    for turn in 0..5 {
        let name = format!("turn {turn}");
        name_at(&neighbour, &realm).await;
        rename(store, &mut realm, &name).await;
        neighbour.snapshots().poll().await.unwrap();
        assert_eq!(name_at(&neighbour, &realm).await, name);
    }
}

async fn another_nodes_change_shows_within_a_second_without_any_poll(store: &TestStore) {
    let (mut realm, _) = a_client(store).await;
    let neighbour = store.neighbour().await;
    name_at(&neighbour, &realm).await;
    rename(store, &mut realm, "Changed").await;
    let changed = Instant::now();
    while name_at(&neighbour, &realm).await != "Changed" {
        assert!(changed.elapsed() < Duration::from_millis(1500));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn what_was_not_there_is_found_when_it_comes(store: &TestStore) {
    let neighbour = store.neighbour().await;
    let mut realm = sample::realm(store.now());
    "comes-later".clone_into(&mut realm.slug);
    let client = sample::client(realm.id, store.now());
    for node in [&**store, &neighbour] {
        assert!(node.snapshots().realm_by_slug(&realm.slug).await.unwrap().is_none());
        assert!(node.snapshots().realm_by_host(&realm.hosts[0]).await.unwrap().is_none());
        assert!(node.snapshots().client(realm.id, &client.client_id).await.unwrap().is_none());
    }
    assert!(store.transact(realm.id, async |tx| Ok(tx.realms().insert(&realm).await?)).await.unwrap());
    assert!(store.transact(realm.id, async |tx| Ok(tx.clients().insert(&client).await?)).await.unwrap());
    neighbour.snapshots().poll().await.unwrap();
    for node in [&**store, &neighbour] {
        assert!(node.snapshots().realm_by_slug(&realm.slug).await.unwrap().is_some());
        assert!(node.snapshots().realm_by_host(&realm.hosts[0]).await.unwrap().is_some());
        assert!(node.snapshots().client(realm.id, &client.client_id).await.unwrap().is_some());
    }
    let endless = "x".repeat(1_000_000);
    assert!(store.snapshots().realm_by_slug(&endless).await.unwrap().is_none());
    assert!(store.snapshots().client(realm.id, &endless).await.unwrap().is_none());
}

async fn a_host_leads_to_the_realm_that_has_it_now(store: &TestStore) {
    let (mut old, mut new) = (sample::a_realm(store).await, sample::a_realm(store).await);
    let neighbour = store.neighbour().await;
    let host = old.hosts.remove(0);
    for node in [&**store, &neighbour] {
        assert_eq!(node.snapshots().realm_by_host(&host).await.unwrap().unwrap().realm.id, old.id);
    }
    assert!(store.transact(old.id, async |tx| Ok(tx.realms().update(&old).await?)).await.unwrap());
    neighbour.snapshots().poll().await.unwrap();
    for node in [&**store, &neighbour] {
        assert!(node.snapshots().realm_by_host(&host).await.unwrap().is_none());
    }
    new.hosts.push(host.clone());
    assert!(store.transact(new.id, async |tx| Ok(tx.realms().update(&new).await?)).await.unwrap());
    neighbour.snapshots().poll().await.unwrap();
    for node in [&**store, &neighbour] {
        assert_eq!(node.snapshots().realm_by_host(&host).await.unwrap().unwrap().realm.id, new.id);
    }
}

async fn who_slept_too_long_forgets_everything(store: &TestStore) {
    let (mut realm, _) = a_client(store).await;
    let neighbour = store.neighbour().await;
    name_at(&neighbour, &realm).await;
    rename(store, &mut realm, "Changed").await;
    store.raw().await.execute_unprepared("DELETE FROM change").await.unwrap();
    store.clock.advance(Duration::from_mins(11));
    neighbour.snapshots().poll().await.unwrap();
    assert_eq!(name_at(&neighbour, &realm).await, "Changed");
}

/// Attack catalogue F-07: the more wait, the longer each waits, would be no answer.
async fn many_who_ask_a_database_that_is_gone_fail_together(store: &TestStore) {
    let (realm, _) = a_client(store).await;
    let neighbour = store.neighbour().await;
    let raw = store.raw().await;
    raw.execute_unprepared("ALTER TABLE change RENAME TO change_away").await.unwrap();
    let asked = Instant::now();
    let answers = futures_util::future::join_all((0..200).map(|_| neighbour.snapshots().realm(realm.id))).await;
    assert!(answers.iter().all(Result::is_err), "what is not known to hold is not shown");
    assert!(asked.elapsed() < Duration::from_secs(2));
    raw.execute_unprepared("ALTER TABLE change_away RENAME TO change").await.unwrap();
    assert!(neighbour.snapshots().realm(realm.id).await.unwrap().is_some());
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where Redis is")]
async fn redis() -> Option<Redis> {
    let url = std::env::var("GANTRY_TEST_REDIS_URL").ok()?;
    Some(Redis::open(&Secret::new(url), &format!("test:{}:", uuid::Uuid::new_v4())).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "the job that listens, without the rest of a server")]
async fn a_notice_hastens_the_poll() {
    let Some(redis) = redis().await else { return };
    let store = database::sqlite().await;
    let (teller, listener) = (store.neighbour_with(redis.clone()).await, store.neighbour_with(redis).await);
    let (mut realm, _) = a_client(&store).await;
    let snapshots = Arc::clone(listener.snapshots());
    let listening = tokio::spawn(async move { snapshots.listen().await });
    // On a busy machine a notice can come as late as a poll would: one that comes in time shows that they are heard.
    let mut heard = false;
    for turn in 0..20 {
        listener.snapshots().poll().await.unwrap();
        let name = format!("turn {turn}");
        name_at(&listener, &realm).await;
        rename(&teller, &mut realm, &name).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        heard = heard || name_at(&listener, &realm).await == name;
        if heard {
            break;
        }
    }
    assert!(heard);
    listening.abort();
}
