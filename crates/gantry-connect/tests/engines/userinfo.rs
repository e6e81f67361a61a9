//! Userinfo beside an ID token: when it is asked, and what it may say.

use gantry_core::external_identity::Groups;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Value, json};

use crate::mock::Reply;
use crate::world::{CANARIES, World};

/// A provider whose ID tokens say nothing but who it is.
async fn sparse() -> World {
    let world = World::oidc().await;
    let mut claims = world.claims();
    for name in ["email", "email_verified", "name"] {
        claims.as_object_mut().unwrap().remove(name);
    }
    world.redeems_to(&world.answer(&claims));
    world
}

fn says(world: &World, claims: &Value) {
    world.mock.answer("/userinfo", Reply::document(claims));
}

#[tokio::test]
async fn fed_07_userinfo_of_somebody_else_ends_the_sign_in() {
    let world = sparse().await;
    for sub in [json!("person-2"), json!(null), json!(1), json!("person-1 "), json!("")] {
        says(&world, &json!({ "sub": sub, "email": "victim@corp.example", "email_verified": true }));
        assert_eq!(world.refused().await, SignInProblem::UserinfoMismatch, "{sub}");
    }
    says(&world, &json!({ "email": "victim@corp.example", "email_verified": true }));
    assert_eq!(world.refused().await, SignInProblem::UserinfoMismatch);
    says(&world, &json!({ "sub": "person-1", "email": "ada@corp.example", "email_verified": true, "name": "Ada" }));
    let identity = world.finish().await.unwrap().identity;
    assert_eq!((identity.email.unwrap().verified, identity.profile.name.as_deref()), (true, Some("Ada")));
    assert_eq!(world.mock.asked("/userinfo")[0].headers["authorization"], format!("Bearer {}", CANARIES[2]));
}

#[tokio::test]
async fn userinfo_is_asked_only_where_something_is_lacking() {
    let mut world = World::oidc().await;
    world.finish().await.unwrap();
    assert_eq!(world.mock.asked("/userinfo").len(), 0);
    world.registration.connection.settings.claims.groups = Some("realm_access.roles".to_owned());
    says(&world, &json!({ "sub": "person-1", "realm_access": { "roles": ["admins", "staff"] } }));
    let identity = world.finish().await.unwrap().identity;
    assert_eq!(identity.groups, Groups::Known(vec!["admins".to_owned(), "staff".to_owned()]));
    assert_eq!(world.mock.asked("/userinfo").len(), 1);
}

#[tokio::test]
async fn fed_11_one_document_never_verifies_the_address_of_another() {
    let world = World::oidc().await;
    let mut claims = world.claims();
    let claims_object = claims.as_object_mut().unwrap();
    claims_object.remove("name");
    claims_object.remove("email_verified");
    world.redeems_to(&world.answer(&claims));
    says(&world, &json!({ "sub": "person-1", "email": "other@corp.example", "email_verified": true }));
    let email = world.finish().await.unwrap().identity.email.unwrap();
    assert_eq!((email.address.as_str(), email.verified), ("ada@corp.example", false));

    let world = sparse().await;
    let mut claims = world.claims();
    claims.as_object_mut().unwrap().remove("email");
    world.redeems_to(&world.answer(&claims));
    says(&world, &json!({ "sub": "person-1", "email": "other@corp.example" }));
    let email = world.finish().await.unwrap().identity.email.unwrap();
    assert_eq!((email.address.as_str(), email.verified), ("other@corp.example", false));
}

#[tokio::test]
async fn how_somebody_signed_in_is_said_by_the_signed_document_alone() {
    let world = sparse().await;
    says(&world, &json!({ "sub": "person-1", "acr": "high", "amr": ["mfa"], "sid": "s", "auth_time": 1, "iss": "https://other.example" }));
    let identity = world.finish().await.unwrap().identity;
    assert_eq!((identity.acr, identity.session, identity.authenticated_at), (None, None, None));
    assert_eq!((identity.methods.as_slice(), identity.issuer), ([].as_slice(), world.mock.url.clone()));
}

#[tokio::test]
async fn an_answer_of_another_form_is_no_answer() {
    let world = sparse().await;
    for reply in [
        Reply::typed("application/jwt", r#"{"sub":"person-1"}"#),
        Reply::typed("text/html", r#"{"sub":"person-1"}"#),
        Reply::typed("application/json", r#"{"sub":"person-2","sub":"person-1"}"#),
        Reply::typed("application/json", r#"[{"sub":"person-1"}]"#),
        Reply::typed("application/json", &format!(r#"{{"sub":"person-1","x":"{}"}}"#, "x".repeat(64 * 1024))),
        Reply::Json(401, r#"{"sub":"person-1"}"#.to_owned()),
    ] {
        world.mock.answer("/userinfo", reply);
        assert_eq!(world.refused().await, SignInProblem::BadAnswer);
    }
}

#[tokio::test]
async fn groups_of_another_type_are_not_no_groups() {
    let mut world = World::oidc().await;
    world.registration.connection.settings.claims.groups = Some("groups".to_owned());
    for wrong in [json!(1), json!({ "a": "b" }), json!(["a", 1]), json!([["a"]]), json!(""), json!(vec!["g"; 1001]), json!(true)] {
        assert_eq!(world.refuses_claims(|claims| claims["groups"] = wrong).await, SignInProblem::BadAnswer);
    }
    let finished = world.takes_claims(|claims| claims["groups"] = json!("one")).await;
    assert_eq!(finished.identity.groups, Groups::Known(vec!["one".to_owned()]));
    let finished = world.takes_claims(|claims| claims["groups"] = json!([])).await;
    assert_eq!(finished.identity.groups, Groups::Known(Vec::new()));
}

#[tokio::test]
async fn names_that_mislead_are_left_out() {
    let world = World::oidc().await;
    let finished = world
        .takes_claims(|claims| {
            claims["name"] = json!("\u{202e}nimda");
            claims["picture"] = json!("javascript:alert(1)");
            claims["locale"] = json!("de_CH");
        })
        .await;
    let profile = finished.identity.profile;
    assert_eq!((profile.name, profile.picture, profile.locale.as_deref()), (None, None, Some("de-CH")));
    for wrong in [json!(["a@corp.example"]), json!(7), json!(true)] {
        let problem = world.refuses_claims(|claims| claims["email"] = wrong).await;
        assert!(matches!(problem, SignInProblem::BadAnswer | SignInProblem::TokenMalformed), "{problem}");
    }
}
