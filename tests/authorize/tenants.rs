//! Tenants on the way through authorize: which one, who says so, and what the grant is for.

use std::collections::BTreeMap;
use std::time::Duration;

use gantry_core::installation::InstallationStanding::{self, Approved, Blocked, Installed, Removed};
use gantry_core::realm::TenantDemand::{self, None as NoTenants, Optional, Required};
use gantry_core::tenant::AppPolicy;

use crate::support::{Authorization, Browser, Gantry, Page, Person};

pub(super) const ALICE: Person = Person::ALICE;

/// Alice signed in, where Acme of the sample realm is not hers.
pub(super) async fn alice_at(demand: TenantDemand) -> (Gantry, Browser) {
    let gantry = Box::pin(Gantry::with_tenants(demand)).await;
    let acme = gantry.store.read(gantry.realm_id().await).tenants().find_by_org_id("org_acme").await.unwrap().unwrap();
    gantry.part(ALICE, acme.id).await;
    let browser = Browser::new();
    let page = browser.open(gantry.url("/account")).await;
    ALICE.sign_in(&browser, &page).await;
    gantry.wait();
    (gantry, browser)
}

pub(super) fn ledger(gantry: &Gantry) -> Authorization<'_> {
    gantry.client("ledger").authorize().scope("openid email orders:read offline_access")
}

/// Presses the button of an organization on the tenant page.
pub(super) async fn pick(browser: &Browser, page: &Page, org_id: &str) -> Page {
    let button = page.attribute(&format!("button[name=organization][value={org_id}]"), "id");
    browser.submit(page, &button.unwrap_or_else(|| panic!("no {org_id}:\n{}", page.html)), &[]).await
}

pub(super) async fn allow(browser: &Browser, page: &Page, ticks: &[&str]) -> Page {
    let mut fields = page.form("consent-allow").fields;
    fields.retain(|(name, _)| name != "organization");
    fields.extend(ticks.iter().map(|org_id| ("organization".to_owned(), (*org_id).to_owned())));
    browser.post(&page.form("consent-allow").action, &fields, OWN).await
}

pub(super) const OWN: &[(&str, &str)] = &[("sec-fetch-site", "same-origin"), ("origin", "null")];

/// Where an authorization request has come to, in one word and with the tenant or reason.
pub(super) fn place(page: &Page) -> (String, Option<String>) {
    if page.left.is_some() {
        let reason = page.answer().get("error_uri").map(|uri| uri.rsplit('/').next().unwrap().to_owned());
        return (page.error(), reason);
    }
    if page.has("#tenant-deny") {
        return ("the tenant page".to_owned(), None);
    }
    assert!(page.has("#consent-allow"), "{}", page.html);
    ("the consent page".to_owned(), page.attribute("[name=shown_for]", "value"))
}

/// One combination of everything that a request with or without `org_id` can meet.
#[derive(Debug, Clone, Copy)]
struct Case {
    demand: TenantDemand,
    member: bool,
    suspended: bool,
    policy: AppPolicy,
    standing: Option<InstallationStanding>,
    asked: bool,
}

impl Case {
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        // No installation comes first: none is ever forgotten.
        for standing in [None, Some(Installed), Some(Approved), Some(Blocked), Some(Removed)] {
            for demand in [NoTenants, Optional, Required] {
                for policy in [AppPolicy::All, AppPolicy::Approved, AppPolicy::BlockList] {
                    for (member, suspended) in [(false, false), (true, false), (true, true), (false, true)] {
                        for asked in [false, true] {
                            cases.push(Self { demand, member, suspended, policy, standing, asked });
                        }
                    }
                }
            }
        }
        cases
    }

    /// What has to come, written down apart from the code that decides it.
    fn expected(self) -> (&'static str, Option<&'static str>) {
        let allowed = match self.policy {
            AppPolicy::All => true,
            AppPolicy::Approved => self.standing == Some(Approved),
            AppPolicy::BlockList => self.standing != Some(Blocked),
        };
        let usable = self.member && !self.suspended && allowed;
        match (self.demand, self.asked) {
            (NoTenants, true) => ("invalid_request", Some("tenants_not_used")),
            (_, true) if !self.member => ("access_denied", Some("not_a_member")),
            (_, true) if self.suspended => ("access_denied", Some("tenant_suspended")),
            (_, true) | (Required, false) if usable => ("the consent page", Some("org_case")),
            (_, true) => ("access_denied", Some("app_not_allowed")),
            (Required, false) => ("access_denied", Some("no_tenant")),
            (Optional, false) if usable => ("the tenant page", None),
            (NoTenants | Optional, false) => ("the consent page", None),
        }
    }

    /// The same under `prompt=none`.
    fn expected_silently(self) -> &'static str {
        match self.expected().0 {
            "the consent page" => "consent_required",
            "the tenant page" => "interaction_required",
            error => error,
        }
    }
}

#[tokio::test]
async fn every_combination_of_demand_policy_membership_and_installation() {
    let (gantry, browser) = alice_at(Required).await;
    let tenant = gantry.tenant("org_case").await;
    let request = ledger(&gantry);
    let (mut member, mut demand) = (false, Required);
    for case in Case::all() {
        if case.demand != demand {
            demand = case.demand;
            gantry.change_realm(|settings| settings.tenants = demand).await;
        }
        if case.member != member {
            member = case.member;
            if member { gantry.join(ALICE, tenant).await } else { gantry.part(ALICE, tenant).await }
        }
        gantry.change_tenant(tenant, |settings| (settings.app_policy, settings.suspended) = (case.policy, Some(case.suspended))).await;
        if let Some(standing) = case.standing {
            gantry.decide(tenant, "ledger", standing).await;
        }
        let request = if case.asked { request.clone().set("org_id", "org_case") } else { request.clone() };
        let (expected, about) = case.expected();
        assert_eq!(place(&request.open(&browser).await), (expected.to_owned(), about.map(str::to_owned)), "{case:?}");
        let silent = request.set("prompt", "none").open(&browser).await;
        assert_eq!(silent.error(), case.expected_silently(), "{case:?}");
    }
    assert_eq!(gantry.live_grants(ALICE).await, 0);
}

#[tokio::test]
async fn ten_12_what_is_not_the_persons_looks_like_what_is_not_there() {
    let (gantry, browser) = alice_at(Optional).await;
    gantry.tenant_of(Person::BOB, "org_bobs").await;
    let request = ledger(&gantry);
    let answers: Vec<BTreeMap<String, String>> = futures_util::future::join_all(
        ["org_bobs", "org_nobodys", "org_acme"].map(|org_id| request.clone().set("org_id", org_id)).map(|request| {
            let browser = &browser;
            async move { request.open(browser).await.answer() }
        }),
    )
    .await;
    assert_eq!(answers[0]["error"], "access_denied");
    assert_eq!(answers[0]["error_uri"], gantry.url("/errors/not_a_member"));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // The page that the address leads to is there, for whoever made the app.
    assert_eq!(browser.open(&answers[0]["error_uri"]).await.status, 200);
}

#[tokio::test]
async fn the_parameter_has_three_names_and_one_value() {
    let (gantry, browser) = alice_at(Required).await;
    gantry.tenant_of(ALICE, "org_one").await;
    gantry.tenant_of(ALICE, "org_two").await;
    for name in ["org_id", "organization", "organization_id"] {
        let page = ledger(&gantry).set(name, "org_two").open(&browser).await;
        assert_eq!(place(&page), ("the consent page".to_owned(), Some("org_two".to_owned())), "{name}");
    }
    let twofold = ledger(&gantry).set("org_id", "org_one").set("organization", "org_two").open(&browser).await;
    assert_eq!(twofold.error(), "invalid_request");
    assert_eq!(ledger(&gantry).set("org_id", &"x".repeat(65)).open(&browser).await.error(), "invalid_request");
    assert!(ledger(&gantry).set("org_id", "").open(&browser).await.has("#tenant-deny"));
}

#[tokio::test]
async fn a_person_with_several_chooses_and_the_tokens_say_so() {
    let (gantry, browser) = alice_at(Required).await;
    let (one, two) = (gantry.tenant_of(ALICE, "org_one").await, gantry.tenant_of(ALICE, "org_two").await);
    let shut = gantry.tenant_of(ALICE, "org_shut").await;
    gantry.change_tenant(shut, |settings| settings.app_policy = AppPolicy::Approved).await;
    let request = ledger(&gantry);
    let page = request.open(&browser).await;
    let text = page.text("main");
    for shown in ["Ledger Sync", "alice@example.com", "The org_one", "org_two", "Member", "has not approved this app"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(!page.has("button[value=org_shut]") && !page.has("#tenant-nobody"));

    let page = pick(&browser, &page, "org_two").await;
    assert_eq!(place(&page).1.as_deref(), Some("org_two"));
    assert!(page.has("[name=organization][value=org_one]:not([checked])") && !page.has("[name=organization][value=org_shut]"));
    let page = allow(&browser, &page, &[]).await;
    let answered: Vec<String> = page.answer().into_keys().collect();
    assert_eq!(answered, ["code", "iss", "state"]);
    let tokens = request.redeem(&page.code()).await.ok();
    for token in ["access_token", "id_token"] {
        assert_eq!(tokens.claims(token)["org_id"], "org_two", "{token}");
    }
    let grants = gantry.grants(ALICE).await;
    assert_eq!((&grants[0].tenants[..], grants[0].default_tenant), (&[two][..], Some(two)));
    assert_eq!(gantry.installation(two, "ledger").await.unwrap().standing, Installed);
    assert!(gantry.installation(one, "ledger").await.is_none());
    let refused = refresh(&gantry, &tokens.refresh_token(), "org_one").await;
    refused.is_error(400, "access_denied");
    assert_eq!(refused.text("reason"), "tenant_not_granted");

    // The choice was for that request alone; the consent is remembered for that organization.
    let page = request.open(&browser).await;
    pick(&browser, &page, "org_two").await.code();
    let page = pick(&browser, &page_again(&request, &browser).await, "org_one").await;
    assert!(page.has("#consent-allow"));
    request.clone().set("org_id", "org_two").set("prompt", "none").open(&browser).await.code();
}

async fn page_again(request: &Authorization<'_>, browser: &Browser) -> Page {
    let page = request.open(browser).await;
    assert!(page.has("#tenant-deny"), "{}", page.html);
    page
}

pub(super) async fn refresh(gantry: &Gantry, token: &str, org_id: &str) -> crate::support::Answer {
    gantry.client("ledger").token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("org_id", org_id)]).await
}

#[tokio::test]
async fn ticked_organizations_come_along_and_a_refresh_picks_one() {
    let (gantry, browser) = alice_at(Required).await;
    let (one, two) = (gantry.tenant_of(ALICE, "org_one").await, gantry.tenant_of(ALICE, "org_two").await);
    let strict = gantry.tenant_of(ALICE, "org_strict").await;
    gantry.change_tenant(strict, |settings| settings.max_sign_in_age = Some(60)).await;
    let request = ledger(&gantry).set("org_id", "org_one");
    gantry.clock.advance(Duration::from_secs(61));
    let page = request.open(&browser).await;
    let page = allow(&browser, &page, &["org_two", "org_strict"]).await;
    let tokens = request.redeem(&page.code()).await.ok();
    assert_eq!(tokens.claims("access_token")["org_id"], "org_one");
    let grant = gantry.grants(ALICE).await.remove(0);
    assert_eq!(grant.default_tenant, Some(one));
    assert_eq!(grant.tenants.len(), 3);
    let tokens = refresh(&gantry, &tokens.refresh_token(), "org_two").await.ok();
    assert_eq!(tokens.claims("access_token")["org_id"], "org_two");
    // It was ticked all the same; what it demands is asked for when it counts.
    refresh(&gantry, &tokens.refresh_token(), "org_strict").await.is_error(400, "interaction_required");
    assert_eq!(gantry.installation(two, "ledger").await.unwrap().standing, Installed);
    assert_eq!(gantry.installation(strict, "ledger").await.unwrap().standing, Installed);

    // What was ticked is remembered: the next grant is for all of them, and the page shows them ticked.
    request.open(&browser).await.code();
    assert_eq!(gantry.grants(ALICE).await[1].tenants.len(), 3);
    let page = request.clone().set("prompt", "consent").open(&browser).await;
    assert!(page.has("[name=organization][value=org_two][checked]"));
    // What is unticked is not allowed any more.
    allow(&browser, &page, &["org_strict"]).await.code();
    request.open(&browser).await.code();
    let last = gantry.grants(ALICE).await.pop().unwrap();
    assert!(last.tenants.contains(&strict) && !last.tenants.contains(&two), "{last:?}");
    // Nor by the grants of before: they go on for the others.
    refresh(&gantry, &tokens.refresh_token(), "org_two").await.is_error(400, "access_denied");
    refresh(&gantry, &tokens.refresh_token(), "org_one").await.ok();
}

#[tokio::test]
async fn con_03_a_ticked_organization_is_the_persons_and_open_or_not_heard() {
    let (gantry, browser) = alice_at(Optional).await;
    let one = gantry.tenant_of(ALICE, "org_one").await;
    gantry.tenant_of(Person::BOB, "org_bobs").await;
    let (shut, gone) = (gantry.tenant_of(ALICE, "org_shut").await, gantry.tenant_of(ALICE, "org_gone").await);
    gantry.change_tenant(shut, |settings| settings.app_policy = AppPolicy::Approved).await;
    let ticks = ["org_bobs", "org_shut", "org_gone", "org_acme", "org_nobodys", "org_one", ""];
    let page = ledger(&gantry).set("org_id", "org_one").open(&browser).await;
    gantry.change_tenant(gone, |settings| settings.suspended = Some(true)).await;
    allow(&browser, &page, &ticks).await.code();
    assert_eq!(gantry.grants(ALICE).await[0].tenants, [one]);

    // Nor does the tenant page let anybody choose them.
    let page = ledger(&gantry).open(&browser).await;
    for org_id in ticks.iter().filter(|org_id| !["org_one", ""].contains(org_id)) {
        let again = browser.submit(&page, "tenant-nobody", &[("decision", "x"), ("organization", org_id)]).await;
        assert!(again.has("#tenant-deny"), "{org_id}: {}", again.html);
    }
    // Who goes on for themself ticks nothing.
    let page = ledger(&gantry).open(&browser).await;
    let page = browser.submit(&page, "tenant-nobody", &[]).await;
    assert_eq!(place(&page), ("the consent page".to_owned(), None));
    let page = allow(&browser, &page, &ticks).await;
    page.code();
    let grant = gantry.grants(ALICE).await.pop().unwrap();
    assert_eq!((grant.tenants.len(), grant.default_tenant), (0, None));
}

#[tokio::test]
async fn con_03_a_yes_is_for_the_organization_that_the_page_named() {
    let (gantry, browser) = alice_at(Required).await;
    gantry.tenant_of(ALICE, "org_one").await;
    gantry.tenant_of(ALICE, "org_two").await;
    let request = ledger(&gantry);
    let choice = request.open(&browser).await;
    let for_one = pick(&browser, &choice, "org_one").await;
    // The person goes back and chooses the other; then the first page's button is pressed.
    let for_two = pick(&browser, &choice, "org_two").await;
    let page = browser.submit(&for_one, "consent-allow", &[]).await;
    assert_eq!(place(&page).1.as_deref(), Some("org_two"));
    assert_eq!(gantry.live_grants(ALICE).await, 0);
    for planted in ["org_one", "", "org_nobodys"] {
        let page = browser.submit(&for_two, "consent-allow", &[("shown_for", planted)]).await;
        assert_eq!(place(&page).1.as_deref(), Some("org_two"));
    }
    let page = browser.submit(&for_two, "consent-allow", &[]).await;
    assert_eq!(request.redeem(&page.code()).await.ok().claims("access_token")["org_id"], "org_two");
}

#[tokio::test]
async fn ses_05_two_tabs_with_two_tenants_never_mix() {
    let gantry = Gantry::with_tenants(Required).await;
    gantry.tenant_of(ALICE, "org_one").await;
    gantry.tenant_of(ALICE, "org_two").await;
    gantry.wait();
    let browser = Browser::new();
    // Both tabs begin before anybody is signed in; one asks for its organization, the other lets choose.
    let (asking, choosing) = (ledger(&gantry).set("org_id", "org_one"), ledger(&gantry));
    let one = asking.open(&browser).await;
    let two = choosing.open(&browser).await;
    let one = browser.submit(&one, "login-submit", &[("username", ALICE.email)]).await;
    let two = ALICE.sign_in(&browser, &two).await;
    let one = browser.submit(&one, "login-submit", &[("password", ALICE.password)]).await;
    // The first tab's sign-in replaced the session of the second: its choice is shown once more.
    assert_eq!(place(&one).1.as_deref(), Some("org_one"));
    let two = browser.open(gantry.url(&format!("/continue?request={}", two.attribute("[name=request]", "value").unwrap()))).await;
    let two = pick(&browser, &two, "org_two").await;
    assert_eq!(place(&two).1.as_deref(), Some("org_two"));
    let one = browser.submit(&one, "consent-allow", &[]).await;
    let two = browser.submit(&two, "consent-allow", &[]).await;
    let (two, one) = (choosing.redeem(&two.code()).await.ok(), asking.redeem(&one.code()).await.ok());
    assert_eq!(one.claims("access_token")["org_id"], "org_one");
    assert_eq!(two.claims("access_token")["org_id"], "org_two");

    // From here on in silence, in any order, again and again; and each keeps its own through refreshes.
    for _ in 0..2 {
        let tabs = [asking.clone(), choosing.clone().set("org_id", "org_two")].map(|request| request.set("prompt", "none"));
        let pages = futures_util::future::join_all(tabs.iter().map(|request| request.open(&browser))).await;
        for ((request, page), org_id) in tabs.iter().zip(pages).zip(["org_one", "org_two"]) {
            assert_eq!(request.redeem(&page.code()).await.ok().claims("access_token")["org_id"], org_id);
        }
    }
    for (tokens, org_id) in [(one, "org_one"), (two, "org_two")] {
        let again = gantry.client("ledger").refresh(&tokens.refresh_token()).await.ok();
        assert_eq!(again.claims("access_token")["org_id"], org_id);
    }
}
