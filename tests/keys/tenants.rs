//! Personal tokens that act in an organization.

use gantry_core::actor::Actor;
use gantry_core::clock::Clock as _;
use gantry_core::realm::TenantDemand;
use gantry_core::tenant::{SignInRule, Tenant, TenantRole};
use gantry_identity::members::{self, MemberSettings};
use gantry_identity::tenants::{self, TenantSettings};
use gantry_oauth::personal_tokens::Unfit;
use gantry_store::RealmTx;

use super::{ask, ask_for_token, bearer};
use crate::support::{Gantry, Person};

async fn with_tenants(demand: TenantDemand) -> Gantry {
    let gantry = Gantry::start().await;
    gantry.change_realm(|settings| settings.tenants = demand).await;
    gantry.apply("realm: {slug: default}\ntenants: [{org_id: org_other, name: Other, members: [{user: alice@example.com}]}]").await;
    gantry
}

async fn tenant(gantry: &Gantry, org_id: &str) -> Tenant {
    gantry.store.read(gantry.realm_id().await).tenants().find_by_org_id(org_id).await.unwrap().unwrap()
}

async fn change(gantry: &Gantry, org_id: &str, suspended: bool, max_sign_in_age: Option<u32>) {
    let tenant = tenant(gantry, org_id).await;
    let settings = TenantSettings { max_sign_in_age, sign_in: SignInRule::Any, suspended: Some(suspended), ..TenantSettings::of(&tenant) };
    let now = gantry.clock.now();
    let work = async |tx: &RealmTx| tenants::update(tx, Actor::CommandLine, tenant.id, settings.clone(), now).await;
    gantry.store.transact(tenant.realm_id, work).await.unwrap();
}

/// The organization in which a token acts, as a gateway hears it; none: it does not work.
async fn acts_in(gantry: &Gantry, token: &str) -> Option<String> {
    let answer = ask(gantry, reqwest::Method::GET, "", &[("Authorization", &bearer(token))]).await;
    let known = gantry.client("orders-api").introspect(token).await.ok().json();
    if answer.status != 200 {
        assert_eq!((answer.status, known), (401, serde_json::json!({ "active": false })));
        return None;
    }
    let org_id = answer.headers["x-auth-org"].to_str().unwrap().to_owned();
    assert_eq!(known["org_id"].as_str().unwrap_or_default(), org_id);
    Some(org_id)
}

#[tokio::test]
async fn a_token_is_for_an_organization_where_the_realm_wants_it() {
    let gantry = with_tenants(TenantDemand::Required).await;
    assert_eq!(ask_for_token(&gantry, Person::ALICE, "orders:read", None).await.unwrap_err(), [Unfit::Tenant]);
    assert_eq!(ask_for_token(&gantry, Person::BOB, "orders:read", Some("org_other")).await.unwrap_err(), [Unfit::Tenant]);
    let (_, text) = ask_for_token(&gantry, Person::ALICE, "orders:read", Some("org_acme")).await.unwrap();
    assert_eq!(acts_in(&gantry, &text).await.as_deref(), Some("org_acme"));
    gantry.change_realm(|settings| settings.tenants = TenantDemand::None).await;
    assert_eq!(acts_in(&gantry, &text).await, None, "the realm has no organizations");
    assert_eq!(ask_for_token(&gantry, Person::ALICE, "orders:read", Some("org_acme")).await.unwrap_err(), [Unfit::Tenant]);
    gantry.change_realm(|settings| settings.tenants = TenantDemand::Optional).await;
    assert_eq!(acts_in(&gantry, &text).await.as_deref(), Some("org_acme"));
    let (_, without) = ask_for_token(&gantry, Person::ALICE, "orders:read", None).await.unwrap();
    assert_eq!(acts_in(&gantry, &without).await.as_deref(), Some(""));
    gantry.change_realm(|settings| settings.tenants = TenantDemand::Required).await;
    assert_eq!(acts_in(&gantry, &without).await, None, "an organization is demanded");
}

#[tokio::test]
async fn ten_11_a_break_ends_personal_tokens_for_good() {
    let gantry = with_tenants(TenantDemand::Optional).await;
    let (_, text) = ask_for_token(&gantry, Person::ALICE, "orders:read", Some("org_acme")).await.unwrap();
    let (_, elsewhere) = ask_for_token(&gantry, Person::ALICE, "orders:read", Some("org_other")).await.unwrap();
    change(&gantry, "org_acme", true, None).await;
    assert_eq!(acts_in(&gantry, &text).await, None, "suspended");
    assert_eq!(ask_for_token(&gantry, Person::ALICE, "orders:read", Some("org_acme")).await.unwrap_err(), [Unfit::Tenant]);
    assert_eq!(acts_in(&gantry, &elsewhere).await.as_deref(), Some("org_other"));
    change(&gantry, "org_acme", false, None).await;
    assert_eq!(acts_in(&gantry, &text).await, None, "resumed, which revives nothing");

    gantry.clock.advance(std::time::Duration::from_secs(1));
    let (_, text) = ask_for_token(&gantry, Person::ALICE, "orders:read", Some("org_acme")).await.unwrap();
    assert!(acts_in(&gantry, &text).await.is_some());
    let (acme, alice, now) = (tenant(&gantry, "org_acme").await, gantry.user(Person::ALICE).await, gantry.clock.now());
    let leave = async |tx: &RealmTx| members::remove(tx, Actor::CommandLine, acme.id, alice.id, now).await;
    gantry.store.transact(acme.realm_id, leave).await.unwrap();
    assert_eq!(acts_in(&gantry, &text).await, None, "left");
    gantry.clock.advance(std::time::Duration::from_secs(1));
    let now = gantry.clock.now();
    let join = async |tx: &RealmTx| {
        members::put(tx, Actor::CommandLine, acme.id, alice.id, MemberSettings::with(TenantRole::Member), now).await.map(|_| ())
    };
    gantry.store.transact(acme.realm_id, join).await.unwrap();
    assert_eq!(acts_in(&gantry, &text).await, None, "came back, which revives nothing");
}

#[tokio::test]
async fn an_organization_that_wants_recent_sign_ins_has_no_personal_tokens() {
    let gantry = with_tenants(TenantDemand::Optional).await;
    let (_, text) = ask_for_token(&gantry, Person::ALICE, "orders:read", Some("org_acme")).await.unwrap();
    change(&gantry, "org_acme", false, Some(3600)).await;
    assert_eq!(acts_in(&gantry, &text).await, None);
    assert_eq!(ask_for_token(&gantry, Person::ALICE, "orders:read", Some("org_acme")).await.unwrap_err(), [Unfit::Tenant]);
}

#[tokio::test]
async fn what_an_organizations_admin_approves_only_that_admin_gives_themself() {
    let gantry = with_tenants(TenantDemand::Optional).await;
    let resources = "resources: [{audience: \"https://api.example.test\", name: Orders API, scopes: [{name: \"orders:hire\", title: Hire, description: hire, tier: tenant-admin}]}]";
    gantry.apply(&format!("realm: {{slug: default, personal_tokens: {{enabled: true, scopes: [\"orders:hire\"]}}}}\n{resources}")).await;
    assert_eq!(ask_for_token(&gantry, Person::ALICE, "orders:hire", None).await.unwrap_err(), [Unfit::Scopes]);
    assert_eq!(ask_for_token(&gantry, Person::BOB, "orders:hire", Some("org_acme")).await.unwrap_err(), [Unfit::Scopes]);
    assert_eq!(ask_for_token(&gantry, Person::ALICE, "orders:hire", Some("org_other")).await.unwrap_err(), [Unfit::Scopes]);
    let (_, text) = ask_for_token(&gantry, Person::ALICE, "orders:hire", Some("org_acme")).await.unwrap();
    assert!(acts_in(&gantry, &text).await.is_some());
    let (acme, alice, now) = (tenant(&gantry, "org_acme").await, gantry.user(Person::ALICE).await, gantry.clock.now());
    let demote = async |tx: &RealmTx| {
        members::put(tx, Actor::CommandLine, acme.id, alice.id, MemberSettings::with(TenantRole::Member), now).await.map(|_| ())
    };
    gantry.store.transact(acme.realm_id, demote).await.unwrap();
    assert_eq!(acts_in(&gantry, &text).await, None, "no admin there any more");
}
