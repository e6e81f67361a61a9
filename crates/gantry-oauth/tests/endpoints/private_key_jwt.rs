//! Clients that sign assertions.

use futures_util::future::join_all;
use gantry_core::client::ClientKind;
use gantry_core::realm::AccessTokenType;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_oauth::jose::TokenKind;
use gantry_oauth::jose::sign::SigningPair;
use serde_json::{Value, json};

use crate::world::{App, TOKEN_URL, World};

struct Keyed {
    app: App,
    pair: SigningPair,
}

async fn keyed(world: &World, name: &str, algorithm: SigningAlgorithm) -> Keyed {
    let pair = SigningPair::parse(algorithm, &SigningPair::generate(algorithm).unwrap()).unwrap();
    let jwks = format!(r#"{{"keys":[{}]}}"#, pair.public_jwk());
    let app = world.app(name, ClientKind::Machine, |client| client.jwks = Some(jwks)).await;
    let mut client = app.client.clone();
    client.auth_method = Some(gantry_core::client_auth_method::ClientAuthMethod::PrivateKeyJwt);
    world.store.transact(world.realm_id(), async |tx| Ok(tx.clients().update(&client).await?)).await.unwrap();
    Keyed { app, pair }
}

impl Keyed {
    fn assertion(&self, world: &World, change: impl FnOnce(&mut Value)) -> String {
        let now = world.now().seconds();
        let jti = gantry_core::secret::SecretKind::Browser.generate();
        let id = &self.app.client.client_id;
        let mut claims = json!({ "iss": id, "sub": id, "aud": TOKEN_URL, "exp": now + 60, "iat": now, "jti": jti.expose() });
        change(&mut claims);
        self.pair.sign(TokenKind::Access(AccessTokenType::Jwt), &claims).unwrap()
    }
}

fn form(assertion: &str) -> String {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("grant_type", "client_credentials"), ("client_assertion_type", kind), ("client_assertion", assertion)])
        .finish()
}

#[tokio::test]
async fn an_assertion_proves_the_client() {
    let world = World::new().await;
    for algorithm in SigningAlgorithm::ALL.iter().copied() {
        let keyed = keyed(&world, algorithm.as_str(), algorithm).await;
        assert!(world.token(&form(&keyed.assertion(&world, |_| {}))).await.is_ok(), "{algorithm}");
        let assertion = keyed.assertion(&world, |claims| claims["aud"] = json!("http://localhost:8080"));
        assert!(world.token(&form(&assertion)).await.is_ok(), "{algorithm}");
    }
}

#[tokio::test]
async fn cli_03_what_does_not_prove_it_is_refused() {
    let world = World::new().await;
    let (keyed, other) = (keyed(&world, "one", SigningAlgorithm::Es256).await, keyed(&world, "two", SigningAlgorithm::Es256).await);
    let id = keyed.app.client.client_id.clone();
    let forged = other.assertion(&world, |claims| (claims["iss"], claims["sub"]) = (json!(id), json!(id)));
    let good = keyed.assertion(&world, |_| {});
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", good.split('.').nth(1).unwrap());
    for wrong in [
        forged.as_str(),
        &unsigned,
        &good[..good.len() - 4],
        "x.y.z",
        "",
        &keyed.assertion(&world, |claims| claims["iss"] = json!("two")),
        &keyed.assertion(&world, |claims| claims["aud"] = json!("https://elsewhere.example")),
        &keyed.assertion(&world, |claims| claims["exp"] = json!("soon")),
    ] {
        assert_eq!(world.token(&form(wrong)).await, Err("invalid_client"), "{wrong}");
    }
    let access = keyed.pair.sign(TokenKind::Access(AccessTokenType::AtJwt), &json!({ "sub": id })).unwrap();
    assert_eq!(world.token(&form(&access)).await, Err("invalid_client"));
    let secret = format!("grant_type=client_credentials&client_id={id}&client_secret=something");
    assert_eq!(world.token(&secret).await, Err("invalid_client"));
    assert!(world.token(&form(&good)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cli_05_an_assertion_works_once() {
    let world = World::new().await;
    let keyed = keyed(&world, "one", SigningAlgorithm::EdDsa).await;
    let assertion = keyed.assertion(&world, |_| {});
    let form = form(&assertion);
    let said = join_all((0..32).map(|_| world.token(&form))).await;
    assert_eq!(said.iter().filter(|one| one.is_ok()).count(), 1);
    assert!(said.iter().all(|one| one.is_ok() || *one == Err("invalid_client")));
}
