//! RP-initiated logout: a genuine ID token of the person who is signed in, or a question.

use std::time::Duration;

use crate::support::{Answer, Authorization, Browser, Gantry, Page, Person};

const BYE: &str = "https://ledger.example.test/bye";

async fn signed_in(gantry: &Gantry) -> (Browser, Authorization<'_>, Answer) {
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    let tokens = request.tokens(&browser, Person::ALICE).await;
    (browser, request, tokens)
}

async fn log_out(gantry: &Gantry, browser: &Browser, parameters: &[(&str, &str)]) -> Page {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    browser.open(gantry.url(&format!("/oauth/logout?{query}"))).await
}

async fn is_signed_in(request: &Authorization<'_>, browser: &Browser) -> bool {
    request.clone().set("prompt", "none").open(browser).await.answer().contains_key("code")
}

/// The page that asks, in a browser where the session is still alive.
async fn is_question(request: &Authorization<'_>, browser: &Browser, page: &Page) {
    assert!(page.left.is_none() && page.status == 200, "{:?}", page.left);
    assert!(page.has("#logout-confirm"), "{}", page.html);
    assert!(is_signed_in(request, browser).await);
}

/// Says yes to the question.
async fn confirm(browser: &Browser, page: &Page) -> Page {
    browser.submit(page, "logout-confirm", &[]).await
}

#[tokio::test]
async fn a_genuine_hint_signs_out_and_leads_back() {
    let gantry = Gantry::start().await;
    let (browser, request, tokens) = signed_in(&gantry).await;
    let state = "s".repeat(128);
    let hint = tokens.text("id_token");
    let page = log_out(&gantry, &browser, &[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE), ("state", &state)]).await;
    assert_eq!(page.left.unwrap().as_str(), format!("{BYE}?state={state}"));
    assert!(!is_signed_in(&request, &browser).await);
    assert_eq!(gantry.audited("signed_out").await, 1);

    // What ended with the session is dead.
    assert_eq!(gantry.userinfo(&tokens.access_token()).await.status, 401);
}

#[tokio::test]
async fn without_state_none_is_added_and_an_expired_hint_is_a_hint() {
    let gantry = Gantry::start().await;
    let (browser, request, tokens) = signed_in(&gantry).await;
    gantry.clock.advance(Duration::from_hours(3));
    let hint = tokens.text("id_token");
    let page = log_out(&gantry, &browser, &[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE), ("client_id", "ledger")]).await;
    assert_eq!(page.left.unwrap().as_str(), BYE);
    assert!(!is_signed_in(&request, &browser).await);
}

#[tokio::test]
async fn an_app_may_ask_by_post() {
    let gantry = Gantry::start().await;
    let (browser, request, tokens) = signed_in(&gantry).await;
    let body = [("id_token_hint".to_owned(), tokens.text("id_token")), ("post_logout_redirect_uri".to_owned(), BYE.to_owned())];
    let url = reqwest::Url::parse(&gantry.url("/oauth/logout")).unwrap();
    let page = browser.post(&url, &body, &[("sec-fetch-site", "cross-site"), ("origin", "https://ledger.example.test")]).await;
    assert_eq!(page.left.unwrap().as_str(), BYE);
    assert!(!is_signed_in(&request, &browser).await);
}

#[tokio::test]
async fn access_that_was_to_be_kept_is_kept() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize().scope("openid offline_access"));
    let tokens = request.tokens(&browser, Person::ALICE).await;
    let page = log_out(&gantry, &browser, &[("id_token_hint", &tokens.text("id_token"))]).await;
    assert!(page.left.is_none() && page.status == 200);
    assert!(!is_signed_in(&request, &browser).await);
    request.app.refresh(&tokens.refresh_token()).await.ok();
}

#[tokio::test]
async fn lgo_01_only_a_registered_address_of_the_app_is_gone_to() {
    let gantry = Gantry::start().await;
    let (browser, request, tokens) = signed_in(&gantry).await;
    let hint = tokens.text("id_token");
    for wrong in [
        "https://evil.example/",
        "https://ledger.example.test/",
        "https://ledger.example.test/bye?x=1",
        "https://ledger.example.test/bye/",
        "https://ledger.example.test/by",
        "https://ledger.example.test/callback",
        "https://spa.example.test/bye",
    ] {
        let page = log_out(&gantry, &browser, &[("id_token_hint", &hint), ("post_logout_redirect_uri", wrong)]).await;
        is_question(&request, &browser, &page).await;
    }
    // A good address is worth nothing without a genuine hint, even if the person says yes.
    for parameters in [vec![("post_logout_redirect_uri", BYE)], vec![("post_logout_redirect_uri", BYE), ("client_id", "ledger")]] {
        let page = log_out(&gantry, &browser, &parameters).await;
        is_question(&request, &browser, &page).await;
    }
    let page = log_out(&gantry, &browser, &[("post_logout_redirect_uri", BYE), ("client_id", "ledger")]).await;
    let page = confirm(&browser, &page).await;
    assert!(page.left.is_none() && page.status == 200, "{:?}", page.left);
    assert!(!is_signed_in(&request, &browser).await);
}

#[tokio::test]
async fn lgo_02_without_a_genuine_hint_the_person_is_asked() {
    let gantry = Gantry::start().await;
    let (browser, request, tokens) = signed_in(&gantry).await;
    let genuine = tokens.text("id_token");
    let payload = genuine.split('.').nth(1).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{payload}.");
    let foreign = format!("{}.{payload}.{}", genuine.split('.').next().unwrap(), "A".repeat(342));
    for hint in ["", "nonsense", &unsigned, &foreign, &tokens.access_token()] {
        let page = log_out(&gantry, &browser, &[("id_token_hint", hint), ("post_logout_redirect_uri", BYE)]).await;
        is_question(&request, &browser, &page).await;
    }
    let contradicting = [("id_token_hint", genuine.as_str()), ("client_id", "notes"), ("post_logout_redirect_uri", BYE)];
    is_question(&request, &browser, &log_out(&gantry, &browser, &contradicting).await).await;
    let page = log_out(&gantry, &browser, &[]).await;
    is_question(&request, &browser, &page).await;
    let page = confirm(&browser, &page).await;
    assert!(page.left.is_none() && page.status == 200);
    assert!(!is_signed_in(&request, &browser).await);
}

#[tokio::test]
async fn lgo_02_an_image_signs_nobody_out() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new().with_header("sec-fetch-dest", "image"), gantry.client("ledger").authorize());
    let tokens = request.tokens(&browser, Person::ALICE).await;
    let page = log_out(&gantry, &browser, &[("id_token_hint", &tokens.text("id_token"))]).await;
    is_question(&request, &browser, &page).await;
}

#[tokio::test]
async fn lgo_03_another_persons_hint_asks_first() {
    let gantry = Gantry::start().await;
    let (_, _, alices) = signed_in(&gantry).await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    request.walk(&browser, Person::BOB).await.code();
    let hint = alices.text("id_token");
    let page = log_out(&gantry, &browser, &[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE), ("state", "x")]).await;
    is_question(&request, &browser, &page).await;
    assert!(page.text("main").contains("Bob"), "{}", page.html);
    // The hint has proved the app, so a yes leads back to it.
    assert_eq!(confirm(&browser, &page).await.left.unwrap().as_str(), format!("{BYE}?state=x"));
    assert!(!is_signed_in(&request, &browser).await);
}

#[tokio::test]
async fn a_hint_of_another_realm_is_none() {
    let gantry = Gantry::start().await;
    let (browser, _, tokens) = signed_in(&gantry).await;
    let mut elsewhere = gantry.client("ledger").authorize();
    elsewhere.app.base = gantry.other_realm();
    elsewhere.walk(&browser, Person::ALICE).await.code();
    let page = browser.open(format!("{}/oauth/logout?id_token_hint={}", gantry.other_realm(), tokens.text("id_token"))).await;
    assert!(page.status == 200 && page.left.is_none());
    assert!(is_signed_in(&elsewhere, &browser).await);
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_so() {
    let gantry = Gantry::start().await;
    let page = log_out(&gantry, &Browser::new(), &[]).await;
    assert!(page.left.is_none() && page.status == 200 && !page.has("[name=csrf]"), "{}", page.html);
    let (_, _, tokens) = signed_in(&gantry).await;
    let parameters = [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", BYE.to_owned())];
    let parameters: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(log_out(&gantry, &Browser::new(), &parameters).await.left.unwrap().as_str(), BYE);
}
