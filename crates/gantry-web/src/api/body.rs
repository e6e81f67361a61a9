//! The body of a request to the admin API: JSON, read strictly.
//!
//! Owns the media type, repeated members and what does not fit an operation's schema, all of it named by its
//! path (attack catalogue §0.8). Never knows what a member means.

use std::fmt;

use actix_web::http::header;
use actix_web::{FromRequest as _, HttpRequest, dev, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_realm_file::misfits;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::extract::BODY_TIMEOUT;

/// A value in which no member is repeated: two readers that take different ones of two members with one name
/// disagree about what was asked.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        // No text of ours has it, and Postgres cannot store it (attack catalogue INP-03).
        if value.contains('\0') { Err(E::custom("a text holds NUL")) } else { Ok(value.into()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, Strict(value))) = map.next_entry::<String, Strict>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is repeated"));
            }
        }
        Ok(Value::Object(members))
    }
}

fn refused(code: ErrorCode, description: &'static str) -> Failure {
    Refusal::new(code, description).into()
}

/// Reads what was sent, as bytes.
pub(super) async fn read(request: &HttpRequest, payload: &mut dev::Payload) -> Result<web::Bytes, Failure> {
    let reading = web::Bytes::from_request(request, payload);
    let read = timeout(BODY_TIMEOUT, reading).await.or(Err(refused(ErrorCode::InvalidRequest, "The body took too long to arrive")))?;
    read.map_err(|error| {
        let code = if error.as_response_error().status_code() == 413 { ErrorCode::TooLarge } else { ErrorCode::InvalidRequest };
        refused(code, "The body is too large or was cut off")
    })
}

/// Whether the body is said to be JSON, in UTF-8 and not compressed.
pub(super) fn check_media_type(request: &HttpRequest, patch: bool) -> Result<(), Failure> {
    let unsupported = || refused(ErrorCode::UnsupportedMediaType, "The body must be application/json");
    let mut values = request.headers().get_all(header::CONTENT_TYPE);
    let value = values.next().and_then(|value| value.to_str().ok()).ok_or_else(unsupported)?;
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let json = essence.eq_ignore_ascii_case("application/json");
    let known = json || (patch && essence.eq_ignore_ascii_case("application/merge-patch+json"));
    let charset = parts.all(|part| !part.to_ascii_lowercase().starts_with("charset=") || part.eq_ignore_ascii_case("charset=utf-8"));
    let plain = !request.headers().contains_key(header::CONTENT_ENCODING);
    if known && charset && plain && values.next().is_none() { Ok(()) } else { Err(unsupported()) }
}

/// The body as JSON, no member of it twice.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Failure> {
    let parsed = serde_json::from_slice::<Strict>(bytes);
    let Strict(value) = parsed.map_err(|error| {
        // Only the kind of the mistake and its place: the words of a reader can repeat what was sent, secrets too.
        let what = if error.is_data() { "a member is repeated, or a text holds NUL" } else { "it is no JSON" };
        let at = format!("{what}, at line {} column {}", error.line(), error.column());
        Refusal::new(ErrorCode::InvalidRequest, "The body cannot be read").detail(at)
    })?;
    Ok(value)
}

/// Refuses whatever does not fit a schema, each member by its name.
pub(super) fn check(schema: &Value, document: &Value) -> Result<(), Failure> {
    let wrong = misfits(schema, document);
    if wrong.is_empty() {
        return Ok(());
    }
    let mut refusal = Refusal::new(ErrorCode::InvalidRequest, "The body does not fit this operation");
    for misfit in wrong {
        refusal = refusal.field(misfit.path.to_string(), misfit.reason);
    }
    Err(refusal.into())
}

/// A document after a merge patch (RFC 7396 §2): `null` takes a member away.
pub(super) fn merge(document: Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut members = match document {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(name);
        } else {
            let before = members.remove(name).unwrap_or_default();
            members.insert(name.clone(), merge(before, value));
        }
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_member_counts_once_at_any_depth() {
        for wrong in [r#"{"a":1,"a":2}"#, r#"{"x":[{"a":1,"\u0061":2}]}"#, "{", "", "{} {}", r#"{"a":"\u0000"}"#, &"[".repeat(1000)] {
            assert!(parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert_eq!(parse(br#"{"a":[1,-2,0.5,null,true,"x"]}"#).unwrap(), json!({ "a": [1, -2, 0.5, null, true, "x"] }));
    }

    #[test]
    fn a_patch_is_merged_as_rfc_7396_says() {
        for (document, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            assert_eq!(merge(document.clone(), &patch), result, "{document} {patch}");
        }
    }
}
