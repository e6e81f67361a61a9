//! Providers that are slow, down, mad or rotating, and what that costs.

use std::time::Duration;

use gantry_connect::budget::{MAX_FAILURES, MAX_IN_FLIGHT, OPEN_FOR};
use gantry_connect::metadata::{FRESH, STALE};
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Value, json};

use crate::mock::Reply;
use crate::world::{Key, World};

const METADATA: &str = "/.well-known/openid-configuration";

/// A deadline that a test waits for, and one that no busy machine reaches.
const SHORT: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_secs(30);

/// Every way in which an answer can be none, and what becomes of it.
fn faults() -> Vec<(&'static str, Reply, SignInProblem)> {
    let redirect = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    let cut = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\nconnection: close\r\n\r\n{\"issuer\":";
    let headers = "x-header: y\r\n".repeat(1000);
    vec![
        ("silent", Reply::Silence, SignInProblem::Unreachable),
        ("dripping", Reply::Drip, SignInProblem::Unreachable),
        ("closing", Reply::Raw(Vec::new()), SignInProblem::Unreachable),
        ("no HTTP", Reply::Raw(b"\x16\x03\x01 nonsense".to_vec()), SignInProblem::Unreachable),
        ("cut off", Reply::Raw(cut.to_vec()), SignInProblem::Unreachable),
        ("a thousand headers", Reply::Raw(format!("HTTP/1.1 200 OK\r\n{headers}\r\n{{}}").into_bytes()), SignInProblem::Unreachable),
        ("broken", Reply::Json(500, "{}".to_owned()), SignInProblem::Unreachable),
        ("redirecting", Reply::Raw(redirect.to_vec()), SignInProblem::BadAnswer),
        ("HTML", Reply::typed("text/html", "<html>Sign in to the hotel</html>"), SignInProblem::BadAnswer),
        ("untyped JSON", Reply::typed("text/plain", "{}"), SignInProblem::BadAnswer),
        ("half JSON", Reply::typed("application/json", r#"{"issuer":"#), SignInProblem::BadAnswer),
        ("no object", Reply::typed("application/json", "[1]"), SignInProblem::BadAnswer),
        ("endless", Reply::typed("application/json", &" ".repeat(10 * 1024 * 1024)), SignInProblem::BadAnswer),
    ]
}

#[tokio::test]
async fn f_21_ssr_10_a_mad_provider_is_a_named_problem_at_every_step() {
    for path in [METADATA, "/token", "/jwks", "/userinfo"] {
        for (fault, reply, problem) in faults() {
            // Only where the fault is that nothing comes does the test wait for the end.
            let waits = matches!(reply, Reply::Silence | Reply::Drip);
            let world = World::oidc().await.waiting(if waits { SHORT } else { LONG });
            let mut claims = world.claims();
            claims.as_object_mut().unwrap().remove("name");
            world.redeems_to(&world.answer(&claims));
            world.mock.answer(path, reply);
            assert_eq!(world.refused().await, problem, "{fault} at {path}");
        }
    }
}

#[tokio::test]
async fn f_21_a_conversation_ends_in_time_however_many_steps_drag() {
    let world = World::oidc().await;
    world.mock.answer("/token", Reply::Drip);
    let connectors = world.connectors.clone().with_limit(Duration::from_millis(50));
    let world = World { connectors, ..world };
    let failed = world.finish().await.map(|finished| finished.identity).unwrap_err();
    assert_eq!((failed.problem, failed.detail.as_str()), (SignInProblem::Unreachable, "the provider did not answer in time"));
}

#[tokio::test]
async fn f_21_after_five_failures_nobody_is_asked_until_one_try_goes_well() {
    let world = World::oidc().await;
    world.finish().await.unwrap();
    world.mock.answer("/token", Reply::Json(503, "{}".to_owned()));
    for _ in 0..MAX_FAILURES {
        assert_eq!(world.refused().await, SignInProblem::Unreachable);
    }
    let asked = world.mock.count();
    for _ in 0..20 {
        assert_eq!(world.refused().await, SignInProblem::Unreachable);
    }
    assert_eq!(world.mock.count(), asked, "an open breaker lets nothing through");
    world.clock.advance(OPEN_FOR);
    assert_eq!(world.refused().await, SignInProblem::Unreachable);
    assert_eq!(world.refused().await, SignInProblem::Unreachable);
    assert_eq!(world.mock.count(), asked + 1, "one tries");
    world.redeems_to(&world.answer(&world.claims()));
    world.clock.advance(OPEN_FOR);
    world.finish().await.unwrap();
    world.finish().await.unwrap();
}

#[tokio::test]
async fn f_21_one_connection_has_32_requests_in_flight_and_others_their_own() {
    let world = World::oidc().await.waiting(Duration::from_secs(3));
    world.finish().await.unwrap();
    world.mock.answer("/token", Reply::Silence);
    let many = futures_util::future::join_all((0..MAX_IN_FLIGHT + 8).map(|_| world.refused())).await;
    assert_eq!(many.iter().filter(|problem| **problem == SignInProblem::TooMany).count(), 8);
    assert_eq!(world.mock.asked("/token").len(), MAX_IN_FLIGHT + 1);
    let mut other = World::oidc().await;
    other.connectors = world.connectors.clone();
    other.finish().await.unwrap();
}

#[tokio::test]
async fn ssr_10_a_tenants_connections_fetch_eight_documents_at_once() {
    let world = World::oidc().await.waiting(Duration::from_secs(3));
    world.mock.answer(METADATA, Reply::Silence);
    let many = (0..12).map(|_| {
        let mut registration = world.registration.clone();
        registration.connection.id = gantry_core::id::ConnectionId::new();
        let world = &world;
        async move { world.connectors.begin(&registration, &World::ask(), &mut world.hops()).await.unwrap_err().problem }
    });
    let many = futures_util::future::join_all(many).await;
    assert_eq!(many.iter().filter(|problem| **problem == SignInProblem::TooMany).count(), 4);
    assert_eq!(world.mock.count(), 8);
}

#[tokio::test]
async fn fed_03_a_document_of_another_issuer_is_none() {
    let world = World::oidc().await;
    let url = world.mock.url.clone();
    for issuer in [json!(format!("{url}/")), json!(url.replace("http", "HTTP")), json!("https://other.example"), json!(""), json!(null)] {
        let mut metadata = world.metadata();
        metadata["issuer"] = issuer;
        world.publish(&metadata);
        assert_eq!(world.connectors.probe(&world.registration).await.unwrap_err().problem, SignInProblem::MetadataMismatch);
        assert_eq!(world.refused().await, SignInProblem::MetadataMismatch);
    }
    assert_eq!(world.mock.asked("/token").len(), 0);
    world.publish(&world.metadata());
    let probe = world.connectors.probe(&world.registration).await.unwrap();
    assert_eq!((probe.issuer, probe.keys), (Some(url), 1));
}

#[tokio::test]
async fn fed_03_ssr_01_endpoints_have_to_be_there_and_within_reach() {
    let world = World::oidc().await;
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        let mut metadata = world.metadata();
        metadata.as_object_mut().unwrap().remove(name);
        world.publish(&metadata);
        assert_eq!(world.connectors.probe(&world.registration).await.unwrap_err().problem, SignInProblem::MetadataMismatch, "{name}");
    }
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"] {
        for url in [
            "https://10.0.0.1/x",
            "http://provider.example/x",
            "file:///etc/passwd",
            "https://169.254.169.254/",
            "javascript:alert(1)",
            "/x",
            "",
        ] {
            let mut metadata = world.metadata();
            metadata[name] = json!(url);
            world.publish(&metadata);
            let failed = world.connectors.probe(&world.registration).await.unwrap_err();
            assert_eq!(failed.problem, SignInProblem::MetadataMismatch, "{name} {url}");
        }
        let mut metadata = world.metadata();
        metadata[name] = json!(7);
        world.publish(&metadata);
        assert_eq!(world.connectors.probe(&world.registration).await.unwrap_err().problem, SignInProblem::BadAnswer, "{name}");
    }
    let mut metadata = world.metadata();
    metadata["padding"] = json!("x".repeat(64 * 1024));
    world.publish(&metadata);
    assert_eq!(world.connectors.probe(&world.registration).await.unwrap_err().problem, SignInProblem::BadAnswer);
}

#[tokio::test]
async fn ssr_11_addresses_that_may_not_be_asked_look_like_those_that_do_not_answer() {
    let mut told = Vec::new();
    for issuer in ["http://127.0.0.1:9", "https://10.0.0.1", "https://169.254.169.254", "http://localhost:22", "https://nobody.invalid"] {
        let mut world = World::oidc().await;
        world.registration.connection.settings.issuer = Some(issuer.to_owned());
        told.push(world.connectors.probe(&world.registration).await.unwrap_err());
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
}

#[tokio::test]
async fn f_23_the_last_good_metadata_does_for_a_day() {
    let world = World::oidc().await;
    world.finish().await.unwrap();
    world.mock.answer(METADATA, Reply::Json(500, "{}".to_owned()));
    world.clock.advance(FRESH);
    let asked = world.mock.asked(METADATA).len();
    for _ in 0..5 {
        world.redeems_to(&world.answer(&world.claims()));
        world.finish().await.unwrap();
    }
    assert_eq!(world.mock.asked(METADATA).len(), asked + 1, "while a copy does, a minute passes between tries");
    world.clock.advance(STALE.saturating_sub(FRESH).saturating_sub(Duration::from_secs(1)));
    world.redeems_to(&world.answer(&world.claims()));
    world.finish().await.unwrap();
    world.clock.advance(Duration::from_mins(2));
    world.redeems_to(&world.answer(&world.claims()));
    assert_eq!(world.refused().await, SignInProblem::Unreachable);
    world.publish(&world.metadata());
    world.clock.advance(Duration::from_millis(1));
    world.finish().await.unwrap();
}

#[tokio::test]
async fn conversations_can_be_a_jobs() {
    fn is_send<F: Future + Send>(future: F) -> F {
        future
    }
    let world = World::oidc().await;
    let (ask, mut hops) = (World::ask(), world.hops());
    is_send(world.connectors.begin(&world.registration, &ask, &mut hops)).await.unwrap();
    let tokens = is_send(world.finish()).await.unwrap().tokens;
    is_send(world.connectors.refresh(&world.registration, &tokens)).await.unwrap();
    is_send(world.connectors.probe(&world.registration)).await.unwrap();
}

#[tokio::test]
async fn f_22_an_empty_or_mad_key_set_replaces_no_good_one() {
    let world = World::oidc().await;
    world.finish().await.unwrap();
    let junk: Vec<Value> = vec![json!({}), json!({ "kty": "oct", "k": "AAAA", "kid": "one" }), json!(1)];
    for keys in [Vec::new(), junk] {
        world.publish_keys(&keys);
        world.clock.advance(FRESH);
        world.redeems_to(&world.answer(&world.claims()));
        world.finish().await.unwrap();
    }
    world.mock.answer("/jwks", Reply::typed("text/html", "<html>"));
    world.clock.advance(FRESH);
    world.redeems_to(&world.answer(&world.claims()));
    world.finish().await.unwrap();
}

#[tokio::test]
async fn f_22_new_keys_do_within_a_minute_with_a_name_and_without() {
    for kid in [Some("two"), None, Some("one")] {
        let mut world = World::oidc().await;
        world.finish().await.unwrap();
        world.key = Key::p256();
        let mut jwk = world.key.jwk(kid.unwrap_or_default());
        let mut header = json!({ "kid": kid });
        if kid.is_none() {
            jwk.as_object_mut().unwrap().remove("kid");
            header = json!({});
        }
        world.publish_keys(&[jwk]);
        world.clock.advance(Duration::from_mins(1));
        let token = world.key.sign(header, &world.claims());
        world.redeems_to(&World::answer_with(&token));
        world.finish().await.unwrap();
    }
}

#[tokio::test]
async fn f_22_without_one_good_key_nobody_is_believed() {
    let world = World::oidc().await;
    world.publish_keys(&[]);
    assert_eq!(world.refused().await, SignInProblem::BadAnswer);
    world.publish_keys(&[world.key.jwk("one")]);
    world.clock.advance(Duration::from_secs(2));
    world.finish().await.unwrap();
}

#[tokio::test]
async fn f_23_many_who_wait_make_one_fetch() {
    let world = World::oidc().await;
    let asks = futures_util::future::join_all((0..20).map(|_| world.finish())).await;
    assert!(asks.iter().all(Result::is_ok));
    assert_eq!((world.mock.asked(METADATA).len(), world.mock.asked("/jwks").len()), (1, 1));
}
