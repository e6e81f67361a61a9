//! Cookies and sessions, as a browser has them.

use std::time::Duration;

use reqwest::header;

use crate::support::{Browser, Gantry, Person};

const SESSION: &str = "__Host-gantry-default-session";
const BROWSER: &str = "__Host-gantry-default-browser";

async fn sign_in(gantry: &Gantry, browser: &Browser, person: Person, remember: bool) {
    let page = browser.open(gantry.url("/sign-in")).await;
    let page = browser.submit(&page, "login-submit", &[("username", person.email)]).await;
    let mut fields = vec![("password", person.password)];
    if remember {
        fields.push(("remember", "on"));
    }
    let page = browser.submit(&page, "login-submit", &fields).await;
    assert_eq!((page.status, page.url.path()), (200, "/account"), "{}", page.html);
}

async fn is_signed_in(gantry: &Gantry, browser: &Browser) -> bool {
    browser.open(gantry.url("/account")).await.url.path() == "/account"
}

fn host(gantry: &Gantry) -> String {
    reqwest::Url::parse(&gantry.base).unwrap().host_str().unwrap().to_owned()
}

#[tokio::test]
async fn ses_01_planted_cookies_are_dead_after_sign_in() {
    let gantry = Gantry::start().await;
    let (attacker, victim) = (Browser::new(), Browser::new());
    // What an attacker has of his own: a browser cookie, and a live session of another account.
    sign_in(&gantry, &attacker, Person::BOB, false).await;
    let host = host(&gantry);
    for name in [SESSION, BROWSER] {
        victim.plant(&host, name, &attacker.cookie(&host, name).unwrap());
    }
    sign_in(&gantry, &victim, Person::ALICE, false).await;
    assert_ne!(victim.cookie(&host, SESSION), attacker.cookie(&host, SESSION));
    assert!(!is_signed_in(&gantry, &attacker).await, "the planted session has ended");
    assert!(is_signed_in(&gantry, &victim).await);
}

#[tokio::test]
async fn ses_06_one_session_never_carries_two_people() {
    let gantry = Gantry::start().await;
    let (browser, app) = (Browser::new(), gantry.client("ledger"));
    let first = app.authorize().tokens(&browser, Person::ALICE).await.claims("id_token");
    let again = app.authorize().set("prompt", "login");
    let page = again.open(&browser).await;
    // "Not you?", and then somebody else.
    let page = Person::BOB.sign_in(&browser, &page).await;
    let page = if page.has("#consent-allow") { browser.submit(&page, "consent-allow", &[]).await } else { page };
    let second = again.redeem(&page.code()).await.ok().claims("id_token");
    assert_ne!(first["sub"], second["sub"]);
    assert_ne!(first["sid"], second["sid"]);
}

#[tokio::test]
async fn ses_09_cookies_are_opaque_and_kept_to_themselves() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = browser.open(gantry.url("/sign-in")).await;
    let mut lines: Vec<String> = set_cookies(&page.headers);
    let page = browser.submit(&page, "login-submit", &[("username", "alice@example.com")]).await;
    let form = page.form("login-submit");
    let mut body: Vec<(String, String)> = form.fields.into_iter().filter(|(name, _)| name != "password").collect();
    body.push(("password".to_owned(), Person::ALICE.password.to_owned()));
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let cookies = browser.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let request = http.post(form.action).header(header::COOKIE, cookies).header("sec-fetch-site", "same-origin");
    let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(body).finish();
    let response = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(text).send().await.unwrap();
    lines.extend(set_cookies(response.headers()));
    assert_eq!(lines.len(), 4, "browser, session, devices, and that an earlier sign-out is over: {lines:?}");
    for line in &lines {
        let attributes: Vec<&str> = line.split("; ").skip(1).collect();
        for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(attributes.contains(&attribute), "{line}");
        }
        assert!(line.starts_with("__Host-gantry-default-") && !line.contains("Domain"), "{line}");
        assert!(!line.contains("alice") && !line.contains("usr_") && !line.contains("eyJ"), "{line}");
    }
}

fn set_cookies(headers: &header::HeaderMap) -> Vec<String> {
    headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn ses_11_tokens_are_no_session_cookie() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let tokens = gantry.client("ledger").authorize().scope("openid offline_access").tokens(&browser, Person::ALICE).await;
    let id_token = tokens.text("id_token");
    for value in
        [tokens.access_token(), tokens.refresh_token(), id_token.clone(), tokens.claims("id_token")["sid"].as_str().unwrap().to_owned()]
    {
        let thief = Browser::new();
        thief.plant(&host(&gantry), SESSION, &value);
        assert!(!is_signed_in(&gantry, &thief).await);
    }
}

#[tokio::test]
async fn a_cookie_that_is_named_twice_counts_as_none() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    sign_in(&gantry, &browser, Person::ALICE, false).await;
    let value = browser.cookie(&host(&gantry), SESSION).unwrap();
    let twice = Browser::new().with_header("cookie", &format!("{SESSION}={value}; {SESSION}={value}"));
    assert!(!is_signed_in(&gantry, &twice).await);
}

#[tokio::test]
async fn ses_13_after_sign_out_nothing_is_left_to_see() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    sign_in(&gantry, &browser, Person::ALICE, false).await;
    let account = browser.open(gantry.url("/account")).await;
    assert_eq!(account.headers[header::CACHE_CONTROL], "no-store");
    let old = browser.cookie(&host(&gantry), SESSION).unwrap();
    let page = browser.submit(&account, "sign-out", &[]).await;
    assert_eq!(page.url.path(), "/sign-out");
    assert_eq!(browser.cookie(&host(&gantry), SESSION), None);
    browser.plant(&host(&gantry), SESSION, &old);
    assert!(!is_signed_in(&gantry, &browser).await);
}

#[tokio::test]
async fn sign_out_asks_before_it_acts() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    sign_in(&gantry, &browser, Person::ALICE, false).await;
    let page = browser.open(gantry.url("/sign-out")).await;
    assert!(is_signed_in(&gantry, &browser).await, "opening the page changes nothing");
    browser.submit(&page, "logout-confirm", &[]).await;
    assert!(!is_signed_in(&gantry, &browser).await);
}

#[tokio::test]
async fn rtk_13_sign_out_ends_what_is_bound_to_the_session_and_nothing_else() {
    let gantry = Gantry::start().await;
    gantry.change_realm(|settings| settings.tokens.access_lifetime = 3600).await;
    let (browser, app) = (Browser::new(), gantry.client("ledger"));
    let bound = app.authorize().scope("openid opaque:read").tokens(&browser, Person::ALICE).await;
    let lasting = app.authorize().scope("openid opaque:read offline_access").set("prompt", "consent").tokens(&browser, Person::ALICE).await;
    assert_eq!(gantry.userinfo(&bound.access_token()).await.status, 200);
    let account = browser.open(gantry.url("/account")).await;
    browser.submit(&account, "sign-out", &[]).await;
    assert_eq!(gantry.userinfo(&bound.access_token()).await.status, 401);
    app.refresh(&lasting.refresh_token()).await.ok();
}

#[tokio::test]
async fn ses_01_signing_in_again_keeps_what_one_allowed() {
    let gantry = Gantry::start().await;
    let (browser, app) = (Browser::new(), gantry.client("ledger"));
    let before = app.authorize().tokens(&browser, Person::ALICE).await;
    let again = app.authorize().set("prompt", "login");
    let after = again.tokens(&browser, Person::ALICE).await;
    assert_ne!(before.claims("id_token")["sid"], after.claims("id_token")["sid"]);
    assert_eq!(gantry.userinfo(&before.access_token()).await.status, 200, "what is bound goes on under the new session");
    let account = browser.open(gantry.url("/account")).await;
    browser.submit(&account, "sign-out", &[]).await;
    assert_eq!(gantry.userinfo(&before.access_token()).await.status, 401, "and ends with it");
}

#[tokio::test]
async fn ses_14_lifetimes_hold_and_shorten_when_the_policy_does() {
    let gantry = Gantry::start().await;
    let (brief, remembered) = (Browser::new(), Browser::new());
    sign_in(&gantry, &brief, Person::ALICE, false).await;
    sign_in(&gantry, &remembered, Person::ALICE, true).await;
    gantry.clock.advance(Duration::from_hours(25));
    assert!(!is_signed_in(&gantry, &brief).await, "unused for longer than 8 hours");
    assert!(is_signed_in(&gantry, &remembered).await);
    gantry.change_realm(|settings| settings.sign_in.remember = false).await;
    assert!(!is_signed_in(&gantry, &remembered).await, "nobody is remembered any more");
}

#[tokio::test]
async fn ses_12_a_disabled_person_is_out_everywhere() {
    let gantry = Gantry::start().await;
    let (browser, app) = (Browser::new(), gantry.client("ledger"));
    let tokens = app.authorize().scope("openid offline_access").tokens(&browser, Person::ALICE).await;
    gantry.disable(Person::ALICE).await;
    assert!(!is_signed_in(&gantry, &browser).await);
    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    assert_eq!(gantry.userinfo(&tokens.access_token()).await.status, 401);
}
