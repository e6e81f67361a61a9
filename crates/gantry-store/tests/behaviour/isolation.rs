//! A handle of one realm finds and touches nothing of another, whatever it is asked for.

use gantry_core::action_link::Action;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::authorization_request::Stage;
use gantry_core::client::Client;
use gantry_core::failure::Failure;
use gantry_core::grant::Grant;
use gantry_core::id::{MembershipId, RealmId};
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::KeyState;
use gantry_core::tenant::{Membership, TenantRole};
use gantry_core::user::{PasswordCredential, RealmRole};

use crate::database::TestStore;
use crate::sample::{self, HOUR};

on_each_database! {
    configuration_is_its_realms_own,
    people_are_their_realms_own,
    grants_are_their_realms_own,
    requests_and_tokens_are_their_realms_own,
}

/// Does work in a realm that must not matter to it.
async fn from_outside<T>(store: &TestStore, work: impl AsyncFnOnce(&gantry_store::RealmTx) -> Result<T, Failure>) -> (RealmId, T) {
    let outside = sample::a_realm(store).await.id;
    (outside, store.transact(outside, work).await.unwrap())
}

async fn configuration_is_its_realms_own(store: &TestStore) {
    let realm = sample::a_realm(store).await;
    let (id, now) = (realm.id, store.now());
    let (publisher, resource, connection) = (sample::publisher(id, now), sample::resource(id, now), sample::connection(id, now));
    let (scope, client) = (sample::scope(id, Some(resource.id), now), sample::client(id, now));
    let (secret, key) = (sample::client_secret(client.id, now), sample::signing_key(id, SigningAlgorithm::Es256, KeyState::Active, now));
    store
        .transact(id, async |tx| {
            tx.connections().insert(&connection).await?;
            assert!(tx.publishers().insert(&publisher).await? && tx.resources().insert(&resource).await?);
            assert!(tx.scopes().insert(&scope).await? && tx.clients().insert(&client).await? && tx.signing_keys().insert(&key).await?);
            Ok(tx.client_secrets().insert(&secret).await?)
        })
        .await
        .unwrap();
    let renamed = Client { name: "Stolen".to_owned(), ..client.clone() };
    let (_, ()) = from_outside(store, async |tx| {
        assert_eq!(tx.connections().list().await?, []);
        assert_eq!((tx.publishers().list().await?, tx.publishers().find(publisher.id).await?), (Vec::new(), None));
        assert_eq!((tx.resources().list().await?, tx.scopes().list().await?), (Vec::new(), Vec::new()));
        assert_eq!((tx.clients().list(None, 9).await?, tx.clients().find(client.id).await?), (Vec::new(), None));
        assert_eq!(tx.clients().find_by_client_id(&client.client_id).await?, None);
        assert_eq!(tx.client_secrets().list(client.id).await?, []);
        assert!(tx.signing_keys().list().await?.is_empty());
        assert!(!tx.clients().update(&renamed).await?);
        assert!(!tx.realms().update(&realm).await?);
        tx.clients().remove(client.id).await?;
        tx.client_secrets().remove(&secret).await?;
        tx.scopes().remove(scope.id).await?;
        tx.resources().remove(resource.id).await?;
        tx.publishers().remove(publisher.id).await?;
        tx.publishers().update(&gantry_core::publisher::Publisher { name: "Stolen".to_owned(), ..publisher.clone() }).await?;
        tx.connections().update(&gantry_core::connection::Connection { name: "Stolen".to_owned(), ..connection.clone() }).await?;
        Ok(())
    })
    .await;
    let read = store.read(id);
    assert_eq!(read.clients().list(None, 9).await.unwrap(), std::slice::from_ref(&client));
    assert_eq!(read.client_secrets().list(client.id).await.unwrap(), [secret]);
    assert_eq!((read.scopes().list().await.unwrap(), read.resources().list().await.unwrap()), (vec![scope], vec![resource]));
    assert_eq!((read.publishers().list().await.unwrap(), read.connections().list().await.unwrap()), (vec![publisher], vec![connection]));
    assert_eq!(read.realms().find().await.unwrap(), Some(realm));
}

async fn people_are_their_realms_own(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let (user, tenant) = (sample::admin(realm, "ada@example.com", now), sample::tenant(realm, now));
    let session = sample::session(realm, user.id, now);
    let link = sample::link(realm, Some(user.id), Action::FirstOperator, now);
    let password = PasswordCredential { user_id: user.id, hash: "$argon2id$".to_owned(), changed_at: now };
    let membership = Membership {
        id: MembershipId::new(),
        tenant_id: tenant.id,
        user_id: user.id,
        role: TenantRole::Member,
        break_glass: false,
        connection_id: None,
        created_at: now,
    };
    store
        .transact(realm, async |tx| {
            assert!(tx.users().insert(&user).await? && tx.tenants().insert(&tenant).await?);
            tx.passwords().put(&password).await?;
            tx.sessions().insert(&session).await?;
            tx.action_links().insert(&link).await?;
            Ok(tx.memberships().put(&membership).await?)
        })
        .await
        .unwrap();
    let (outside, ()) = from_outside(store, async |tx| {
        assert_eq!((tx.users().find(user.id).await?, tx.users().find_by_email(&user.email).await?), (None, None));
        assert_eq!((tx.users().list(None, 9).await?, tx.users().list_unverified(&user.email).await?), (Vec::new(), Vec::new()));
        assert!(!tx.users().any_with_role(RealmRole::RealmAdmin).await?);
        assert_eq!(tx.passwords().find(user.id).await?, None);
        assert_eq!((tx.sessions().find(session.id).await?, tx.sessions().find_by_digest(session.digest).await?), (None, None));
        assert_eq!(tx.sessions().list_live(user.id, now).await?, []);
        assert!(!tx.sessions().end(session.id, now).await?);
        assert_eq!(tx.sessions().end_all(user.id, None, now).await?, []);
        assert_eq!(
            (tx.action_links().find_live(link.digest, now).await?, tx.action_links().consume(link.digest, now).await?),
            (None, None)
        );
        tx.action_links().void_for_user(user.id, None, now).await?;
        assert_eq!((tx.tenants().find(tenant.id).await?, tx.tenants().find_by_org_id(&tenant.org_id).await?), (None, None));
        assert_eq!((tx.tenants().list(None, 9).await?, tx.memberships().list_for_user(user.id).await?), (Vec::new(), Vec::new()));
        assert_eq!(tx.memberships().list_for_tenant(tenant.id).await?, []);
        assert!(!tx.memberships().remove(tenant.id, user.id).await?);
        Ok(tx.users().remove(user.id).await?)
    })
    .await;
    assert!(store.transact(outside, async |tx| Ok(tx.passwords().put(&password).await?)).await.is_err());
    assert!(store.transact(outside, async |tx| Ok(tx.memberships().put(&membership).await?)).await.is_err());
    let same_address = sample::user(outside, "ada@example.com", now);
    assert!(store.transact(outside, async |tx| Ok(tx.users().insert(&same_address).await?)).await.unwrap());
    while store.platform().purge_expired(now, 100).await.unwrap() > 0 {}
    let read = store.read(realm);
    assert_eq!(read.users().find_by_email(&user.email).await.unwrap(), Some(user.clone()));
    assert_eq!(read.passwords().find(user.id).await.unwrap(), Some(password));
    assert_eq!(read.sessions().list_live(user.id, now).await.unwrap(), [session]);
    assert_eq!(read.action_links().find_live(link.digest, now).await.unwrap(), Some(link));
    assert_eq!(read.memberships().list_for_user(user.id).await.unwrap(), [membership]);
}

async fn grants_are_their_realms_own(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let (user, client) = (sample::a_user(store, realm).await.id, sample::a_client(store, realm).await.id);
    let connection = gantry_core::id::ConnectionId::new();
    let grant = Grant { connection_id: Some(connection), ..sample::grant(realm, user, client, now) };
    let (family, consent, token) =
        (sample::family(&grant, now), sample::consent(realm, user, client, None, now), sample::opaque_token(&grant, now));
    store
        .transact(realm, async |tx| {
            tx.grants().insert(&grant).await?;
            tx.families().insert(&family).await?;
            tx.consents().put(&consent).await?;
            Ok(tx.access_tokens().insert(&token).await?)
        })
        .await
        .unwrap();
    from_outside(store, async |tx| {
        assert_eq!((tx.grants().find(grant.id).await?, tx.grants().list_live(user).await?), (None, Vec::new()));
        assert!(!tx.grants().touch(grant.id, now).await? && !tx.grants().revoke(grant.id, now).await?);
        assert_eq!(tx.grants().revoke_for_client(user, client, now).await?, 0);
        assert_eq!(tx.grants().revoke_for_user(user, now).await?, 0);
        assert_eq!(tx.grants().revoke_for_connection(user, connection, now).await?, 0);
        assert_eq!(tx.grants().revoke_bound_to(&[grant.session_id], now).await?, 0);
        assert_eq!(tx.grants().rebind(grant.session_id, gantry_core::id::SessionId::new()).await?, 0);
        assert!(tx.families().find(family.id).await?.is_none());
        assert!(!tx.families().advance(&family, true, now, now).await? && !tx.families().revoke(family.id, now).await?);
        assert_eq!((tx.consents().find(user, client, None).await?, tx.consents().list_for_user(user).await?), (None, Vec::new()));
        tx.consents().remove(user, client).await?;
        assert_eq!(tx.access_tokens().find(token.digest).await?, None);
        assert!(!tx.access_tokens().revoke(token.digest, now).await?);
        Ok(())
    })
    .await;
    let read = store.read(realm);
    assert_eq!(read.grants().list_live(user).await.unwrap(), [grant]);
    assert_eq!(read.families().find(family.id).await.unwrap().unwrap().generation, 0);
    assert_eq!(read.consents().list_for_user(user).await.unwrap(), [consent]);
    assert_eq!(read.access_tokens().find(token.digest).await.unwrap(), Some(token));
}

async fn requests_and_tokens_are_their_realms_own(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let (user, client) = (sample::a_user(store, realm).await.id, sample::a_client(store, realm).await.id);
    let request = sample::request(realm, client, now);
    let code = sample::code(&sample::grant(realm, user, client, now), now);
    store
        .transact(realm, async |tx| {
            assert!(tx.requests().insert(&request).await?);
            tx.codes().insert(&code).await?;
            tx.access_tokens().revoke_jti("jti", now.plus(HOUR)).await?;
            Ok(tx.audit().insert(&AuditEntry::new(realm, now, AuditEvent::SignedIn)).await?)
        })
        .await
        .unwrap();
    from_outside(store, async |tx| {
        assert_eq!(tx.requests().find(request.id).await?, None);
        assert!(!tx.requests().advance(&request, Stage::Refused).await?);
        assert_eq!((tx.codes().find(code.digest).await?, tx.codes().consume(code.digest, now).await?), (None, None));
        assert!(!tx.access_tokens().is_jti_revoked("jti").await?);
        assert_eq!(tx.audit().list(None, 9).await?, []);
        Ok(())
    })
    .await;
    assert_eq!(store.read(realm).requests().find(request.id).await.unwrap(), Some(request));
    assert_eq!(store.read(realm).codes().find(code.digest).await.unwrap(), Some(code));
}
