//! What comes back with the browser.

use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::{Value, json};

use crate::world::World;

async fn refused(world: &World, query: &str) -> SignInProblem {
    let failed = world.finish_with(query).await.0.map(|finished| finished.identity).unwrap_err();
    assert!(failed.detail.chars().count() < 600);
    failed.problem
}

#[tokio::test]
async fn fed_01_the_callback_of_another_issuer_goes_no_further() {
    let world = World::oidc().await;
    for named in ["https%3A%2F%2Fother.example", "", "null"] {
        let problem = refused(&world, &format!("code=canary-code&state=s&iss={named}")).await;
        assert_eq!(problem, SignInProblem::WrongResponseIssuer, "{named}");
    }
    assert_eq!(refused(&world, "error=access_denied&iss=https%3A%2F%2Fother.example").await, SignInProblem::WrongResponseIssuer);
    assert_eq!(world.mock.asked("/token").len(), 0);
    let own = world.mock.url.replace(':', "%3A");
    world.finish_with(&format!("code=canary-code&state=s&iss={own}")).await.0.unwrap();
}

#[tokio::test]
async fn fed_01_an_issuer_that_is_promised_has_to_come() {
    let world = World::oidc().await;
    let mut metadata = world.metadata();
    metadata["authorization_response_iss_parameter_supported"] = json!(true);
    world.publish(&metadata);
    assert_eq!(refused(&world, "code=canary-code&state=s").await, SignInProblem::WrongResponseIssuer);
    assert_eq!(refused(&world, "error=access_denied&state=s").await, SignInProblem::WrongResponseIssuer);
    assert_eq!(world.mock.asked("/token").len(), 0);
    let own = world.mock.url.replace(':', "%3A");
    world.finish_with(&format!("code=canary-code&state=s&iss={own}")).await.0.unwrap();
}

#[tokio::test]
async fn fed_19_a_providers_error_is_data() {
    let world = World::oidc().await;
    let nasty = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%0D%0ASet-Cookie%3A%20x";
    let long = "A".repeat(100_000);
    let (failed, hops) = world.finish_with(&format!("error=weird&error_description={nasty}{long}&error_uri=javascript:x&state=s")).await;
    let failed = failed.map(|finished| finished.identity).unwrap_err();
    assert_eq!(failed.problem, SignInProblem::ErrorUpstream);
    assert!(failed.detail.chars().count() < 300 && !failed.detail.contains(['\r', '\n']), "{}", failed.detail);
    let callback = hops.iter().find(|hop| hop.kind == HopKind::Callback).unwrap();
    let shown = callback.detail["error_description"].as_str().unwrap();
    assert!(shown.chars().count() == 200 && !shown.contains(['\r', '\n']));
    assert_eq!(callback.detail["parameters"], json!(["error", "error_description", "error_uri", "state"]));
    assert_eq!(world.mock.asked("/token").len(), 0);
}

#[tokio::test]
async fn errors_of_a_provider_have_names() {
    let world = World::oidc().await;
    for (error, problem) in [
        ("access_denied", SignInProblem::DeniedUpstream),
        ("login_required", SignInProblem::InteractionUpstream),
        ("consent_required", SignInProblem::InteractionUpstream),
        ("unauthorized_client", SignInProblem::ClientRejected),
        ("server_error", SignInProblem::ErrorUpstream),
    ] {
        assert_eq!(refused(&world, &format!("error={error}&state=s")).await, problem);
    }
    assert_eq!(refused(&world, "state=s").await, SignInProblem::ErrorUpstream);
    assert_eq!(refused(&world, &format!("state=s&code={}", "x".repeat(9_000))).await, SignInProblem::ErrorUpstream);
}

#[tokio::test]
async fn a_token_answer_is_read_strictly() {
    let world = World::oidc().await;
    let right = world.answer(&world.claims());
    let with = |name: &str, value: Value| {
        let mut answer = right.clone();
        answer[name] = value;
        answer
    };
    for wrong in [
        with("access_token", json!(1)),
        with("access_token", json!(null)),
        with("access_token", json!("")),
        with("token_type", json!("mac")),
        with("token_type", json!(null)),
        with("expires_in", json!("600")),
        with("expires_in", json!(-1)),
        with("expires_in", json!(1.5)),
        with("id_token", json!(["x"])),
        with("refresh_token", json!(7)),
        with("error", json!(1)),
    ] {
        world.redeems_to(&wrong);
        assert_eq!(world.refused().await, SignInProblem::BadAnswer);
    }
    world.redeems_to(&with("token_type", json!("bearer")));
    world.finish().await.unwrap();
}

#[tokio::test]
async fn errors_of_a_token_endpoint_have_names() {
    use crate::mock::Reply;
    let world = World::oidc().await;
    for (status, body, problem) in [
        (400, json!({ "error": "invalid_grant", "error_description": "used" }), SignInProblem::CodeRejected),
        (401, json!({ "error": "invalid_client" }), SignInProblem::ClientRejected),
        (200, json!({ "error": "bad_verification_code" }), SignInProblem::CodeRejected),
        (400, json!({ "error": "something" }), SignInProblem::ErrorUpstream),
        (400, json!({}), SignInProblem::BadAnswer),
        (302, json!({}), SignInProblem::BadAnswer),
        (503, json!({ "error": "server_error" }), SignInProblem::Unreachable),
    ] {
        world.mock.answer("/token", Reply::Json(status, body.to_string()));
        assert_eq!(world.refused().await, problem, "{status} {body}");
    }
}
