//! The OpenAPI document: a sound one, the published one, and served to everybody.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::Gantry;
use crate::support::api::Program;

#[test]
fn the_published_document_is_the_programs_own() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/admin-api.openapi.json");
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == gantry_web::api::openapi_text(), "write it anew: gantry export --openapi > docs/admin-api.openapi.json");
}

#[test]
fn the_document_is_sound() {
    let document: Value = serde_json::from_str(gantry_web::api::openapi_text()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let (mut ids, mut count) = (BTreeSet::new(), 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(["get", "post", "put", "patch", "delete"].contains(&method.as_str()), "{path} {method}");
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            assert!(!operation["summary"].as_str().unwrap().is_empty(), "{id} says nothing of itself");
            assert!(!operation["x-scopes"].as_array().unwrap().is_empty(), "{id}");
            check_responses(id, operation);
            check_parameters(&document, path, operation);
            count += 1;
        }
    }
    assert_eq!(count, gantry_web::api::operations().len());
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let place = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads out of the document"));
        assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
    }
}

/// An answer for each status, with a description; a success with a schema and an example, or with nothing.
fn check_responses(id: &str, operation: &Value) {
    let responses = operation["responses"].as_object().unwrap();
    let successes: Vec<&String> = responses.keys().filter(|status| status.starts_with('2')).collect();
    assert_eq!(successes.len(), 1, "{id}");
    for (status, response) in responses {
        assert!(!response["description"].as_str().unwrap().is_empty(), "{id} {status}");
        let media = if status.starts_with('2') { "application/json" } else { "application/problem+json" };
        if status != "204" {
            assert!(response["content"][media]["schema"].is_object(), "{id} {status}");
        }
    }
    for status in ["400", "401", "403", "404", "429"] {
        assert!(responses.contains_key(status), "{id} {status}");
    }
    let success = &responses[successes[0]];
    assert!(successes[0] == "204" || success["content"]["application/json"]["example"].is_object(), "{id} has no example answer");
}

/// Every name in the path has its parameter.
fn check_parameters(document: &Value, path: &str, operation: &Value) {
    let wanted: BTreeSet<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
    let resolve = |parameter: &Value| match parameter["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap().clone(),
        None => parameter.clone(),
    };
    let all: Vec<Value> = operation["parameters"].as_array().unwrap().iter().map(resolve).collect();
    let in_path: BTreeSet<&str> = all.iter().filter(|one| one["in"] == "path").map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(wanted, in_path, "{path}");
    assert!(all.iter().all(|one| one["schema"]["type"].is_string() && !one["description"].as_str().unwrap().is_empty()), "{path}");
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, references));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn the_document_is_served_to_everybody_and_kept() {
    let gantry = Gantry::start().await;
    let nobody = Program { key: String::new(), ..gantry.program("default").await };
    let first = nobody.get("/openapi.json").await.ok();
    assert_eq!(first.body, gantry_web::api::openapi_text());
    assert_eq!(first.headers["cache-control"], "public, max-age=300");
    assert!(!first.headers.contains_key("access-control-allow-origin"));
    let tag = first.headers["etag"].to_str().unwrap();
    let second = nobody.raw("GET", "/openapi.json", &[("if-none-match", tag)], None).await;
    assert_eq!((second.status, second.body.as_str()), (304, ""));
}
