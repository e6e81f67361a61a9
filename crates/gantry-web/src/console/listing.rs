//! The ways through a list whose narrowing stands in its URL.

use gantry_core::paging::{Cursor, Find};

use super::context::Console;

/// Where the next page is and where the first one is, with all that the list is narrowed by.
pub(super) fn ways(console: &Console, find: &Find, next: Option<&Cursor>) -> (Option<String>, Option<String>) {
    let next = next.map(|cursor| with(console, Some(cursor)));
    let first = find.after.as_ref().map(|_| with(console, None));
    (next, first)
}

/// Whether a facet is chosen.
pub(super) fn has(find: &Find, name: &str, value: &str) -> bool {
    find.facets.iter().any(|facet| facet.strip_prefix(name).and_then(|rest| rest.strip_prefix(':')) == Some(value))
}

fn with(console: &Console, after: Option<&Cursor>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let given = form_urlencoded::parse(console.request().query_string().as_bytes());
    query.extend_pairs(given.filter(|(name, value)| !matches!(&**name, "after" | "notice" | "tick") && !value.is_empty()));
    if let Some(cursor) = after {
        query.append_pair("after", &cursor.to_text());
    }
    let (path, query) = (console.request().path(), query.finish());
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
