//! Which tenants somebody joins by signing in, and as what.

use gantry_core::audit::AuditEvent;
use gantry_core::connection::{Attachment, Connection, ConnectionSettings, JoinRule, RoleRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::{ExternalIdentity, Groups};
use gantry_core::id::UserId;
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use gantry_core::tenant::{Tenant, TenantRole};
use gantry_identity::joining::{JoinOutcome, JoinReason};
use gantry_identity::linking::dry_run;

use crate::provider::{person, refused, trusting, unverified};
use crate::world::{Browser, World};

const ADMINS: &str = "group-of-admins";

fn grouped(identity: ExternalIdentity, groups: Groups) -> ExternalIdentity {
    ExternalIdentity { groups, ..identity }
}

fn admins() -> Groups {
    Groups::Known(vec!["others".to_owned(), ADMINS.to_owned()])
}

/// A realm's connection at a tenant whose admins come by group.
async fn mapped(world: &World, join: JoinRule) -> (Connection, Tenant, Attachment) {
    let acme = world.tenant("acme", "acme.example").await;
    let entra = world.connection("entra", ConnectorKind::Oidc, trusting()).await;
    let mut attachment = world.attach(&entra, &acme, join).await;
    attachment.roles = vec![
        RoleRule { group: ADMINS.to_owned(), role: TenantRole::TenantAdmin },
        RoleRule { group: "others".to_owned(), role: TenantRole::Member },
    ];
    world.put_attachment(&attachment).await;
    (entra, acme, attachment)
}

async fn role(world: &World, tenant: &Tenant, user: UserId) -> Option<TenantRole> {
    world.membership(tenant, user).await.map(|membership| membership.role)
}

#[tokio::test]
async fn fed_22_each_rule_takes_in_whom_it_says_and_no_guest() {
    let world = World::new().await;
    let google = world.connection("google", ConnectorKind::Google, ConnectionSettings::default()).await;
    let mut tenants = Vec::new();
    for (index, join) in [JoinRule::Invited, JoinRule::ProvedDomain, JoinRule::Everyone].into_iter().enumerate() {
        let tenant = world.tenant(&format!("t{index}"), &format!("t{index}.example")).await;
        world.attach(&google, &tenant, join).await;
        tenants.push(tenant);
    }
    let cases = [
        ("a@t0.example", false, [false, false, true]),
        ("a@t1.example", false, [false, true, true]),
        ("a@gmail.com", false, [false, false, true]),
        ("b@t1.example", true, [false, false, false]),
    ];
    for (email, guest, expected) in cases {
        let identity = ExternalIdentity { guest, ..person(email, email) };
        let planned = dry_run(&world.store.read(world.realm.id), &google, &identity).await.unwrap().tenants;
        let user = world.federate(&google, &mut Browser::new(), identity).await.user;
        for (tenant, joins) in tenants.iter().zip(expected) {
            assert_eq!(role(&world, tenant, user.id).await.is_some(), joins, "{email} {}", tenant.org_id);
            let plan = planned.iter().find(|decision| decision.tenant == tenant.id).unwrap();
            assert_eq!(plan.outcome != JoinOutcome::Outside, joins, "the dry run says what happens: {plan:?}");
        }
    }
}

#[tokio::test]
async fn a_tenants_own_connection_serves_that_tenant_alone() {
    let world = World::new().await;
    let (acme, other) = (world.tenant("acme", "acme.example").await, world.tenant("other", "other.example").await);
    let own = world.connection_of(Some(acme.id), "acme", ConnectorKind::Oidc, trusting()).await;
    // Written by whatever mistake: it changes nothing.
    world.attach(&own, &other, JoinRule::Everyone).await;
    let user = world.federate(&own, &mut Browser::new(), person("1", "alice@acme.example")).await.user;
    assert_eq!(role(&world, &acme, user.id).await, Some(TenantRole::Member));
    assert_eq!(role(&world, &other, user.id).await, None);
}

#[tokio::test]
async fn roles_follow_the_groups_at_each_sign_in_and_in_that_tenant_alone() {
    let world = World::new().await;
    let (entra, acme, _) = mapped(&world, JoinRule::ProvedDomain).await;
    let other = world.tenant("other", "other.example").await;
    world.attach(&entra, &other, JoinRule::Everyone).await;
    let come = async |groups| world.federate(&entra, &mut Browser::new(), grouped(person("1", "alice@acme.example"), groups)).await.user.id;
    let alice = come(admins()).await;
    assert_eq!(role(&world, &acme, alice).await, Some(TenantRole::TenantAdmin));
    assert_eq!(role(&world, &other, alice).await, Some(TenantRole::Member), "its groups mean nothing there");
    for (groups, expected) in [
        (Groups::Unavailable, TenantRole::TenantAdmin),
        (Groups::NotSent, TenantRole::TenantAdmin),
        (Groups::Known(Vec::new()), TenantRole::Member),
        (admins(), TenantRole::TenantAdmin),
        (Groups::Known(vec!["others".to_owned()]), TenantRole::Member),
    ] {
        come(groups.clone()).await;
        assert_eq!(role(&world, &acme, alice).await, Some(expected), "{groups:?}");
    }
    let trail = world.audit(AuditEvent::RoleMapped).await;
    assert_eq!(trail.len(), 3, "{trail:?}");
    assert_eq!(world.audit(AuditEvent::Joined).await.len(), 2);
}

#[tokio::test]
async fn groups_that_cannot_be_had_are_the_last_known_ones_and_marked() {
    let world = World::new().await;
    let (entra, acme, attachment) = mapped(&world, JoinRule::ProvedDomain).await;
    let come = async |groups| world.federate(&entra, &mut Browser::new(), grouped(person("1", "alice@acme.example"), groups)).await.user.id;
    let alice = come(admins()).await;
    let link = async || world.identities(alice).await.first().unwrap().clone();
    assert_eq!(link().await.groups_stale_since, None);
    world.advance(1);
    come(Groups::Unavailable).await;
    let stale = link().await;
    assert!(stale.groups_stale_since.is_some() && stale.groups.contains(&ADMINS.to_owned()));
    // The mapping changed meanwhile: it is applied to what was last known.
    world.put_attachment(&Attachment { roles: Vec::new(), ..attachment }).await;
    come(Groups::Unavailable).await;
    assert_eq!(role(&world, &acme, alice).await, Some(TenantRole::Member));
    assert_eq!(link().await.groups_stale_since, stale.groups_stale_since, "since the first time");
    come(admins()).await;
    assert_eq!(link().await.groups_stale_since, None);
}

#[tokio::test]
async fn groups_that_were_never_known_give_no_role() {
    let world = World::new().await;
    let (entra, acme, _) = mapped(&world, JoinRule::ProvedDomain).await;
    let identity = grouped(person("1", "alice@acme.example"), Groups::Unavailable);
    let mut attempt = world.attempt(&entra, &Browser::new(), AttemptPurpose::SignIn).await;
    let browser = Browser::new();
    (attempt.tenant, attempt.browser) = (Some(acme.id), browser.digest);
    let arrived = world.arrive(&world.identity, &attempt, &browser, identity.clone()).await;
    assert_eq!(refused(&arrived), Some(SignInProblem::GroupsUnavailable));
    assert!(world.everybody().await.is_empty(), "nobody is made on the way to a refusal");
    // Not sent there for the tenant: in, but no member of it; and so again, however often.
    for _ in 0..2 {
        world.advance(1);
        let alice = world.federate(&entra, &mut Browser::new(), identity.clone()).await.user.id;
        assert_eq!(role(&world, &acme, alice).await, None);
    }
    let alice = world.federate(&entra, &mut Browser::new(), grouped(identity, admins())).await.user.id;
    assert_eq!(role(&world, &acme, alice).await, Some(TenantRole::TenantAdmin));
}

#[tokio::test]
async fn what_an_admin_decided_about_a_member_stands() {
    let world = World::new().await;
    let (entra, acme, _) = mapped(&world, JoinRule::Everyone).await;
    let alice = world.person("alice@acme.example").await;
    world.put_membership(&acme, alice.id, TenantRole::Member).await;
    let identity = grouped(person("1", "alice@acme.example"), admins());
    let planned = dry_run(&world.store.read(world.realm.id), &entra, &identity).await.unwrap().tenants;
    assert_eq!(planned.first().unwrap().because, JoinReason::ByAdmin);
    world.federate(&entra, &mut Browser::new(), identity.clone()).await;
    assert_eq!(world.membership(&acme, alice.id).await.unwrap().connection_id, None);
    assert_eq!(role(&world, &acme, alice.id).await, Some(TenantRole::Member));
    // And where one takes over what a connection had made.
    let bob = world.federate(&entra, &mut Browser::new(), grouped(person("2", "bob@acme.example"), admins())).await.user.id;
    world.put_membership(&acme, bob, TenantRole::Member).await;
    world.federate(&entra, &mut Browser::new(), grouped(person("2", "bob@acme.example"), admins())).await;
    assert_eq!(role(&world, &acme, bob).await, Some(TenantRole::Member));
}

#[tokio::test]
async fn people_of_another_directory_belong_to_another_tenant() {
    let world = World::new().await;
    let (entra, acme, attachment) = mapped(&world, JoinRule::Everyone).await;
    world.put_attachment(&Attachment { directories: vec!["acme-directory".to_owned()], ..attachment }).await;
    let of = |directory: Option<&str>, subject: &str| {
        let identity = grouped(person(subject, &format!("{subject}@gmail.com")), admins());
        ExternalIdentity { directory: directory.map(str::to_owned), ..identity }
    };
    let google = ConnectionSettings { email_trust: Some(gantry_core::connection::EmailTrust::Provider), ..trusting() };
    world.put_connection(&Connection { settings: google, ..entra.clone() }).await;
    for (directory, subject, expected) in
        [(Some("acme-directory"), "a", Some(TenantRole::TenantAdmin)), (Some("other"), "b", None), (None, "c", None)]
    {
        let user = world.federate(&entra, &mut Browser::new(), of(directory, subject)).await.user.id;
        assert_eq!(role(&world, &acme, user).await, expected, "{directory:?}");
    }
}

#[tokio::test]
async fn no_hop_speaks_of_two_tenants() {
    let world = World::new().await;
    let (entra, acme, _) = mapped(&world, JoinRule::Everyone).await;
    let other = world.tenant("other", "other.example").await;
    world.attach(&entra, &other, JoinRule::Invited).await;
    let third = world.tenant("third", "third.example").await;
    world.attach(&entra, &third, JoinRule::Everyone).await;
    let browser = Browser::new();
    let attempt = world.attempt(&entra, &browser, AttemptPurpose::SignIn).await;
    world.arrive(&world.identity, &attempt, &browser, person("1", "alice@acme.example")).await;
    let hops = world.store.read(world.realm.id).sign_in_traces().hops(attempt.trace).await.unwrap();
    let joins: Vec<_> = hops.iter().filter(|hop| hop.kind == HopKind::Join).collect();
    assert_eq!(joins.len(), 2, "{joins:?}");
    for tenant in [&acme, &third] {
        assert_eq!(joins.iter().filter(|hop| hop.detail.get("tenant") == Some(&tenant.id.to_string().into())).count(), 1);
    }
    assert!(!serde_json::to_string(&hops.iter().map(|hop| &hop.detail).collect::<Vec<_>>()).unwrap().contains(&other.id.to_string()));
}

#[tokio::test]
async fn an_earlier_proof_of_the_address_brings_no_removed_member_back() {
    let world = World::new().await;
    let acme = world.tenant("acme", "acme.example").await;
    let google = world.connection("google", ConnectorKind::Google, ConnectionSettings::default()).await;
    world.attach(&google, &acme, JoinRule::ProvedDomain).await;
    let alice = world.federate(&google, &mut Browser::new(), person("1", "alice@acme.example")).await.user.id;
    assert!(world.membership(&acme, alice).await.is_some());
    world.store.transact(world.realm.id, async |tx| Ok(tx.memberships().remove(acme.id, alice).await?)).await.unwrap();
    let said = unverified("1", "alice@acme.example", Some(false.into()));
    assert_eq!(world.federate(&google, &mut Browser::new(), said).await.user.id, alice);
    assert!(world.membership(&acme, alice).await.is_none());
    world.federate(&google, &mut Browser::new(), person("1", "alice@acme.example")).await;
    assert!(world.membership(&acme, alice).await.is_some(), "vouched for now");
}
