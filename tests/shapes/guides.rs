//! What the four guides say, request by request, as their readers write them: by hand, from the text.
//!
//! Endpoints are spelt out here and nowhere taken from Gantry, so that no constant can agree with itself.

use std::time::Duration;

use reqwest::header;
use serde_json::{Value, json};
use url::Url;

use super::{PUNCH, ROSE, SKIP, SSO};
use crate::support::{Answer, Browser, CLIENT_SECRET, ClientAuth, Gantry, Page, Person};

const CALLBACK: &str = "https%3A%2F%2Fvisitor.example.test%2Fcallback";

/// Signs in and allows, wherever the person is asked to.
async fn allow(browser: &Browser, url: &str) -> Page {
    let mut page = browser.open(url).await;
    if page.has("[name=username]") {
        page = Person::ALICE.sign_in(browser, &page).await;
    }
    if page.has("#consent-allow") {
        page = browser.submit(&page, "consent-allow", &[]).await;
    }
    page
}

/// Posts a form as `curl` does, with the credentials in it.
async fn post(gantry: &Gantry, url: &str, form: &str) -> Answer {
    let body = format!("{form}&client_id=visitor&client_secret={CLIENT_SECRET}");
    let request = gantry.http.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
    Answer::of(request.send().await.unwrap()).await
}

fn exchange(page: &Page) -> String {
    format!("grant_type=authorization_code&code={}&redirect_uri={CALLBACK}", page.code())
}

fn header_of(jwt: &str) -> Value {
    use base64::Engine as _;
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(jwt.split('.').next().unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn one_scope_a_state_and_a_refresh_token_that_stays() {
    let gantry = Gantry::start().await;
    gantry.apply(SKIP).await;
    let (base, browser) = (gantry.url("/realms/skip/oauth"), Browser::new());
    let back = allow(
        &browser,
        &format!("{base}/authorize?response_type=code&client_id=visitor&redirect_uri={CALLBACK}&scope=read&state=YOUR_UNIQUE_STATE"),
    )
    .await;
    assert_eq!(back.answer()["state"], "YOUR_UNIQUE_STATE");
    let tokens = post(&gantry, &format!("{base}/token"), &exchange(&back)).await.ok();
    assert_eq!((tokens.text("token_type").as_str(), tokens.json()["expires_in"].as_i64()), ("Bearer", Some(3600)));
    // Nobody asked for `offline_access`, and the guide says nothing of a new refresh token.
    let first = tokens.refresh_token();
    browser.forget("-session");
    for day in [1, 20, 29] {
        gantry.clock.advance(Duration::from_hours(day * 24));
        let again = post(&gantry, &format!("{base}/token"), &format!("grant_type=refresh_token&refresh_token={first}")).await.ok();
        assert_eq!((again.refresh_token(), again.text("scope").as_str()), (first.clone(), "read"));
    }
    let machine = post(&gantry, &format!("{base}/token"), "grant_type=client_credentials&scope=read").await.ok();
    assert_eq!(machine.json()["expires_in"], 3600);
    assert!(machine.json().get("refresh_token").is_none());
    let bad = post(&gantry, &format!("{base}/token"), &format!("grant_type=authorization_code&code=bad&redirect_uri={CALLBACK}")).await;
    bad.is_error(400, "invalid_request");
}

#[tokio::test]
async fn an_audience_in_every_request_and_no_openid() {
    let gantry = Gantry::start().await;
    gantry.apply(ROSE).await;
    let base = gantry.url("/realms/rose/oauth");
    let query = format!("client_id=visitor&redirect_uri={CALLBACK}&response_type=code&state=x&scope=offline_access%20email%20profile");
    for (audience, expected) in [
        ("&audience=https%3A%2F%2Frose.example.test%2Fapi", "https://rose.example.test/api"),
        ("&resource=https%3A%2F%2Freports.example.test", "https://reports.example.test"),
        // Left out: the app's own default, rather than a refusal that its reader cannot explain.
        ("", "https://rose.example.test/api"),
    ] {
        let back = allow(&Browser::new(), &format!("{base}/authorize?{query}{audience}")).await;
        let tokens = post(&gantry, &format!("{base}/token"), &exchange(&back)).await.ok();
        assert_eq!(tokens.claims("access_token")["aud"], expected);
        assert!(tokens.json().get("id_token").is_none(), "`openid` was not asked for");
        assert_eq!(tokens.text("scope"), "offline_access email profile");
        let refreshed = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh_token());
        let refreshed = post(&gantry, &format!("{base}/token"), &refreshed).await.ok();
        assert_eq!(refreshed.claims("access_token")["aud"], expected);
        // Profile and address are reachable without `openid`.
        let userinfo = gantry.http.get(format!("{base}/userinfo")).bearer_auth(refreshed.access_token()).send().await.unwrap();
        let userinfo = Answer::of(userinfo).await.ok().json();
        assert_eq!((&userinfo["email"], &userinfo["name"]), (&json!("alice@example.com"), &json!("Alice Example")));
    }
    let unknown = allow(&Browser::new(), &format!("{base}/authorize?{query}&audience=https%3A%2F%2Fother.example.test")).await;
    assert_eq!(unknown.error(), "invalid_target");
    // Without the scope for it there is no refresh token.
    let brief = query.replace("offline_access%20", "");
    let back = allow(&Browser::new(), &format!("{base}/authorize?{brief}")).await;
    let tokens = post(&gantry, &format!("{base}/token"), &exchange(&back)).await.ok();
    assert!(tokens.json().get("refresh_token").is_none());
}

#[tokio::test]
async fn no_state_colons_in_scopes_and_tokens_of_the_type_jwt() {
    let gantry = Gantry::start().await;
    gantry.apply(PUNCH).await;
    let (base, browser) = (gantry.url("/realms/punch/oauth"), Browser::new());
    let url = |scope: &str| format!("{base}/authorize?client_id=visitor&redirect_uri={CALLBACK}&response_type=code&scope={scope}");
    // As `URLSearchParams` and `urlencode` write it, as `curl --data-urlencode` does, and as people do.
    for scope in ["profile%3Aread+profile%3Aemail", "profile%3Aread%20profile%3Aemail", "profile:read%20profile:email"] {
        let back = allow(&browser, &url(scope)).await;
        let answer = back.answer();
        assert!(!answer.contains_key("state"));
        assert_eq!(answer.keys().collect::<Vec<_>>(), ["code", "iss"]);
        let tokens = post(&gantry, &format!("{base}/token"), &exchange(&back)).await.ok();
        let members = tokens.json();
        assert_eq!(
            members.as_object().unwrap().keys().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
            ["access_token", "token_type", "expires_in", "refresh_token", "scope"].into()
        );
        assert_eq!((&members["scope"], &members["expires_in"]), (&json!("profile:read profile:email"), &json!(3600)));
        // Its verifier looks at `alg` and `typ`; the `kid` tells it which key, since there is always another.
        let header = header_of(&tokens.access_token());
        assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
        assert_eq!(header.as_object().unwrap().len(), 3);
        let refresh = format!("grant_type=refresh_token&refresh_token={}", tokens.refresh_token());
        let again = post(&gantry, &format!("{base}/token"), &refresh).await.ok();
        assert_eq!(again.json().as_object().unwrap().len(), 5, "a full set again");
        // Overlapping access tokens both work: refreshing ahead of time is what the guide recommends.
        for token in [tokens.access_token(), again.access_token()] {
            let userinfo = gantry.http.get(format!("{base}/userinfo")).bearer_auth(token).header("content-type", "application/json");
            assert_eq!(Answer::of(userinfo.send().await.unwrap()).await.ok().text("email"), "alice@example.com");
        }
    }
    // Only what was asked for.
    let back = allow(&browser, &url("profile%3Aread")).await;
    let tokens = post(&gantry, &format!("{base}/token"), &exchange(&back)).await.ok();
    let userinfo = gantry.http.get(format!("{base}/userinfo")).bearer_auth(tokens.access_token()).send().await.unwrap();
    let userinfo = Answer::of(userinfo).await.ok().json();
    assert!(userinfo.get("email").is_none() && userinfo["name"] == "Alice Example");
    gantry.clock.advance(Duration::from_secs(3601));
    let expired = gantry.http.get(format!("{base}/userinfo")).bearer_auth(tokens.access_token()).send().await.unwrap();
    assert_eq!(expired.status(), 401);
    assert!(expired.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer error=\"invalid_token\""));
}

#[tokio::test]
async fn a_no_leads_back_with_access_denied() {
    let gantry = Gantry::start().await;
    gantry.apply(PUNCH).await;
    let browser = Browser::new();
    let url = gantry
        .url(&format!("/realms/punch/oauth/authorize?client_id=visitor&redirect_uri={CALLBACK}&response_type=code&scope=profile%3Aread"));
    let page = Person::ALICE.sign_in(&browser, &browser.open(&url).await).await;
    assert!(page.html.contains("Visitor"), "the page names the app");
    let back = browser.submit(&page, "consent-deny", &[]).await;
    assert_eq!(back.error(), "access_denied");
    assert!(back.left.unwrap().as_str().starts_with("https://visitor.example.test/callback?error=access_denied"));
}

#[tokio::test]
async fn a_code_of_ten_minutes_at_the_addresses_of_a_sign_on_server() {
    let gantry = Gantry::start().await;
    gantry.apply(SSO).await;
    let base = gantry.url("/auth/realms/app/protocol/openid-connect");
    let url = format!("{base}/auth?client_id=visitor&redirect_uri={CALLBACK}&response_type=code&scope=profile&state=state_key");
    for (waited, good) in [(597, true), (601, false)] {
        let back = allow(&Browser::new(), &url).await;
        assert_eq!(back.answer()["state"], "state_key");
        gantry.clock.advance(Duration::from_secs(waited));
        let answer = post(&gantry, &format!("{base}/token"), &exchange(&back)).await;
        if good {
            let members = answer.clone().ok().json();
            for (member, expected) in [
                ("expires_in", json!(300)),
                ("refresh_expires_in", json!(1800)),
                ("not-before-policy", json!(0)),
                ("token_type", json!("bearer")),
                ("scope", json!("profile")),
            ] {
                assert_eq!(members[member], expected, "{member}");
            }
            assert!(members.get("id_token").is_none(), "`openid` was not asked for");
            assert_eq!(post(&gantry, &format!("{base}/token"), &exchange(&back)).await.status, 400, "one exchange");
        } else {
            answer.is_error(400, "invalid_grant");
        }
    }
}

/// Without `state` nothing is made up, and with one it comes back byte for byte; an app may be told to send one.
#[tokio::test]
async fn state_is_echoed_and_demanded_of_nobody_who_did_not_ask_for_it() {
    let gantry = Gantry::start().await;
    let app = gantry.platform(PUNCH, "punch", "visitor").await;
    let browser = Browser::new();
    for state in [None, Some(""), Some("a b+c&d=e%2F#é\u{1f511}"), Some("{\"k\":\"v\"}")] {
        let mut request = app.authorize().without_pkce().without("nonce").without("state").scope("profile:read");
        if let Some(state) = state {
            request = request.set("state", state);
        }
        let answer = request.walk(&browser, Person::ALICE).await.answer();
        assert_eq!(answer.get("state").map(String::as_str), state.filter(|state| !state.is_empty()));
    }
    let forgetful = gantry.client("forgetful").at(&gantry.url("/realms/punch"), app.paths);
    let refused = forgetful.authorize().without("state").scope("profile:read").walk(&browser, Person::ALICE).await;
    assert_eq!(refused.error(), "invalid_request");
}

/// Libraries differ in how they prove themselves, and so do readers: either way works, both at once do not.
#[tokio::test]
async fn credentials_in_the_header_or_in_the_body() {
    let gantry = Gantry::start().await;
    let app = gantry.platform(PUNCH, "punch", "visitor").await;
    let browser = Browser::new();
    for auth in [ClientAuth::Basic(CLIENT_SECRET.to_owned()), ClientAuth::Post(CLIENT_SECRET.to_owned())] {
        let request = app.clone().with_auth(auth).authorize().without_pkce().scope("profile:read");
        let tokens = request.tokens(&browser, Person::ALICE).await;
        request.app.refresh(&tokens.refresh_token()).await.ok();
    }
    let both = [("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", "visitor"), ("client_secret", CLIENT_SECRET)];
    app.token(&both).await.is_error(400, "invalid_request");
    app.with_auth(ClientAuth::Post("x".repeat(40))).token(&both[..2]).await.is_error(401, "invalid_client");
}

/// PKCE is for whoever sends it; apps that keep a secret need not, apps that keep none must.
#[tokio::test]
async fn confidential_apps_need_no_pkce_and_public_ones_do() {
    let gantry = Gantry::start().await;
    gantry.client("ledger").authorize().without_pkce().tokens(&Browser::new(), Person::ALICE).await;
    let refused = gantry.client("spa").authorize().without_pkce().walk(&Browser::new(), Person::ALICE).await;
    assert_eq!(refused.error(), "invalid_request");
}

#[tokio::test]
async fn anything_but_a_code_is_unsupported() {
    let gantry = Gantry::start().await;
    let app = gantry.platform(SKIP, "skip", "visitor").await;
    for response_type in ["token", "id_token", "code token", "none"] {
        let refused = app.authorize().scope("read").set("response_type", response_type).open(&Browser::new()).await;
        let left: Url = refused.left.unwrap();
        assert!(left.as_str().contains("error=unsupported_response_type"), "{response_type}: {left}");
    }
}

/// Several callbacks, each of them to the byte, and the same one at both ends.
#[tokio::test]
async fn callbacks_are_compared_to_the_byte() {
    let gantry = Gantry::start().await;
    let app = gantry.platform(ROSE, "rose", "visitor").await;
    for good in ["https://visitor.example.test/callback", "https://visitor.example.test/second"] {
        let request = app.authorize().without_pkce().scope("profile").set("redirect_uri", good);
        let code = request.code(&Browser::new(), Person::ALICE).await;
        let other = request.clone().set("redirect_uri", "https://visitor.example.test/third");
        other.redeem(&code).await.is_error(400, "invalid_grant");
    }
    for wrong in [
        "https://visitor.example.test/callback/",
        "https://visitor.example.test/Callback",
        "https://visitor.example.test/callback?x=1",
        "https://visitor.example.test:443/callback",
        "https://VISITOR.example.test/callback",
        "http://visitor.example.test/callback",
        "https://sub.visitor.example.test/callback",
        "https://visitor.example.test/callback#x",
    ] {
        app.authorize().scope("profile").set("redirect_uri", wrong).open(&Browser::new()).await.is_error_page(400);
    }
}

/// Lifetimes and refresh policy are the realm's, unless the app has its own.
#[tokio::test]
async fn lifetimes_are_set_per_realm_and_per_app() {
    let gantry = Gantry::start().await;
    let brief = gantry.platform(PUNCH, "punch", "brief").await;
    let browser = Browser::new();
    let tokens = brief.authorize().scope("profile:read").tokens(&browser, Person::ALICE).await;
    assert_eq!(tokens.json()["expires_in"], 120);
    gantry.clock.advance(Duration::from_secs(500));
    let again = brief.refresh(&tokens.refresh_token()).await.ok();
    assert_eq!(again.refresh_token(), tokens.refresh_token(), "its own rotation");
    gantry.clock.advance(Duration::from_secs(401));
    brief.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    let idle = brief.authorize().scope("profile:read").tokens(&browser, Person::ALICE).await;
    gantry.clock.advance(Duration::from_secs(601));
    brief.refresh(&idle.refresh_token()).await.is_error(400, "invalid_grant");

    let visitor = gantry.client("visitor").at(&brief.base, brief.paths);
    let tokens = visitor.authorize().scope("profile:read").tokens(&browser, Person::ALICE).await;
    gantry.clock.advance(Duration::from_hours(24));
    assert_ne!(visitor.refresh(&tokens.refresh_token()).await.ok().refresh_token(), tokens.refresh_token(), "the realm's rotation");
    let never = gantry.client("forgetful").at(&brief.base, brief.paths);
    let tokens = never.authorize().scope("profile:read").tokens(&Browser::new(), Person::ALICE).await;
    assert!(tokens.json().get("refresh_token").is_none());
}

/// Who is signed in is not asked again who they are; what was allowed is not asked again either, and a new wish is.
#[tokio::test]
async fn a_second_visit_asks_for_what_is_new_alone() {
    let gantry = Gantry::start().await;
    let app = gantry.platform(PUNCH, "punch", "visitor").await;
    let browser = Browser::new();
    app.authorize().scope("profile:read").walk(&browser, Person::ALICE).await.code();
    app.authorize().scope("profile:read").open(&browser).await.code();
    let page = app.authorize().scope("profile:read profile:email").open(&browser).await;
    assert!(page.has("#consent-allow") && !page.has("[name=password]"));
    assert!(page.html.contains("see your address"), "every permission is listed");
    // What the page says the app will not get is what it did not ask for, under whatever name.
    let withheld = |page: &Page| page.text(".withheld");
    assert!(!withheld(&page).contains("e-mail"), "{}", withheld(&page));
    let again = app.authorize().scope("profile:read").set("prompt", "consent").open(&browser).await;
    assert!(withheld(&again).contains("e-mail"), "{}", withheld(&again));
}
