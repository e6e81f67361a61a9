//! The text of a realm file as a tree in which everything knows its place.
//!
//! Owns YAML: syntax, repeated keys, positions. Never knows what a realm is.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use serde_saphyr::Spanned;

use crate::problem::{Path, Position, Problem, Step};

/// The most bytes of a file.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) value: Content,
}

/// A value of YAML's JSON part.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// `null`, a truth value or a number.
    Plain(Value),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key, its place and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) at: Position,
    pub(crate) key: String,
    pub(crate) node: Node,
}

/// Reads a text, or says where it is no YAML.
pub(crate) fn read(text: &str) -> Result<Node, Problem> {
    if text.len() > MAX_BYTES {
        return Err(Problem { at: Position::default(), reason: "the file is longer than 16 MiB".to_owned() });
    }
    // Only `true` and `false` are truth values: a country called `no` is none.
    let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true, reject_unsupported_tags: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let at = error.location().map_or(Position { line: 1, column: 1 }, |location| position(&location));
        Problem { at, reason: format!("is not valid YAML: {}", reason(&error)) }
    })
}

/// The parser's words without its own note of the place.
fn reason(error: &serde_saphyr::Error) -> String {
    let text = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
    let end = text.rfind(" at line ").unwrap_or(text.len());
    text.get(..end).unwrap_or(&text).to_owned()
}

fn position(location: &serde_saphyr::Location) -> Position {
    Position { line: location.line(), column: location.column() }
}

impl Node {
    /// Where a path leads, or the deepest place on the way to it that is there.
    pub(crate) fn locate(&self, path: &Path) -> Position {
        let mut node = self;
        for step in &path.0 {
            let next = match (&node.value, step) {
                (Content::Map(entries), Step::Key(key)) => entries.iter().find(|entry| entry.key == *key).map(|entry| &entry.node),
                (Content::List(nodes), Step::Index(index)) => nodes.get(*index),
                (Content::Plain(_) | Content::Text(_) | Content::List(_) | Content::Map(_), _) => None,
            };
            let Some(next) = next else { break };
            node = next;
        }
        node.at
    }

    /// A value that stands nowhere.
    pub(crate) fn of(value: &Value) -> Self {
        let at = Position::default();
        let value = match value {
            Value::String(text) => Content::Text(text.clone()),
            Value::Array(items) => Content::List(items.iter().map(Self::of).collect()),
            Value::Object(members) => {
                let entry = |(key, value): (&String, &Value)| Entry { at, key: key.clone(), node: Self::of(value) };
                Content::Map(members.iter().map(entry).collect())
            }
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_)) => Content::Plain(plain.clone()),
        };
        Self { at, value }
    }

    /// The value without places.
    pub(crate) fn to_json(&self) -> Value {
        match &self.value {
            Content::Plain(value) => value.clone(),
            Content::Text(text) => Value::String(text.clone()),
            Content::List(nodes) => Value::Array(nodes.iter().map(Self::to_json).collect()),
            Content::Map(entries) => {
                Value::Object(entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect::<Map<_, _>>())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Content>::deserialize(deserializer)?;
        Ok(Self { at: position(&spanned.referenced), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Plain(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Plain(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Content, E> {
        Ok(Content::Plain(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Content, E> {
        Ok(Content::Plain(value.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Content, E> {
        Ok(Content::Text(text))
    }

    fn visit_unit<E: Error>(self) -> Result<Content, E> {
        Ok(Content::Plain(Value::Null))
    }

    fn visit_none<E: Error>(self) -> Result<Content, E> {
        Ok(Content::Plain(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        Content::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Content, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Content::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, node)) = map.next_entry::<Spanned<String>, Node>()? {
            entries.push(Entry { at: position(&key.referenced), key: key.value, node });
        }
        Ok(Content::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_knows_its_place() {
        let node = read("# a realm\nrealm:\n  slug: no\n  hosts: [a, 1, true]\nempty:\n").unwrap();
        let root = Path::default();
        let at = |path: &Path| (node.locate(path).line, node.locate(path).column);
        assert_eq!(at(&root.dotted("realm.slug")), (3, 9));
        assert_eq!(at(&root.dotted("realm.hosts").index(1)), (4, 14));
        assert_eq!(at(&root.dotted("realm.missing")), (3, 3));
        assert_eq!(node.to_json(), serde_json::json!({"realm": {"slug": "no", "hosts": ["a", 1, true]}, "empty": null}));
    }

    #[test]
    fn what_is_no_yaml_is_refused_with_its_place() {
        for (text, line) in [
            ("a: 1\nb: [", 2),
            ("a: 1\na: 2\n", 2),
            ("a: 1\n---\nb: 2\n", 3),
            ("a: !!python/object x\n", 1),
            ("a: *none\n", 1),
            ("a:\n\t- b", 2),
        ] {
            let problem = read(text).unwrap_err();
            assert_eq!(problem.at.line, line, "{text:?}: {problem:?}");
        }
    }
}
