//! Reading the audit trail: whose lines, in which order, and by what they are found.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, AuditFilter, Origin};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::{TenantId, UserId};
use gantry_identity::audit;
use gantry_identity::refusals::{self, RefusedAct};
use gantry_identity::roles::Administers;

use crate::world::World;

async fn write(world: &World, lines: &[AuditEntry]) {
    world.store.transact(world.realm.id, async |tx| Ok(tx.audit().insert_all(lines).await?)).await.unwrap();
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> ErrorCode {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn lines_come_newest_first_and_page_by_page_each_once() {
    let world = World::new().await;
    let (realm, now, rows) = (world.realm.id, world.now(), world.store.read(world.realm.id));
    // Many of one instant: the place of a line is its instant and its id.
    let lines: Vec<AuditEntry> = (0..25)
        .map(|number| AuditEntry::new(realm, now.plus(Duration::from_secs(number / 10)), AuditEvent::Updated).target(&"canary"))
        .collect();
    write(&world, &lines).await;
    let filter = AuditFilter { target: Some("canary".to_owned()), ..AuditFilter::default() };
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = audit::list(&rows, Actor::System, None, filter.clone(), after.as_ref(), 10).await.unwrap();
        seen.extend(page.items.into_iter().map(|line| (line.entry.at, line.entry.id)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let mut expected: Vec<_> = lines.iter().map(|line| (line.at, line.id)).collect();
    expected.sort_unstable_by(|left, right| right.cmp(left));
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_filter_leaves_what_fits_all_of_it() {
    let world = World::new().await;
    let (realm, now, rows) = (world.realm.id, world.now(), world.store.read(world.realm.id));
    let (person, tenant) = (UserId::new(), TenantId::new());
    let line = |event| AuditEntry::new(realm, now, event);
    let lines = [
        line(AuditEvent::Updated).user(person).tenant(tenant).reason("one"),
        line(AuditEvent::Updated).user(person),
        line(AuditEvent::Removed).user(person).tenant(tenant),
        AuditEntry { at: now.minus(Duration::from_hours(2)), ..line(AuditEvent::Updated).user(person).tenant(tenant).reason("one") },
    ];
    write(&world, &lines).await;
    let found = async |filter: AuditFilter| {
        let page = audit::list(&rows, Actor::System, None, filter, None, 100).await.unwrap();
        page.items.into_iter().map(|line| line.entry.id).collect::<Vec<_>>()
    };
    let of = AuditFilter { person: Some(person), ..AuditFilter::default() };
    assert_eq!(found(of.clone()).await.len(), 4);
    assert_eq!(found(AuditFilter { tenant: Some(tenant), ..of.clone() }).await.len(), 3);
    let narrow = AuditFilter {
        tenant: Some(tenant),
        events: vec![AuditEvent::Updated],
        reason: Some("one".to_owned()),
        from: Some(now.minus(Duration::from_hours(1))),
        ..of
    };
    assert_eq!(found(narrow.clone()).await, [lines[0].id]);
    assert!(found(AuditFilter { until: Some(now), ..narrow }).await.is_empty());
}

#[tokio::test]
async fn ten_21_a_tenants_admin_reads_the_lines_that_name_their_tenant() {
    let world = World::new().await;
    let (realm, now, rows) = (world.realm.id, world.now(), world.store.read(world.realm.id));
    let (own, other) = (TenantId::new(), TenantId::new());
    let lines = [own, other].map(|tenant| AuditEntry::new(realm, now, AuditEvent::Updated).tenant(tenant));
    write(&world, &lines).await;
    let admin = Actor::TenantAdmin { user: UserId::new(), realm, tenant: own };
    let page = audit::list(&rows, admin, Some(own), AuditFilter::default(), None, 100).await.unwrap();
    assert_eq!(page.items.iter().map(|line| line.entry.id).collect::<Vec<_>>(), [lines[0].id]);
    // Their filter cannot name another one, nor can the address.
    let foreign = AuditFilter { tenant: Some(other), ..AuditFilter::default() };
    let page = audit::list(&rows, admin, Some(own), foreign, None, 100).await.unwrap();
    assert!(page.items.iter().all(|line| line.entry.tenant_id == Some(own)));
    for tenant in [None, Some(other)] {
        assert_eq!(code(audit::list(&rows, admin, tenant, AuditFilter::default(), None, 100).await), ErrorCode::NotFound);
        assert_eq!(code(audit::find(&rows, admin, tenant, lines[0].id).await), ErrorCode::NotFound);
    }
    assert_eq!(code(audit::find(&rows, admin, Some(own), lines[1].id).await), ErrorCode::NotFound);
    let export = async |actor| {
        world.store.transact(realm, async |tx| audit::begin_export(tx, actor, None, &AuditFilter::default(), now).await).await
    };
    assert_eq!(code(export(admin).await), ErrorCode::NotFound);
    export(Actor::System).await.unwrap();
    let taken = AuditFilter { events: vec![AuditEvent::AuditExported], ..AuditFilter::default() };
    assert_eq!(audit::list(&rows, Actor::System, None, taken, None, 100).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn ten_21_a_refused_admin_leaves_a_line_and_a_flood_of_them_no_more_than_twenty() {
    let world = World::new().await;
    let rows = world.store.read(world.realm.id);
    let (ada, bob) = (world.person("ada@example.com").await, world.person("bob@example.com").await);
    let act = RefusedAct { address: Some("/console/realms/{realm}/people"), method: "GET", reason: "not_found" };
    let note = async |person: &gantry_core::user::User, what: &Administers| {
        let origin = Origin { ip: "192.0.2.1".to_owned(), ..Origin::default() };
        refusals::note(&world.store, (person, what), act, &origin, world.now()).await.unwrap();
    };
    for _ in 0..50 {
        note(&ada, &Administers::Realm).await;
    }
    note(&bob, &Administers::Realm).await;
    note(&bob, &Administers::Nothing).await;
    let of = async |person: UserId| {
        let filter = AuditFilter { events: vec![AuditEvent::AdminRefused], person: Some(person), ..AuditFilter::default() };
        audit::list(&rows, Actor::System, None, filter, None, 200).await.unwrap().items
    };
    assert_eq!((of(ada.id).await.len(), of(bob.id).await.len()), (20, 1));
    let entry = &of(bob.id).await[0].entry;
    assert_eq!((entry.actor.as_str(), entry.reason.as_deref(), entry.ip.as_deref()), ("realm_admin", Some("not_found"), Some("192.0.2.1")));
}
