//! Realms, connections, clients and what they are made of, signing keys.

use gantry_core::app_key::AppKey;
use gantry_core::change::Change;
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::realm::Realm;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::{KeyState, SigningKey};
use tokio::task::JoinSet;

use crate::database::TestStore;
use crate::sample::{self, HOUR};

on_each_database! {
    a_realm_is_found_by_slug_and_host,
    a_slug_and_a_host_are_one_realms,
    the_second_of_two_changes_of_a_realm_is_refused,
    realms_come_in_pages,
    a_revoked_realm_stays_revoked,
    connections_are_kept,
    a_client_is_kept_whole,
    one_of_32_changes_a_client,
    a_client_id_is_never_reused,
    secrets_are_told_to_the_nodes,
    an_app_key_is_found_by_its_digest_until_it_is_removed,
    resources_and_scopes_stay_while_they_are_named,
    a_publisher_stays_while_it_owns_a_client,
    a_realm_has_one_active_key_of_an_algorithm,
    a_private_key_opens_only_where_it_was_sealed,
}

async fn last_changes(store: &TestStore) -> Vec<Change> {
    store.platform().changes_since(0).await.unwrap().into_iter().map(|(_, change)| change).collect()
}

async fn a_realm_is_found_by_slug_and_host(store: &TestStore) {
    let mut realm = sample::a_realm(store).await;
    assert_eq!(store.platform().realm_by_slug(&realm.slug).await.unwrap().as_ref(), Some(&realm));
    for host in &realm.hosts {
        assert_eq!(store.platform().realm_by_host(host).await.unwrap().as_ref(), Some(&realm));
    }
    let old_host = realm.hosts.remove(0);
    realm.hosts.push("https://new.example".to_owned());
    "Renamed".clone_into(&mut realm.name);
    realm.settings.sign_in.sign_up = true;
    realm.disabled_at = Some(store.now());
    assert!(store.transact(realm.id, async |tx| Ok(tx.realms().update(&realm).await?)).await.unwrap());
    realm.version += 1;
    assert_eq!(store.read(realm.id).realms().find().await.unwrap().as_ref(), Some(&realm));
    assert_eq!(store.platform().realm_by_host("https://new.example").await.unwrap().as_ref(), Some(&realm));
    assert_eq!(store.platform().realm_by_host(&old_host).await.unwrap(), None);
    assert_eq!(last_changes(store).await, [Change::Realm(realm.id), Change::Realm(realm.id)]);
}

async fn a_slug_and_a_host_are_one_realms(store: &TestStore) {
    let first = sample::a_realm(store).await;
    let same_slug = Realm { slug: first.slug.clone(), ..sample::realm(store.now()) };
    let same_host = Realm { hosts: vec![first.hosts[1].clone()], ..sample::realm(store.now()) };
    for second in [same_slug, same_host] {
        assert!(!store.transact(second.id, async |tx| Ok(tx.realms().insert(&second).await?)).await.unwrap());
        assert_eq!(store.read(second.id).realms().find().await.unwrap(), None);
    }
    let mut second = sample::a_realm(store).await;
    second.hosts.clone_from(&first.hosts);
    assert!(!store.transact(second.id, async |tx| Ok(tx.realms().update(&second).await?)).await.unwrap());
    assert_eq!(store.platform().realm_by_host(&first.hosts[0]).await.unwrap().unwrap().id, first.id);
}

async fn a_revoked_realm_stays_revoked(store: &TestStore) {
    let realm = sample::a_realm(store).await;
    let (before, now) = (last_changes(store).await.len(), store.now());
    assert!(store.transact(realm.id, async |tx| Ok(tx.realms().revoke_before(now).await?)).await.unwrap());
    assert_eq!(last_changes(store).await.len(), before + 1, "the nodes are told");
    assert!(!store.transact(realm.id, async |tx| Ok(tx.realms().update(&realm).await?)).await.unwrap(), "what was read before is stale");
    let revoked = Realm { not_before: Some(now), version: realm.version + 1, ..realm };
    assert_eq!(store.read(revoked.id).realms().find().await.unwrap(), Some(revoked));
}

async fn the_second_of_two_changes_of_a_realm_is_refused(store: &TestStore) {
    let realm = sample::a_realm(store).await;
    let change = async || store.transact(realm.id, async |tx| Ok(tx.realms().update(&realm).await?)).await.unwrap();
    assert!(change().await);
    assert!(!change().await);
}

async fn realms_come_in_pages(store: &TestStore) {
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(sample::a_realm(store).await);
    }
    all.sort_by(|left, right| left.slug.cmp(&right.slug));
    assert_eq!(store.platform().list_realms(None, 2).await.unwrap(), all[..2]);
    assert_eq!(store.platform().list_realms(Some(&all[1].slug), 2).await.unwrap(), all[2..]);
}

async fn connections_are_kept(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut connection = sample::connection(realm, store.now());
    store.transact(realm, async |tx| Ok(tx.connections().insert(&connection).await?)).await.unwrap();
    connection.disabled_at = Some(store.now());
    "Word".clone_into(&mut connection.name);
    store.transact(realm, async |tx| Ok(tx.connections().update(&connection).await?)).await.unwrap();
    assert_eq!(store.read(realm).connections().list().await.unwrap(), [connection]);
    assert_eq!(last_changes(store).await.len(), 3);
}

async fn a_client_is_kept_whole(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let resources = [
        sample::resource(realm, now),
        gantry_core::resource::Resource { audience: "https://other.example".to_owned(), ..sample::resource(realm, now) },
    ];
    let publisher = sample::publisher(realm, now);
    let mut client = Client {
        publisher_id: Some(publisher.id),
        resources: vec![resources[1].id, resources[0].id],
        default_resource: Some(resources[0].id),
        introspects: Some(resources[1].id),
        ..sample::client(realm, now)
    };
    store
        .transact(realm, async |tx| {
            assert!(tx.publishers().insert(&publisher).await?);
            for resource in &resources {
                assert!(tx.resources().insert(resource).await?);
            }
            assert!(tx.clients().insert(&client).await?);
            Ok(())
        })
        .await
        .unwrap();
    let read = store.read(realm);
    assert_eq!(read.clients().find(client.id).await.unwrap().as_ref(), Some(&client));
    assert_eq!(read.clients().find_by_client_id(&client.client_id).await.unwrap().as_ref(), Some(&client));
    client.resources.reverse();
    client.disabled_at = None;
    client.auth_method = None;
    client.redirect_uris.clear();
    assert!(store.transact(realm, async |tx| Ok(tx.clients().update(&client).await?)).await.unwrap());
    client.version += 1;
    assert_eq!(read.clients().list(None, 10).await.unwrap(), [client.clone()]);
    assert_eq!(read.clients().list(Some(client.id), 10).await.unwrap(), []);
}

async fn one_of_32_changes_a_client(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let client = sample::a_client(store, realm).await;
    let mut racers = JoinSet::new();
    for number in 0..32 {
        let node = (**store).clone();
        let changed = Client { name: format!("Name {number}"), ..client.clone() };
        racers.spawn(async move { node.transact(realm, async |tx| Ok(tx.clients().update(&changed).await?)).await.unwrap() });
    }
    assert_eq!(racers.join_all().await.into_iter().filter(|won| *won).count(), 1);
    assert_eq!(store.read(realm).clients().find(client.id).await.unwrap().unwrap().version, 2);
}

async fn a_client_id_is_never_reused(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let client = sample::a_client(store, realm).await;
    let secret = sample::client_secret(client.id, store.now());
    let same_name = Client { client_id: client.client_id.clone(), ..sample::client(realm, store.now()) };
    let insert = async |other: &Client| store.transact(realm, async |tx| Ok(tx.clients().insert(other).await?)).await.unwrap();
    store.transact(realm, async |tx| Ok(tx.client_secrets().insert(&secret).await?)).await.unwrap();
    assert!(!insert(&same_name).await);
    store.transact(realm, async |tx| Ok(tx.clients().remove(client.id).await?)).await.unwrap();
    assert_eq!(store.read(realm).clients().find(client.id).await.unwrap(), None);
    assert_eq!(store.read(realm).client_secrets().list(client.id).await.unwrap(), []);
    assert!(!insert(&same_name).await);
    let elsewhere = sample::a_realm(store).await.id;
    let theirs = Client { realm_id: elsewhere, ..same_name };
    assert!(store.transact(elsewhere, async |tx| Ok(tx.clients().insert(&theirs).await?)).await.unwrap());
    assert!(last_changes(store).await.contains(&Change::Client(realm, client.id)));
}

async fn secrets_are_told_to_the_nodes(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let client = sample::a_client(store, realm).await.id;
    let now = store.now();
    let (old, new) = (sample::client_secret(client, now), sample::client_secret(client, now));
    let listed = async || store.read(realm).client_secrets().list(client).await.unwrap();
    let changes = async || last_changes(store).await.len();
    store.transact(realm, async |tx| Ok(tx.client_secrets().insert(&old).await?)).await.unwrap();
    store.transact(realm, async |tx| Ok(tx.client_secrets().insert(&new).await?)).await.unwrap();
    assert_eq!(listed().await, [new.clone(), old.clone()], "newest first");
    let before = changes().await;
    store.transact(realm, async |tx| Ok(tx.client_secrets().touch(new.id, now).await?)).await.unwrap();
    assert_eq!(changes().await, before, "a use is nothing to forget");
    store.transact(realm, async |tx| Ok(tx.client_secrets().expire(&old, now.plus(HOUR)).await?)).await.unwrap();
    let expected = gantry_core::client::ClientSecret { expires_at: Some(now.plus(HOUR)), ..old.clone() };
    assert_eq!(listed().await[1], expected);
    store.transact(realm, async |tx| Ok(tx.client_secrets().remove(&old).await?)).await.unwrap();
    assert_eq!(listed().await, [gantry_core::client::ClientSecret { last_used_at: Some(now), ..new }]);
    assert_eq!(changes().await, before + 2);
}

async fn an_app_key_is_found_by_its_digest_until_it_is_removed(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let client = sample::a_client(store, realm).await.id;
    let now = store.now();
    let key = sample::app_key(client, now);
    let insert = async |key: &AppKey| store.transact(realm, async |tx| Ok(tx.app_keys().insert(key).await?)).await.unwrap();
    let found = async || store.read(realm).app_keys().find(key.digest).await.unwrap();
    assert!(insert(&key).await);
    assert_eq!(found().await.as_ref(), Some(&key));
    assert_eq!(store.read(sample::a_realm(store).await.id).app_keys().find(key.digest).await.unwrap(), None);
    assert!(
        !insert(&AppKey { digest: key.digest, name: "other".to_owned(), ..sample::app_key(client, now) }).await,
        "a key is one client's"
    );
    assert!(!insert(&AppKey { name: key.name.clone(), ..sample::app_key(client, now) }).await, "a name is one key's");
    let changed = AppKey { name: "Renamed".to_owned(), expires_at: Some(now.plus(HOUR)), ..key.clone() };
    store.transact(realm, async |tx| Ok(tx.app_keys().update(&changed).await?)).await.unwrap();
    store.transact(realm, async |tx| Ok(tx.app_keys().touch(key.id, now).await?)).await.unwrap();
    let changed = AppKey { last_used_at: Some(now), ..changed };
    assert_eq!(store.read(realm).app_keys().list(client).await.unwrap(), std::slice::from_ref(&changed));
    let remove = async || store.transact(realm, async |tx| Ok(tx.app_keys().remove(key.id).await?)).await.unwrap();
    assert!(remove().await && !remove().await);
    assert_eq!(found().await, None);
    assert!(insert(&key).await);
    store.transact(realm, async |tx| Ok(tx.clients().remove(client).await?)).await.unwrap();
    assert_eq!(found().await, None, "a key goes with its client");
}

async fn resources_and_scopes_stay_while_they_are_named(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let mut resource = sample::resource(realm, now);
    let mut scope = sample::scope(realm, Some(resource.id), now);
    let client = Client { resources: vec![resource.id], ..sample::client(realm, now) };
    store
        .transact(realm, async |tx| {
            assert!(tx.resources().insert(&resource).await?);
            assert!(
                !tx.resources()
                    .insert(&gantry_core::resource::Resource { id: gantry_core::id::ResourceId::new(), ..resource.clone() })
                    .await?
            );
            assert!(tx.scopes().insert(&scope).await?);
            assert!(!tx.scopes().insert(&gantry_core::scope::Scope { id: gantry_core::id::ScopeId::new(), ..scope.clone() }).await?);
            assert!(tx.clients().insert(&client).await?);
            Ok(())
        })
        .await
        .unwrap();
    resource.signing_algorithm = None;
    resource.access_lifetime = None;
    scope.machine = false;
    scope.claims.clear();
    store
        .transact(realm, async |tx| {
            tx.resources().update(&resource).await?;
            Ok(tx.scopes().update(&scope).await?)
        })
        .await
        .unwrap();
    assert_eq!(store.read(realm).resources().list().await.unwrap(), [resource.clone()]);
    assert_eq!(store.read(realm).scopes().list().await.unwrap(), [scope.clone()]);
    let remove = async || store.transact(realm, async |tx| Ok(tx.resources().remove(resource.id).await?)).await.unwrap();
    assert!(!remove().await, "a scope and a client name it");
    store.transact(realm, async |tx| Ok(tx.scopes().remove(scope.id).await?)).await.unwrap();
    assert!(!remove().await, "a client names it");
    store.transact(realm, async |tx| Ok(tx.clients().remove(client.id).await?)).await.unwrap();
    assert!(remove().await);
    assert_eq!(store.read(realm).resources().list().await.unwrap(), []);
}

async fn a_publisher_stays_while_it_owns_a_client(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut publisher = sample::publisher(realm, store.now());
    let client = Client { publisher_id: Some(publisher.id), ..sample::client(realm, store.now()) };
    store
        .transact(realm, async |tx| {
            assert!(tx.publishers().insert(&publisher).await?);
            assert!(tx.clients().insert(&client).await?);
            Ok(())
        })
        .await
        .unwrap();
    publisher.verified_at = None;
    "Apex".clone_into(&mut publisher.name);
    store.transact(realm, async |tx| Ok(tx.publishers().update(&publisher).await?)).await.unwrap();
    assert_eq!(last_changes(store).await.last(), Some(&Change::Client(realm, client.id)), "its clients show its name");
    assert_eq!(store.read(realm).publishers().find(publisher.id).await.unwrap().as_ref(), Some(&publisher));
    assert_eq!(store.read(realm).publishers().list().await.unwrap(), [publisher.clone()]);
    let remove = async || store.transact(realm, async |tx| Ok(tx.publishers().remove(publisher.id).await?)).await.unwrap();
    assert!(!remove().await);
    store.transact(realm, async |tx| Ok(tx.clients().remove(client.id).await?)).await.unwrap();
    assert!(remove().await);
}

/// A key's life, since keys themselves are not compared.
#[derive(Debug, PartialEq)]
struct Life(String, KeyState, Vec<u8>, [Option<Timestamp>; 3]);

fn lives(keys: &[SigningKey]) -> Vec<Life> {
    let instants = |key: &SigningKey| [key.activated_at, key.retired_at, key.expires_at];
    keys.iter().map(|key| Life(key.kid.clone(), key.state, key.private.clone(), instants(key))).collect()
}

async fn a_realm_has_one_active_key_of_an_algorithm(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let mut active = sample::signing_key(realm, SigningAlgorithm::Rs256, KeyState::Active, now);
    let mut next = sample::signing_key(realm, SigningAlgorithm::Rs256, KeyState::Next, now);
    let other = sample::signing_key(realm, SigningAlgorithm::EdDsa, KeyState::Active, now);
    let second = sample::signing_key(realm, SigningAlgorithm::Rs256, KeyState::Active, now);
    store
        .transact(realm, async |tx| {
            for (key, expected) in [(&active, true), (&next, true), (&other, true), (&second, false)] {
                assert_eq!(tx.signing_keys().insert(key).await?, expected);
            }
            active.state = KeyState::Retired;
            active.retired_at = Some(now);
            active.expires_at = Some(now.plus(HOUR));
            tx.signing_keys().update(&active).await?;
            next.state = KeyState::Active;
            next.activated_at = Some(now.plus(HOUR));
            Ok(tx.signing_keys().update(&next).await?)
        })
        .await
        .unwrap();
    let listed = store.read(realm).signing_keys().list().await.unwrap();
    assert_eq!(lives(&listed), lives(&[active, next, other]));
    let aged = async |before| store.platform().realms_with_aged_keys(before, 10).await.unwrap();
    assert_eq!(aged(now).await, []);
    assert_eq!(aged(now.plus(HOUR / 2)).await, [realm]);
}

async fn a_private_key_opens_only_where_it_was_sealed(store: &TestStore) {
    use sea_orm::ConnectionTrait as _;
    let realm = sample::a_realm(store).await.id;
    let keys = [SigningAlgorithm::Rs256, SigningAlgorithm::Es256]
        .map(|algorithm| sample::signing_key(realm, algorithm, KeyState::Active, store.now()));
    store
        .transact(realm, async |tx| {
            for key in &keys {
                assert!(tx.signing_keys().insert(key).await?);
            }
            Ok(())
        })
        .await
        .unwrap();
    let stranger = store.stranger().await;
    assert!(stranger.read(realm).signing_keys().list().await.is_err(), "another master key opens nothing");
    // A sealed value moved to another row is no good there.
    let swap = format!("UPDATE signing_key SET private = (SELECT k.private FROM signing_key k WHERE k.id = '{}')", keys[0].id);
    store.raw().await.execute_unprepared(&swap).await.unwrap();
    let fault = store.read(realm).signing_keys().list().await.unwrap_err().to_string();
    assert!(fault.contains("signing_key") && fault.contains(&keys[1].id.to_string()) && fault.contains("private"), "{fault}");
}
