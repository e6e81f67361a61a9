//! Which tenants somebody joins by signing in with a provider, as what, and which sign-ins a tenant takes.

use gantry_core::connection::{JoinRule, RoleRule};
use gantry_core::realm::TenantDemand;
use gantry_core::tenant::{SignInRule, TenantRole};
use reqwest::Url;

use super::{Stand, carol};
use crate::support::upstream::Account;
use crate::support::{Answer, Browser, Person};

const ADMINS: &str = "acme-admins";

/// What a tenant's attachment and somebody's account can be, and what comes of it.
struct Case {
    join: JoinRule,
    email: &'static str,
    groups: Option<&'static [&'static str]>,
    default_role: TenantRole,
    joined: Option<TenantRole>,
}

const fn case(join: JoinRule, email: &'static str, groups: Option<&'static [&'static str]>, joined: Option<TenantRole>) -> Case {
    Case { join, email, groups, default_role: TenantRole::Member, joined }
}

const MEMBER: Option<TenantRole> = Some(TenantRole::Member);
const ADMIN: Option<TenantRole> = Some(TenantRole::TenantAdmin);

#[tokio::test]
async fn each_join_rule_takes_whom_it_names_with_the_role_of_the_highest_group() {
    let cases = [
        case(JoinRule::Invited, "a@acme.example", Some(&[ADMINS]), None),
        case(JoinRule::ProvedDomain, "b@acme.example", None, MEMBER),
        case(JoinRule::ProvedDomain, "c@acme.example", Some(&[]), MEMBER),
        case(JoinRule::ProvedDomain, "d@acme.example", Some(&["staff", ADMINS]), ADMIN),
        case(JoinRule::ProvedDomain, "e@sub.acme.example", Some(&[ADMINS]), None),
        case(JoinRule::ProvedDomain, "f@elsewhere.example", Some(&[ADMINS]), None),
        case(JoinRule::Everyone, "g@elsewhere.example", Some(&["staff"]), MEMBER),
        case(JoinRule::Everyone, "h@elsewhere.example", Some(&["Acme-Admins"]), MEMBER),
        case(JoinRule::Everyone, "i@elsewhere.example", Some(&[ADMINS]), ADMIN),
        Case { default_role: TenantRole::TenantAdmin, ..case(JoinRule::Everyone, "j@acme.example", Some(&["visitors"]), ADMIN) },
        Case { default_role: TenantRole::TenantAdmin, ..case(JoinRule::Everyone, "k@acme.example", Some(&["staff"]), MEMBER) },
    ];
    let stand = Stand::with(|connection| connection.settings.claims.groups = Some("groups".to_owned())).await;
    let gantry = &stand.gantry;
    let (tenant, beside) = (gantry.tenant("org_here").await, gantry.tenant("org_beside").await);
    gantry.prove_domain(tenant, "acme.example").await;
    for Case { join, email, groups, default_role, joined } in cases {
        gantry
            .attach(&stand.connection, tenant, |attachment| {
                attachment.join = join;
                attachment.default_role = default_role;
                attachment.roles = [("staff", TenantRole::Member), (ADMINS, TenantRole::TenantAdmin)]
                    .map(|(group, role)| RoleRule { group: group.to_owned(), role })
                    .to_vec();
            })
            .await;
        let account = Account::person(email, email);
        let account = groups.map_or_else(|| account.clone(), |groups| account.clone().groups(groups));
        stand.arrive(&Browser::new(), &account).await;
        let user = gantry.account(email).await.unwrap_or_else(|| panic!("no account for {email}"));
        assert_eq!(gantry.membership(tenant, user.id).await.map(|membership| membership.role), joined, "{email}");
        assert_eq!(gantry.membership(beside, user.id).await, None, "{email} is in a tenant of another connection");
    }
}

#[tokio::test]
async fn a_role_follows_the_groups_and_what_an_admin_decided_is_left_alone() {
    let stand = Stand::with(|connection| connection.settings.claims.groups = Some("groups".to_owned())).await;
    let gantry = &stand.gantry;
    let (tenant, invited) = (gantry.tenant("org_here").await, gantry.tenant("org_invited").await);
    let rules = vec![RoleRule { group: ADMINS.to_owned(), role: TenantRole::TenantAdmin }];
    for tenant in [tenant, invited] {
        gantry.attach(&stand.connection, tenant, |attachment| attachment.roles = rules.clone()).await;
    }
    gantry.attach(&stand.connection, invited, |attachment| attachment.join = JoinRule::Invited).await;
    let arrive = async |groups: &[&str]| {
        gantry.wait();
        stand.arrive(&Browser::new(), &carol().groups(groups)).await
    };
    arrive(&[ADMINS]).await;
    let user = gantry.account("carol@acme.example").await.unwrap();
    let role = async |tenant| gantry.membership(tenant, user.id).await.map(|membership| membership.role);
    assert_eq!((role(tenant).await, role(invited).await), (ADMIN, None));
    arrive(&["staff"]).await;
    assert_eq!(role(tenant).await, MEMBER);
    arrive(&[ADMINS]).await;
    assert_eq!(role(tenant).await, ADMIN);
    // Where the connection names the claim, one that is missing means none.
    gantry.wait();
    stand.arrive(&Browser::new(), &carol()).await;
    assert_eq!(role(tenant).await, MEMBER);
    // Where it names none, the provider does not speak of groups, and nothing changes.
    arrive(&[ADMINS]).await;
    gantry.change_connection(&stand.connection, |connection| connection.settings.claims.groups = None).await;
    arrive(&[]).await;
    assert_eq!(role(tenant).await, ADMIN);
    gantry.change_connection(&stand.connection, |connection| connection.settings.claims.groups = Some("groups".to_owned())).await;
    // An admin of the tenant makes her a member there: her groups give her nothing.
    let mut membership = gantry.membership(tenant, user.id).await.unwrap();
    (membership.tenant_id, membership.connection_id, membership.role) = (invited, None, TenantRole::Member);
    membership.id = gantry_core::id::MembershipId::new();
    gantry.store.transact(user.realm_id, async |tx| Ok(tx.memberships().put(&membership).await?)).await.unwrap();
    arrive(&[ADMINS]).await;
    assert_eq!(role(invited).await, MEMBER);
    assert!(gantry.audited("joined").await == 1 && gantry.audited("role_mapped").await >= 2);
}

async fn refresh(stand: &Stand, token: &str, org_id: &str) -> Answer {
    stand.gantry.client("ledger").token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("org_id", org_id)]).await
}

/// Done when 3 of the federation hub.
#[tokio::test]
async fn switching_to_a_tenant_with_its_own_sign_in_leads_there_and_back() {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    gantry.change_realm(|settings| settings.tenants = TenantDemand::Required).await;
    let (open, strict) = (gantry.tenant("org_open").await, gantry.tenant("org_strict").await);
    gantry.join(Person::ALICE, open).await;
    gantry.join(Person::ALICE, strict).await;
    gantry.attach(&stand.connection, strict, |attachment| attachment.join = JoinRule::Invited).await;
    let browser = Browser::new();
    gantry.wait();
    let request = stand.gantry.client("ledger").authorize().scope("openid offline_access").set("org_id", "org_open");
    let page = request.open(&browser).await;
    let page = Person::ALICE.sign_in(&browser, &page).await;
    let mut fields = page.form("consent-allow").fields;
    fields.push(("organization".to_owned(), "org_strict".to_owned()));
    let page = browser.post(&page.form("consent-allow").action, &fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    let tokens = request.redeem(&page.code()).await.ok();
    assert_eq!(tokens.claims("access_token")["org_id"], "org_open");

    gantry.change_tenant(strict, |settings| settings.sign_in = SignInRule::OwnConnection).await;
    let refused = refresh(&stand, &tokens.refresh_token(), "org_strict").await;
    refused.is_error(400, "interaction_required");
    assert_eq!(refused.text("reason"), "connection_required");

    // The address in the answer is one that the app can go to as it is, with what is its own to add.
    let told = Url::parse(&refused.text("authorization_uri")).unwrap();
    let mut again = request.clone();
    for (name, value) in told.query_pairs() {
        again = again.set(&name, &value);
    }
    assert_eq!(again.get("org_id"), "org_strict");
    gantry.wait();
    let left = again.open(&browser).await;
    let at = left.left.clone().unwrap_or_else(|| panic!("not sent on: {}", left.html));
    assert!(at.as_str().starts_with(&stand.upstream.origin), "sent to {at}");
    let proof = browser.come_back(&left, &Account::person("hers", Person::ALICE.email)).await;
    let mut page = browser.submit(&proof, "prove-submit", &[("password", Person::ALICE.password)]).await;
    if page.has("#consent-allow") {
        page = browser.submit(&page, "consent-allow", &[]).await;
    }
    let strict_tokens = again.redeem(&page.code()).await.ok();
    assert_eq!(strict_tokens.claims("access_token")["org_id"], "org_strict");
    refresh(&stand, &strict_tokens.refresh_token(), "org_strict").await.ok();
    // What was granted before works on where it may.
    refresh(&stand, &tokens.refresh_token(), "org_open").await.ok();
}

#[tokio::test]
async fn a_tenant_with_its_own_sign_in_takes_no_password_but_that_of_break_glass() {
    let stand = Stand::new().await;
    let gantry = &stand.gantry;
    gantry.change_realm(|settings| settings.tenants = TenantDemand::Required).await;
    let strict = gantry.tenant("org_strict").await;
    gantry.join(Person::ALICE, strict).await;
    gantry.join(Person::BOB, strict).await;
    gantry.attach(&stand.connection, strict, |_| ()).await;
    gantry.change_tenant(strict, |settings| settings.sign_in = SignInRule::OwnConnection).await;
    let bob = gantry.user(Person::BOB).await;
    let mut membership = gantry.membership(strict, bob.id).await.unwrap();
    membership.break_glass = true;
    gantry.store.transact(bob.realm_id, async |tx| Ok(tx.memberships().put(&membership).await?)).await.unwrap();
    gantry.wait();

    let signed_in = async |person: Person| {
        let browser = Browser::new();
        let page = browser.open(gantry.url("/account")).await;
        person.sign_in(&browser, &page).await;
        stand.request().set("org_id", "org_strict").open(&browser).await
    };
    let page = signed_in(Person::ALICE).await;
    assert!(page.left.as_ref().is_some_and(|at| at.as_str().starts_with(&stand.upstream.origin)), "{:?} {}", page.left, page.html);
    let page = signed_in(Person::BOB).await;
    assert!(page.has("#consent-allow"), "{:?} {}", page.left, page.html);
}
