//! The outbox, the purge, rows that do not decode, and a database that does not answer.

use std::collections::HashSet;
use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::grant::Grant;
use gantry_core::id::GrantId;
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::refresh_family::RefreshFamily;
use sea_orm::ConnectionTrait as _;
use tokio::task::JoinSet;

use crate::database::TestStore;
use crate::sample::{self, HOUR};

on_each_database! {
    a_mail_is_leased_to_one_node,
    a_mail_that_failed_is_tried_again_and_given_up,
    a_mail_that_cannot_be_opened_holds_up_no_other,
    expired_rows_go_in_batches,
    a_grant_stays_as_long_as_its_families,
    what_hung_on_a_removed_client_goes_in_batches,
    a_row_that_does_not_decode_is_named,
}

const DAY: Duration = Duration::from_hours(24);

fn mail(link: &str) -> Mail {
    Mail {
        to: EmailAddress::parse("ada@example.com").unwrap(),
        locale: "en".to_owned(),
        kind: MailKind::VerifyEmail { link: link.to_owned() },
    }
}

async fn write_mail(store: &TestStore, count: usize) -> Timestamp {
    let (realm, now) = (sample::a_realm(store).await.id, store.now());
    store
        .transact(realm, async |tx| {
            for number in 0..count {
                tx.outbox().insert(&mail(&format!("https://example.com/{number}")), now).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    now
}

async fn a_mail_is_leased_to_one_node(store: &TestStore) {
    let now = write_mail(store, 12).await;
    assert!(store.platform().lease_due_mail(now.minus(HOUR), 5).await.unwrap().is_empty(), "none is due yet");
    let mut nodes = JoinSet::new();
    for _ in 0..4 {
        let node = store.neighbour().await;
        nodes.spawn(async move { node.platform().lease_due_mail(now, 5).await.unwrap() });
    }
    let mut leased = nodes.join_all().await.concat();
    while leased.len() < 12 {
        let more = store.platform().lease_due_mail(now, 5).await.unwrap();
        assert!(!more.is_empty());
        leased.extend(more);
    }
    assert_eq!(leased.iter().map(|message| message.id).collect::<HashSet<_>>().len(), 12);
    assert!(store.platform().lease_due_mail(now, 5).await.unwrap().is_empty());
    let first = &leased[0];
    assert!(matches!(&first.mail.kind, MailKind::VerifyEmail { link } if link.starts_with("https://example.com/")));
    store.platform().mail_sent(first.id, now).await.unwrap();
    let after = store.platform().lease_due_mail(now.plus(Duration::from_mins(2)), 50).await.unwrap();
    assert_eq!(after.len(), 11, "leases that nobody kept run out");
}

async fn a_mail_that_failed_is_tried_again_and_given_up(store: &TestStore) {
    let now = write_mail(store, 1).await;
    let message = store.platform().lease_due_mail(now, 5).await.unwrap().pop().unwrap();
    assert_eq!((message.attempts, message.last_error), (0, None));
    store.platform().mail_failed(message.id, "refused", Some(now.plus(HOUR))).await.unwrap();
    assert!(store.platform().lease_due_mail(now.plus(HOUR / 2), 5).await.unwrap().is_empty());
    let again = store.platform().lease_due_mail(now.plus(HOUR), 5).await.unwrap().pop().unwrap();
    assert_eq!((again.attempts, again.last_error.as_deref()), (1, Some("refused")));
    store.platform().mail_failed(message.id, "refused", None).await.unwrap();
    assert!(store.platform().lease_due_mail(now.plus(DAY), 5).await.unwrap().is_empty());
    assert_eq!(store.platform().purge_expired(now.plus(DAY * 31), 10).await.unwrap(), 2, "the mail, and the change of the realm");
}

async fn a_mail_that_cannot_be_opened_holds_up_no_other(store: &TestStore) {
    let now = write_mail(store, 1).await;
    let stranger = store.stranger().await;
    assert!(stranger.platform().lease_due_mail(now, 5).await.unwrap().is_empty());
    assert!(store.platform().lease_due_mail(now.plus(DAY), 5).await.unwrap().is_empty(), "it was given up");
}

async fn count(store: &TestStore, table: &str) -> i64 {
    let raw = store.raw().await;
    let sql = format!("SELECT count(*) AS rows FROM {table}");
    let row = raw.query_one_raw(sea_orm::Statement::from_string(raw.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get("", "rows").unwrap()
}

async fn expired_rows_go_in_batches(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let (user, client) = (sample::a_user(store, realm).await.id, sample::a_client(store, realm).await.id);
    store
        .transact(realm, async |tx| {
            for number in 0..5 {
                let grant = sample::grant(realm, user, client, now);
                tx.requests().insert(&sample::request(realm, client, now)).await?;
                tx.codes().insert(&sample::code(&grant, now)).await?;
                tx.access_tokens().insert(&sample::opaque_token(&grant, now)).await?;
                tx.access_tokens().revoke_jti(&format!("jti{number}"), now.plus(HOUR)).await?;
                tx.assertions().record(client, &format!("jti{number}"), now.plus(HOUR)).await?;
                tx.sessions().insert(&sample::session(realm, user, now)).await?;
                tx.action_links().insert(&sample::link(realm, Some(user), gantry_core::action_link::Action::FirstOperator, now)).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let tables = ["authorization_request", "authorization_code", "access_token", "revoked_jti", "assertion", "session", "action_link"];
    let counts = async || {
        let mut counts = Vec::new();
        for table in tables {
            counts.push(count(store, table).await);
        }
        counts
    };
    assert_eq!(store.platform().purge_expired(now, 2).await.unwrap(), 0);
    assert_eq!(counts().await, [5; 7]);
    // Requests and tokens are nobody's business once they have expired; what guards against replay stays.
    store.platform().purge_expired(now.plus(HOUR + Duration::from_secs(1)), 2).await.unwrap();
    assert_eq!(counts().await, [3, 5, 3, 5, 5, 5, 5]);
    let late = now.plus(DAY * 2);
    assert_eq!(store.platform().purge_expired(late, 2).await.unwrap(), 14);
    assert_eq!(counts().await, [1, 3, 1, 3, 3, 3, 3]);
    while store.platform().purge_expired(late, 2).await.unwrap() > 0 {}
    assert_eq!(counts().await, [0; 7]);
    assert_eq!(count(store, "change").await, 0);
}

async fn a_grant_stays_as_long_as_its_families(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let (user, client) = (sample::a_user(store, realm).await.id, sample::a_client(store, realm).await.id);
    let kept = sample::grant(realm, user, client, now);
    let short = Grant { id: GrantId::new(), ..kept.clone() };
    let first = RefreshFamily { idle_expires_at: now.plus(DAY * 5), ..sample::family(&kept, now) };
    let second = RefreshFamily { idle_expires_at: now.plus(DAY * 30), ..sample::family(&kept, now) };
    store
        .transact(realm, async |tx| {
            tx.grants().insert(&kept).await?;
            tx.grants().insert(&short).await?;
            tx.families().insert(&first).await?;
            tx.families().insert(&second).await?;
            tx.grants().touch(kept.id, now).await?;
            tx.grants().touch(short.id, now.plus(DAY)).await?;
            Ok(())
        })
        .await
        .unwrap();
    let there = async |at: Timestamp| {
        while store.platform().purge_expired(at, 10).await.unwrap() > 0 {}
        let read = store.read(realm);
        (read.grants().find(short.id).await.unwrap().is_some(), read.grants().find(kept.id).await.unwrap().is_some())
    };
    assert_eq!(there(now.plus(DAY * 2 + HOUR)).await, (true, true), "a token was issued a day later");
    assert_eq!(there(now.plus(DAY * 3 + HOUR)).await, (false, true));
    assert_eq!(there(now.plus(DAY * 20)).await, (false, true), "one family of two is left");
    assert_eq!(there(now.plus(DAY * 31 + HOUR)).await, (false, true), "its access tokens may still live");
    assert_eq!(there(now.plus(DAY * 33 + HOUR * 2)).await, (false, false));
}

async fn what_hung_on_a_removed_client_goes_in_batches(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let (removed, other) = (sample::a_client(store, realm).await.id, sample::a_client(store, realm).await.id);
    for client in [removed, other] {
        for _ in 0..7 {
            let user = sample::a_user(store, realm).await.id;
            let grant = sample::grant(realm, user, client, now);
            store
                .transact(realm, async |tx| {
                    tx.grants().insert(&grant).await?;
                    tx.families().insert(&sample::family(&grant, now)).await?;
                    Ok(tx.consents().put(&sample::consent(realm, user, client, None, now)).await?)
                })
                .await
                .unwrap();
        }
    }
    store.transact(realm, async |tx| Ok(tx.clients().remove(removed).await?)).await.unwrap();
    let mut rounds = 0;
    while store.platform().purge_expired(now, 4).await.unwrap() > 0 {
        rounds += 1;
    }
    assert_eq!(rounds, 6, "21 rows, four at once");
    for table in ["access_grant", "refresh_family", "consent"] {
        assert_eq!(count(store, table).await, 7, "{table}");
    }
    assert_eq!(count(store, "removal").await, 0);
}

async fn a_row_that_does_not_decode_is_named(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let client = sample::a_client(store, realm).await;
    for (column, value) in [("kind", "'sorcerer'"), ("redirect_uris", "'['"), ("grant_types", "'password'")] {
        let raw = store.raw().await;
        raw.execute_unprepared(&format!("UPDATE client SET {column} = {value}")).await.unwrap();
        let fault = store.read(realm).clients().find(client.id).await.unwrap_err();
        let text = fault.to_string();
        assert!(text.contains("`client`") && text.contains(&client.id.to_string()) && text.contains(column), "{text}");
        assert!(!fault.is_unavailable());
        raw.execute_unprepared("UPDATE client SET kind = 'confidential', redirect_uris = '[]', grant_types = ''").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_database_is_unavailable_and_a_closed_one_too() {
    let store = crate::database::sqlite().await;
    let realm = sample::a_realm(&store).await.id;
    let raw = store.raw().await;
    raw.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let write =
        async || store.transact(realm, async |tx| Ok(tx.users().insert(&sample::user(realm, "a@example.com", store.now())).await?)).await;
    let gantry_core::failure::Failure::Broken(fault) = write().await.unwrap_err() else { panic!("no refusal") };
    assert!(fault.is_unavailable(), "{fault}");
    assert!(store.read(realm).realms().find().await.unwrap().is_some(), "reading goes on meanwhile");
    raw.execute_unprepared("ROLLBACK").await.unwrap();
    assert!(write().await.unwrap());
    store.close().await.unwrap();
    let gantry_core::failure::Failure::Broken(fault) = write().await.unwrap_err() else { panic!("no refusal") };
    assert!(fault.is_unavailable(), "{fault}");
    assert!(store.read(realm).realms().find().await.unwrap_err().is_unavailable());
}

#[tokio::test]
async fn postgres_does_not_wait_for_ever() {
    let Some(store) = crate::database::postgres().await else { return };
    let realm = sample::a_realm(&store).await;
    let raw = store.raw().await;
    raw.execute_unprepared("BEGIN; SELECT 1 FROM realm FOR UPDATE").await.unwrap();
    let started = std::time::Instant::now();
    let write = store.transact(realm.id, async |tx| Ok(tx.realms().update(&realm).await?)).await;
    let gantry_core::failure::Failure::Broken(fault) = write.unwrap_err() else { panic!("no refusal") };
    assert!(fault.is_unavailable(), "{fault}");
    assert!(started.elapsed() < Duration::from_secs(4));
    raw.execute_unprepared("ROLLBACK").await.unwrap();
    store.remove().await;
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_unavailable() {
    use gantry_core::clock::SystemClock;
    use gantry_core::secret::Secret;
    use gantry_store::seal::Sealer;
    use gantry_store::{Store, StoreSettings};
    let open = async |url: &str| {
        let settings = StoreSettings { database_url: Secret::new(url), max_connections: 1 };
        let sealer = Sealer::from_master_key(&Sealer::generate_master_key()).unwrap();
        Store::open(&settings, sealer, std::sync::Arc::new(SystemClock), None).await.unwrap_err()
    };
    let refused = open("postgres://gantry:hunter2@127.0.0.1:1/gantry").await;
    assert!(refused.is_unavailable());
    let missing = open("sqlite:///nowhere/at/all/gantry.db").await;
    assert!(missing.is_unavailable());
    let wrong = open("mysql://gantry:hunter2@127.0.0.1/gantry").await;
    assert!(!wrong.is_unavailable());
    for fault in [refused, missing, wrong] {
        assert!(!format!("{fault} {fault:?}").contains("hunter2"));
    }
}
