//! Runs the tests under `tests/browser` on the system's Chromium.
//!
//! Owns finding the browser. What the tests walk through is theirs.

use super::context::Context;
use super::node::NodeTests;
use super::part::Part;
use crate::program::CHROMIUM;
use crate::trouble::Trouble;

pub(super) fn walk(context: &Context<'_>) -> Result<String, Trouble> {
    let chromium = CHROMIUM.find()?;
    let log = context.fresh_log(Part::Browser);
    let environment = [("GANTRY_CHROMIUM", chromium)];
    NodeTests { part: Part::Browser, folder: "tests/browser", at_once: 1, environment: &environment }.run(context, &log)
}
