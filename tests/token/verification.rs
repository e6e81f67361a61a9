//! What an API does with a token: verifies it by the published keys, with a library that is not ours.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use crate::support::{Answer, Gantry};

/// The published key set.
pub(super) async fn published_keys(gantry: &Gantry) -> JwkSet {
    let answer = Answer::of(gantry.http.get(gantry.url("/oauth/jwks")).send().await.unwrap()).await.ok();
    serde_json::from_str(&answer.body).unwrap()
}

/// The claims of a token that the published keys vouch for.
pub(super) async fn verified(gantry: &Gantry, token: &str, audience: &str) -> (jsonwebtoken::Header, Value) {
    let header = jsonwebtoken::decode_header(token).unwrap();
    let keys = published_keys(gantry).await;
    let jwk = keys.find(header.kid.as_deref().unwrap()).expect("the key is published");
    let mut validation = Validation::new(header.alg);
    validation.set_audience(&[audience]);
    validation.set_issuer(&[gantry.issuer()]);
    let decoded = jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(jwk).unwrap(), &validation).unwrap();
    (header, decoded.claims)
}

#[tokio::test]
async fn an_api_verifies_tokens_of_every_algorithm() {
    let gantry = Gantry::start().await;
    let worker = gantry.client("worker");
    for (scope, audience, algorithm) in [
        ("orders:read", "https://api.example.test", Algorithm::RS256),
        ("es:read", "https://es.example.test", Algorithm::ES256),
        ("ed:read", "https://ed.example.test", Algorithm::EdDSA),
    ] {
        let tokens = worker.client_credentials(scope).await.ok();
        let (header, claims) = verified(&gantry, &tokens.access_token(), audience).await;
        assert_eq!((header.alg, header.typ.as_deref()), (algorithm, Some("at+jwt")), "{scope}");
        assert_eq!((claims["scope"].as_str(), claims["sub"].as_str()), (Some(scope), Some("worker")));
        for member in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"] {
            assert!(!claims[member].is_null(), "RFC 9068 §2.2 demands `{member}`");
        }
    }
}

#[tokio::test]
async fn jwt_15_the_key_set_is_public_cacheable_and_ahead_of_its_use() {
    let gantry = Gantry::start().await;
    let answer = Answer::of(gantry.http.get(gantry.url("/oauth/jwks")).send().await.unwrap()).await.ok();
    assert!(answer.headers["cache-control"].to_str().unwrap().contains("max-age="));
    let json = answer.json();
    let keys = json["keys"].as_array().unwrap();
    assert!(keys.len() >= 2, "the next key is published before it signs");
    let mut kids: Vec<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    kids.sort_unstable();
    kids.dedup();
    assert_eq!(kids.len(), keys.len());
    for key in keys {
        for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(member).is_none(), "{member}");
        }
        assert_eq!(key["use"], "sig");
    }
}
