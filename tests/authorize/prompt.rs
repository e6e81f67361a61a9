//! `prompt`, `max_age` and `id_token_hint`: what the person is asked, and about whom the answer is.

use std::time::Duration;

use serde_json::Value;

use crate::support::{Answer, Authorization, Browser, Gantry, Page, Person};

fn is_sign_in(page: &Page) -> bool {
    page.left.is_none() && page.status == 200 && (page.has("[name=username]") || page.has("[name=password]"))
}

async fn signed_in(gantry: &Gantry) -> (Browser, Authorization<'_>, Answer) {
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    let tokens = request.tokens(&browser, Person::ALICE).await;
    (browser, request, tokens)
}

fn number(claims: &Value, name: &str) -> i64 {
    claims[name].as_i64().unwrap_or_else(|| panic!("no {name} in {claims}"))
}

#[tokio::test]
async fn ses_07_none_never_shows_a_page() {
    let gantry = Gantry::start().await;
    let silent = |app: &str| gantry.client(app).authorize().set("prompt", "none");
    assert_eq!(silent("ledger").open(&Browser::new()).await.error(), "login_required");

    let (browser, _, first) = signed_in(&gantry).await;
    let again = silent("ledger").tokens(&browser, Person::ALICE).await;
    let (first, again) = (first.claims("id_token"), again.claims("id_token"));
    assert_eq!((&first["sub"], &first["auth_time"], &first["sid"]), (&again["sub"], &again["auth_time"], &again["sid"]));

    assert_eq!(silent("notes").open(&browser).await.error(), "consent_required");
    assert_eq!(silent("ledger").scope("openid orders:read").open(&browser).await.error(), "consent_required");
    for prompt in ["none login", "none consent", "login none", "none select_account"] {
        assert_eq!(silent("ledger").set("prompt", prompt).open(&browser).await.error(), "invalid_request", "{prompt}");
    }
    gantry.clock.advance(Duration::from_mins(1));
    assert_eq!(silent("ledger").set("max_age", "30").open(&browser).await.error(), "login_required");
}

#[tokio::test]
async fn a_long_state_survives_none() {
    let gantry = Gantry::start().await;
    let state = "s".repeat(128);
    let page = gantry.client("ledger").authorize().set("prompt", "none").set("state", &state).open(&Browser::new()).await;
    assert_eq!((page.error().as_str(), &page.answer()["state"]), ("login_required", &state));
}

#[tokio::test]
async fn ses_08_login_is_met_by_a_new_sign_in_alone() {
    let gantry = Gantry::start().await;
    let (browser, request, first) = signed_in(&gantry).await;
    gantry.clock.advance(Duration::from_secs(5));
    let request = request.set("prompt", "login");
    let page = request.open(&browser).await;
    assert!(is_sign_in(&page));

    // The old session does not stand in for it, on whatever page one drops in.
    let page = browser.submit(&page, "login-submit", &[("username", Person::ALICE.email)]).await;
    let id = page.attribute("[name=request]", "value").unwrap();
    assert!(is_sign_in(&browser.open(gantry.url(&format!("/continue?request={id}"))).await));
    assert!(is_sign_in(&browser.open(gantry.url(&format!("/continue?request={id}&prompt=none&max_age=99999"))).await));

    let page = browser.submit(&page, "login-submit", &[("password", Person::ALICE.password)]).await;
    let second = request.redeem(&page.code()).await.ok().claims("id_token");
    let first = first.claims("id_token");
    assert!(number(&second, "auth_time") >= number(&first, "auth_time") + 5);
    assert_ne!(first["sid"], second["sid"]);
}

#[tokio::test]
async fn ses_08_max_age_is_met_by_a_sign_in_that_is_young_enough() {
    let gantry = Gantry::start().await;
    let (browser, request, first) = signed_in(&gantry).await;
    let first = number(&first.claims("id_token"), "auth_time");
    gantry.clock.advance(Duration::from_secs(2));

    let standing = request.clone().set("max_age", "10000").open(&browser).await;
    let standing = request.redeem(&standing.code()).await.ok().claims("id_token");
    assert_eq!(number(&standing, "auth_time"), first);

    for max_age in ["1", "0"] {
        let request = request.clone().set("max_age", max_age);
        let page = request.open(&browser).await;
        assert!(is_sign_in(&page), "max_age={max_age}");
        let page = Person::ALICE.sign_in(&browser, &page).await;
        let second = request.redeem(&page.code()).await.ok().claims("id_token");
        assert!(number(&second, "auth_time") >= first + 2);
        gantry.clock.advance(Duration::from_secs(2));
    }
    for wrong in ["-1", "soon", "1.5"] {
        assert_eq!(request.clone().set("max_age", wrong).open(&browser).await.error(), "invalid_request");
    }
}

#[tokio::test]
async fn ses_08_an_essential_acr_is_met_or_refused() {
    let gantry = Gantry::start().await;
    let demanding = |value: &str| {
        let claims = format!(r#"{{"id_token":{{"acr":{{"essential":true,"values":["{value}"]}}}}}}"#);
        gantry.client("ledger").authorize().set("claims", &claims)
    };
    assert_eq!(demanding("urn:example:gold").open(&Browser::new()).await.error(), "unmet_authentication_requirements");
    let tokens = demanding("urn:gantry:acr:1").tokens(&Browser::new(), Person::ALICE).await;
    assert_eq!(tokens.claims("id_token")["acr"], "urn:gantry:acr:1");
    // A wish is no demand.
    let wish = gantry.client("ledger").authorize().set("acr_values", "urn:example:gold urn:gantry:acr:1");
    assert_eq!(wish.tokens(&Browser::new(), Person::ALICE).await.claims("id_token")["acr"], "urn:gantry:acr:1");
}

#[tokio::test]
async fn select_account_asks_once_for_a_request() {
    let gantry = Gantry::start().await;
    let (browser, request, _) = signed_in(&gantry).await;
    let request = request.set("prompt", "select_account");
    let page = request.open(&browser).await;
    assert!(page.text("main").contains("Alice"), "{}", page.html);
    let stayed = browser.submit(&page, "login-submit", &[("account", "continue")]).await;
    request.redeem(&stayed.code()).await.ok();

    let page = request.open(&browser).await;
    let page = browser.submit(&page, "login-submit", &[("account", "another")]).await;
    assert!(is_sign_in(&page));
    let page = Person::BOB.sign_in(&browser, &page).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let bob = request.redeem(&page.code()).await.ok().claims("id_token");
    assert_eq!(bob["sub"], gantry.user(Person::BOB).await.id.to_string());
}

#[tokio::test]
async fn create_begins_with_the_sign_up_page_where_there_is_one() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().set("prompt", "create");
    let page = request.open(&Browser::new()).await;
    assert!(page.has("[name=name]") && page.has("[name=username]") && page.has("[name=password]"), "{}", page.html);
    gantry.change_realm(|settings| settings.sign_in.sign_up = false).await;
    assert_eq!(request.open(&Browser::new()).await.error(), "invalid_request");
}

#[tokio::test]
async fn consent_asks_again_even_where_it_is_remembered() {
    let gantry = Gantry::start().await;
    let (browser, request, _) = signed_in(&gantry).await;
    assert!(request.set("prompt", "consent").open(&browser).await.has("#consent-allow"));
    let house = gantry.client("house").authorize();
    assert!(house.open(&browser).await.left.is_some());
    assert!(house.set("prompt", "consent").open(&browser).await.has("#consent-allow"));
}

#[tokio::test]
async fn an_unknown_value_is_refused() {
    let gantry = Gantry::start().await;
    for prompt in ["fancy", "Login", "login fancy"] {
        assert_eq!(gantry.client("ledger").authorize().set("prompt", prompt).open(&Browser::new()).await.error(), "invalid_request");
    }
}

#[tokio::test]
async fn a_hint_names_the_person_of_the_answer() {
    let gantry = Gantry::start().await;
    let (browser, request, tokens) = signed_in(&gantry).await;
    let hinted = request.clone().set("id_token_hint", &tokens.text("id_token"));
    // An expired hint still says who is meant.
    gantry.clock.advance(Duration::from_hours(1));
    hinted.clone().set("prompt", "none").open(&browser).await.code();

    let bobs = Browser::new();
    request.walk(&bobs, Person::BOB).await.code();
    assert_eq!(hinted.clone().set("prompt", "none").open(&bobs).await.error(), "login_required");
    let page = hinted.open(&bobs).await;
    assert!(is_sign_in(&page));
    assert_eq!(Person::BOB.sign_in(&bobs, &page).await.error(), "login_required");
    let page = hinted.open(&bobs).await;
    Person::ALICE.sign_in(&bobs, &page).await.code();
}

#[tokio::test]
async fn a_subject_asked_for_in_claims_is_the_person_of_the_answer() {
    let gantry = Gantry::start().await;
    let (browser, request, _) = signed_in(&gantry).await;
    let about = |person| {
        let (gantry, request) = (&gantry, request.clone());
        async move {
            let subject = gantry.user(person).await.id;
            request.set("claims", &format!(r#"{{"id_token":{{"sub":{{"value":"{subject}"}}}}}}"#)).set("prompt", "none")
        }
    };
    about(Person::ALICE).await.open(&browser).await.code();
    assert_eq!(about(Person::BOB).await.open(&browser).await.error(), "login_required");
}

#[tokio::test]
async fn a_hint_that_is_not_ours_is_refused() {
    let gantry = Gantry::start().await;
    let (browser, request, tokens) = signed_in(&gantry).await;
    let genuine = tokens.text("id_token");
    let (payload, signature) = (genuine.split('.').nth(1).unwrap(), genuine.split('.').nth(2).unwrap());
    let unsigned = format!("eyJhbGciOiJub25lIn0.{payload}.");
    let changed = format!("{}.{payload}.{}", genuine.split('.').next().unwrap(), signature.chars().rev().collect::<String>());
    for hint in [unsigned, changed, tokens.access_token(), "nonsense".to_owned()] {
        assert_eq!(request.clone().set("id_token_hint", &hint).open(&browser).await.error(), "invalid_request");
    }
    let other_app = gantry.client("notes").authorize().set("id_token_hint", &genuine);
    assert_eq!(other_app.open(&browser).await.error(), "invalid_request");
    let mut other_realm = request.set("id_token_hint", &genuine);
    other_realm.app.base = gantry.other_realm();
    assert_eq!(other_realm.open(&browser).await.error(), "invalid_request");
}
