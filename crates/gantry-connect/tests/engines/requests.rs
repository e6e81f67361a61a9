//! What leaves Gantry: authorization requests, token requests, proofs.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gantry_connect::connector::Ask;
use gantry_core::clock::Clock as _;
use gantry_core::connection::UpstreamAuth;
use gantry_core::prompt::Prompt;
use gantry_core::secret::{Digest, Secret, SecretKind};
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::{Value, json};
use url::Url;

use crate::world::{CANARIES, CLIENT, World};

fn query(url: &Url) -> HashMap<String, String> {
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let names: HashSet<&String> = pairs.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), pairs.len(), "a parameter is repeated: {url}");
    pairs.into_iter().collect()
}

#[tokio::test]
async fn fed_25_a_hint_is_one_value() {
    let world = World::oidc().await;
    let nasty = "a@b.example&prompt=none\r\nX: y #?=%26 é";
    let ask = Ask {
        login_hint: Some(nasty.to_owned()),
        domain_hint: Some(nasty.to_owned()),
        ui_locales: vec![nasty.to_owned()],
        acr_values: vec![nasty.to_owned()],
        prompts: vec![Prompt::Login, Prompt::Consent],
        max_age: Some(0),
        ..World::ask()
    };
    let url = world.begin(&ask).await.unwrap();
    assert!(!url.as_str().contains(['\r', '\n', ' ']));
    let query = query(&url);
    for name in ["login_hint", "domain_hint", "ui_locales", "acr_values"] {
        assert_eq!(query[name], nasty, "{name}");
    }
    assert_eq!((query["prompt"].as_str(), query["max_age"].as_str()), ("login consent", "0"));
}

#[tokio::test]
async fn fed_26_every_request_carries_state_nonce_and_challenge() {
    let world = World::oidc().await;
    let mut seen = HashSet::new();
    for _ in 0..1000 {
        let state = SecretKind::UpstreamState.generate();
        let verifier = URL_SAFE_NO_PAD.encode(gantry_core::secret::random_bytes::<32>());
        let nonce = URL_SAFE_NO_PAD.encode(gantry_core::secret::random_bytes::<16>());
        let ask = Ask { state: state.clone(), nonce: nonce.clone(), verifier: Secret::new(verifier.as_str()), ..World::ask() };
        let query = query(&world.begin(&ask).await.unwrap());
        let challenge = URL_SAFE_NO_PAD.encode(Digest::of(verifier.as_bytes()).as_bytes());
        assert_eq!((query["state"].as_str(), &query["nonce"], &query["code_challenge"]), (state.expose(), &nonce, &challenge));
        assert_eq!((query["code_challenge_method"].as_str(), query["response_type"].as_str()), ("S256", "code"));
        assert_eq!(query["redirect_uri"], world.registration.callback);
        assert!(!query.contains_key("prompt"), "nobody asked for one");
        assert!(seen.insert(challenge));
    }
    world.finish().await.unwrap();
    let form = world.mock.asked("/token")[0].form();
    assert_eq!((form["code_verifier"].as_str(), form["redirect_uri"].as_str()), (CANARIES[4], world.registration.callback.as_str()));
}

#[tokio::test]
async fn a_connections_own_parameters_add_and_never_replace() {
    let mut world = World::oidc().await;
    let own = [
        ("audience", "api"),
        ("state", "mine"),
        ("prompt", "none"),
        ("redirect_uri", "https://evil.example/"),
        ("code_challenge_method", "plain"),
    ];
    world.registration.connection.settings.parameters = own.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let query = query(&world.begin(&World::ask()).await.unwrap());
    assert_eq!((query["audience"].as_str(), query["state"].as_str()), ("api", "the-state"));
    assert_eq!((query["redirect_uri"].as_str(), query["code_challenge_method"].as_str()), (world.registration.callback.as_str(), "S256"));
    assert!(!query.contains_key("prompt"));
}

#[tokio::test]
async fn an_endpoint_with_a_query_keeps_it_and_one_that_speaks_for_us_is_refused() {
    let world = World::oidc().await;
    let mut metadata = world.metadata();
    metadata["authorization_endpoint"] = json!(format!("{}/authorize?policy=one#top", world.mock.url));
    world.publish(&metadata);
    let url = world.begin(&World::ask()).await.unwrap();
    assert_eq!((query(&url)["policy"].as_str(), url.fragment()), ("one", None));

    let world = World::oidc().await;
    metadata = world.metadata();
    metadata["authorization_endpoint"] = json!(format!("{}/authorize?state=mine", world.mock.url));
    world.publish(&metadata);
    assert_eq!(world.begin(&World::ask()).await.unwrap_err().problem, SignInProblem::Misconfigured);
}

#[tokio::test]
async fn the_redirect_is_written_down_without_what_binds_it() {
    let world = World::oidc().await;
    let mut hops = world.hops();
    world.connectors.begin(&world.registration, &World::ask(), &mut hops).await.unwrap();
    let redirect = hops.as_slice().iter().find(|hop| hop.kind == HopKind::Redirect).unwrap();
    let parameters = &redirect.detail["parameters"];
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(parameters[name], "[set]", "{name}");
    }
    assert_eq!((&parameters["client_id"], &parameters["scope"]), (&json!(CLIENT), &json!("openid profile email")));
}

#[tokio::test]
async fn the_secret_goes_where_the_provider_wants_it() {
    let mut world = World::oidc().await;
    world.finish().await.unwrap();
    let asked = world.mock.asked("/token").pop().unwrap();
    let basic = STANDARD.encode(format!("{CLIENT}:{}", CANARIES[0]));
    assert_eq!(asked.headers["authorization"], format!("Basic {basic}"));
    assert!(!asked.form().contains_key("client_secret") && !asked.form().contains_key("client_id"));

    world.registration.connection.settings.client_auth = Some(UpstreamAuth::ClientSecretPost);
    world.finish().await.unwrap();
    let asked = world.mock.asked("/token").pop().unwrap();
    assert_eq!((asked.form()["client_id"].as_str(), asked.form()["client_secret"].as_str()), (CLIENT, CANARIES[0]));
    assert!(!asked.headers.contains_key("authorization"));

    world.registration.connection.settings.client_auth = Some(UpstreamAuth::None);
    world.finish().await.unwrap();
    let asked = world.mock.asked("/token").pop().unwrap();
    assert!(!asked.form().contains_key("client_secret") && !asked.headers.contains_key("authorization"));

    world.registration.secrets.client_secret = None;
    for method in [UpstreamAuth::ClientSecretBasic, UpstreamAuth::ClientSecretPost, UpstreamAuth::PrivateKeyJwt] {
        world.registration.connection.settings.client_auth = Some(method);
        assert_eq!(world.refused().await, SignInProblem::Misconfigured);
    }
}

#[tokio::test]
async fn fed_04_an_assertion_is_made_out_to_the_configured_issuer_alone() {
    let mut world = World::oidc().await;
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    world.registration.secrets.client_secret = None;
    world.registration.secrets.private_key = Some(Secret::new(pair.serialize_pem()));
    world.registration.connection.settings.client_auth = Some(UpstreamAuth::PrivateKeyJwt);
    // The metadata is a liar's: it names an honest provider's token endpoint.
    let mut metadata = world.metadata();
    metadata["token_endpoint"] = json!(format!("{}/honest/token", world.mock.url));
    world.publish(&metadata);
    world.mock.answer("/honest/token", crate::mock::Reply::document(&world.answer(&world.claims())));
    world.finish().await.unwrap();
    world.finish().await.unwrap();
    let asked = world.mock.asked("/honest/token");
    let read = |index: usize| -> (Value, Value) {
        let form = asked[index].form();
        assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        let parts: Vec<Vec<u8>> = form["client_assertion"].split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
        (serde_json::from_slice(&parts[0]).unwrap(), serde_json::from_slice(&parts[1]).unwrap())
    };
    let ((header, first), (_, second)) = (read(0), read(1));
    assert_eq!(first["aud"], json!(world.mock.url));
    assert_eq!((&first["iss"], &first["sub"], &header["alg"]), (&json!(CLIENT), &json!(CLIENT), &json!("ES256")));
    assert_eq!(first["exp"], json!(world.clock.now().seconds() + 120));
    assert_ne!(first["jti"], second["jti"]);
}
