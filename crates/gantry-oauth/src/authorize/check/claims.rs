//! `claims`: claims asked for one by one (OpenID Connect Core §5.5).
//!
//! Owns the strict reading: an object said twice means nothing. Names are kept for the ID token
//! and for userinfo; of the values asked for, `sub` and `acr` mean something at this endpoint.

use std::fmt;

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::Parameters;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

/// The most claims of one part, and the most bytes of a claim's name.
const MOST: usize = 64;
const LONGEST: usize = 128;

/// The parts of the parameter that mean something (§5.5).
const PARTS: [&str; 2] = ["userinfo", "id_token"];

/// The claims asked for.
#[derive(Debug, Default, PartialEq)]
pub(super) struct RequestedClaims {
    /// Per part, the members of its object.
    parts: Vec<(&'static str, Map<String, Value>)>,
}

impl RequestedClaims {
    /// What is said of a claim in a part: `Null`, or an object.
    fn said(&self, part: &str, claim: &str) -> Option<&Value> {
        self.parts.iter().find(|(name, _)| *name == part).and_then(|(_, claims)| claims.get(claim))
    }

    /// The subjects that the answer must be about.
    pub(super) fn subjects(&self) -> Vec<&str> {
        PARTS.iter().filter_map(|part| self.said(part, "sub")?.get("value")?.as_str()).collect()
    }

    /// The classes asked for in the ID token's `acr`, and whether they are a demand (§5.5.1.1).
    pub(super) fn acr(&self) -> (Vec<String>, bool) {
        let Some(said) = self.said("id_token", "acr") else { return (Vec::new(), false) };
        let one = said.get("value").into_iter();
        let many = said.get("values").and_then(Value::as_array).into_iter().flatten();
        let values = one.chain(many).filter_map(Value::as_str).map(str::to_owned).collect();
        (values, said.get("essential").and_then(Value::as_bool).unwrap_or(false))
    }

    /// The names as JSON of the parameter's own shape, for ID token and userinfo.
    pub(super) fn to_json(&self) -> Option<String> {
        let named = self.parts.iter().filter(|(_, claims)| !claims.is_empty());
        let parts: Map<String, Value> = named
            .map(|(part, claims)| ((*part).to_owned(), claims.keys().map(|name| (name.clone(), Value::Null)).collect::<Map<_, _>>().into()))
            .collect();
        (!parts.is_empty()).then(|| json!(parts).to_string())
    }
}

/// Reads the parameter.
pub(super) fn check(parameters: &Parameters) -> Result<RequestedClaims, Refusal> {
    let Some(text) = parameters.get("claims") else { return Ok(RequestedClaims::default()) };
    let Ok(StrictJson(Value::Object(mut members))) = serde_json::from_str(text) else {
        return Err(refusal("the claims parameter is no JSON object, or names a member twice"));
    };
    let mut parts = Vec::new();
    for part in PARTS {
        match members.remove(part) {
            // Members that are not understood are ignored (§5.5), and null says nothing.
            None | Some(Value::Null) => {}
            Some(Value::Object(claims)) => parts.push((part, check_part(claims)?)),
            Some(_) => return Err(refusal("a member of the claims parameter is no object")),
        }
    }
    Ok(RequestedClaims { parts })
}

fn check_part(claims: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    if claims.len() > MOST || claims.keys().any(|name| name.is_empty() || name.len() > LONGEST || name.chars().any(char::is_control)) {
        return Err(refusal("the claims parameter names too many claims, or one that is too long"));
    }
    for (name, said) in &claims {
        let plain = |member: &str| said.get(member).is_none_or(Value::is_string);
        let sound = said.is_null()
            || (said.is_object()
                && said.get("essential").is_none_or(Value::is_boolean)
                && said.get("values").is_none_or(Value::is_array)
                && (name != "sub" || plain("value")));
        if !sound {
            return Err(refusal("what the claims parameter says of a claim is neither null nor an object as specified"));
        }
    }
    Ok(claims)
}

const fn refusal(description: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, description)
}

/// JSON in which no object names a member twice: two readers of such an object could disagree.
struct StrictJson(Value);

impl<'de> Deserialize<'de> for StrictJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The depth is bounded by serde_json's own limit.
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(StrictJson(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, StrictJson(value))) = map.next_entry::<String, _>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is repeated"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{parameters, wire_name};

    fn verdict(json: &str) -> Result<RequestedClaims, Refusal> {
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("claims", json).finish();
        check(&parameters(&query))
    }

    #[test]
    fn names_are_kept_and_values_read() {
        let claims = verdict(
            r#"{"userinfo":{"name":{"essential":true},"email":null},"id_token":{"acr":{"essential":true,"values":["a","b"]},
            "sub":{"value":"usr_1"}},"other":[[1]]}"#,
        )
        .unwrap();
        assert_eq!(claims.acr(), (vec!["a".to_owned(), "b".to_owned()], true));
        assert_eq!(claims.subjects(), ["usr_1"]);
        let kept: Value = serde_json::from_str(&claims.to_json().unwrap()).unwrap();
        assert_eq!(kept, json!({"userinfo": {"name": null, "email": null}, "id_token": {"acr": null, "sub": null}}));
    }

    #[test]
    fn nothing_asked_is_nothing_kept() {
        for empty in ["{}", r#"{"userinfo":null}"#, r#"{"id_token":{}}"#, r#"{"unknown":true}"#] {
            assert_eq!(verdict(empty).unwrap().to_json(), None, "{empty}");
        }
    }

    #[test]
    fn loose_json_is_refused() {
        let deep = format!(r#"{{"userinfo":{{"name":{{"value":{}1{}}}}}}}"#, "[".repeat(2000), "]".repeat(2000));
        let many: Vec<String> = (0..=MOST).map(|n| format!(r#""c{n}":null"#)).collect();
        for wrong in [
            "[]",
            "null",
            "{",
            "{} {}",
            r#"{"userinfo":[]}"#,
            r#"{"userinfo":{"name":1}}"#,
            r#"{"userinfo":{"name":[true]}}"#,
            r#"{"userinfo":{"name":{"essential":"yes"}}}"#,
            r#"{"id_token":{"sub":{"value":7}}}"#,
            r#"{"id_token":{"acr":null},"id_token":{}}"#,
            r#"{"id_token":{"acr":null,"acr":null}}"#,
            r#"{"id_token":{"acr":{"essential":false,"essential":true}}}"#,
            &deep,
            &format!(r#"{{"userinfo":{{{}}}}}"#, many.join(",")),
            &format!(r#"{{"userinfo":{{"{}":null}}}}"#, "n".repeat(LONGEST + 1)),
        ] {
            assert_eq!(wire_name(verdict(wrong)), "invalid_request", "{wrong}");
        }
    }
}
