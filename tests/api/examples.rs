//! Every operation's example is played in the order of a life, and answered as the document says.
//!
//! The answers, with ids, dates and secrets made plain, are the document's examples:
//! `GANTRY_WRITE_EXAMPLES=1 cargo test -p gantry-tests --test suite api::examples` writes them anew.

use std::collections::BTreeMap;

use gantry_realm_file::misfits;
use serde_json::{Map, Value};

use crate::support::Gantry;
use crate::support::api::{BETWEEN, Names, in_order, people_act_too, somebody_signed_in};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/gantry-web/src/api/examples.json");

#[expect(clippy::disallowed_methods, reason = "whoever changes the API says so by a variable")]
fn is_asked_to_write() -> bool {
    std::env::var_os("GANTRY_WRITE_EXAMPLES").is_some()
}

#[tokio::test]
async fn every_example_is_answered_as_the_document_says() {
    let gantry = Gantry::start().await;
    somebody_signed_in(&gantry, "default").await;
    let (mut names, mut plain, mut answers) = (Names::of("default"), Plain::default(), Map::new());
    let (own, operators) = (gantry.program("default").await, gantry.program("system").await);
    for operation in in_order() {
        let program = if operation.operators_only() { &operators } else { &own };
        assert!(!operation.takes_body() || operation.example().is_some(), "{operation:?} has no example");
        gantry.clock.advance(BETWEEN);
        let answer = program.call(operation, &names).await;
        assert_eq!(answer.status, operation.status(), "{operation:?}: {}", answer.body);
        names.capture(operation, &answer);
        people_act_too(&gantry, operation, &names).await;
        let Some(schema) = operation.answer_schema() else {
            assert!(answer.body.is_empty(), "{operation:?}: {}", answer.body);
            continue;
        };
        let said = answer.json();
        assert_eq!(misfits(schema, &said), [], "{operation:?}: {said}");
        assert!(answer.headers.contains_key("etag"), "{operation:?} answers without a tag");
        answers.insert(operation.id().to_owned(), plain.value("", said));
    }
    let text = format!("{:#}\n", Value::Object(answers));
    if is_asked_to_write() {
        std::fs::write(FILE, &text).unwrap();
    }
    assert!(text == std::fs::read_to_string(FILE).unwrap(), "answers have changed: write the examples anew, then the document");
}

/// Makes what differs from run to run the same.
#[derive(Default)]
struct Plain(BTreeMap<String, String>);

impl Plain {
    fn value(&mut self, name: &str, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(name, text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(name, item)).collect(),
            Value::Object(members) => members.into_iter().map(|(name, value)| (name.clone(), self.value(&name, value))).collect(),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
        }
    }

    fn text(&mut self, name: &str, text: String) -> String {
        if name == "last_four" {
            return "x7Qk".to_owned();
        }
        if ["kid", "value", "request_id", "active", "next", "retired"].contains(&name) {
            return self.known(&text, "shown-as-it-is");
        }
        if name == "url" {
            return "https://id.example.com/realms/default/traces/shared/shown-this-once".to_owned();
        }
        let secret = gantry_core::secret::SecretKind::ALL.iter().find(|kind| text.starts_with(kind.prefix()));
        if let Some(kind) = secret {
            return format!("{}shown-this-once", kind.prefix());
        }
        let dated = text.len() >= 20 && text.as_bytes()[4] == b'-' && text.as_bytes()[10] == b'T' && text.ends_with('Z');
        if dated {
            return if text.starts_with("2027-01-31") { text } else { "2026-11-21T12:00:00Z".to_owned() };
        }
        let id = |hex: &str| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        match text.split_once('_') {
            Some((prefix, hex)) if prefix.len() == 3 && id(hex) => self.known(&text, prefix),
            _ if id(&text) => self.known(&text, ""),
            _ => text,
        }
    }

    /// The same value has the same plain form each time.
    fn known(&mut self, text: &str, prefix: &str) -> String {
        let number = self.0.len() + 1;
        let plain = if prefix.is_empty() { format!("{number:032x}") } else { format!("{prefix}_0192f0c46a7b7000{number:016x}") };
        self.0.entry(text.to_owned()).or_insert(plain).clone()
    }
}
