//! Races about tenants: many tenants at once on one token, an end in the middle of refreshing, two choices for one request.

use std::time::Duration;

use futures_util::future::join_all;
use gantry_core::id::TenantId;
use gantry_core::installation::InstallationStanding::{Installed, Removed};
use gantry_core::realm::TenantDemand::Required;

use super::tenants::{machine, refresh, request, tokens};
use crate::support::{Browser, Gantry, Person};

/// How many ask at once.
const RACERS: usize = 32;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rtk_02_many_tenants_at_once_share_one_successor_and_each_has_its_own_token() {
    let gantry = Gantry::with_tenants(Required).await;
    let tenants = ["org_one", "org_two", "org_three", "org_four"];
    for org_id in tenants {
        gantry.tenant_of(Person::ALICE, org_id).await;
    }
    gantry.wait();
    let first = tokens(&gantry, Person::ALICE, "org_one", &tenants[1..]).await;
    let (app, rotated) = (gantry.client("ledger"), first.refresh_token());
    let asked = |racer: usize| *tenants.iter().chain(&["org_nowhere"]).nth(racer % 5).unwrap();
    let answers = join_all((0..RACERS).map(|racer| refresh(&app, &rotated, asked(racer)))).await;
    let mut successors = Vec::new();
    for (racer, answer) in answers.iter().enumerate() {
        if asked(racer) == "org_nowhere" {
            answer.is_error(400, "access_denied");
            continue;
        }
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.claims("access_token")["org_id"], asked(racer));
        successors.push(answer.refresh_token());
    }
    successors.dedup();
    assert_eq!(successors.len(), 1, "one successor, never a second branch");
    // The choice was for those access tokens alone.
    let next = app.refresh(&successors[0]).await.ok();
    assert_eq!(next.claims("access_token")["org_id"], "org_one");
}

/// What ends a tenant for a person's app, and what undoes that.
#[derive(Debug, Clone, Copy)]
enum End {
    Suspended,
    Left,
    Removed,
}

async fn end(gantry: &Gantry, tenant: TenantId, end: End, now: bool) {
    match (end, now) {
        (End::Suspended, now) => gantry.change_tenant(tenant, |settings| settings.suspended = Some(now)).await,
        (End::Left, true) => gantry.part(Person::ALICE, tenant).await,
        (End::Left, false) => gantry.join(Person::ALICE, tenant).await,
        (End::Removed, now) => gantry.decide(tenant, "ledger", if now { Removed } else { Installed }).await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_11_an_end_amid_refreshing_leaves_nothing_alive() {
    let gantry = Gantry::with_tenants(Required).await;
    let tenant = gantry.tenant_of(Person::ALICE, "org_one").await;
    let (app, api) = (gantry.client("ledger"), gantry.client("orders-api"));
    gantry.decide(tenant, "ledger", Installed).await;
    for how in [End::Suspended, End::Left, End::Removed] {
        for _ in 0..3 {
            gantry.wait();
            let first = tokens(&gantry, Person::ALICE, "org_one", &[]).await;
            gantry.wait();
            let rotated = first.refresh_token();
            let (people, machines, ()) = tokio::join!(
                join_all((0..8).map(|_| refresh(&app, &rotated, "org_one"))),
                join_all((0..8).map(|_| machine(&app, "org_one"))),
                end(&gantry, tenant, how, true),
            );
            for undone in [false, true] {
                if undone {
                    gantry.clock.advance(Duration::from_secs(2));
                    end(&gantry, tenant, how, false).await;
                }
                for answer in people.iter().filter(|answer| answer.status == 200) {
                    assert!(!api.is_active(&answer.access_token()).await, "{how:?}, undone: {undone}");
                    assert_eq!(gantry.userinfo(&answer.access_token()).await.status, 401, "{how:?}, undone: {undone}");
                    refresh(&app, &answer.refresh_token(), "org_one").await.is_error(400, "invalid_grant");
                }
                for answer in machines.iter().filter(|answer| answer.status == 200 && !matches!(how, End::Left)) {
                    assert!(!api.is_active(&answer.access_token()).await, "a machine's token, {how:?}, undone: {undone}");
                }
            }
            for refused in people.iter().filter(|answer| answer.status != 200) {
                refused.is_error(400, "invalid_grant");
            }
            for refused in machines.iter().filter(|answer| answer.status != 200) {
                refused.is_error(400, "access_denied");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn con_04_two_choices_at_once_make_one_grant_for_the_tenant_that_was_shown() {
    let gantry = Gantry::with_tenants(Required).await;
    for org_id in ["org_one", "org_two"] {
        gantry.tenant_of(Person::ALICE, org_id).await;
    }
    gantry.wait();
    let browser = Browser::new();
    Person::ALICE.sign_in(&browser, &browser.open(gantry.url("/account")).await).await;
    for round in 1..=4 {
        let asked = request(&gantry, "").without("org_id").set("prompt", "consent");
        let choice = asked.open(&browser).await;
        let pick = async |org_id: &'static str| {
            let button = choice.attribute(&format!("button[value={org_id}]"), "id").unwrap();
            let consent = browser.submit(&choice, &button, &[]).await;
            // The other choice may have come in between: then the page is for that one, or the request is answered.
            let shown = consent.has("[name=shown_for]").then(|| consent.attribute("[name=shown_for]", "value").unwrap())?;
            let answered = browser.submit(&consent, "consent-allow", &[]).await;
            let left = answered.left.as_ref()?;
            let code = left.query_pairs().find(|(name, _)| name == "code")?.1.into_owned();
            Some((shown, code))
        };
        let racers = (0..16).map(|racer| pick(["org_one", "org_two"][racer % 2]));
        let won: Vec<(String, String)> = join_all(racers).await.into_iter().flatten().collect();
        assert!(won.len() <= 1, "one request, one answer: {won:?}");
        let Some((shown, code)) = won.into_iter().next() else { continue };
        let issued = asked.redeem(&code).await.ok();
        assert_eq!(issued.claims("access_token")["org_id"], shown.as_str());
        assert!(gantry.live_grants(Person::ALICE).await <= round);
    }
    assert!(gantry.live_grants(Person::ALICE).await > 0, "nobody ever won");
}
