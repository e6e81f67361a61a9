//! `If-Match`: what the document says of it is what the server does, for every operation.

use gantry_web::api::{Method, Operation};
use serde_json::Value;

use crate::support::api::{BETWEEN, Names, Program, in_order, play};
use crate::support::{Answer, Gantry};

/// Calls an operation as its example has it, on a condition.
async fn call_if(program: &Program<'_>, operation: &Operation, names: &Names, tag: &str) -> Answer {
    let body = operation.example().map(|example| names.filled(&example.to_string()));
    let headers: &[(&str, &str)] =
        if body.is_some() { &[("content-type", "application/json"), ("if-match", tag)] } else { &[("if-match", tag)] };
    program.raw(operation.method().as_str(), &names.path(operation), headers, body).await
}

/// What the published document says.
fn is_documented(document: &Value, operation: &Operation) -> bool {
    let place = &document["paths"][operation.path()][operation.method().as_str().to_ascii_lowercase()];
    let named = place["parameters"].as_array().unwrap().iter().any(|parameter| parameter["name"] == "If-Match");
    assert_eq!(named, place["responses"]["412"].is_object(), "{operation:?}");
    named
}

fn reading(path: &str) -> Option<&'static Operation> {
    gantry_web::api::operations().iter().find(|other| other.path() == path && other.method() == Method::Get)
}

#[tokio::test]
async fn a_condition_is_kept_wherever_the_document_names_it_and_never_ignored() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let names = play(&program, "default").await;
    let document: Value = serde_json::from_str(gantry_web::api::openapi_text()).unwrap();
    let changing = in_order().into_iter().filter(|operation| operation.method() != Method::Get && !operation.operators_only());
    let mut met = 0;
    for operation in changing {
        gantry.clock.advance(BETWEEN);
        let stale = call_if(&program, operation, &names, "\"what-somebody-saw-yesterday\"").await;
        assert_eq!(stale.status, 412, "{operation:?}: {}", stale.body);
        assert_eq!(stale.text("type"), "urn:gantry:problem:precondition_failed", "{operation:?}");
        let read = reading(operation.path());
        let conditional = is_documented(&document, operation);
        if matches!(operation.method(), Method::Put | Method::Patch | Method::Delete) {
            assert_eq!(conditional, read.is_some(), "{operation:?}: a condition needs a tag, and what has one takes conditions");
        } else {
            assert!(!conditional, "{operation:?}");
        }
        if let Some(read) = read.filter(|_| conditional) {
            let tag = program.call(read, &names).await.ok().headers["etag"].to_str().unwrap().to_owned();
            let answer = call_if(&program, operation, &names, &tag).await;
            assert_eq!(answer.status, operation.status(), "{operation:?}: {}", answer.body);
            met += 1;
        }
    }
    assert!(met > 15, "{met}");
}
