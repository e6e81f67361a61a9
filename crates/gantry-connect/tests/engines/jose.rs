//! The envelope of an ID token: algorithms, keys, headers, sizes.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::signing_algorithm::SigningAlgorithm;
use serde_json::{Value, json};

use crate::mock::Mock;
use crate::world::{CANARIES, Key, World};

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

async fn refuses_token(world: &World, token: &str) -> SignInProblem {
    world.redeems_to(&World::answer_with(token));
    world.refused().await
}

/// A token whose signature is an HMAC by this secret.
fn hmac(secret: &[u8], claims: &Value) -> String {
    let message = format!("{}.{}", part(&json!({ "alg": "HS256", "kid": "one" })), part(claims));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, message.as_bytes())))
}

#[tokio::test]
async fn jwt_01_no_signature_is_no_token() {
    let world = World::oidc().await;
    for alg in ["none", "None", "nOnE", ""] {
        for signature in ["", "AAAA"] {
            let token = format!("{}.{}.{signature}", part(&json!({ "alg": alg, "kid": "one" })), part(&world.claims()));
            assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenSignature, "{alg}");
        }
    }
    let token = format!("{}.{}.", part(&json!({ "kid": "one" })), part(&world.claims()));
    assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenMalformed);
}

#[tokio::test]
async fn jwt_02_fed_06_nothing_shared_or_published_makes_a_signature() {
    let mut world = World::with_key(Key::rsa()).await;
    let jwk = world.key.jwk("one");
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    world.registration.connection.settings.signing_algorithms = vec![SigningAlgorithm::Rs256, SigningAlgorithm::Es256];
    for secret in [CANARIES[0].as_bytes(), jwk.to_string().as_bytes(), jwk["n"].as_str().unwrap().as_bytes(), &modulus] {
        assert_eq!(refuses_token(&world, &hmac(secret, &world.claims())).await, SignInProblem::TokenSignature);
    }
}

#[tokio::test]
async fn jwt_03_keys_that_a_token_brings_along_are_not_asked_for() {
    let world = World::oidc().await;
    let strangers = Mock::start().await;
    let stranger = Key::p256();
    let url = format!("{}/jwks", strangers.url);
    for header in [
        json!({ "kid": "one", "jwk": stranger.jwk("one") }),
        json!({ "kid": "one", "jku": url, "x5u": url }),
        json!({ "kid": "one", "x5c": ["MIIB"] }),
        json!({ "jwk": stranger.jwk("two"), "kid": "two" }),
    ] {
        let token = stranger.sign(header, &world.claims());
        assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenSignature);
    }
    assert_eq!(strangers.count(), 0);
}

#[tokio::test]
async fn jwt_04_a_name_of_a_key_is_a_name() {
    let world = World::oidc().await;
    for kid in ["../../dev/null", "' OR 1=1 --", "one\0", "", "One", &"x".repeat(8_000)] {
        let token = world.key.sign(json!({ "kid": kid }), &world.claims());
        assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenSignature, "{kid:?}");
    }
    for kid in [json!(1), json!(null), json!(["one"])] {
        let token = world.key.sign(json!({ "kid": kid }), &world.claims());
        assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenMalformed);
    }
    let twice = world.key.sign_text(r#"{"alg":"ES256","kid":"one","kid":"two"}"#, &world.claims().to_string());
    assert_eq!(refuses_token(&world, &twice).await, SignInProblem::TokenMalformed);
}

#[tokio::test]
async fn jwt_05_extensions_and_repeated_names_are_refused() {
    let world = World::oidc().await;
    for header in [
        json!({ "kid": "one", "crit": ["exp"], "exp": 1 }),
        json!({ "kid": "one", "crit": [] }),
        json!({ "kid": "one", "b64": false, "crit": ["b64"] }),
        json!({ "kid": "one", "b64": true }),
        json!({ "kid": "one", "zip": "DEF" }),
        json!({ "kid": "one", "typ": "at+jwt" }),
        json!({ "kid": "one", "typ": "logout+jwt" }),
        json!({ "kid": "one", "typ": 1 }),
    ] {
        let token = world.key.sign(header.clone(), &world.claims());
        assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenMalformed, "{header}");
    }
    let claims = world.claims().to_string();
    let twice = format!(r#"{{"sub":"person-2",{}"#, claims.strip_prefix('{').unwrap());
    let token = world.key.sign_text(r#"{"alg":"ES256","kid":"one"}"#, &twice);
    assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenMalformed);
}

#[tokio::test]
async fn jwt_06_signatures_that_anybody_can_make_are_none() {
    let world = World::oidc().await;
    let message = format!("{}.{}", part(&json!({ "alg": "ES256", "kid": "one" })), part(&world.claims()));
    let good = world.key.signature(message.as_bytes());
    let der = {
        let mut der = vec![0x30, 0x44, 0x02, 0x20];
        der.extend_from_slice(&good[..32]);
        der.extend_from_slice(&[0x02, 0x20]);
        der.extend_from_slice(&good[32..]);
        der
    };
    for signature in [vec![0; 64], vec![0; 63], Vec::new(), der, [good.as_slice(), &[0]].concat()] {
        let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(&signature));
        assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenSignature, "{signature:?}");
    }
    world.redeems_to(&World::answer_with(&format!("{message}.{}", URL_SAFE_NO_PAD.encode(&good))));
    world.finish().await.unwrap();
}

#[tokio::test]
async fn jwt_06_weak_keys_are_not_there() {
    // y = 1: with this key every signature of R = 1, s = 0 is good for every message.
    let neutral = URL_SAFE_NO_PAD.encode([&[1_u8][..], &[0; 31]].concat());
    let world = World::with_key(Key::ed()).await;
    let strong = Key::p256().jwk("strong");
    world.publish_keys(&[json!({ "kty": "OKP", "crv": "Ed25519", "x": neutral, "kid": "one" }), strong]);
    let message = format!("{}.{}", part(&json!({ "alg": "EdDSA", "kid": "one" })), part(&world.claims()));
    let forged = format!("{message}.{}", URL_SAFE_NO_PAD.encode([&[1_u8][..], &[0; 63]].concat()));
    assert_eq!(refuses_token(&world, &forged).await, SignInProblem::TokenSignature);
}

#[tokio::test]
async fn fed_06_an_algorithm_that_the_connection_does_not_name_is_refused() {
    let mut world = World::oidc().await;
    world.registration.connection.settings.signing_algorithms = vec![SigningAlgorithm::Rs256];
    assert_eq!(world.refused().await, SignInProblem::TokenSignature);
    world.registration.connection.settings.signing_algorithms = Vec::new();
    assert_eq!(world.refused().await, SignInProblem::TokenSignature, "RS256 alone is the default");
}

#[tokio::test]
async fn fed_06_a_strangers_key_of_the_right_name_signs_nothing() {
    let world = World::oidc().await;
    let token = Key::p256().sign(json!({ "kid": "one" }), &world.claims());
    assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenSignature);
    let mut token = world.key.sign(json!({ "kid": "one" }), &world.claims());
    let changed = token.split('.').nth(1).unwrap().to_owned();
    token = token.replace(&changed, &part(&json!({ "iss": world.mock.url, "sub": "person-2" })));
    assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenAudience);
    let other = part(&{
        let mut claims = world.claims();
        claims["sub"] = json!("person-2");
        claims
    });
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(refuses_token(&world, &format!("{}.{other}.{}", parts[0], parts[2])).await, SignInProblem::TokenSignature);
}

#[tokio::test]
async fn fed_06_an_unknown_key_is_asked_for_once_a_minute() {
    let world = World::oidc().await;
    world.finish().await.unwrap();
    let fetches = world.mock.asked("/jwks").len();
    let token = world.key.sign(json!({ "kid": "unknown" }), &world.claims());
    world.clock.advance(Duration::from_mins(1));
    for _ in 0..10 {
        assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenSignature);
    }
    assert_eq!(world.mock.asked("/jwks").len(), fetches + 1);
}

#[tokio::test]
async fn jwt_09_10_what_is_no_compact_jws_is_refused_before_it_is_decoded() {
    let world = World::oidc().await;
    let jwe = format!("{}.AAAA.AAAA.AAAA.AAAA", part(&json!({ "alg": "RSA1_5", "enc": "A128GCM", "zip": "DEF" })));
    let pbes = format!("{}.AAAA.AAAA.AAAA.AAAA", part(&json!({ "alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2_147_483_647_u32 })));
    let three = format!("{}.AAAA.AAAA", part(&json!({ "alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2_147_483_647_u32 })));
    for token in [jwe, pbes, three, ".".repeat(30_000), "a.".repeat(15_000), "x".repeat(30_000), "..".to_owned(), String::from("a.b.c")] {
        assert_eq!(refuses_token(&world, &token).await, SignInProblem::TokenMalformed);
    }
    // Longer than a token answer may have members for: refused there.
    assert_eq!(refuses_token(&world, &".".repeat(100_000)).await, SignInProblem::BadAnswer);
    assert_eq!(refuses_token(&world, &"x".repeat(10 * 1024 * 1024)).await, SignInProblem::BadAnswer);
}
