//! Connections with their secrets, where they are offered, whose accounts they are, and what is under way.

use gantry_core::connection::{Attachment, Connection, ConnectionSecrets, JoinRule, RoleRule};
use gantry_core::external_identity::{UpstreamTokens, UserIdentity};
use gantry_core::id::{ConnectionId, IdentityId, TenantId, UserId};
use gantry_core::secret::Secret;
use gantry_core::sign_in_attempt::SignInAttempt;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, TraceOutcome};
use gantry_core::tenant::TenantRole;
use gantry_core::tenant_domain::{DomainProof, TenantDomain};
use gantry_core::upstream_session::UpstreamSession;
use serde_json::json;
use tokio::task::JoinSet;

use crate::database::TestStore;
use crate::federation_sample::{World, asserted, attempt, domain, identity, trace, waiting, world};
use crate::sample::{self, HOUR};

on_each_database! {
    a_connection_keeps_what_was_decided_and_its_secrets_apart,
    an_attachment_is_changed_in_place,
    an_identity_is_one_persons,
    one_of_32_links_an_identity,
    a_proved_domain_is_one_tenants,
    one_of_32_takes_an_attempt_out,
    an_attempt_is_its_connections_and_its_browsers,
    what_waits_for_a_proof_is_taken_out_once,
    a_trace_keeps_its_hops_in_order,
    a_session_remembers_what_it_owes_to_a_provider,
    another_realm_sees_and_changes_nothing,
    what_is_over_is_purged,
}

async fn a_connection_keeps_what_was_decided_and_its_secrets_apart(store: &TestStore) {
    let World { realm, mut connection, .. } = world(store).await;
    let read = store.read(realm);
    assert_eq!(read.connections().find_by_slug(&connection.slug).await.unwrap().as_ref(), Some(&connection));
    assert!(read.connections().secrets(connection.id).await.unwrap().is_empty());
    let secrets = ConnectionSecrets { client_secret: Some(Secret::new("canary")), private_key: None, certificate: Some("PEM".to_owned()) };
    connection.not_before = Some(store.now());
    connection.settings.link_only = false;
    store
        .transact(realm, async |tx| {
            tx.connections().set_secrets(connection.id, &secrets).await?;
            // Changing a connection leaves its secrets alone.
            Ok(tx.connections().update(&connection).await?)
        })
        .await
        .unwrap();
    assert_eq!(read.connections().find(connection.id).await.unwrap().as_ref(), Some(&connection));
    let kept = read.connections().secrets(connection.id).await.unwrap();
    assert_eq!(kept.client_secret.map(|secret| secret.expose().to_owned()).as_deref(), Some("canary"));
    assert_eq!(kept.certificate.as_deref(), Some("PEM"));
    let none = ConnectionSecrets::default();
    store.transact(realm, async |tx| Ok(tx.connections().set_secrets(connection.id, &none).await?)).await.unwrap();
    assert!(read.connections().secrets(connection.id).await.unwrap().is_empty());
    let twin = Connection { id: ConnectionId::new(), ..connection.clone() };
    assert!(!store.transact(realm, async |tx| Ok(tx.connections().insert(&twin).await?)).await.unwrap());
}

async fn an_attachment_is_changed_in_place(store: &TestStore) {
    let World { realm, tenant, connection, .. } = world(store).await;
    let first = Attachment {
        realm_id: realm,
        connection_id: connection.id,
        tenant_id: tenant.id,
        join: JoinRule::Invited,
        default_role: TenantRole::Member,
        roles: vec![RoleRule { group: "g".to_owned(), role: TenantRole::TenantAdmin }],
        directories: vec!["d".to_owned()],
        created_at: store.now(),
    };
    let second = Attachment { join: JoinRule::Everyone, roles: Vec::new(), ..first.clone() };
    store
        .transact(realm, async |tx| {
            tx.attachments().put(&first).await?;
            assert_eq!(tx.attachments().find(connection.id, tenant.id).await?.as_ref(), Some(&first));
            Ok(tx.attachments().put(&second).await?)
        })
        .await
        .unwrap();
    let read = store.read(realm);
    assert_eq!(read.attachments().list_of_tenant(tenant.id).await.unwrap(), std::slice::from_ref(&second));
    assert_eq!(read.attachments().list_of_connection(connection.id, 9).await.unwrap(), [second]);
    assert!(store.transact(realm, async |tx| Ok(tx.attachments().remove(connection.id, tenant.id).await?)).await.unwrap());
    assert_eq!(read.attachments().find(connection.id, tenant.id).await.unwrap(), None);
}

async fn an_identity_is_one_persons(store: &TestStore) {
    let world = world(store).await;
    let mut link = identity(&world, store);
    let other = sample::user(world.realm, "bob@example.com", store.now());
    let twin = UserIdentity { id: IdentityId::new(), user_id: other.id, ..link.clone() };
    let elsewhere = UserIdentity { id: IdentityId::new(), issuer: "https://id.acme.example/".to_owned(), ..twin.clone() };
    link.groups = vec!["b".to_owned()];
    let told = UserIdentity { email: None, groups_stale_since: Some(store.now()), ..link.clone() };
    store
        .transact(world.realm, async |tx| {
            assert!(tx.users().insert(&other).await?);
            assert!(tx.identities().insert(&link).await? && !tx.identities().insert(&twin).await?);
            assert!(tx.identities().insert(&elsewhere).await?, "the issuer is a part of the key");
            Ok(tx.identities().refresh(&told).await?)
        })
        .await
        .unwrap();
    let read = store.read(world.realm);
    assert_eq!(read.identities().find(world.connection.id, &link.issuer, &link.subject).await.unwrap().as_ref(), Some(&told));
    assert_eq!(read.identities().find(ConnectionId::new(), &link.issuer, &link.subject).await.unwrap(), None);
    assert_eq!(read.identities().list(world.user.id).await.unwrap(), [told]);
    let removed = async |user: UserId| store.transact(world.realm, async |tx| Ok(tx.identities().remove(link.id, user).await?)).await;
    assert!(!removed(other.id).await.unwrap() && removed(world.user.id).await.unwrap());
}

async fn one_of_32_links_an_identity(store: &TestStore) {
    let world = world(store).await;
    let mut racers = JoinSet::new();
    for _ in 0..32 {
        let (node, realm) = ((**store).clone(), world.realm);
        let link = UserIdentity { id: IdentityId::new(), ..identity(&world, store) };
        racers.spawn(async move { node.transact(realm, async |tx| Ok(tx.identities().insert(&link).await?)).await.unwrap() });
    }
    assert_eq!(racers.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

async fn a_proved_domain_is_one_tenants(store: &TestStore) {
    let world = world(store).await;
    let second = sample::tenant(world.realm, store.now());
    let (mine, theirs) = (domain(&world, world.tenant.id, store), domain(&world, second.id, store));
    let proved =
        |domain: &TenantDomain| TenantDomain { proof: Some(DomainProof::Dns), proved_at: Some(domain.created_at), ..domain.clone() };
    let (mine, theirs) = (&mine, &theirs);
    store
        .transact(world.realm, async |tx| {
            assert!(tx.tenants().insert(&second).await?);
            assert!(tx.tenant_domains().insert(mine).await? && tx.tenant_domains().insert(theirs).await?, "claims may agree");
            assert_eq!(tx.tenant_domains().find_proved("acme.example").await?, None);
            assert!(tx.tenant_domains().update(&proved(mine)).await? && !tx.tenant_domains().update(&proved(theirs)).await?);
            Ok(())
        })
        .await
        .unwrap();
    let read = store.read(world.realm);
    assert_eq!(read.tenant_domains().find_proved("acme.example").await.unwrap(), Some(proved(mine)));
    assert_eq!(read.tenant_domains().list(second.id).await.unwrap(), std::slice::from_ref(theirs));
}

async fn one_of_32_takes_an_attempt_out(store: &TestStore) {
    let world = world(store).await;
    let (attempt, state, browser) = attempt(&world, store);
    store.transact(world.realm, async |tx| Ok(tx.sign_in_attempts().insert(&attempt).await?)).await.unwrap();
    let mut racers = JoinSet::new();
    for _ in 0..32 {
        let (node, realm, connection) = ((**store).clone(), world.realm, world.connection.id);
        racers.spawn(async move {
            node.transact(realm, async |tx| Ok(tx.sign_in_attempts().consume(connection, state, browser).await?)).await.unwrap()
        });
    }
    let taken: Vec<SignInAttempt> = racers.join_all().await.into_iter().flatten().collect();
    let [taken] = taken.as_slice() else { panic!("{} took it", taken.len()) };
    assert_eq!(taken.verifier.expose(), attempt.verifier.expose());
    assert_eq!((taken.purpose, taken.tenant, taken.max_age), (attempt.purpose, attempt.tenant, attempt.max_age));
}

async fn an_attempt_is_its_connections_and_its_browsers(store: &TestStore) {
    let world = world(store).await;
    let (attempt, state, browser) = attempt(&world, store);
    let taken = store
        .transact(world.realm, async |tx| {
            tx.sign_in_attempts().insert(&attempt).await?;
            assert!(tx.sign_in_attempts().consume(ConnectionId::new(), state, browser).await?.is_none());
            assert!(tx.sign_in_attempts().consume(world.connection.id, state, sample::digest()).await?.is_none());
            Ok(tx.sign_in_attempts().consume(world.connection.id, state, browser).await?)
        })
        .await
        .unwrap();
    assert!(taken.is_some(), "the wrong ones used nothing up");
}

async fn what_waits_for_a_proof_is_taken_out_once(store: &TestStore) {
    let world = world(store).await;
    let link = waiting(&world, store);
    let (found, first, second) = store
        .transact(world.realm, async |tx| {
            tx.pending_links().insert(&link).await?;
            assert!(tx.pending_links().find(link.id, sample::digest()).await?.is_none(), "another browser");
            let links = tx.pending_links();
            let found = links.find(link.id, link.browser).await?;
            Ok((found, links.consume(link.id, link.browser).await?, links.consume(link.id, link.browser).await?))
        })
        .await
        .unwrap();
    assert_eq!(found.map(|found| found.identity), Some(asserted()));
    assert!(first.is_some_and(|first| first.user_id == Some(world.user.id)) && second.is_none());
}

async fn a_trace_keeps_its_hops_in_order(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut trace = trace(realm, store);
    let hops: Vec<Hop> = HopKind::ALL.iter().map(|kind| Hop::new(store.now(), *kind, json!({ "kind": kind }))).collect();
    let (before, after) = hops.split_at(7);
    store
        .transact(realm, async |tx| {
            tx.sign_in_traces().insert(&trace).await?;
            tx.sign_in_traces().append(trace.id, before).await?;
            Ok(tx.sign_in_traces().append(trace.id, after).await?)
        })
        .await
        .unwrap();
    trace.outcome = TraceOutcome::Refused;
    trace.problem = Some(SignInProblem::TokenNonce);
    store.transact(realm, async |tx| Ok(tx.sign_in_traces().update(&trace).await?)).await.unwrap();
    let read = store.read(realm);
    assert_eq!(read.sign_in_traces().find(trace.id).await.unwrap().as_ref(), Some(&trace));
    assert_eq!(read.sign_in_traces().hops(trace.id).await.unwrap(), hops);
    assert_eq!(read.sign_in_traces().list_newest(None, 9).await.unwrap(), [trace]);
    assert_eq!(read.sign_in_traces().list_newest(Some(TenantId::new()), 9).await.unwrap(), []);
}

async fn a_session_remembers_what_it_owes_to_a_provider(store: &TestStore) {
    let world = world(store).await;
    let (session, link) = (sample::session(world.realm, world.user.id, store.now()), identity(&world, store));
    let owed = UpstreamSession {
        session_id: session.id,
        realm_id: world.realm,
        connection_id: world.connection.id,
        identity_id: link.id,
        upstream_sid: Some("sid-1".to_owned()),
        tokens: UpstreamTokens { refresh_token: Some(Secret::new("canary")), ..UpstreamTokens::default() },
        check_at: Some(store.now()),
        created_at: store.now(),
    };
    store
        .transact(world.realm, async |tx| {
            tx.sessions().insert(&session).await?;
            assert!(tx.identities().insert(&link).await?);
            Ok(tx.upstream_sessions().put(&owed).await?)
        })
        .await
        .unwrap();
    let read = store.read(world.realm);
    let found = read.upstream_sessions().find(session.id).await.unwrap().unwrap();
    assert_eq!(found.tokens.refresh_token.map(|token| token.expose().to_owned()).as_deref(), Some("canary"));
    assert_eq!(read.upstream_sessions().list_by_sid(world.connection.id, "sid-1").await.unwrap().len(), 1);
    assert!(read.upstream_sessions().list_by_sid(world.connection.id, "sid-2").await.unwrap().is_empty());
    assert_eq!(read.upstream_sessions().list_by_identity(link.id).await.unwrap().len(), 1);
}

async fn another_realm_sees_and_changes_nothing(store: &TestStore) {
    let world = world(store).await;
    let (link, (attempt, state, browser), waiting) = (identity(&world, store), attempt(&world, store), waiting(&world, store));
    let (claim, trace) = (domain(&world, world.tenant.id, store), trace(world.realm, store));
    store
        .transact(world.realm, async |tx| {
            assert!(tx.identities().insert(&link).await? && tx.tenant_domains().insert(&claim).await?);
            tx.sign_in_attempts().insert(&attempt).await?;
            tx.pending_links().insert(&waiting).await?;
            Ok(tx.sign_in_traces().insert(&trace).await?)
        })
        .await
        .unwrap();
    let outside = sample::a_realm(store).await.id;
    let connection = world.connection.id;
    store
        .transact(outside, async |tx| {
            assert_eq!(
                (tx.connections().find(connection).await?, tx.connections().find_by_slug(&world.connection.slug).await?),
                (None, None)
            );
            assert!(!tx.connections().remove(connection).await?);
            assert_eq!(tx.identities().find(connection, &link.issuer, &link.subject).await?, None);
            assert_eq!((tx.identities().list(world.user.id).await?, tx.identities().find_by_id(link.id).await?), (Vec::new(), None));
            assert!(!tx.identities().remove(link.id, world.user.id).await?);
            assert!(tx.sign_in_attempts().consume(connection, state, browser).await?.is_none());
            assert!(tx.pending_links().consume(waiting.id, waiting.browser).await?.is_none());
            assert_eq!((tx.tenant_domains().find(claim.id).await?, tx.sign_in_traces().find(trace.id).await?), (None, None));
            assert!(!tx.tenant_domains().remove(claim.id, world.tenant.id).await?);
            Ok(())
        })
        .await
        .unwrap();
    let stolen = store.transact(outside, async |tx| {
        let mine = Attachment {
            realm_id: outside,
            connection_id: connection,
            tenant_id: world.tenant.id,
            join: JoinRule::Everyone,
            default_role: TenantRole::TenantAdmin,
            roles: Vec::new(),
            directories: Vec::new(),
            created_at: store.now(),
        };
        Ok(tx.attachments().put(&mine).await?)
    });
    assert!(stolen.await.is_err());
    assert!(store.read(world.realm).identities().find_by_id(link.id).await.unwrap().is_some());
}

async fn what_is_over_is_purged(store: &TestStore) {
    let world = world(store).await;
    let ((attempt, state, browser), waiting, trace) = (attempt(&world, store), waiting(&world, store), trace(world.realm, store));
    store
        .transact(world.realm, async |tx| {
            tx.sign_in_attempts().insert(&attempt).await?;
            tx.pending_links().insert(&waiting).await?;
            tx.sign_in_traces().insert(&trace).await?;
            Ok(tx.sign_in_traces().append(trace.id, &[Hop::new(store.now(), HopKind::Route, json!({}))]).await?)
        })
        .await
        .unwrap();
    let purge = async |at| while store.platform().purge_expired(at, 100).await.unwrap() > 0 {};
    purge(store.now()).await;
    assert!(store.read(world.realm).sign_in_traces().find(trace.id).await.unwrap().is_some());
    purge(store.now().plus(HOUR * 2)).await;
    let read = store.read(world.realm);
    assert!(read.sign_in_traces().find(trace.id).await.unwrap().is_none());
    assert_eq!(read.sign_in_traces().hops(trace.id).await.unwrap(), []);
    assert!(read.pending_links().find(waiting.id, waiting.browser).await.unwrap().is_none());
    let left = store.transact(world.realm, async |tx| Ok(tx.sign_in_attempts().consume(world.connection.id, state, browser).await?)).await;
    assert!(left.unwrap().is_none());
}
