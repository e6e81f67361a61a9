//! What holds of an access that was given for a tenant: how fresh its sign-in is, until when it is remembered, what ends it.

use std::time::Duration;

use gantry_core::installation::InstallationStanding::{Approved, Blocked, Installed, Removed};
use gantry_core::realm::TenantDemand::{Optional, Required};
use gantry_core::tenant::AppPolicy;

use super::tenants::{ALICE, OWN, alice_at, allow, ledger, pick, place, refresh};
use crate::support::{Browser, Person};

#[tokio::test]
async fn a_tenant_that_wants_a_fresh_sign_in_gets_one_before_anything_else() {
    let (gantry, browser) = alice_at(Required).await;
    let strict = gantry.tenant_of(ALICE, "org_strict").await;
    gantry.change_tenant(strict, |settings| settings.max_sign_in_age = Some(60)).await;
    gantry.tenant_of(ALICE, "org_easy").await;
    gantry.clock.advance(Duration::from_mins(2));
    let request = ledger(&gantry);
    assert!(request.clone().set("org_id", "org_easy").open(&browser).await.has("#consent-allow"));
    let silent = request.clone().set("org_id", "org_strict").set("prompt", "none").open(&browser).await;
    assert_eq!(silent.error(), "login_required");

    let page = pick(&browser, &request.open(&browser).await, "org_strict").await;
    assert!(page.has("[name=username]"), "{}", page.html);
    // Whoever signs in again as the same person need not choose again.
    let page = ALICE.sign_in(&browser, &page).await;
    assert_eq!(place(&page), ("the consent page".to_owned(), Some("org_strict".to_owned())));
    let tokens = request.redeem(&allow(&browser, &page, &[]).await.code()).await.ok();
    assert_eq!(tokens.claims("access_token")["org_id"], "org_strict");

    // Another person chooses for themself.
    gantry.clock.advance(Duration::from_mins(2));
    let acme = gantry.tenant_of(Person::BOB, "org_bobs").await;
    gantry.join(Person::BOB, strict).await;
    gantry.wait();
    let page = pick(&browser, &request.open(&browser).await, "org_strict").await;
    let page = browser.submit(&page, "login-submit", &[("username", Person::BOB.email)]).await;
    let page = browser.submit(&page, "login-submit", &[("password", Person::BOB.password)]).await;
    assert!(page.has("#tenant-deny") && page.has("button[value=org_bobs]"), "{acme}: {}", page.html);
}

#[tokio::test]
async fn a_consent_for_a_tenant_holds_until_something_ends_it() {
    let (gantry, browser) = alice_at(Required).await;
    let one = gantry.tenant_of(ALICE, "org_one").await;
    gantry.wait();
    let request = ledger(&gantry).set("org_id", "org_one");
    let consented = async || {
        gantry.wait();
        let page = request.open(&browser).await;
        assert!(page.has("#consent-allow"), "{}", page.html);
        allow(&browser, &page, &[]).await.code();
        gantry.wait();
        request.open(&browser).await.code();
    };
    consented().await;
    // Out and in again.
    gantry.part(ALICE, one).await;
    gantry.wait();
    gantry.join(ALICE, one).await;
    consented().await;
    // Suspended and resumed.
    gantry.change_tenant(one, |settings| settings.suspended = Some(true)).await;
    assert_eq!(place(&request.open(&browser).await).1.as_deref(), Some("tenant_suspended"));
    gantry.change_tenant(one, |settings| settings.suspended = Some(false)).await;
    consented().await;
    // Taken out by an admin: a new consent brings the app back where the policy lets members decide.
    gantry.decide(one, "ledger", Removed).await;
    consented().await;
    assert_eq!(gantry.installation(one, "ledger").await.unwrap().standing, Installed);
    // Only the admins decide.
    gantry.change_tenant(one, |settings| settings.app_policy = AppPolicy::Approved).await;
    assert_eq!(place(&request.open(&browser).await).1.as_deref(), Some("app_not_allowed"));
    gantry.decide(one, "ledger", Approved).await;
    request.open(&browser).await.code();
    assert_eq!(gantry.installation(one, "ledger").await.unwrap().standing, Approved);
    // A new version of the policy that lets all in does not undo what an admin blocked.
    gantry.decide(one, "ledger", Blocked).await;
    gantry.change_tenant(one, |settings| settings.app_policy = AppPolicy::All).await;
    consented().await;
    assert_eq!(gantry.installation(one, "ledger").await.unwrap().standing, Blocked);
}

#[tokio::test]
async fn what_closes_between_page_and_decision_is_closed() {
    let (gantry, browser) = alice_at(Required).await;
    let one = gantry.tenant_of(ALICE, "org_one").await;
    let request = ledger(&gantry).set("org_id", "org_one");
    for close in [0, 1] {
        let page = request.open(&browser).await;
        match close {
            0 => gantry.part(ALICE, one).await,
            _ => gantry.change_tenant(one, |settings| settings.suspended = Some(true)).await,
        }
        let refused = browser.submit(&page, "consent-allow", &[]).await;
        assert_eq!(refused.error(), "access_denied");
        gantry.join(ALICE, one).await;
    }
    assert_eq!((gantry.live_grants(ALICE).await, gantry.audited("consented").await), (0, 0));
}

#[tokio::test]
async fn con_09_no_on_the_tenant_page_is_no() {
    let (gantry, browser) = alice_at(Optional).await;
    gantry.tenant_of(ALICE, "org_one").await;
    let request = ledger(&gantry);
    let page = request.open(&browser).await;
    assert!(page.has("#tenant-nobody"));
    let refused = browser.submit(&page, "tenant-deny", &[]).await;
    assert_eq!((refused.error().as_str(), refused.answer()["state"].as_str()), ("access_denied", request.get("state")));
    browser.submit(&page, "tenant-deny", &[]).await.is_error_page(400);
    browser.submit(&page, "tenant-nobody", &[]).await.is_error_page(400);
    assert_eq!((gantry.live_grants(ALICE).await, gantry.audited("denied").await), (0, 1));

    // A decision needs the page's own token, and its own browser.
    let page = request.open(&browser).await;
    let form = page.form("tenant-1");
    Browser::new().post(&form.action, &form.fields, OWN).await.is_error_page(403);
    browser
        .post(&form.action, &form.fields, &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")])
        .await
        .is_error_page(403);
    let foreign = request.open(&Browser::new()).await.attribute("[name=request]", "value").unwrap();
    browser.submit(&page, "tenant-1", &[("request", &foreign)]).await.is_error_page(400);
}

#[tokio::test]
async fn the_platforms_own_app_gets_every_tenant_that_is_open() {
    let (gantry, browser) = alice_at(Required).await;
    let (one, two) = (gantry.tenant_of(ALICE, "org_one").await, gantry.tenant_of(ALICE, "org_two").await);
    let page = gantry.client("house").authorize().open(&browser).await;
    pick(&browser, &page, "org_two").await.code();
    let grant = gantry.grants(ALICE).await.remove(0);
    assert_eq!((grant.tenants, grant.default_tenant), (vec![two, one], Some(two)));
    assert!(gantry.installation(two, "house").await.is_none());
}

#[tokio::test]
async fn the_account_says_for_which_organizations_and_removing_ends_all() {
    let (gantry, browser) = alice_at(Required).await;
    gantry.tenant_of(ALICE, "org_one").await;
    gantry.tenant_of(ALICE, "org_two").await;
    let request = ledger(&gantry).set("org_id", "org_one");
    let page = request.open(&browser).await;
    let tokens = request.redeem(&allow(&browser, &page, &["org_two"]).await.code()).await.ok();
    let account = browser.open(gantry.url("/account")).await;
    assert!(account.text("#apps").contains("works in The org_one, The org_two"), "{}", account.text("#apps"));
    gantry.withdraw(ALICE, "ledger").await;
    refresh(&gantry, &tokens.refresh_token(), "org_two").await.is_error(400, "invalid_grant");
    assert!(request.open(&browser).await.has("#consent-allow"));
    assert!(request.set("org_id", "org_two").open(&browser).await.has("#consent-allow"));
}
