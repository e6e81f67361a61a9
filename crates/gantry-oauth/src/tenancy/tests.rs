//! For which tenants, case by case.

use super::*;
use std::time::Duration;

use gantry_core::id::{ClientId, MembershipId, RealmId};
use gantry_core::tenant::{AppPolicy, TenantRole};

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

fn tenant(change: impl FnOnce(&mut Tenant)) -> Tenant {
    let mut tenant = Tenant {
        id: TenantId::new(),
        realm_id: RealmId::new(),
        org_id: "acme".to_owned(),
        name: "Acme".to_owned(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: gantry_core::tenant::TenantBranding::default(),
        suspended_at: None,
        not_before: None,
        created_at: NOW,
    };
    change(&mut tenant);
    tenant
}

fn installation(standing: InstallationStanding, not_before: Option<Timestamp>) -> Installation {
    Installation {
        realm_id: RealmId::new(),
        tenant_id: TenantId::new(),
        client_id: ClientId::new(),
        standing,
        not_before,
        created_at: NOW,
        updated_at: NOW,
    }
}

#[test]
fn ten_11_an_end_lasts_for_what_was_granted_before_it() {
    let resumed = tenant(|tenant| tenant.not_before = Some(NOW));
    let after = NOW.plus(Duration::from_millis(1));
    assert_eq!(unbroken(resumed.clone(), None, NOW), Err(Barrier::Suspended));
    assert!(unbroken(resumed, None, after).is_ok());
    let back = installation(InstallationStanding::Approved, Some(NOW));
    assert_eq!(unbroken(tenant(|_| {}), Some(&back), NOW), Err(Barrier::AppRemoved));
    assert!(unbroken(tenant(|_| {}), Some(&back), after).is_ok_and(|held| held.approved));
}

#[test]
fn a_tenant_is_closed_by_itself_or_to_the_app() {
    assert_eq!(closed(&tenant(|tenant| tenant.suspended_at = Some(NOW)), None), Some(Barrier::Suspended));
    let careful = tenant(|tenant| tenant.app_policy = AppPolicy::Approved);
    assert_eq!(closed(&careful, None), Some(Barrier::AppNotAllowed));
    assert_eq!(closed(&careful, Some(&installation(InstallationStanding::Approved, None))), None);
    assert_eq!(closed(&tenant(|_| {}), None), None);
}

#[test]
fn a_sign_in_ages_by_the_second() {
    let strict = tenant(|tenant| tenant.max_sign_in_age = Some(60));
    assert!(!is_too_old(&strict, NOW, NOW.plus(Duration::from_mins(1))));
    assert!(is_too_old(&strict, NOW, NOW.plus(Duration::from_secs(61))));
    assert!(!is_too_old(&tenant(|_| {}), NOW, NOW.plus(Duration::from_hours(9000))));
}

/// Rule, connection of the sign-in, whether it is the tenant's, break-glass: whether it counts.
#[test]
fn a_tenant_says_which_sign_ins_count() {
    let through = Some(ConnectionId::new());
    for (rule, connection, attached, break_glass, expected) in [
        (SignInRule::Any, None, false, false, true),
        (SignInRule::Any, through, false, false, true),
        (SignInRule::Federated, None, false, false, false),
        (SignInRule::Federated, None, false, true, true),
        (SignInRule::Federated, through, false, false, true),
        (SignInRule::OwnConnection, None, false, false, false),
        (SignInRule::OwnConnection, None, true, false, false),
        (SignInRule::OwnConnection, None, false, true, true),
        (SignInRule::OwnConnection, through, false, false, false),
        (SignInRule::OwnConnection, through, false, true, true),
        (SignInRule::OwnConnection, through, true, false, true),
    ] {
        let tenant = tenant(|tenant| tenant.sign_in = rule);
        let membership = Membership {
            id: MembershipId::new(),
            tenant_id: tenant.id,
            user_id: UserId::new(),
            role: TenantRole::Member,
            break_glass,
            connection_id: None,
            created_at: NOW,
        };
        assert_eq!(takes(&tenant, &membership, connection, attached), expected, "{rule} {connection:?} {attached} {break_glass}");
    }
}

#[test]
fn reasons_are_words_of_their_own() {
    let mut reasons: Vec<Reason> = Barrier::ALL.iter().map(|barrier| barrier.reason()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    assert_eq!(reasons.len(), Barrier::ALL.len());
    assert_eq!(Barrier::Suspended.lost().code, ErrorCode::InvalidGrant);
    assert_eq!(Barrier::NotGranted.lost().code, ErrorCode::AccessDenied);
    assert_eq!(Barrier::SignInTooOld.lost().code, ErrorCode::InteractionRequired);
    assert_eq!(Barrier::ConnectionRequired.lost().code, ErrorCode::InteractionRequired);
    assert_eq!(Barrier::NotMember.denied().code, ErrorCode::AccessDenied);
}
