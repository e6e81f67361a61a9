//! The admin API as an OpenAPI 3.1 document, made of the operations themselves: there is no second list.

use gantry_core::admin_scope::AdminScope;
use gantry_core::error_code::ErrorCode;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::examples;
use super::operation::{Method, Operation, Shape};
use super::reply::{Problem, problem_type, title};
use crate::paths;

/// How every operation can fail.
const ALWAYS: &[ErrorCode] = &[
    ErrorCode::InvalidRequest,
    ErrorCode::InvalidToken,
    ErrorCode::InsufficientScope,
    ErrorCode::NotFound,
    ErrorCode::TooManyRequests,
    ErrorCode::ServerError,
    ErrorCode::TemporarilyUnavailable,
];

/// What those who post are told besides.
const IDEMPOTENT: &[ErrorCode] = &[ErrorCode::RequestInFlight, ErrorCode::IdempotencyKeyReused];

/// What those who send a body are told besides.
const BODIED: &[ErrorCode] = &[ErrorCode::UnsupportedMediaType, ErrorCode::TooLarge];

/// The document.
pub(super) fn document(operations: &[Operation]) -> Value {
    let mut generator =
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into()).into_generator();
    let problem = generator.subschema_for::<Problem>().to_value();
    let mut described: Map<String, Value> = Map::new();
    for operation in operations {
        let about = operation_object(operation, &mut generator, &problem);
        let path = described.entry(operation.path()).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method().as_str().to_ascii_lowercase(), about);
        }
    }
    let schemas: Map<String, Value> = generator.take_definitions(true).into_iter().collect();
    let scopes: Map<String, Value> = AdminScope::ALL.iter().map(|scope| (scope.to_string(), json!({}))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Gantry admin API",
            "version": "1",
            "summary": "Everything that Gantry's console does, for programs.",
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": paths::ADMIN_API }],
        "security": [{ "key": [] }],
        "tags": tags(operations),
        "paths": described,
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "gsk_…",
                    "description": "A key of a service account. What it may do is its account's scopes; `x-scopes` of an operation names those that it takes.",
                },
            },
            "schemas": schemas,
            "parameters": parameters(operations),
        },
        "x-scopes": scopes.keys().collect::<Vec<_>>(),
    })
}

const ABOUT: &str = "Bodies are JSON with the words of the realm file. Unknown members are refused by their names. \
A record has an `ETag`; sent back as `If-Match`, it keeps a change from undoing somebody else's. A POST with an \
`Idempotency-Key` acts once and answers the same for 24 hours. Lists come newest first, in pages: `next` of one is \
`after` of the other. Whatever goes wrong is an `application/problem+json` (RFC 9457). Dates are RFC 3339 in UTC.";

fn tags(operations: &[Operation]) -> Value {
    let mut tags: Vec<&str> = Vec::new();
    for operation in operations {
        if !tags.contains(&tag(operation)) {
            tags.push(tag(operation));
        }
    }
    tags.into_iter().map(|tag| json!({ "name": tag })).collect()
}

/// The noun that an operation is about.
fn tag(operation: &Operation) -> &'static str {
    let mut nouns = operation.path().split('/').filter(|segment| !segment.is_empty() && !segment.starts_with('{'));
    let first = nouns.next().unwrap_or("realms");
    nouns.next().unwrap_or(first)
}

fn parameters(operations: &[Operation]) -> Value {
    let mut all = Map::new();
    for name in operations.iter().flat_map(Operation::parameters) {
        let description = match name {
            "realm" => "The realm's `slug`.".to_owned(),
            "tenant" => "The organization's `org_id`.".to_owned(),
            _ => format!("The `id` of the {}.", name.replace('_', " ")),
        };
        all.insert(
            name.to_owned(),
            json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" } }),
        );
    }
    Value::Object(all)
}

fn operation_object(operation: &Operation, generator: &mut SchemaGenerator, problem: &Value) -> Value {
    let mut parameters: Vec<Value> =
        operation.parameters().map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })).collect();
    for query in operation.query() {
        let kind = if query.name == "limit" {
            json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 })
        } else {
            json!({ "type": "string" })
        };
        parameters.push(json!({ "name": query.name, "in": "query", "description": query.description, "schema": kind }));
    }
    for (name, description) in headers(operation) {
        parameters.push(json!({ "name": name, "in": "header", "description": description, "schema": { "type": "string" } }));
    }
    let mut about = json!({
        "operationId": operation.id(),
        "tags": [tag(operation)],
        "summary": operation.summary(),
        "description": operation.description(),
        "x-scopes": operation.scopes(),
        "parameters": parameters,
        "responses": responses(operation, generator, problem),
    });
    if let (Some(shape), Some(members)) = (&operation.body, about.as_object_mut()) {
        let patch = operation.method() == Method::Patch;
        let kind = if patch { "application/merge-patch+json" } else { "application/json" };
        let content = json!({ kind: { "schema": body_schema(shape, patch, generator), "example": operation.example() } });
        members.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    if let Some(members) = about.as_object_mut().filter(|_| operation.operators_only()) {
        members.insert("x-operators-only".to_owned(), json!(true));
    }
    about
}

fn headers(operation: &Operation) -> Vec<(&'static str, &'static str)> {
    match operation.method() {
        Method::Get => vec![("If-None-Match", "The `ETag` of what the caller has: unchanged, it is answered 304.")],
        Method::Post => vec![("Idempotency-Key", "1 to 255 visible characters under which this request acts once.")],
        Method::Put | Method::Patch | Method::Delete if operation.is_conditional() => {
            vec![("If-Match", "The `ETag` of the record as the caller has seen it: changed since, it is answered 412.")]
        }
        Method::Put | Method::Patch | Method::Delete => Vec::new(),
    }
}

/// A body; in a patch nothing is required.
fn body_schema(shape: &Shape, patch: bool, generator: &mut SchemaGenerator) -> Value {
    let reference = (shape.subschema)(generator).to_value();
    if !patch {
        return reference;
    }
    let name = reference.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let mut whole = name.and_then(|name| generator.definitions().get(name).cloned()).unwrap_or(reference);
    if let Some(members) = whole.as_object_mut() {
        members.remove("required");
        members.insert("description".to_owned(), json!("What is to change (RFC 7396): a member that is null goes back to its default."));
    }
    whole
}

fn responses(operation: &Operation, generator: &mut SchemaGenerator, problem: &Value) -> Value {
    let mut success = json!({ "description": operation.summary() });
    if let (Some(shape), Some(members)) = (&operation.answer, success.as_object_mut()) {
        let schema = (shape.subschema)(generator).to_value();
        let mut content = json!({ "schema": schema });
        if let (Some(example), Some(content)) = (examples::of(operation.id()), content.as_object_mut()) {
            content.insert("example".to_owned(), example.clone());
        }
        members.insert("content".to_owned(), json!({ "application/json": content }));
        members.insert("headers".to_owned(), json!({ "ETag": { "schema": { "type": "string" } } }));
    }
    let mut all = Map::new();
    all.insert(operation.status().to_string(), success);
    let more: &[ErrorCode] = if operation.method() == Method::Post { IDEMPOTENT } else { &[] };
    let bodied: &[ErrorCode] = if operation.takes_body() { BODIED } else { &[] };
    for code in ALWAYS.iter().chain(more).chain(bodied).chain(operation.problems()) {
        let known = all
            .entry(code.status().to_string())
            .or_insert_with(|| json!({ "description": "", "content": { "application/problem+json": { "schema": problem } } }));
        let line = format!("{} (`{}`)", title(*code), problem_type(*code));
        let before = known.get("description").and_then(Value::as_str).unwrap_or_default();
        if !before.contains(&line) {
            let text = if before.is_empty() { line } else { format!("{before}; {line}") };
            if let Some(members) = known.as_object_mut() {
                members.insert("description".to_owned(), json!(text));
            }
        }
    }
    Value::Object(all)
}
