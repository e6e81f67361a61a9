//! What changed of a record: the fields of a line's `before` and `after`.
//!
//! Owns how two states are compared, and how much of them is told: never more than [`MOST_FIELDS`] fields of
//! [`LONGEST`] characters. Which facts of each record are told is decided in `facts`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The most fields of one line; what is beyond is said to be cut.
const MOST_FIELDS: usize = 60;
/// The longest text of a field, in characters.
const LONGEST: usize = 500;
/// The most entries of a list.
const MOST_ENTRIES: usize = 50;
/// How deep a document is taken apart.
const DEEPEST: usize = 6;

/// A record whose changes the trail tells.
pub trait Audited {
    /// Its facts, under the names that realm files and the API have for them.
    fn facts(&self) -> Value;
}

/// What is not there: a record before it was made, and after it was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nothing;

impl Audited for Nothing {
    fn facts(&self) -> Value {
        json!({})
    }
}

/// Whichever of the two there is.
impl<T: Audited> Audited for Option<T> {
    fn facts(&self) -> Value {
        self.as_ref().map_or_else(|| Nothing.facts(), Audited::facts)
    }
}

impl<T: Audited> Audited for &T {
    fn facts(&self) -> Value {
        (*self).facts()
    }
}

/// What differs between two documents, as `{"before": …, "after": …}` with a field for each difference; the fields of
/// a mapping follow a dot. None where nothing differs.
pub fn changes(before: &Value, after: &Value) -> Option<Value> {
    let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
    flatten("", before, 0, &mut old);
    flatten("", after, 0, &mut new);
    let mut names: Vec<&String> = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name)).collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let cut = names.len() > MOST_FIELDS;
    let side = |of: &BTreeMap<String, &Value>| -> Map<String, Value> {
        let told = names.iter().take(MOST_FIELDS);
        told.map(|name| ((*name).clone(), of.get(*name).map_or(Value::Null, |value| bounded(value)))).collect()
    };
    let mut changed = json!({ "before": side(&old), "after": side(&new) });
    if cut && let Some(changed) = changed.as_object_mut() {
        changed.insert("more_fields".to_owned(), json!(names.len().saturating_sub(MOST_FIELDS)));
    }
    Some(changed)
}

fn flatten<'v>(name: &str, value: &'v Value, depth: usize, into: &mut BTreeMap<String, &'v Value>) {
    match value {
        Value::Object(fields) if depth < DEEPEST => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                flatten(&name, value, depth + 1, into);
            }
        }
        // What is not set and what is not there are the same.
        Value::Null => {}
        Value::Array(entries) if entries.is_empty() => {}
        Value::Object(_) | Value::Array(_) | Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            into.insert(name.to_owned(), value);
        }
    }
}

fn bounded(value: &Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > LONGEST => json!(text.chars().take(LONGEST).chain(['…']).collect::<String>()),
        Value::Array(entries) => {
            let mut shown: Vec<Value> = entries.iter().take(MOST_ENTRIES).map(bounded).collect();
            if entries.len() > MOST_ENTRIES {
                shown.push(json!("…"));
            }
            Value::Array(shown)
        }
        // Deeper than documents of ours are.
        Value::Object(_) => json!("…"),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({ "name": "Acme", "policy": { "pkce": "always", "age": 60 }, "hosts": [], "note": null });
        let after = json!({ "name": "Acme", "policy": { "pkce": "never", "age": 60 }, "hosts": ["a"] });
        let expected = json!({ "before": { "policy.pkce": "always", "hosts": null }, "after": { "policy.pkce": "never", "hosts": ["a"] } });
        assert_eq!(changes(&before, &after), Some(expected));
        assert_eq!(changes(&before, &before), None);
    }

    #[test]
    fn a_line_has_its_bounds() {
        let wide: Map<String, Value> = (0..200).map(|n| (format!("f{n:03}"), json!("x".repeat(2000)))).collect();
        let long: Vec<String> = (0..200).map(|n| n.to_string()).collect();
        let changed = changes(&json!({}), &json!({ "a_list": long, "wide": wide })).unwrap();
        assert!(changed.to_string().len() < 70_000, "{}", changed.to_string().len());
        assert_eq!(changed["after"]["a_list"].as_array().unwrap().len(), 51);
        assert_eq!(changed["more_fields"], 141);
    }
}
