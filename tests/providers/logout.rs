//! Signing out there because of here, and here because of there.

use gantry_core::clock::Clock as _;
use serde_json::{Value, json};

use super::provider::{Provider, logout_token};
use super::{REFRESH, Stand, add_connection};
use crate::support::{Answer, Person};

impl Stand {
    async fn says(&self, slug: &str, token: &str) -> Answer {
        let url = self.gantry.url(&format!("/connections/{slug}/logout"));
        Answer::of(self.gantry.http.post(url).form(&[("logout_token", token)]).send().await.unwrap()).await
    }

    fn claims(&self, jti: &str, more: &[(&str, Value)]) -> Value {
        let mut claims = self.provider.logout_claims(self.gantry.clock.now().seconds(), jti);
        for (name, value) in more {
            claims[*name] = value.clone();
        }
        claims
    }
}

#[tokio::test]
async fn a_provider_ends_the_session_that_it_names_and_what_is_bound_to_it() {
    let stand = Stand::new().await;
    let (browser, session) = stand.signed_in(Person::ALICE, "alice-there", "sid-1").await;
    let (_, other) = stand.signed_in(Person::ALICE, "alice-there", "sid-2").await;
    let tokens = stand.gantry.client("ledger").authorize().tokens(&browser, Person::ALICE).await;
    let answer = stand.says("work", &logout_token(&stand.claims("one", &[("sid", json!("sid-1"))]))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(!stand.is_alive(&session).await && stand.is_alive(&other).await);
    assert_eq!(stand.gantry.userinfo(&tokens.access_token()).await.status, 401);
    assert_eq!(stand.gantry.audited("session_ended").await, 1);
    // By the person: all that is left of them, and nobody else's.
    let (_, bobs) = stand.signed_in(Person::BOB, "bob-there", "sid-3").await;
    assert_eq!(stand.says("work", &logout_token(&stand.claims("two", &[("sub", json!("alice-there"))]))).await.status, 200);
    assert!(!stand.is_alive(&other).await && stand.is_alive(&bobs).await);
}

#[tokio::test]
async fn lgo_05_what_is_not_a_providers_own_word_ends_nothing() {
    let stand = Stand::new().await;
    let (_, session) = stand.signed_in(Person::ALICE, "alice-there", "sid-1").await;
    let (_, bobs) = stand.signed_in(Person::BOB, "bob-there", "sid-2").await;
    let sub = || ("sub", json!("alice-there"));
    let now = stand.gantry.clock.now().seconds();
    let unsigned = {
        use base64::Engine as _;
        let part = |value: Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.", part(json!({ "alg": "none", "typ": "logout+jwt" })), part(stand.claims("none", &[sub()])))
    };
    let forged = {
        let good = logout_token(&stand.claims("forged", &[sub()]));
        let (head, _) = good.rsplit_once('.').unwrap();
        format!("{head}.{}", logout_token(&stand.claims("else", &[])).rsplit_once('.').unwrap().1)
    };
    let wrong = [
        ("no token", String::new()),
        ("unsigned", unsigned),
        ("forged", forged),
        ("a nonce", logout_token(&stand.claims("a", &[sub(), ("nonce", json!("n"))]))),
        ("another audience", logout_token(&stand.claims("b", &[sub(), ("aud", json!("somebody"))]))),
        ("another issuer", logout_token(&stand.claims("c", &[sub(), ("iss", json!("https://evil.example"))]))),
        ("no event", logout_token(&stand.claims("d", &[sub(), ("events", json!({}))]))),
        ("nobody", logout_token(&stand.claims("e", &[]))),
        ("an old one", logout_token(&stand.claims("f", &[sub(), ("iat", json!(now - 3600))]))),
    ];
    for (what, token) in wrong {
        let answer = stand.says("work", &token).await;
        answer.is_error(400, "invalid_request");
        assert_eq!(answer.headers["cache-control"], "no-store", "{what}");
        assert!(stand.is_alive(&session).await, "{what}");
    }
    // Another's session beside the own name: both have to fit.
    let mixed = logout_token(&stand.claims("g", &[sub(), ("sid", json!("sid-2"))]));
    assert_eq!(stand.says("work", &mixed).await.status, 200);
    assert!(stand.is_alive(&bobs).await && stand.is_alive(&session).await);
    // A genuine one, at another connection, at none, and a second time.
    let good = logout_token(&stand.claims("good", &[sub()]));
    let elsewhere = Provider::start(REFRESH);
    add_connection(&stand.gantry, &elsewhere, "elsewhere").await;
    for slug in ["elsewhere", "nowhere", "password"] {
        stand.says(slug, &good).await.is_error(400, "invalid_request");
    }
    assert!(stand.is_alive(&session).await);
    assert_eq!(stand.says("work", &good).await.status, 200);
    assert!(!stand.is_alive(&session).await);
    let (_, later) = stand.signed_in(Person::ALICE, "alice-there", "sid-9").await;
    stand.says("work", &good).await.is_error(400, "invalid_request");
    assert!(stand.is_alive(&later).await, "a replay ends nothing");
    // One that is switched off hears nothing.
    stand.change(|connection| connection.disabled_at = Some(connection.created_at)).await;
    stand.says("work", &logout_token(&stand.claims("off", &[sub()]))).await.is_error(400, "invalid_request");
}

#[tokio::test]
async fn a_sign_out_here_goes_on_there_and_comes_back_to_where_the_app_wanted_it() {
    const BYE: &str = "https://ledger.example.test/bye";
    let stand = Stand::new().await;
    let (browser, session) = stand.signed_in(Person::ALICE, "alice-there", "sid-1").await;
    let tokens = stand.gantry.client("ledger").authorize().tokens(&browser, Person::ALICE).await;
    let query = [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", BYE.to_owned()), ("state", "s".to_owned())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let left = browser.open(stand.gantry.url(&format!("/oauth/logout?{query}"))).await.left.expect("on to the provider");
    assert!(!stand.is_alive(&session).await);
    assert!(left.as_str().starts_with(&format!("{}/logout?", stand.provider.origin)), "{left}");
    let sent: std::collections::BTreeMap<String, String> = left.query_pairs().into_owned().collect();
    assert_eq!(sent["id_token_hint"], "upstream-id-canary");
    assert_eq!(sent["post_logout_redirect_uri"], stand.gantry.url("/signed-out"));
    let back = |state: &str| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
        stand.gantry.url(&format!("/signed-out?{query}"))
    };
    assert_eq!(browser.open(back(&sent["state"])).await.left.unwrap().as_str(), format!("{BYE}?state=s"));
    // Nobody else's browser is sent on by it, and no made-up one sends anybody anywhere.
    for (whose, state) in [(&crate::support::Browser::new(), sent["state"].as_str()), (&browser, "https://evil.example"), (&browser, "")] {
        let page = whose.open(back(state)).await;
        assert!(page.left.is_none() && page.url.path() == "/sign-out", "{:?}", page.left);
    }
    // Too late.
    stand.gantry.clock.advance(std::time::Duration::from_mins(16));
    assert!(browser.open(back(&sent["state"])).await.left.is_none());
}

#[tokio::test]
async fn a_provider_that_does_not_answer_holds_no_sign_out_up() {
    let stand = Stand::new().await;
    let (browser, session) = stand.signed_in(Person::ALICE, "alice-there", "sid-1").await;
    // Its metadata is not known yet, and nobody answers at its address.
    stand.change(|connection| connection.settings.issuer = Some("http://192.0.2.1:9".to_owned())).await;
    let page = browser.open(stand.gantry.url("/account")).await;
    let begun = std::time::Instant::now();
    let page = browser.submit(&page, "sign-out", &[]).await;
    assert!(begun.elapsed() < std::time::Duration::from_secs(1));
    assert!(page.left.is_none() && page.url.path() == "/sign-out");
    assert!(!stand.is_alive(&session).await);
}
