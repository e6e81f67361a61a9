//! The console's own pages, found by their words: what a search and the palette lead to besides records.
//!
//! Knows the pages that are not in the navigation: tabs of the settings by the names of their fields, and the pages that
//! make something. A page is found by whom it is for, and by nobody else.

use gantry_core::failure::Fault;
use gantry_views::console::{Row, Text, Value, said};

use crate::console::context::Console;
use crate::console::{settings, shell};
use crate::paths::console as at;

/// The most pages that one search shows.
const MOST: usize = 8;

/// Pages that make something, with their titles.
const MAKING: &[(&str, &str)] = &[
    (at::REALM_NEW, "realms-new"),
    (at::CLIENT_NEW, "clients-new"),
    (at::RESOURCE_NEW, "resources-new"),
    (at::SCOPE_NEW, "scopes-new"),
    (at::PUBLISHER_NEW, "publishers-new"),
    (at::PERSON_NEW, "people-new"),
    (at::TENANT_NEW, "tenants-new"),
    (at::CONNECTION_NEW, "connections-new-title"),
    (at::SERVICE_ACCOUNT_NEW, "accounts-new"),
    (at::INVITATION_NEW, "tenants-invite"),
];

/// A page with the words that it is found by.
struct Page {
    path: &'static str,
    title: &'static str,
    /// The names of what stands on it.
    parts: Vec<&'static str>,
}

/// The pages that have all the words, in the language of the page that asks.
pub(super) fn found(console: &Console, text: &str) -> Result<Vec<Row>, Fault> {
    let wanted: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for page in all().into_iter().filter(|page| shell::leads_to(console, page.path)) {
        let title = console.words(page.title)?;
        let has = |words: &str| {
            let words = words.to_lowercase();
            wanted.iter().all(|wanted| words.contains(wanted.as_str()))
        };
        let mut parts = page.parts.iter().map(|part| console.words(part)).collect::<Result<Vec<_>, _>>()?;
        parts.retain(|part| has(part) || has(&format!("{title} {part}")));
        if has(&title) || !parts.is_empty() {
            let part = if has(&title) { Value::Nothing } else { Value::said(parts.swap_remove(0)) };
            let name: Text = said(title);
            rows.push(Row::to(
                page.path.rsplit('/').next().unwrap_or_default(),
                console.path(page.path, &[]),
                vec![Value::Text(name), part],
            ));
        }
    }
    rows.truncate(MOST);
    Ok(rows)
}

fn all() -> Vec<Page> {
    let plain = |(path, title): (&'static str, &'static str)| Page { path, title, parts: Vec::new() };
    let tabs = settings::pages().map(|(path, title, parts)| Page { path, title, parts });
    // Tabs before the ways: the first of them is the way to all, by a name of its own.
    let ways = shell::ways().filter(|(path, _)| *path != at::SETTINGS);
    tabs.chain(ways.map(plain)).chain(MAKING.iter().copied().map(plain)).collect()
}
