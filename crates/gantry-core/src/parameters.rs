//! Request parameters: one strict parser for queries and form bodies.
//!
//! Owns decoding, limits and the rule against repetition (RFC 6749 §3.1, attack catalogue §0.8 and
//! §0.9). Never knows what a parameter means.

use percent_encoding::percent_decode_str;

use crate::secret::Secret;

/// The most parameters of one request.
pub const MAX_PARAMETERS: usize = 64;

/// The most fields of a form of our own pages. Whoever belongs to hundreds of tenants may tick them all.
pub const MAX_FORM_FIELDS: usize = 1024;

/// Names that may be repeated, by their own specification (RFC 8707 §2).
const REPEATABLE: &[&str] = &["resource"];

/// Why parameters cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidParameters {
    /// A name occurs twice.
    #[error("the parameter `{0}` is repeated")]
    Repeated(String),
    /// Not UTF-8, or with a control character that no parameter has.
    #[error("a parameter is not valid UTF-8 or holds a control character")]
    Encoding,
    /// More than [`MAX_PARAMETERS`], or [`MAX_FORM_FIELDS`].
    #[error("there are too many parameters")]
    TooMany,
}

/// Decoded name-value pairs. Values may be secrets, so they are never shown.
#[derive(Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Parameters {
    /// Parses `application/x-www-form-urlencoded` text; `+` and `%20` are both spaces.
    pub fn parse(text: &str) -> Result<Self, InvalidParameters> {
        Self::parse_repeating(text, REPEATABLE)
    }

    /// The same where other names may be repeated: parameters whose repetition the caller refuses
    /// itself, in its own words.
    pub fn parse_repeating(text: &str, repeatable: &[&str]) -> Result<Self, InvalidParameters> {
        Self::parse_within(text, repeatable, MAX_PARAMETERS)
    }

    /// The same for a form of our own pages, which may have many boxes ticked.
    pub fn parse_form(text: &str, tick_boxes: &[&str]) -> Result<Self, InvalidParameters> {
        Self::parse_within(text, tick_boxes, MAX_FORM_FIELDS)
    }

    fn parse_within(text: &str, repeatable: &[&str], most: usize) -> Result<Self, InvalidParameters> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == most {
                return Err(InvalidParameters::TooMany);
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if !repeatable.contains(&name.as_str()) && pairs.iter().any(|(known, _)| *known == name) {
                return Err(InvalidParameters::Repeated(name.chars().take(64).collect()));
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// The value, unless the parameter is missing or empty (RFC 6749 §3.1: empty counts as omitted).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).filter(|value| !value.is_empty())
    }

    /// The value even if it is empty.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may be repeated.
    pub fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        self.0.iter().filter(move |(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value in hiding.
    pub fn secret(&self, name: &str) -> Option<Secret> {
        self.get(name).map(Secret::new)
    }

    /// Whether the parameter was sent, even if empty.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// All pairs in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn decode(text: &str) -> Result<String, InvalidParameters> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().or(Err(InvalidParameters::Encoding))?;
    // NUL breaks Postgres text; the others have no business in any parameter but text areas' line ends.
    if decoded.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || decoded.starts_with('\u{feff}') {
        return Err(InvalidParameters::Encoding);
    }
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_space_decode() {
        let parameters = Parameters::parse("scope=a%20b+c&empty=&flag").unwrap();
        assert_eq!(parameters.get("scope"), Some("a b c"));
        assert_eq!(parameters.get("empty"), None);
        assert!(parameters.has("flag"));
    }

    #[test]
    fn repetition_and_bad_encoding_are_refused() {
        assert_eq!(Parameters::parse("a=1&%61=2").unwrap_err(), InvalidParameters::Repeated("a".to_owned()));
        assert!(Parameters::parse("resource=a&resource=b").is_ok());
        for bad in ["a=%FF", "a=%00", "a=%C0%AF", "a=%ED%A0%80", "a=%EF%BB%BFx"] {
            assert_eq!(Parameters::parse(bad).unwrap_err(), InvalidParameters::Encoding, "{bad}");
        }
        let many = (0..65).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&");
        assert_eq!(Parameters::parse(&many).unwrap_err(), InvalidParameters::TooMany);
    }
}
