//! What an ID token claims, and what becomes of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::clock::{Clock as _, Timestamp};
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::{Value, json};

use crate::world::{CLIENT, Key, World};

fn remove(claims: &mut Value, name: &str) {
    claims.as_object_mut().unwrap().remove(name);
}

#[tokio::test]
async fn a_right_token_of_each_algorithm_passes() {
    for key in [Key::p256(), Key::ed(), Key::rsa()] {
        let world = World::with_key(key).await;
        let (finished, hops) = world.finish_with("code=canary-code&state=the-state").await;
        let identity = finished.unwrap().identity;
        assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (world.mock.url.as_str(), "person-1"));
        let email = identity.email.unwrap();
        assert_eq!((email.address.as_str(), email.verified), ("ada@corp.example", true));
        let kinds: Vec<HopKind> = hops.iter().map(|hop| hop.kind).collect();
        assert_eq!(kinds, [HopKind::Metadata, HopKind::Callback, HopKind::Token, HopKind::IdToken, HopKind::Mapping]);
    }
}

#[tokio::test]
async fn fed_05_a_nonce_that_is_missing_or_another_is_refused() {
    let world = World::oidc().await;
    assert_eq!(world.refuses_claims(|claims| remove(claims, "nonce")).await, SignInProblem::TokenNonce);
    assert_eq!(world.refuses_claims(|claims| claims["nonce"] = json!("another")).await, SignInProblem::TokenNonce);
    assert_eq!(world.refuses_claims(|claims| claims["nonce"] = json!("")).await, SignInProblem::TokenNonce);
    for wrong in [json!(1), json!(null), json!(["the-nonce"])] {
        assert_eq!(world.refuses_claims(|claims| claims["nonce"] = wrong).await, SignInProblem::TokenMalformed);
    }
    world.takes_claims(|_| {}).await;
}

#[tokio::test]
async fn fed_06_another_issuer_or_audience_is_refused() {
    let world = World::oidc().await;
    let url = world.mock.url.clone();
    for issuer in [json!("https://other.example"), json!(format!("{url}/")), json!(url.to_uppercase())] {
        assert_eq!(world.refuses_claims(|claims| claims["iss"] = issuer).await, SignInProblem::TokenIssuer);
    }
    assert_eq!(world.refuses_claims(|claims| remove(claims, "iss")).await, SignInProblem::TokenIssuer);
    for audience in [json!("other"), json!(["other"]), json!([]), json!(format!("{CLIENT} ")), json!(["other", "another"])] {
        assert_eq!(world.refuses_claims(|claims| claims["aud"] = audience).await, SignInProblem::TokenAudience);
    }
    assert_eq!(world.refuses_claims(|claims| remove(claims, "aud")).await, SignInProblem::TokenAudience);
    for audience in [json!(null), json!(1), json!({ CLIENT: true }), json!([CLIENT, 1])] {
        assert_eq!(world.refuses_claims(|claims| claims["aud"] = audience).await, SignInProblem::TokenMalformed);
    }
    world.takes_claims(|claims| claims["aud"] = json!([CLIENT])).await;
}

#[tokio::test]
async fn fed_06_several_audiences_need_a_party_and_it_is_us() {
    let world = World::oidc().await;
    assert_eq!(world.refuses_claims(|claims| claims["aud"] = json!([CLIENT, "other"])).await, SignInProblem::TokenAudience);
    for party in ["other", ""] {
        assert_eq!(world.refuses_claims(|claims| claims["azp"] = json!(party)).await, SignInProblem::TokenAudience);
    }
    assert_eq!(world.refuses_claims(|claims| claims["azp"] = json!(null)).await, SignInProblem::TokenMalformed);
    world
        .takes_claims(|claims| {
            claims["aud"] = json!(["other", CLIENT]);
            claims["azp"] = json!(CLIENT);
        })
        .await;
}

#[tokio::test]
async fn fed_06_times_have_a_minute_of_leeway_and_no_more() {
    let world = World::oidc().await;
    let now = world.clock.now().seconds();
    for (name, wrong, right) in [("exp", now - 60, now - 59), ("iat", now + 61, now + 60), ("nbf", now + 61, now + 60)] {
        assert_eq!(world.refuses_claims(|claims| claims[name] = json!(wrong)).await, SignInProblem::TokenTime, "{name}");
        world.takes_claims(|claims| claims[name] = json!(right)).await;
    }
    for name in ["exp", "iat"] {
        assert_eq!(world.refuses_claims(|claims| remove(claims, name)).await, SignInProblem::TokenMalformed, "{name}");
    }
}

#[tokio::test]
async fn jwt_07_a_time_of_another_type_is_not_an_absent_one() {
    let world = World::oidc().await;
    for name in ["exp", "nbf", "iat", "auth_time"] {
        for wrong in ["\"1800000000\"", "1800000000.5", "-1", "9223372036854775808", "true", "null", "[1800000000]", "{}"] {
            let wrong: Value = serde_json::from_str(wrong).unwrap();
            let problem = world.refuses_claims(|claims| claims[name] = wrong.clone()).await;
            assert_eq!(problem, SignInProblem::TokenMalformed, "{name} {wrong}");
        }
    }
}

#[tokio::test]
async fn fed_08_a_subject_that_is_none_is_refused() {
    let world = World::oidc().await;
    let long = "x".repeat(256);
    for wrong in ["", "null", "a b", " a", "a\0", "a\n", "é", long.as_str()] {
        assert_eq!(world.refuses_claims(|claims| claims["sub"] = json!(wrong)).await, SignInProblem::BadSubject, "{wrong:?}");
    }
    for wrong in [json!(null), json!(7), json!(["person-1"]), json!(true)] {
        assert_eq!(world.refuses_claims(|claims| claims["sub"] = wrong).await, SignInProblem::TokenMalformed);
    }
    assert_eq!(world.refuses_claims(|claims| remove(claims, "sub")).await, SignInProblem::TokenMalformed);
    let longest = "x".repeat(255);
    assert_eq!(world.takes_claims(|claims| claims["sub"] = json!(longest)).await.identity.subject, longest);
}

#[tokio::test]
async fn a_sign_in_that_is_older_than_demanded_is_refused() {
    let mut world = World::oidc().await;
    let now = world.clock.now().seconds();
    world.expected.max_age = Some(300);
    assert_eq!(world.refuses_claims(|_| {}).await, SignInProblem::TokenTooOld);
    assert_eq!(world.refuses_claims(|claims| claims["auth_time"] = json!(now - 361)).await, SignInProblem::TokenTooOld);
    assert_eq!(world.refuses_claims(|claims| claims["auth_time"] = json!(now + 61)).await, SignInProblem::TokenTime);
    let finished = world.takes_claims(|claims| claims["auth_time"] = json!(now - 360)).await;
    assert_eq!(finished.identity.authenticated_at, Some(Timestamp::from_seconds(now - 360)));
}

#[tokio::test]
async fn hashes_go_with_the_code_and_the_access_token() {
    let half = |of: &str| URL_SAFE_NO_PAD.encode(&gantry_core::secret::Digest::of(of.as_bytes()).as_bytes()[..16]);
    let world = World::oidc().await;
    for (name, right) in [("at_hash", half("canary-access")), ("c_hash", half("canary-code"))] {
        for wrong in [half("another"), String::new(), right.chars().take(10).collect()] {
            assert_eq!(world.refuses_claims(|claims| claims[name] = json!(wrong)).await, SignInProblem::TokenHash, "{name}");
        }
        assert_eq!(world.refuses_claims(|claims| claims[name] = json!(1)).await, SignInProblem::TokenMalformed, "{name}");
        world.takes_claims(|claims| claims[name] = json!(right)).await;
    }
}

#[tokio::test]
async fn fed_11_only_the_boolean_makes_an_address_verified() {
    let world = World::oidc().await;
    for wrong in [json!("true"), json!("false"), json!(false)] {
        let email = world.takes_claims(|claims| claims["email_verified"] = wrong).await.identity.email.unwrap();
        assert!(!email.verified, "{email:?}");
    }
    let email = world.takes_claims(|claims| remove(claims, "email_verified")).await.identity.email.unwrap();
    assert!(!email.verified, "{email:?}");
    // Of a type that no boolean is ever written in, the whole token is none.
    assert_eq!(world.refuses_claims(|claims| claims["email_verified"] = json!(1)).await, SignInProblem::TokenMalformed);
    assert!(world.takes_claims(|_| {}).await.identity.email.unwrap().verified);
}

#[tokio::test]
async fn an_answer_without_an_id_token_signs_nobody_in() {
    let world = World::oidc().await;
    let mut answer = world.answer(&world.claims());
    remove(&mut answer, "id_token");
    world.redeems_to(&answer);
    assert_eq!(world.refused().await, SignInProblem::NoIdToken);
}
