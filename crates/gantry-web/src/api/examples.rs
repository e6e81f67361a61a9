//! What operations answered when their examples were last played by the suite, with ids, dates and secrets made
//! plain: the documents' examples are answers that were given.

use std::sync::LazyLock;

use serde_json::{Map, Value};

static ANSWERS: LazyLock<Map<String, Value>> = LazyLock::new(|| serde_json::from_str(TEXT).unwrap_or_default());

const TEXT: &str = include_str!("examples.json");

/// The answer of an operation; none where nothing is answered.
pub(super) fn of(operation: &str) -> Option<&'static Value> {
    ANSWERS.get(operation)
}
