//! JSON objects in which no member occurs twice and no number is read as something else.
//!
//! Two parsers that take different ones of two members with the same name disagree about what was
//! signed (RFC 7515 §4, attack catalogue JWT-05, JWT-07).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::clock::Timestamp;

/// The last second of the year 9999: no date of a token is later.
const LAST_DATE: i64 = 253_402_300_799;

/// The most members of one object.
const MAX_MEMBERS: usize = 256;

/// The members of an object, each once.
#[derive(Debug, Clone, Default)]
pub struct StrictObject(Vec<(String, Value)>);

/// A member is there, but not of the type that it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongType;

impl StrictObject {
    /// Reads a part of a compact JWS.
    pub fn from_base64(part: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
    }

    /// The member, `null` included.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, WrongType> {
        self.get(name).map(|value| value.as_i64().ok_or(WrongType)).transpose()
    }

    /// The members' names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// A text; a member of another type is not the same as none.
    pub fn text(&self, name: &str) -> Result<Option<&str>, WrongType> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or(WrongType),
        }
    }

    /// A `NumericDate` in whole seconds; negative, fractional and absurd ones are none.
    pub fn date(&self, name: &str) -> Result<Option<Timestamp>, WrongType> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => {
                let seconds = value.as_i64().filter(|seconds| (0..=LAST_DATE).contains(seconds)).ok_or(WrongType)?;
                Ok(Some(Timestamp::from_seconds(seconds)))
            }
        }
    }

    /// A text or a list of texts.
    pub fn texts(&self, name: &str) -> Result<Vec<&str>, WrongType> {
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::String(one)) => Ok(vec![one]),
            Some(Value::Array(many)) => many.iter().map(|value| value.as_str().ok_or(WrongType)).collect(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) => Err(WrongType),
        }
    }
}

impl From<StrictObject> for Map<String, Value> {
    fn from(object: StrictObject) -> Self {
        object.0.into_iter().collect()
    }
}

impl<'de> Deserialize<'de> for StrictObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = StrictObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object whose members have different names")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StrictObject, A::Error> {
                let mut members: Vec<(String, Value)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom("a member is repeated"));
                    }
                    if members.len() == MAX_MEMBERS {
                        return Err(A::Error::custom("there are too many members"));
                    }
                    members.push((name, value));
                }
                Ok(StrictObject(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> StrictObject {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn repetition_is_no_object() {
        for text in [r#"{"a":1,"a":2}"#, r#"{"a":1,"\u0061":2}"#, "[]", "1", "{} {}"] {
            assert!(serde_json::from_str::<StrictObject>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn jwt_07_a_wrong_type_is_not_absence() {
        assert_eq!(object("{}").date("exp"), Ok(None));
        assert_eq!(object(r#"{"exp":1700000000}"#).date("exp"), Ok(Some(Timestamp::from_seconds(1_700_000_000))));
        for wrong in [r#""1700000000""#, "1.5", "1e3", "-1", "9223372036854775808", "true", "null", "[1]", "253402300800"] {
            assert_eq!(object(&format!(r#"{{"exp":{wrong}}}"#)).date("exp"), Err(WrongType), "{wrong}");
        }
        assert!(serde_json::from_str::<StrictObject>(r#"{"exp":1e400}"#).is_err());
        assert_eq!(object(r#"{"iss":1}"#).text("iss"), Err(WrongType));
        assert_eq!(object(r#"{"aud":["a",1]}"#).texts("aud"), Err(WrongType));
    }
}
