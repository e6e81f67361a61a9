//! Other people's words, made fit for our logs and traces (attack catalogue FED-19).

use serde_json::{Map, Value};

/// The most characters of such a text.
pub const MAX_CHARS: usize = 200;

/// The text cut to [`MAX_CHARS`], with control and line-ending characters replaced.
pub fn cut(text: &str) -> String {
    let clean = |c: char| {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            '\u{fffd}'
        } else {
            c
        }
    };
    text.chars().take(MAX_CHARS).map(clean).collect()
}

/// The deepest nesting, the most entries of a list or object that a trace shows.
const MAX_DEPTH: usize = 4;
const MAX_ENTRIES: usize = 100;

/// Claims as a trace shows them: bounded, every text cut, one-time values left out.
pub fn shown(claims: &Map<String, Value>) -> Value {
    let shown = claims.iter().take(MAX_ENTRIES).filter(|(name, _)| !UNSHOWN.contains(&name.as_str()));
    Value::Object(shown.map(|(name, value)| (cut(name), bounded(value, MAX_DEPTH))).collect())
}

/// Claims that belong to one conversation and tell nobody anything.
const UNSHOWN: &[&str] = &["nonce", "at_hash", "c_hash", "s_hash"];

fn bounded(value: &Value, depth: usize) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        Value::String(text) => Value::String(cut(text)),
        Value::Array(_) | Value::Object(_) if depth == 0 => Value::String("…".to_owned()),
        Value::Array(entries) => entries.iter().take(MAX_ENTRIES).map(|entry| bounded(entry, depth - 1)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().take(MAX_ENTRIES).map(|(name, value)| (cut(name), bounded(value, depth - 1))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fed_19_other_peoples_words_are_cut_and_have_no_lines() {
        assert_eq!(cut("access denied"), "access denied");
        assert_eq!(cut("a\r\nSet-Cookie: x\u{202e}\0"), "a\u{fffd}\u{fffd}Set-Cookie: x\u{fffd}\u{fffd}");
        assert_eq!(cut(&"x".repeat(100_000)).len(), MAX_CHARS);
    }
}
