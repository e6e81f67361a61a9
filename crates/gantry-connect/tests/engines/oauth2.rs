//! Plain OAuth 2.0, and the presets that are rows of a table.

use gantry_core::connection::UpstreamEndpoints;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Value, json};

use crate::mock::Reply;
use crate::world::{Key, World};

async fn world(kind: ConnectorKind) -> World {
    let mut world = World::of_kind(kind, Key::p256()).await;
    let url = world.mock.url.clone();
    world.registration.connection.settings.endpoints = UpstreamEndpoints {
        authorization: Some(format!("{url}/authorize")),
        token: Some(format!("{url}/token")),
        userinfo: Some(format!("{url}/userinfo")),
        ..UpstreamEndpoints::default()
    };
    let mut answer = World::answer_with("");
    answer.as_object_mut().unwrap().remove("id_token");
    world.redeems_to(&answer);
    world
}

fn says(world: &World, claims: &Value) {
    world.mock.answer("/userinfo", Reply::document(claims));
}

#[tokio::test]
async fn an_origin_stands_for_the_issuer() {
    let world = world(ConnectorKind::Oauth2).await;
    says(&world, &json!({ "sub": "7f3a", "email": "ada@corp.example", "email_verified": true }));
    let identity = world.finish().await.unwrap().identity;
    assert_eq!((identity.issuer, identity.subject.as_str()), (world.mock.url.clone(), "7f3a"));
    assert!(identity.email.unwrap().verified);
    let begun = world.begin(&World::ask()).await.unwrap();
    assert!(begun.query_pairs().any(|(name, _)| name == "code_challenge"));
}

#[tokio::test]
async fn fed_08_subjects_are_texts_unless_the_row_says_numbers() {
    let plain = world(ConnectorKind::Oauth2).await;
    for wrong in [json!(7), json!(null), json!("null"), json!(""), json!("a b"), json!(true), json!(["x"]), json!({})] {
        says(&plain, &json!({ "sub": wrong }));
        assert_eq!(plain.refused().await, SignInProblem::BadSubject, "{wrong}");
    }
    says(&plain, &json!({ "id": "x" }));
    assert_eq!(plain.refused().await, SignInProblem::BadSubject);

    let discord = world(ConnectorKind::Discord).await;
    for wrong in [json!(7.5), json!(-7), json!(0), json!("7a"), json!(""), json!(true), json!(1e30)] {
        says(&discord, &json!({ "id": wrong }));
        assert_eq!(discord.refused().await, SignInProblem::BadSubject, "{wrong}");
    }
    for right in [json!("80351110224678912"), json!(80_351_110_224_678_912_u64)] {
        says(&discord, &json!({ "id": right }));
        assert_eq!(discord.finish().await.unwrap().identity.subject, "80351110224678912");
    }
}

#[tokio::test]
async fn a_rows_places_are_where_things_are_found() {
    let world = world(ConnectorKind::Discord).await;
    let person = json!({ "id": "1", "username": "ada", "global_name": "Ada", "email": "ada@corp.example", "verified": true });
    says(&world, &person);
    let identity = world.finish().await.unwrap().identity;
    assert_eq!((identity.issuer.as_str(), identity.profile.name.as_deref()), ("https://discord.com", Some("Ada")));
    let email = identity.email.unwrap();
    assert_eq!((email.verified, email.because.as_str()), (true, "verified"));
    let mut unsaid = person;
    unsaid["verified"] = json!("true");
    says(&world, &unsaid);
    assert!(!world.finish().await.unwrap().identity.email.unwrap().verified);
}

#[tokio::test]
async fn facebook_vouches_for_no_address() {
    let world = world(ConnectorKind::Facebook).await;
    says(&world, &json!({ "id": "10", "email": "ada@corp.example", "picture": { "data": { "url": "https://cdn.example/a.png" } } }));
    let identity = world.finish().await.unwrap().identity;
    assert!(!identity.email.unwrap().verified);
    assert_eq!(identity.profile.picture.as_deref(), Some("https://cdn.example/a.png"));
}

#[tokio::test]
async fn linkedin_is_sent_no_verifier_because_it_refuses_them() {
    let world = world(ConnectorKind::Linkedin).await;
    says(
        &world,
        &json!({ "sub": "782bbtaQ", "locale": { "country": "US", "language": "en" }, "email": "a@b.example", "email_verified": true }),
    );
    world.finish().await.unwrap();
    assert!(!world.mock.asked("/token")[0].form().contains_key("code_verifier"));
    let begun = world.begin(&World::ask()).await.unwrap();
    assert!(!begun.query_pairs().any(|(name, _)| name.starts_with("code_challenge")));
    assert!(begun.query_pairs().any(|(name, value)| name == "state" && value == "the-state"));
}

#[tokio::test]
async fn what_a_server_cannot_say_is_not_taken_for_granted() {
    let mut world = world(ConnectorKind::Oauth2).await;
    says(&world, &json!({ "sub": "x" }));
    world.expected.max_age = Some(60);
    assert_eq!(world.refused().await, SignInProblem::TokenTooOld);
    world.expected.max_age = None;
    world.registration.connection.settings.endpoints.userinfo = None;
    assert_eq!(world.refused().await, SignInProblem::Misconfigured);
}

#[tokio::test]
async fn fed_01_a_configured_issuer_is_compared_here_too() {
    let mut world = world(ConnectorKind::Oauth2).await;
    says(&world, &json!({ "sub": "x" }));
    world.registration.connection.settings.issuer = Some("https://as.example".to_owned());
    let failed = world.finish_with("code=canary-code&iss=https://other.example").await.0.map(|_| ()).unwrap_err();
    assert_eq!(failed.problem, SignInProblem::WrongResponseIssuer);
    assert_eq!(world.mock.asked("/token").len(), 0);
    world.finish_with("code=canary-code&iss=https://as.example").await.0.unwrap();
}
