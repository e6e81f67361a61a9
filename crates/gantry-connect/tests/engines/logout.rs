//! Sessions that end there and here, and accounts that are gone.

use gantry_core::clock::Clock as _;
use gantry_core::external_identity::UpstreamTokens;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Value, json};

use crate::mock::Reply;
use crate::world::{CANARIES, CLIENT, Key, World};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn logout_claims(world: &World) -> Value {
    let now = world.clock.now().seconds();
    json!({
        "iss": world.mock.url, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "jti-1", "sub": "person-1", "sid": "session-1",
        "events": { EVENT: {} },
    })
}

async fn refuses(world: &World, change: impl FnOnce(&mut Value)) -> SignInProblem {
    let mut claims = logout_claims(world);
    change(&mut claims);
    let token = world.key.sign(json!({ "kid": "one", "typ": "logout+jwt" }), &claims);
    world.connectors.check_logout_token(&world.registration, &token).await.unwrap_err().problem
}

#[tokio::test]
async fn a_right_logout_token_passes() {
    for key in [Key::p256(), Key::ed(), Key::rsa()] {
        let world = World::with_key(key).await;
        for typ in ["logout+jwt", "JWT"] {
            let token = world.key.sign(json!({ "kid": "one", "typ": typ }), &logout_claims(&world));
            let logout = world.connectors.check_logout_token(&world.registration, &token).await.unwrap();
            assert_eq!(
                (logout.subject.as_deref(), logout.session.as_deref(), logout.jti.as_str()),
                (Some("person-1"), Some("session-1"), "jti-1")
            );
            assert_eq!(logout.issuer, world.mock.url);
            assert!(logout.expires_at > world.clock.now());
        }
        let mut of_session = logout_claims(&world);
        of_session.as_object_mut().unwrap().remove("sub");
        let token = world.key.sign(json!({ "kid": "one" }), &of_session);
        assert_eq!(world.connectors.check_logout_token(&world.registration, &token).await.unwrap().subject, None);
    }
}

#[tokio::test]
async fn a_logout_token_that_is_none_ends_nothing() {
    let world = World::oidc().await;
    let now = world.clock.now().seconds();
    let without = |name: &'static str| move |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove(name));
    assert_eq!(refuses(&world, without("events")).await, SignInProblem::TokenMalformed);
    assert_eq!(refuses(&world, without("jti")).await, SignInProblem::TokenMalformed);
    assert_eq!(refuses(&world, without("iat")).await, SignInProblem::TokenMalformed);
    assert_eq!(refuses(&world, without("exp")).await, SignInProblem::TokenMalformed);
    for events in [json!({}), json!([EVENT]), json!({ EVENT: true }), json!(EVENT), json!(null)] {
        assert_eq!(refuses(&world, |claims| claims["events"] = events).await, SignInProblem::TokenMalformed);
    }
    for nonce in [json!("n"), json!(null)] {
        assert_eq!(refuses(&world, |claims| claims["nonce"] = nonce).await, SignInProblem::TokenMalformed);
    }
    assert_eq!(refuses(&world, |claims| claims["iss"] = json!("https://other.example")).await, SignInProblem::TokenIssuer);
    assert_eq!(refuses(&world, |claims| claims["aud"] = json!("other")).await, SignInProblem::TokenAudience);
    assert_eq!(refuses(&world, |claims| claims["exp"] = json!(now - 60)).await, SignInProblem::TokenTime);
    assert_eq!(refuses(&world, |claims| claims["iat"] = json!(now - 361)).await, SignInProblem::TokenTime);
    assert_eq!(refuses(&world, |claims| claims["iat"] = json!(now + 61)).await, SignInProblem::TokenTime);
    assert_eq!(refuses(&world, |claims| claims["sub"] = json!("a b")).await, SignInProblem::BadSubject);
    assert_eq!(refuses(&world, |claims| claims["sid"] = json!("")).await, SignInProblem::TokenMalformed);
    assert_eq!(refuses(&world, |claims| claims["jti"] = json!("x".repeat(256))).await, SignInProblem::TokenMalformed);
    let neither = |claims: &mut Value| {
        claims.as_object_mut().unwrap().remove("sub");
        claims.as_object_mut().unwrap().remove("sid");
    };
    assert_eq!(refuses(&world, neither).await, SignInProblem::TokenMalformed);
    let forged = Key::p256().sign(json!({ "kid": "one" }), &logout_claims(&world));
    let failed = world.connectors.check_logout_token(&world.registration, &forged).await.unwrap_err();
    assert_eq!(failed.problem, SignInProblem::TokenSignature);
}

#[tokio::test]
async fn jwt_11_an_id_token_ends_no_session_and_a_logout_token_begins_none() {
    let world = World::oidc().await;
    let id_token = world.key.sign(json!({ "kid": "one", "typ": "JWT" }), &world.claims());
    let failed = world.connectors.check_logout_token(&world.registration, &id_token).await.unwrap_err();
    assert_eq!(failed.problem, SignInProblem::TokenMalformed);
    for typ in ["logout+jwt", "JWT"] {
        let token = world.key.sign(json!({ "kid": "one", "typ": typ }), &logout_claims(&world));
        world.redeems_to(&World::answer_with(&token));
        assert!(matches!(world.refused().await, SignInProblem::TokenMalformed | SignInProblem::TokenNonce));
    }
}

#[tokio::test]
async fn the_browser_is_sent_to_sign_out_there_too() {
    let world = World::oidc().await;
    let token = Secret::new("id&token");
    let url = world.connectors.end_session(&world.registration, Some(&token), "https://id.example/logged-out?a=b&c", "s&t").await.unwrap();
    assert_eq!(url.path(), "/logout");
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let expected = [
        ("client_id", CLIENT),
        ("id_token_hint", "id&token"),
        ("post_logout_redirect_uri", "https://id.example/logged-out?a=b&c"),
        ("state", "s&t"),
    ];
    assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut metadata = world.metadata();
    metadata.as_object_mut().unwrap().remove("end_session_endpoint");
    let other = World::oidc().await;
    metadata["issuer"] = json!(other.mock.url);
    other.publish(&metadata);
    assert_eq!(other.connectors.end_session(&other.registration, None, "https://id.example/", "s").await, None);
}

#[tokio::test]
async fn a_refresh_tells_whether_the_account_stands() {
    let world = World::oidc().await;
    let tokens = world.finish().await.unwrap().tokens;
    let mut answer = world.answer(&world.claims());
    answer["access_token"] = json!("new");
    answer.as_object_mut().unwrap().remove("refresh_token");
    world.redeems_to(&answer);
    let fresh = world.connectors.refresh(&world.registration, &tokens).await.unwrap();
    assert_eq!(fresh.access_token.unwrap().expose(), "new");
    assert_eq!(fresh.refresh_token.as_ref().unwrap().expose(), CANARIES[3], "what is left out stays");
    let form = world.mock.asked("/token").pop().unwrap().form();
    assert_eq!((form["grant_type"].as_str(), form["refresh_token"].as_str()), ("refresh_token", CANARIES[3]));

    let mut stranger = world.claims();
    stranger["sub"] = json!("person-2");
    world.redeems_to(&world.answer(&stranger));
    assert_eq!(world.connectors.refresh(&world.registration, &tokens).await.unwrap_err().problem, SignInProblem::BadSubject);
    world.mock.answer("/token", Reply::Json(400, r#"{"error":"invalid_grant"}"#.to_owned()));
    assert_eq!(world.connectors.refresh(&world.registration, &tokens).await.unwrap_err().problem, SignInProblem::CodeRejected);
    let none = UpstreamTokens::default();
    assert_eq!(world.connectors.refresh(&world.registration, &none).await.unwrap_err().problem, SignInProblem::Misconfigured);
}
