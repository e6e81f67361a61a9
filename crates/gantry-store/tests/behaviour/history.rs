//! The audit trail by what it is narrowed by, the figures that are added up from it, and how both are forgotten.

use std::time::Duration;

use gantry_core::audit::{AuditEntry, AuditEvent, AuditFilter, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::figure::{hour_of, start_of};
use gantry_core::id::{ClientId, RealmId, TenantId, UserId};
use gantry_core::mail_text::{MailForm, MailText};
use gantry_core::outbox::{Mail, MailKind, OutboxState};
use tokio::task::JoinSet;

use crate::database::TestStore;
use crate::sample::{self, HOUR};

on_each_database! {
    lines_are_found_by_what_they_say,
    lines_say_where_their_request_came_from,
    lines_count_once_on_however_many_nodes,
    figures_are_summed_by_hour_and_by_day,
    history_is_forgotten_in_batches,
    the_outbox_shows_no_mail,
    a_realm_words_its_mails,
}

const DAY: Duration = Duration::from_hours(24);

async fn write(store: &TestStore, realm: RealmId, entries: &[AuditEntry]) {
    store.transact(realm, async |tx| Ok(tx.audit().insert_all(entries).await?)).await.unwrap();
}

async fn lines_are_found_by_what_they_say(store: &TestStore) {
    let (realm, other) = (sample::a_realm(store).await.id, sample::a_realm(store).await.id);
    let now = store.now();
    let line = |minutes: u64| AuditEntry::new(realm, now.minus(Duration::from_mins(minutes)), AuditEvent::Updated);
    let (user, client, tenant) = (UserId::new(), ClientId::new(), TenantId::new());
    let lines = [
        line(50).user(user),
        line(40).client(client).target(&client),
        line(30).tenant(tenant).reason("because"),
        AuditEntry { event: AuditEvent::Removed, ..line(20).by(gantry_core::actor::Actor::CommandLine) },
        line(10).user(user).tenant(tenant),
    ];
    write(store, realm, &lines).await;
    write(store, other, &[AuditEntry::new(other, now, AuditEvent::Updated).user(user).tenant(tenant)]).await;
    let read = store.read(realm);
    let found = async |filter: AuditFilter| {
        let found = read.audit().search(&filter, None, 10).await.unwrap();
        found.iter().map(|entry| lines.iter().position(|line| line.id == entry.id).unwrap()).collect::<Vec<_>>()
    };
    let all = AuditFilter::default;
    assert_eq!(found(all()).await, [4, 3, 2, 1, 0]);
    assert_eq!(found(AuditFilter { person: Some(user), ..all() }).await, [4, 0]);
    assert_eq!(found(AuditFilter { client: Some(client), ..all() }).await, [1]);
    assert_eq!(found(AuditFilter { target: Some(client.to_string()), ..all() }).await, [1]);
    assert_eq!(found(AuditFilter { tenant: Some(tenant), ..all() }).await, [4, 2]);
    assert_eq!(found(AuditFilter { reason: Some("because".to_owned()), ..all() }).await, [2]);
    assert_eq!(found(AuditFilter { events: vec![AuditEvent::Removed], ..all() }).await, [3]);
    assert_eq!(found(AuditFilter { events: vec![AuditEvent::Removed, AuditEvent::SignedIn], ..all() }).await, [3]);
    assert_eq!(found(AuditFilter { actor: Some("command_line".to_owned()), ..all() }).await, [3]);
    let (from, until) = (Some(lines[1].at), Some(lines[3].at));
    assert_eq!(found(AuditFilter { from, until, ..all() }).await, [2, 1], "from the first on, and before the last");
    let after = Some((lines[3].at, lines[3].id));
    let rest = read.audit().search(&all(), after, 2).await.unwrap();
    assert_eq!(rest.iter().map(|entry| entry.id).collect::<Vec<_>>(), [lines[2].id, lines[1].id]);
    assert_eq!(read.audit().find(lines[2].id).await.unwrap().as_ref(), Some(&lines[2]));
    assert_eq!(store.read(other).audit().find(lines[2].id).await.unwrap(), None);
}

async fn lines_say_where_their_request_came_from(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let origin = |ip: &str| Origin { ip: ip.to_owned(), user_agent: "x".to_owned(), request_id: format!("r-{ip}") };
    let own = AuditEntry::new(realm, store.now(), AuditEvent::Created).from(&origin("192.0.2.2"));
    let bare = AuditEntry::new(realm, store.now(), AuditEvent::Created);
    let work = async |tx: &gantry_store::RealmTx| {
        tx.audit().insert(&own).await?;
        Ok(tx.audit().insert_all(std::slice::from_ref(&bare)).await?)
    };
    store.transact_from(realm, &origin("192.0.2.1"), work).await.unwrap();
    let read = store.read(realm);
    assert_eq!(read.audit().find(own.id).await.unwrap().unwrap().ip.as_deref(), Some("192.0.2.2"));
    let bare = read.audit().find(bare.id).await.unwrap().unwrap();
    assert_eq!((bare.ip.as_deref(), bare.request_id.as_deref()), (Some("192.0.2.1"), Some("r-192.0.2.1")));
}

async fn total(store: &TestStore, realm: RealmId, tenant: Option<TenantId>, event: AuditEvent) -> u64 {
    let figures = store.read(realm).figures().sums(tenant, &[event], store.now().minus(DAY), 1).await.unwrap();
    figures.iter().map(|figure| figure.count).sum()
}

async fn lines_count_once_on_however_many_nodes(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let (now, tenant) = (store.now(), TenantId::new());
    let sign_ins = |count: usize| (0..count).map(|_| AuditEntry::new(realm, now, AuditEvent::SignedIn).tenant(tenant)).collect::<Vec<_>>();
    write(store, realm, &sign_ins(700)).await;
    write(store, realm, &[AuditEntry::new(realm, now, AuditEvent::Updated).tenant(tenant)]).await;
    let mut nodes = JoinSet::new();
    for _ in 0..4 {
        let node = store.neighbour().await;
        nodes.spawn(async move {
            let mut counted = 0;
            for _ in 0..5 {
                counted += node.platform().roll_up_figures(60).await.unwrap();
            }
            counted
        });
    }
    let mut counted: u64 = nodes.join_all().await.iter().sum();
    while counted < 700 {
        let more = store.platform().roll_up_figures(60).await.unwrap();
        assert!(more > 0, "{counted} of 700");
        counted += more;
    }
    assert_eq!((counted, store.platform().roll_up_figures(60).await.unwrap()), (700, 0));
    assert_eq!(total(store, realm, None, AuditEvent::SignedIn).await, 700);
    assert_eq!(total(store, realm, Some(tenant), AuditEvent::SignedIn).await, 700);
    assert_eq!(total(store, realm, Some(TenantId::new()), AuditEvent::SignedIn).await, 0);
    assert_eq!(total(store, realm, None, AuditEvent::Updated).await, 0, "what nobody charts is not counted");

    // A line whose transaction began long ago and commits only now.
    let late = AuditEntry::new(realm, now.minus(HOUR * 3), AuditEvent::SignedIn);
    write(store, realm, &[late]).await;
    assert_eq!(store.platform().roll_up_figures(60).await.unwrap(), 1);
    assert_eq!(total(store, realm, None, AuditEvent::SignedIn).await, 701);
    assert_eq!(total(store, realm, Some(tenant), AuditEvent::SignedIn).await, 700);
}

async fn figures_are_summed_by_hour_and_by_day(store: &TestStore) {
    let (realm, other) = (sample::a_realm(store).await.id, sample::a_realm(store).await.id);
    let today = start_of(hour_of(store.now()).div_euclid(24) * 24);
    let refused = |of: RealmId, at: Timestamp, reason: &str| AuditEntry::new(of, at, AuditEvent::TokenRefused).reason(reason);
    let (first, second) = (today.plus(HOUR), today.plus(HOUR * 2));
    let lines = [
        refused(realm, first, "invalid_grant"),
        refused(realm, first.plus(Duration::from_mins(59)), "invalid_grant"),
        refused(realm, second, "invalid_grant"),
        refused(realm, second, "something worded freely"),
        refused(realm, today.minus(HOUR), "invalid_grant"),
    ];
    write(store, realm, &lines).await;
    write(store, other, &[refused(other, first, "invalid_grant")]).await;
    while store.platform().roll_up_figures(2).await.unwrap() > 0 {}
    let sums = async |from: Timestamp, span: u32| {
        let figures = store.read(realm).figures().sums(None, &[AuditEvent::TokenRefused], from, span).await.unwrap();
        let mut sums: Vec<_> = figures.into_iter().map(|figure| (figure.at, figure.reason, figure.count)).collect();
        sums.sort();
        sums
    };
    let grant = |at: Timestamp, count: u64| (at, "invalid_grant".to_owned(), count);
    let other = |at: Timestamp| (at, "other".to_owned(), 1);
    assert_eq!(sums(today, 1).await, [grant(first, 2), grant(second, 1), other(second)]);
    assert_eq!(sums(today.minus(DAY), 24).await, [grant(today.minus(DAY), 1), grant(today, 3), other(today)]);
}

async fn history_is_forgotten_in_batches(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let old: Vec<_> = (0..5).map(|_| AuditEntry::new(realm, now.minus(DAY * 10), AuditEvent::SignedIn)).collect();
    write(store, realm, &old).await;
    write(store, realm, &[AuditEntry::new(realm, now, AuditEvent::SignedIn)]).await;
    let purge = async |lines: Option<Timestamp>, figures: Timestamp| store.platform().purge_history(lines, figures, 2).await.unwrap();
    assert_eq!(purge(Some(now.minus(DAY)), now.minus(DAY * 20)).await, 0, "none of them is counted yet");
    while store.platform().roll_up_figures(100).await.unwrap() > 0 {}
    assert_eq!(purge(None, now.minus(DAY * 20)).await, 0);
    assert_eq!(purge(Some(now.minus(DAY)), now.minus(DAY * 20)).await, 2);
    while purge(Some(now.minus(DAY)), now.minus(DAY * 20)).await > 0 {}
    assert_eq!(store.read(realm).audit().list(None, 10).await.unwrap().len(), 1);
    let sums = async || store.read(realm).figures().sums(None, &[AuditEvent::SignedIn], now.minus(DAY * 30), 24).await.unwrap().len();
    assert_eq!(sums().await, 2, "figures outlive their lines");
    assert_eq!(purge(None, now.minus(DAY)).await, 1);
    assert_eq!(sums().await, 1);
}

async fn the_outbox_shows_no_mail(store: &TestStore) {
    let (realm, other) = (sample::a_realm(store).await.id, sample::a_realm(store).await.id);
    let now = store.now();
    let kind = MailKind::VerifyEmail { link: "https://example.com/canary".to_owned() };
    let mail = Mail { to: EmailAddress::parse("ada@example.com").unwrap(), locale: "de".to_owned(), kind };
    for of in [realm, realm, realm, other] {
        store.transact(of, async |tx| Ok(tx.outbox().insert(&mail, now).await?)).await.unwrap();
    }
    let outbox = store.read(realm);
    let listed = outbox.outbox().list(None, None, 10).await.unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[0].mail, Some((mail.to.clone(), "de".to_owned(), "verify_email")));
    assert!(!format!("{listed:?}").contains("canary"));
    assert_eq!(outbox.outbox().list(None, Some(listed[1].id), 10).await.unwrap(), listed[2..]);
    store.platform().mail_failed(listed[0].id, "refused", None).await.unwrap();
    store.platform().mail_failed(listed[1].id, "later", Some(now.plus(HOUR))).await.unwrap();
    for (state, id) in [(OutboxState::GivenUp, listed[0].id), (OutboxState::Failing, listed[1].id), (OutboxState::Waiting, listed[2].id)] {
        let found = outbox.outbox().list(Some(state), None, 10).await.unwrap();
        assert_eq!(found.iter().map(|entry| (entry.id, entry.state)).collect::<Vec<_>>(), [(id, state)]);
    }
    let retry = async |of: RealmId, id| store.transact(of, async |tx| Ok(tx.outbox().retry(id, now).await?)).await.unwrap();
    assert!(!retry(other, listed[0].id).await, "another realm's");
    assert!(retry(realm, listed[0].id).await && retry(realm, listed[1].id).await);
    assert!(!retry(realm, listed[2].id).await, "it is due anyway");
    let give_up = async |id| store.transact(realm, async |tx| Ok(tx.outbox().give_up(id).await?)).await.unwrap();
    assert!(give_up(listed[2].id).await);
    assert!(!give_up(listed[2].id).await);
    assert_eq!(store.platform().lease_due_mail(now, 10).await.unwrap().len(), 3, "two here and the other realm's");
    let stranger = store.stranger().await.read(realm).outbox().list(None, None, 10).await.unwrap();
    assert!(stranger.len() == 3 && stranger.iter().all(|entry| entry.mail.is_none()));
}

async fn a_realm_words_its_mails(store: &TestStore) {
    let (realm, other) = (sample::a_realm(store).await.id, sample::a_realm(store).await.id);
    let kind = MailForm::parse("verify_email").unwrap();
    let paragraphs = vec!["Hello".to_owned(), "{link}".to_owned()];
    let text = MailText { kind, locale: "de".to_owned(), subject: "Hallo".to_owned(), paragraphs, updated_at: store.now() };
    let again = MailText { subject: "Servus".to_owned(), ..text.clone() };
    for text in [&text, &again] {
        store.transact(realm, async |tx| Ok(tx.mail_texts().put(text).await?)).await.unwrap();
    }
    let read = store.read(realm);
    assert_eq!(read.mail_texts().find(kind, "de").await.unwrap().as_ref(), Some(&again));
    assert_eq!(read.mail_texts().find(kind, "en").await.unwrap(), None);
    assert_eq!(store.read(other).mail_texts().find(kind, "de").await.unwrap(), None);
    assert_eq!(read.mail_texts().list().await.unwrap(), [again]);
    let remove = async |of| store.transact(of, async |tx| Ok(tx.mail_texts().remove(kind, "de").await?)).await.unwrap();
    assert!(!remove(other).await);
    assert!(remove(realm).await);
    assert!(!remove(realm).await);
}
