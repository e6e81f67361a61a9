//! What flows write: requests, codes, grants, families, consents, tokens, assertions, the audit trail.

use std::time::Duration;

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::authorization_request::{AuthorizationRequest, Stage, TenantChoice};
use gantry_core::grant::Grant;
use gantry_core::id::{ConnectionId, GrantId, SessionId, TenantId, UserId};
use gantry_core::pushed_request::PushedRequest;
use gantry_core::scope_set::ScopeSet;
use tokio::task::JoinSet;

use crate::database::TestStore;
use crate::sample::{self, HOUR};

on_each_database! {
    a_request_goes_through_its_stages,
    one_of_32_answers_a_request,
    a_pushed_request_is_used_up_once_and_in_its_realm,
    a_code_is_kept_after_its_use,
    a_grant_is_kept_whole,
    what_hangs_on_a_grant_falls_with_it,
    grants_fall_with_their_session,
    grants_fall_with_a_connection,
    one_of_32_moves_a_family_on,
    a_revocation_wins_over_a_refresh,
    a_decision_is_written_over,
    tokens_are_revoked,
    one_of_32_uses_an_assertion,
    the_audit_trail_reads_backwards,
}

/// A grant that is written, with its realm, person and client.
async fn a_grant(store: &TestStore) -> Grant {
    let realm = sample::a_realm(store).await.id;
    let (user, client) = (sample::a_user(store, realm).await.id, sample::a_client(store, realm).await.id);
    let grant = sample::grant(realm, user, client, store.now());
    store.transact(realm, async |tx| Ok(tx.grants().insert(&grant).await?)).await.unwrap();
    grant
}

async fn a_request_goes_through_its_stages(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut request = sample::request(realm, sample::a_client(store, realm).await.id, store.now());
    let again = AuthorizationRequest { browser: sample::digest(), ..request.clone() };
    let (first, second) =
        store.transact(realm, async |tx| Ok((tx.requests().insert(&request).await?, tx.requests().insert(&again).await?))).await.unwrap();
    assert_eq!((first, second), (true, false), "what is there stays as it is");
    let session = SessionId::new();
    let choosing = |tenant| Stage::Authenticated { session, tenant };
    for stage in [
        choosing(None),
        choosing(Some(TenantChoice::Nobody)),
        choosing(Some(TenantChoice::Tenant(TenantId::new()))),
        Stage::Authenticated { session: SessionId::new(), tenant: None },
        Stage::Answered,
    ] {
        assert_eq!(store.read(realm).requests().find(request.id).await.unwrap().as_ref(), Some(&request));
        let advance = async || store.transact(realm, async |tx| Ok(tx.requests().advance(&request, stage).await?)).await.unwrap();
        assert!(advance().await);
        assert!(!advance().await, "it has left the stage it was read at");
        request.stage = stage;
    }
}

async fn a_pushed_request_is_used_up_once_and_in_its_realm(store: &TestStore) {
    let (realm, elsewhere) = (sample::a_realm(store).await.id, sample::a_realm(store).await.id);
    let client = sample::a_client(store, realm).await.id;
    let pushed = PushedRequest {
        digest: sample::digest(),
        realm_id: realm,
        client_id: client,
        parameters: sample::request(realm, client, store.now()).parameters,
        expires_at: store.now().plus(HOUR),
        used_at: None,
    };
    store.transact(realm, async |tx| Ok(tx.pushed_requests().insert(&pushed).await?)).await.unwrap();
    assert_eq!(store.read(realm).pushed_requests().find(pushed.digest).await.unwrap().as_ref(), Some(&pushed));
    assert_eq!(store.read(elsewhere).pushed_requests().find(pushed.digest).await.unwrap(), None);
    let now = store.now();
    let consume =
        async |realm| store.transact(realm, async |tx| Ok(tx.pushed_requests().consume(pushed.digest, now).await?)).await.unwrap();
    assert!(!consume(elsewhere).await);
    assert!(consume(realm).await);
    assert!(!consume(realm).await);
    assert_eq!(store.read(realm).pushed_requests().find(pushed.digest).await.unwrap().unwrap().used_at, Some(now));
    store.platform().purge_expired(pushed.expires_at.plus(HOUR), 100).await.unwrap();
    assert!(store.read(realm).pushed_requests().find(pushed.digest).await.unwrap().is_some(), "its person may still be at it");
    store.platform().purge_expired(pushed.expires_at.plus(HOUR + Duration::from_secs(1)), 100).await.unwrap();
    assert_eq!(store.read(realm).pushed_requests().find(pushed.digest).await.unwrap(), None);
}

async fn one_of_32_answers_a_request(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut request = sample::request(realm, sample::a_client(store, realm).await.id, store.now());
    request.stage = Stage::Authenticated { session: SessionId::new(), tenant: None };
    store.transact(realm, async |tx| Ok(tx.requests().insert(&request).await?)).await.unwrap();
    let mut racers = JoinSet::new();
    for number in 0..32 {
        let (node, request) = ((**store).clone(), request.clone());
        let to = if number % 2 == 0 { Stage::Answered } else { Stage::Refused };
        racers.spawn(async move { node.transact(realm, async |tx| Ok(tx.requests().advance(&request, to).await?)).await.unwrap() });
    }
    assert_eq!(racers.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

async fn a_code_is_kept_after_its_use(store: &TestStore) {
    let grant = a_grant(store).await;
    let (realm, now) = (grant.realm_id, store.now());
    let mut code = sample::code(&grant, now);
    store.transact(realm, async |tx| Ok(tx.codes().insert(&code).await?)).await.unwrap();
    assert_eq!(store.read(realm).codes().find(code.digest).await.unwrap().as_ref(), Some(&code));
    let consume = async || store.transact(realm, async |tx| Ok(tx.codes().consume(code.digest, now).await?)).await.unwrap();
    let consumed = consume().await;
    let replayed = consume().await;
    code.consumed_at = Some(now);
    assert_eq!(consumed.as_ref(), Some(&code));
    assert_eq!(replayed, None);
    assert_eq!(store.read(realm).codes().find(code.digest).await.unwrap(), Some(code));
}

async fn a_grant_is_kept_whole(store: &TestStore) {
    let mut grant = a_grant(store).await;
    let (realm, later) = (grant.realm_id, store.now().plus(HOUR));
    assert_eq!(store.read(realm).grants().find(grant.id).await.unwrap().as_ref(), Some(&grant));
    assert!(store.transact(realm, async |tx| Ok(tx.grants().touch(grant.id, later).await?)).await.unwrap());
    grant.last_used_at = later;
    assert_eq!(store.read(realm).grants().list_live(grant.user_id).await.unwrap(), [grant.clone()]);
    store.transact(realm, async |tx| Ok(tx.grants().revoke(grant.id, later).await?)).await.unwrap();
    assert!(!store.transact(realm, async |tx| Ok(tx.grants().touch(grant.id, later).await?)).await.unwrap());
    assert_eq!(store.read(realm).grants().list_live(grant.user_id).await.unwrap(), []);
}

async fn what_hangs_on_a_grant_falls_with_it(store: &TestStore) {
    let grant = a_grant(store).await;
    let (realm, now) = (grant.realm_id, store.now());
    let other = Grant { id: GrantId::new(), ..grant.clone() };
    let families = [sample::family(&grant, now), sample::family(&other, now)];
    let tokens = [sample::opaque_token(&grant, now), sample::opaque_token(&other, now)];
    store
        .transact(realm, async |tx| {
            tx.grants().insert(&other).await?;
            for family in &families {
                tx.families().insert(family).await?;
            }
            for token in &tokens {
                tx.access_tokens().insert(token).await?;
            }
            assert!(tx.grants().revoke(grant.id, now).await?);
            assert!(!tx.grants().revoke(grant.id, now).await?);
            Ok(())
        })
        .await
        .unwrap();
    let state = async || {
        let read = store.read(realm);
        let mut state = Vec::new();
        for number in 0..2 {
            state.push(read.families().find(families[number].id).await.unwrap().unwrap().revoked_at.is_some());
            state.push(read.access_tokens().find(tokens[number].digest).await.unwrap().unwrap().revoked_at.is_some());
        }
        state
    };
    assert_eq!(state().await, [true, true, false, false]);
    let revoked =
        store.transact(realm, async |tx| Ok(tx.grants().revoke_for_client(grant.user_id, grant.client_id, now).await?)).await.unwrap();
    assert_eq!(revoked, 1);
    assert_eq!(state().await, [true; 4]);
}

async fn grants_fall_with_their_session(store: &TestStore) {
    let bound = a_grant(store).await;
    let (realm, now) = (bound.realm_id, store.now());
    let free = Grant { id: GrantId::new(), session_bound: false, ..bound.clone() };
    let moved_to = SessionId::new();
    let counts = store
        .transact(realm, async |tx| {
            tx.grants().insert(&free).await?;
            Ok([
                tx.grants().rebind(bound.session_id, moved_to).await?,
                tx.grants().revoke_bound_to(&[], now).await?,
                tx.grants().revoke_bound_to(&[bound.session_id], now).await?,
                tx.grants().revoke_bound_to(&[SessionId::new(), moved_to], now).await?,
                tx.grants().revoke_for_user(bound.user_id, now).await?,
                tx.grants().revoke_for_user(bound.user_id, now).await?,
            ])
        })
        .await
        .unwrap();
    assert_eq!(counts, [2, 0, 0, 1, 1, 0]);
}

async fn grants_fall_with_a_connection(store: &TestStore) {
    let direct = a_grant(store).await;
    let (realm, now, connection) = (direct.realm_id, store.now(), ConnectionId::new());
    let through =
        |connection, session_bound| Grant { id: GrantId::new(), connection_id: Some(connection), session_bound, ..direct.clone() };
    let grants = [through(connection, true), through(connection, false), through(ConnectionId::new(), false)];
    let counts = store
        .transact(realm, async |tx| {
            for grant in &grants {
                tx.grants().insert(grant).await?;
            }
            Ok([
                tx.grants().revoke_for_connection(UserId::new(), connection, now).await?,
                tx.grants().revoke_for_connection(direct.user_id, connection, now).await?,
                tx.grants().revoke_for_user(direct.user_id, now).await?,
            ])
        })
        .await
        .unwrap();
    assert_eq!(counts, [0, 2, 2]);
}

async fn one_of_32_moves_a_family_on(store: &TestStore) {
    let grant = a_grant(store).await;
    let (realm, now) = (grant.realm_id, store.now());
    let family = sample::family(&grant, now);
    store.transact(realm, async |tx| Ok(tx.families().insert(&family).await?)).await.unwrap();
    let mut racers = JoinSet::new();
    for number in 0..32 {
        let node = if number % 2 == 0 { (**store).clone() } else { store.neighbour().await };
        let family = family.clone();
        racers.spawn(async move {
            let advance = node.transact(realm, async |tx| Ok(tx.families().advance(&family, true, now, now.plus(HOUR * 2)).await?));
            advance.await.unwrap()
        });
    }
    assert_eq!(racers.join_all().await.into_iter().filter(|won| *won).count(), 1);
    let moved = store.read(realm).families().find(family.id).await.unwrap().unwrap();
    assert_eq!((moved.generation, moved.rotated_at, moved.idle_expires_at), (1, now, now.plus(HOUR * 2)));
    assert_eq!(moved.token(1).expose(), family.token(1).expose(), "the secret is sealed and opened whole");
    let kept = store.transact(realm, async |tx| Ok(tx.families().advance(&moved, false, now, now.plus(HOUR * 3)).await?)).await.unwrap();
    assert!(kept);
    let kept = store.read(realm).families().find(family.id).await.unwrap().unwrap();
    assert_eq!((kept.generation, kept.idle_expires_at), (1, now.plus(HOUR * 3)));
    let (revoked, again, advanced) = store
        .transact(realm, async |tx| {
            let revoked = tx.families().revoke(family.id, now).await?;
            let again = tx.families().revoke(family.id, now).await?;
            Ok((revoked, again, tx.families().advance(&kept, true, now, now).await?))
        })
        .await
        .unwrap();
    assert_eq!((revoked, again, advanced), (true, false, false));
}

/// Refreshes and a revocation at the same time: they never wait for each other in a circle, and
/// afterwards nothing under the grant is alive.
async fn a_revocation_wins_over_a_refresh(store: &TestStore) {
    for _ in 0..8 {
        let grant = a_grant(store).await;
        let (realm, now) = (grant.realm_id, store.now());
        let family = sample::family(&grant, now);
        store.transact(realm, async |tx| Ok(tx.families().insert(&family).await?)).await.unwrap();
        let mut racers = JoinSet::new();
        for number in 0..8 {
            let (node, grant, family) = ((**store).clone(), grant.clone(), family.clone());
            racers.spawn(async move {
                let work = node.transact(realm, async |tx| {
                    if number == 4 {
                        tx.grants().revoke(grant.id, now).await?;
                    } else if number % 2 == 0 {
                        if tx.families().advance(&family, true, now, now.plus(HOUR)).await? {
                            tokio::time::sleep(Duration::from_millis(5)).await;
                            tx.grants().touch(grant.id, now).await?;
                        }
                    } else {
                        tx.families().insert(&sample::family(&grant, now)).await?;
                        tokio::time::sleep(Duration::from_millis(5)).await;
                        if !tx.grants().touch(grant.id, now).await? {
                            return Err(gantry_core::failure::Fault::new("revoked meanwhile").into());
                        }
                    }
                    Ok(())
                });
                if let Err(failure) = work.await {
                    assert_eq!(failure.to_string(), "revoked meanwhile");
                }
            });
        }
        racers.join_all().await;
        assert!(store.read(realm).grants().find(grant.id).await.unwrap().unwrap().revoked_at.is_some());
        let alive = format!("SELECT 1 AS one FROM refresh_family WHERE grant_id = '{}' AND revoked_at IS NULL", grant.id);
        let raw = store.raw().await;
        let query = sea_orm::Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(&raw), alive);
        assert!(sea_orm::ConnectionTrait::query_one_raw(&raw, query).await.unwrap().is_none());
    }
}

async fn a_decision_is_written_over(store: &TestStore) {
    let grant = a_grant(store).await;
    let (realm, user, client, now) = (grant.realm_id, grant.user_id, grant.client_id, store.now());
    let tenant = TenantId::new();
    let mut general = sample::consent(realm, user, client, None, now);
    let tenants = sample::consent(realm, user, client, Some(tenant), now.plus(HOUR));
    for consent in [&general, &tenants] {
        store.transact(realm, async |tx| Ok(tx.consents().put(consent).await?)).await.unwrap();
    }
    let first_id = general.id;
    general.id = gantry_core::id::ConsentId::new();
    general.scopes = ScopeSet::from_names(["openid", "email"]);
    general.client_version = 9;
    store.transact(realm, async |tx| Ok(tx.consents().put(&general).await?)).await.unwrap();
    general.id = first_id;
    let read = store.read(realm);
    assert_eq!(read.consents().find(user, client, None).await.unwrap().as_ref(), Some(&general));
    assert_eq!(read.consents().find(user, client, Some(tenant)).await.unwrap().as_ref(), Some(&tenants));
    assert_eq!(read.consents().find(user, client, Some(TenantId::new())).await.unwrap(), None);
    assert_eq!(read.consents().list_for_user(user).await.unwrap(), [tenants, general]);
    store.transact(realm, async |tx| Ok(tx.consents().remove(user, client).await?)).await.unwrap();
    assert_eq!(read.consents().list_for_user(user).await.unwrap(), []);
}

async fn tokens_are_revoked(store: &TestStore) {
    let grant = a_grant(store).await;
    let (realm, now) = (grant.realm_id, store.now());
    let token = sample::opaque_token(&grant, now);
    let machine =
        gantry_core::access_token::OpaqueAccessToken { grant_id: None, tenant_id: None, digest: sample::digest(), ..token.clone() };
    let read = store.read(realm);
    store
        .transact(realm, async |tx| {
            tx.access_tokens().insert(&token).await?;
            Ok(tx.access_tokens().insert(&machine).await?)
        })
        .await
        .unwrap();
    assert_eq!(read.access_tokens().find(token.digest).await.unwrap().as_ref(), Some(&token));
    assert_eq!(read.access_tokens().find(machine.digest).await.unwrap().as_ref(), Some(&machine));
    let (first, second) = store
        .transact(realm, async |tx| {
            tx.access_tokens().revoke_jti("gnt_1.x", now.plus(HOUR)).await?;
            tx.access_tokens().revoke_jti("gnt_1.x", now.plus(HOUR)).await?;
            Ok((tx.access_tokens().revoke(token.digest, now).await?, tx.access_tokens().revoke(token.digest, now).await?))
        })
        .await
        .unwrap();
    assert_eq!((first, second), (true, false));
    assert_eq!(read.access_tokens().find(token.digest).await.unwrap().unwrap().revoked_at, Some(now));
    assert!(read.access_tokens().is_jti_revoked("gnt_1.x").await.unwrap());
    assert!(!read.access_tokens().is_jti_revoked("gnt_1.y").await.unwrap());
}

async fn one_of_32_uses_an_assertion(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let (client, other) = (sample::a_client(store, realm).await.id, sample::a_client(store, realm).await.id);
    let until = store.now().plus(HOUR);
    // Longer than an index entry of Postgres may be.
    let jti = "j".repeat(5000);
    let mut racers = JoinSet::new();
    for _ in 0..32 {
        let (node, jti) = ((**store).clone(), jti.clone());
        racers.spawn(async move { node.transact(realm, async |tx| Ok(tx.assertions().record(client, &jti, until).await?)).await.unwrap() });
    }
    assert_eq!(racers.join_all().await.into_iter().filter(|won| *won).count(), 1);
    assert!(
        store.transact(realm, async |tx| Ok(tx.assertions().record(other, &jti, until).await?)).await.unwrap(),
        "each client has its own"
    );
}

async fn the_audit_trail_reads_backwards(store: &TestStore) {
    let grant = a_grant(store).await;
    let (realm, now) = (grant.realm_id, store.now());
    let origin = gantry_core::audit::Origin { ip: "192.0.2.1".to_owned(), user_agent: "x".to_owned(), request_id: "r-1".to_owned() };
    let full = AuditEntry::new(realm, now, AuditEvent::TokenRefused)
        .by(gantry_core::actor::Actor::RealmAdmin { user: grant.user_id, realm })
        .client(grant.client_id)
        .target(&grant.id)
        .reason("replayed")
        .from(&origin);
    let full = AuditEntry { detail: serde_json::from_str("{\"a\":[1]}").ok(), ..full };
    let bare: Vec<AuditEntry> = (0..1200).map(|_| AuditEntry::new(realm, now, AuditEvent::SignedIn)).collect();
    store
        .transact(realm, async |tx| {
            tx.audit().insert_all(&[]).await?;
            tx.audit().insert_all(&bare).await?;
            Ok(())
        })
        .await
        .unwrap();
    let last = AuditEntry { id: gantry_core::id::AuditId::new(), ..full };
    store.transact(realm, async |tx| Ok(tx.audit().insert(&last).await?)).await.unwrap();
    let read = store.read(realm);
    assert_eq!(read.audit().list(None, 1).await.unwrap(), std::slice::from_ref(&last));
    let before = read.audit().list(Some(last.id), 2000).await.unwrap();
    assert_eq!(before.len(), 1200);
    assert_eq!(before.first(), bare.last());
}
