//! The JSON Schema of realm files: published for editors, and the very thing a file is checked by.
//!
//! Owns unknown and missing keys and wrong kinds of value, all of them with their places. Knows as
//! much of JSON Schema as the document's types make use of, and never what a value means.

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::problem::{Path, Position, Problem};
use crate::source::{Content, Entry, Node};

/// The schema of a realm file.
pub fn schema() -> Value {
    schemars::schema_for!(Document).to_value()
}

/// The schema as it is published.
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}

/// One thing that does not fit a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Which part of the document it is about.
    pub path: Path,
    /// What is wrong, worded to follow the path. Never holds a value.
    pub reason: String,
}

/// Everything about a text's shape that does not fit the schema.
pub(crate) fn check(node: &Node) -> Vec<Problem> {
    let problem = |(at, misfit): (Position, Misfit)| Problem { at, reason: crate::problem::sentence(&misfit.path, &misfit.reason) };
    walk(node, &schema()).into_iter().map(problem).collect()
}

/// Everything about a JSON document's shape that does not fit a schema of this kind: what the admin API checks
/// requests by, in the words in which files are checked.
pub fn misfits(schema: &Value, document: &Value) -> Vec<Misfit> {
    walk(&Node::of(document), schema).into_iter().map(|(_, misfit)| misfit).collect()
}

fn walk(node: &Node, root: &Value) -> Vec<(Position, Misfit)> {
    let mut checker = Checker { definitions: root.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default(), problems: vec![] };
    checker.value(node, root, &Path::default());
    checker.problems
}

struct Checker {
    definitions: Map<String, Value>,
    problems: Vec<(Position, Misfit)>,
}

impl Checker {
    fn value(&mut self, node: &Node, schema: &Value, path: &Path) {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let name = name.rsplit('/').next().unwrap_or_default();
            let definition = self.definitions.get(name).cloned().unwrap_or_default();
            return self.value(node, &definition, path);
        }
        if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
            let is_null = matches!(node.value, Content::Plain(Value::Null));
            let fits = |choice: &&Value| (choice.get("type") == Some(&json!("null"))) == is_null;
            return match choices.iter().find(fits) {
                Some(choice) => self.value(node, choice, path),
                None => self.note(node, path, "must not be empty"),
            };
        }
        if let Some(words) = words(schema) {
            if !matches!(&node.value, Content::Text(text) if words.contains(&text.as_str())) {
                self.note(node, path, &format!("must be one of {}", quoted(&words)));
            }
            return;
        }
        let kinds = kinds(schema);
        if kinds.contains(&"null") && matches!(node.value, Content::Plain(Value::Null)) {
            return;
        }
        match &node.value {
            Content::Map(entries) if kinds.contains(&"object") => self.object(node, entries, schema, path),
            Content::List(nodes) if kinds.contains(&"array") => {
                let items = schema.get("items").cloned().unwrap_or_default();
                for (index, node) in nodes.iter().enumerate() {
                    self.value(node, &items, &path.index(index));
                }
            }
            Content::Text(_) if kinds.contains(&"string") => {}
            Content::Plain(Value::Bool(_)) if kinds.contains(&"boolean") => {}
            Content::Plain(Value::Number(number)) if kinds.contains(&"integer") => {
                if number.as_u64().and_then(|number| u32::try_from(number).ok()).is_none() {
                    self.note(node, path, "must be a whole number from 0 to 4294967295");
                }
            }
            // A schema without a type takes anything: the inside of a key set.
            _ if kinds.is_empty() => {}
            Content::Plain(_) if kinds.contains(&"string") => self.note(node, path, "must be text: put it in quotes"),
            Content::Plain(_) | Content::Text(_) | Content::List(_) | Content::Map(_) => {
                self.note(node, path, &format!("must be {}", expected(&kinds)));
            }
        }
    }

    fn object(&mut self, node: &Node, entries: &[Entry], schema: &Value, path: &Path) {
        let nothing = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
        let closed = schema.get("additionalProperties") == Some(&json!(false));
        for entry in entries {
            let path = path.key(&entry.key);
            match properties.get(&entry.key) {
                Some(expected) => self.value(&entry.node, expected, &path),
                None if closed => {
                    let known: Vec<&str> = properties.keys().map(String::as_str).collect();
                    let reason = format!("unknown key; known here are {}", quoted(&known));
                    self.problems.push((entry.at, Misfit { path, reason }));
                }
                None => {
                    if let Some(of_all) = schema.get("additionalProperties").filter(|of_all| of_all.is_object()) {
                        self.value(&entry.node, of_all, &path);
                    }
                }
            }
        }
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !entries.iter().any(|entry| entry.key == name) {
                self.note(node, path, &format!("lacks `{name}`"));
            }
        }
    }

    fn note(&mut self, node: &Node, path: &Path, reason: &str) {
        self.problems.push((node.at, Misfit { path: path.clone(), reason: reason.to_owned() }));
    }
}

/// The words of a closed set.
fn words(schema: &Value) -> Option<Vec<&str>> {
    if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
        return choices.iter().map(|choice| choice.get("const").and_then(Value::as_str)).collect();
    }
    schema.get("enum").and_then(Value::as_array)?.iter().map(Value::as_str).collect()
}

fn kinds(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    }
}

fn expected(kinds: &[&str]) -> &'static str {
    match kinds.iter().find(|kind| **kind != "null") {
        Some(&"object") => "a mapping (`key: value` lines)",
        Some(&"array") => "a list (`- entry` lines)",
        Some(&"boolean") => "`true` or `false`",
        Some(&"integer") => "a whole number",
        _ => "text",
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problems;
    use crate::source;

    fn problems(text: &str) -> Vec<String> {
        let list = check(&source::read(text).unwrap());
        Problems::new("r.yaml", list).to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn ten_14_every_misfit_is_named_with_its_place() {
        let text = "
realm: {slug: acme, colour: red, tokens: {access_lifetime: fast, id_token_lifetime: 99999999999}, tenants: sometimes}
users:
- {email: a@b.example, id: usr_1, email_verified: true, password: 12345678, enabled: yes}
clients:
  name: not a list
connections: [{slug: password}]
realm_id: x
";
        let found = problems(text);
        let expected = [
            "r.yaml:2:21: realm.colour: unknown key; known here are `app_keys`, `authorization`, `branding`, `endpoints`, `hosts`, `name`, `personal_tokens`, `sign_in`, `slug`, `tenants`, `tokens`",
            "r.yaml:2:60: realm.tokens.access_lifetime: must be a whole number",
            "r.yaml:2:85: realm.tokens.id_token_lifetime: must be a whole number from 0 to 4294967295",
            "r.yaml:2:108: realm.tenants: must be one of `required`, `optional`, `none`",
            "r.yaml:4:24: users[0].id: unknown key",
            "r.yaml:4:35: users[0].email_verified: unknown key",
            "r.yaml:4:67: users[0].password: must be text: put it in quotes",
            "r.yaml:4:86: users[0].enabled: must be `true` or `false`",
            "r.yaml:6:3: clients: must be a list (`- entry` lines)",
            "r.yaml:7:15: connections[0]: lacks `kind`",
            "r.yaml:7:15: connections[0]: lacks `name`",
            "r.yaml:8:1: realm_id: unknown key",
        ];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found}\n{expected}");
        }
        assert!(!found.iter().any(|line| line.contains("12345678")));
    }

    #[test]
    fn an_empty_section_is_one_left_out() {
        assert_eq!(problems("realm: {slug: acme, name: null}\nusers:\n"), [""; 0]);
        assert_eq!(problems("realm:\n"), ["r.yaml:1:6: realm: must be a mapping (`key: value` lines)"]);
        assert_eq!(problems("- 1"), ["r.yaml:1:1: must be a mapping (`key: value` lines)"]);
    }
}
