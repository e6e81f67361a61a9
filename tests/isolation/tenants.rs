//! Another tenant, on the wire: what is not the person's or the app's is like what is not there, and what they lost stays lost.

use gantry_core::installation::InstallationStanding::{Blocked, Installed, Removed};
use gantry_core::realm::TenantDemand::{Optional, Required};

use super::request::{Request, said};
use crate::support::{Answer, App, Authorization, Browser, CLIENT_SECRET, Gantry, Person};

const API: &str = "https://api.example.test";

/// An authorization of the app `ledger` for this tenant.
pub(super) fn request<'g>(gantry: &'g Gantry, org_id: &str) -> Authorization<'g> {
    gantry.client("ledger").authorize().scope("openid offline_access orders:read").set("resource", API).set("org_id", org_id)
}

/// Tokens of a person for a tenant, and for others besides.
pub(super) async fn tokens(gantry: &Gantry, person: Person, org_id: &str, others: &[&str]) -> Answer {
    let (browser, request) = (Browser::new(), request(gantry, org_id).set("prompt", "consent"));
    let page = person.sign_in(&browser, &request.open(&browser).await).await;
    let form = page.form("consent-allow");
    let mut fields = form.fields;
    fields.extend(others.iter().map(|org_id| ("organization".to_owned(), (*org_id).to_owned())));
    let page = browser.post(&form.action, &fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    request.redeem(&page.code()).await.ok()
}

/// Refreshes for a tenant.
pub(super) async fn refresh(app: &App<'_>, token: &str, org_id: &str) -> Answer {
    app.token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("org_id", org_id)]).await
}

/// Asks for a token of the app's own for a tenant.
pub(super) async fn machine(app: &App<'_>, org_id: &str) -> Answer {
    app.token(&[("grant_type", "client_credentials"), ("scope", "orders:read"), ("org_id", org_id)]).await
}

/// A realm in which Alice works for One (and could for Two), and much else is not hers.
async fn platform() -> Gantry {
    let gantry = Gantry::with_tenants(Required).await;
    let one = gantry.tenant_of(Person::ALICE, "org_one").await;
    gantry.tenant_of(Person::ALICE, "org_two").await;
    gantry.tenant_of(Person::BOB, "org_bobs").await;
    let suspended = gantry.tenant_of(Person::BOB, "org_suspended").await;
    gantry.change_tenant(suspended, |settings| settings.suspended = Some(true)).await;
    for (org_id, standing) in [("org_blocked", Blocked), ("org_removed", Removed)] {
        let tenant = gantry.tenant_of(Person::BOB, org_id).await;
        gantry.decide(tenant, "ledger", standing).await;
    }
    let left = gantry.tenant_of(Person::ALICE, "org_left").await;
    gantry.part(Person::ALICE, left).await;
    gantry.decide(one, "ledger", Installed).await;
    gantry.wait();
    gantry
}

/// What nobody may tell apart, whatever their word for it: tenants of others, in any state, tenants of another realm, and none.
const NOT_HERS: &[&str] = &["org_nowhere", "org_bobs", "org_suspended", "org_blocked", "org_removed", "org_left", "org_of_another_realm"];

/// No tenants at all, though they may look like one to somebody.
const NO_NAMES: &[&str] = &["ORG_ONE", "org_one ", " org_one", "org_%", "org_on_", "org_\u{3bf}ne", "org_one\u{200b}", "'", "org_one\0"];

/// Asks once for each tenant, and holds that all answers are one.
async fn alike(org_ids: &[&str], mut ask: impl AsyncFnMut(&str) -> Answer) -> Answer {
    let mut first: Option<(String, Answer)> = None;
    for org_id in org_ids {
        let answer = ask(org_id).await;
        let told = said(&answer, &[("org_id", org_id)]);
        match &first {
            None => first = Some((told, answer)),
            Some((expected, _)) => assert_eq!(*expected, told, "{org_id}"),
        }
    }
    first.unwrap().1
}

#[tokio::test]
async fn ten_12_another_tenant_is_like_none_at_every_step_of_a_sign_in() {
    let gantry = platform().await;
    gantry.change_realm(|settings| settings.tenants = Optional).await;
    gantry.apply("realm: { slug: other }\ntenants: [{ org_id: org_of_another_realm, name: Elsewhere }]").await;
    let known = Browser::new();
    Person::ALICE.sign_in(&known, &known.open(gantry.url("/account")).await).await;
    let choice = request(&gantry, "").without("org_id").open(&known).await;
    assert!(choice.has("#tenant-deny"), "{}", choice.html);
    let consent = request(&gantry, "org_one").open(&known).await;
    let hidden = |page: &crate::support::Page, name: &str| page.attribute(&format!("[name={name}]"), "value").unwrap();
    let (csrf, waiting) = (hidden(&choice, "csrf"), hidden(&choice, "request"));
    let decided = hidden(&consent, "request");

    for cookies in [Vec::new(), known.cookies()] {
        for prompt in [None, Some("none"), Some("login"), Some("consent")] {
            let refused = alike(NOT_HERS, async |org_id| {
                let asked = request(&gantry, org_id).set("state", "state");
                let asked = prompt.map_or(asked.clone(), |prompt| asked.set("prompt", prompt));
                // What a request carries at random is the same for all.
                let query = asked.set("nonce", "nonce").set("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").query();
                Request::get("", format!("/oauth/authorize?{query}")).cookies(&cookies).send(&gantry, &gantry.base).await
            })
            .await;
            let location = refused.headers.get("location").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
            assert!(!location.contains("code="), "{location}");
        }
    }
    let chosen = [("/tenant", &waiting, "organization"), ("/consent", &decided, "shown_for"), ("/consent", &decided, "nothing")];
    for (path, request, name) in chosen {
        alike(NOT_HERS, async |org_id| {
            let form = [("csrf", csrf.as_str()), ("request", request), ("decision", "allow"), (name, org_id), ("scope", "orders:read")];
            Request::post("", path, &form).cookies(&known.cookies()).send(&gantry, &gantry.base).await
        })
        .await;
    }
    assert_eq!(gantry.live_grants(Person::ALICE).await, 0);
}

#[tokio::test]
async fn ten_12_another_tenant_is_like_none_at_the_token_endpoint() {
    let gantry = platform().await;
    gantry.apply("realm: { slug: other }\ntenants: [{ org_id: org_of_another_realm, name: Elsewhere }]").await;
    let (app, issued) = (gantry.client("ledger"), tokens(&gantry, Person::ALICE, "org_one", &[]).await);
    let token = issued.refresh_token();
    let (grants, refusals) = (gantry.live_grants(Person::ALICE).await, gantry.audited("token_refused").await);

    // A tenant of hers that she did not choose for the app tells no more.
    let not_granted = [NOT_HERS, &["org_two", "org_acme"]].concat();
    let refused = alike(&not_granted, async |org_id| refresh(&app, &token, org_id).await).await;
    refused.is_error(400, "access_denied");
    assert_eq!(refused.text("reason"), "tenant_not_granted");
    let refused = alike(NOT_HERS, async |org_id| machine(&app, org_id).await).await;
    refused.is_error(400, "access_denied");
    assert_eq!(refused.text("reason"), "app_not_installed");

    for wrong in NO_NAMES {
        for answer in [refresh(&app, &token, wrong).await, machine(&app, wrong).await] {
            assert_eq!(answer.status, 400, "{wrong:?}: {}", answer.body);
            assert!(["access_denied", "invalid_request"].contains(&answer.text("error").as_str()), "{wrong:?}: {}", answer.body);
        }
    }
    assert!(gantry.audited("token_refused").await > refusals, "refusals leave a line");
    assert_eq!(gantry.live_grants(Person::ALICE).await, grants);
    // Nothing was used up: the token is as it was, and so is what came with it.
    let again = refresh(&app, &token, "org_one").await.ok();
    assert_eq!(again.claims("access_token")["org_id"], "org_one");
    assert!(gantry.client("orders-api").is_active(&issued.access_token()).await);
}

#[tokio::test]
async fn cod_19_a_tenant_named_twice_is_no_tenant_and_consumes_nothing() {
    let gantry = platform().await;
    let app = gantry.client("ledger");
    let token = tokens(&gantry, Person::ALICE, "org_one", &["org_two"]).await.refresh_token();
    let ask = |pairs: &[(&str, &str)]| {
        let pairs = [&[("grant_type", "refresh_token"), ("refresh_token", token.as_str())], pairs].concat();
        Request::post("", "/oauth/token", &pairs).basic("ledger", CLIENT_SECRET)
    };
    for twice in [
        [("org_id", "org_one"), ("org_id", "org_two")],
        [("org_id", "org_one"), ("org_id", "org_one")],
        [("org_id", "org_one"), ("organization", "org_two")],
        [("organization", "org_one"), ("organization_id", "org_two")],
    ] {
        ask(&twice).send(&gantry, &gantry.base).await.is_error(400, "invalid_request");
    }
    let long = "o".repeat(65);
    ask(&[("org_id", &long)]).send(&gantry, &gantry.base).await.is_error(400, "invalid_request");
    let same = ask(&[("org_id", "org_two"), ("organization", "org_two")]).send(&gantry, &gantry.base).await.ok();
    assert_eq!(same.claims("access_token")["org_id"], "org_two");
    app.refresh(&same.refresh_token()).await.ok();
}

#[tokio::test]
async fn ten_12_no_parameter_moves_a_code_to_another_tenant() {
    let gantry = platform().await;
    let (browser, asked) = (Browser::new(), request(&gantry, "org_one"));
    let page = Person::ALICE.sign_in(&browser, &asked.open(&browser).await).await;
    let code = browser.submit(&page, "consent-allow", &[]).await.code();
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", asked.get("redirect_uri")),
        ("code_verifier", asked.verifier.as_str()),
        ("org_id", "org_bobs"),
        ("organization", "org_two"),
    ];
    let issued = gantry.client("ledger").token(&redeem).await.ok();
    for token in ["access_token", "id_token"] {
        assert_eq!(issued.claims(token)["org_id"], "org_one");
    }
    assert_eq!(gantry.userinfo(&issued.access_token()).await.ok().text("org_id"), "org_one");
    assert_eq!(gantry.client("orders-api").introspect(&issued.access_token()).await.text("org_id"), "org_one");
}

/// What ends for one tenant of a grant ends for that one alone, and does not come back (attack catalogue RTK-10, TEN-11).
#[tokio::test]
async fn ten_11_what_a_tenant_ends_is_dead_there_at_once_and_for_good() {
    let gantry = platform().await;
    let (app, api) = (gantry.client("ledger"), gantry.client("orders-api"));
    let one = gantry.store.read(gantry.realm_id().await).tenants().find_by_org_id("org_one").await.unwrap().unwrap().id;
    for (ending, reason) in [("suspended", "tenant_suspended"), ("left", "not_a_member"), ("removed", "app_removed")] {
        let two = tokens(&gantry, Person::ALICE, "org_two", &["org_one"]).await;
        let for_one = refresh(&app, &two.refresh_token(), "org_one").await.ok();
        let own = machine(&app, "org_one").await.ok().access_token();
        gantry.wait();
        match ending {
            "suspended" => gantry.change_tenant(one, |settings| settings.suspended = Some(true)).await,
            "left" => gantry.part(Person::ALICE, one).await,
            _ => gantry.decide(one, "ledger", Removed).await,
        }
        let dead = async |when: &str| {
            assert!(!api.is_active(&for_one.access_token()).await, "{ending}, {when}");
            assert_eq!(gantry.userinfo(&for_one.access_token()).await.status, 401, "{ending}, {when}");
            let refused = refresh(&app, &for_one.refresh_token(), "org_one").await;
            refused.is_error(400, "invalid_grant");
            assert_eq!(refused.text("reason"), reason, "{when}");
            assert_eq!(ending != "left", !api.is_active(&own).await, "a machine's token, {ending}, {when}");
        };
        dead("at once").await;
        // The other tenant of the same grant goes on.
        assert!(api.is_active(&two.access_token()).await);
        gantry.wait();
        match ending {
            "suspended" => gantry.change_tenant(one, |settings| settings.suspended = Some(false)).await,
            "left" => gantry.join(Person::ALICE, one).await,
            _ => gantry.decide(one, "ledger", Installed).await,
        }
        gantry.wait();
        dead("after its end was undone").await;
        refresh(&app, &for_one.refresh_token(), "org_two").await.ok();
        machine(&app, "org_one").await.ok();
        assert!(app.clone().revoke(&two.refresh_token()).await.status == 200);
    }
}
