//! Runs the tests under `tests/browser` with Node's own runner, on the system's Chromium.
//!
//! Owns their surroundings: packages, browser, server binary. What they walk through is theirs.

use std::fs;
use std::path::Path;

use super::context::Context;
use super::part::Part;
use super::tally::Tally;
use crate::program::{CHROMIUM, NODE, NPM};
use crate::trouble::Trouble;

pub(super) fn walk(context: &Context<'_>) -> Result<String, Trouble> {
    let (node, npm, chromium) = (NODE.find()?, NPM.find()?, CHROMIUM.find()?);
    let folder = context.workspace.root().join("tests/browser");
    let log = context.fresh_log(Part::Browser);
    let server = context.server(Part::Browser, &log)?;
    if !is_installed(&folder) {
        let mut install = context.workspace.command(&npm);
        install.current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]);
        context.run(Part::Browser, install, &log)?;
    }
    let mut tests = context.workspace.command(&node);
    tests.current_dir(&folder).args(["--test", "--test-reporter=tap"]);
    if let Some(filter) = &context.filter {
        tests.arg(format!("--test-name-pattern={filter}"));
    }
    tests.env("GANTRY_BIN", server).env("GANTRY_CHROMIUM", chromium);
    context.run(Part::Browser, tests, &log)?;
    Tally::of_tap(&log).verdict()
}

/// Whether the installed packages are those of the lock file: npm writes its own copy of it when it is done.
fn is_installed(folder: &Path) -> bool {
    let changed = |path: &str| fs::metadata(folder.join(path)).and_then(|metadata| metadata.modified());
    matches!((changed("package-lock.json"), changed("node_modules/.package-lock.json")), (Ok(wanted), Ok(got)) if got >= wanted)
}
