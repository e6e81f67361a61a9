//! Signing in, signing up, getting back in: the pages, as a person's browser and an attacker's meet them.

mod first_operator;
mod identifiers;
mod invitation;
mod password;
mod providers;
mod reset;
mod session;
mod sign_up;

use crate::support::{Browser, Gantry, Page};

/// What of a page an attacker could compare: its status, what kinds of headers it has, its length and text.
fn seen(page: &Page) -> (u16, Vec<String>, usize, String) {
    let mut headers: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    (page.status, headers, page.html.len(), page.text("main"))
}

/// Opens a page and submits its one form.
async fn fill_in(gantry: &Gantry, browser: &Browser, path: &str, button: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.open(gantry.url(path)).await;
    browser.submit(&page, button, fields).await
}
