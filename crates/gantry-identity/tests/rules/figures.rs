//! Figures: who is told them, and that they are what was counted.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::{TenantId, UserId};
use gantry_identity::figures::{self, Range, Series};

use crate::world::World;

async fn series(world: &World, actor: Actor, range: Range, tenant: Option<TenantId>) -> Result<Series, Failure> {
    let events = [AuditEvent::SignedIn, AuditEvent::TokenRefused];
    figures::series(&world.store.read(world.realm.id), actor, &events, range, tenant, world.now()).await
}

async fn write(world: &World, lines: &[AuditEntry]) {
    world.store.transact(world.realm.id, async |tx| Ok(tx.audit().insert_all(lines).await?)).await.unwrap();
    while world.store.platform().roll_up_figures(2).await.unwrap() > 0 {}
}

#[tokio::test]
async fn lines_are_counted_once_by_the_hour_for_the_realm_and_for_their_tenant() {
    let world = World::new().await;
    let (realm, now, tenant) = (world.realm.id, world.now(), TenantId::new());
    let earlier = now.minus(Duration::from_hours(2));
    let line = |at, event| AuditEntry::new(realm, at, event);
    let refused = |at, reason: &str| line(at, AuditEvent::TokenRefused).reason(reason);
    write(
        &world,
        &[
            line(now, AuditEvent::SignedIn),
            line(earlier, AuditEvent::SignedIn).tenant(tenant),
            refused(now, "invalid_grant"),
            refused(now, "invalid_grant").tenant(tenant),
            // No figure counts these: too old for the chart, and of no interest.
            line(now.minus(Duration::from_hours(30 * 24)), AuditEvent::SignedIn),
            line(now, AuditEvent::Updated),
        ],
    )
    .await;
    let day = series(&world, Actor::System, Range::Day, None).await.unwrap();
    let signed_in = day.counts(&[AuditEvent::SignedIn]);
    assert_eq!((signed_in[23], signed_in[21], day.total(&[AuditEvent::SignedIn])), (1, 1, 2));
    assert_eq!(day.by_reason(&[AuditEvent::TokenRefused]).len(), 1);
    assert_eq!(day.total(&[AuditEvent::TokenRefused]), 2);
    let own = series(&world, Actor::System, Range::Day, Some(tenant)).await.unwrap();
    assert_eq!((own.total(&[AuditEvent::SignedIn]), own.total(&[AuditEvent::TokenRefused])), (1, 1));
    let week = series(&world, Actor::System, Range::Week, None).await.unwrap();
    assert_eq!((week.buckets.len(), week.total(&[AuditEvent::SignedIn])), (7, 2));
    // To count again changes nothing, and what comes late is counted late.
    write(&world, &[line(earlier, AuditEvent::SignedIn)]).await;
    assert_eq!(series(&world, Actor::System, Range::Day, None).await.unwrap().counts(&[AuditEvent::SignedIn])[21], 2);
}

#[tokio::test]
async fn figures_are_for_the_realms_admins_and_a_tenants_for_its_own() {
    let world = World::new().await;
    let (user, realm, tenant) = (UserId::new(), world.realm.id, TenantId::new());
    let code = async |actor, of| match series(&world, actor, Range::Day, of).await {
        Ok(_) => None,
        Err(Failure::Refused(refusal)) => Some(refusal.code),
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(code(Actor::RealmAdmin { user, realm }, None).await, None);
    let own = Actor::TenantAdmin { user, realm, tenant };
    assert_eq!(code(own, Some(tenant)).await, None);
    assert_eq!(code(own, None).await, Some(ErrorCode::NotFound));
    assert_eq!(code(own, Some(TenantId::new())).await, Some(ErrorCode::NotFound));
    assert_eq!(code(Actor::User { user, realm }, None).await, Some(ErrorCode::Forbidden));
    let elsewhere = Actor::RealmAdmin { user, realm: world.other_realm().await.id };
    assert_eq!(code(elsewhere, None).await, Some(ErrorCode::NotFound));
}
