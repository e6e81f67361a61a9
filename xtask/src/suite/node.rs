//! Runs a folder of tests with Node's own runner, on the packages of its lock file.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::part::Part;
use super::tally::Tally;
use crate::program::{NODE, NPM};
use crate::trouble::Trouble;

/// A folder with `package.json`, its lock file, and tests.
pub(super) struct NodeTests<'a> {
    pub(super) part: Part,
    /// Below the root.
    pub(super) folder: &'static str,
    /// How many files run at once; each starts a server of its own.
    pub(super) at_once: u8,
    /// What the tests are told, beside where the server's binary is.
    pub(super) environment: &'a [(&'static str, PathBuf)],
}

impl NodeTests<'_> {
    /// Installs what is missing and runs the tests. What they need besides is their caller's to find first.
    pub(super) fn run(&self, context: &Context<'_>, log: &Path) -> Result<String, Trouble> {
        let (node, npm) = (NODE.find()?, NPM.find()?);
        let folder = context.workspace.root().join(self.folder);
        let server = context.server(self.part, log)?;
        if !is_installed(&folder) {
            let mut install = context.workspace.command(&npm);
            install.current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]);
            context.run(self.part, install, log)?;
        }
        let mut tests = context.workspace.command(&node);
        tests.current_dir(&folder).args(["--test", "--test-reporter=tap"]).arg(format!("--test-concurrency={}", self.at_once));
        if let Some(filter) = &context.filter {
            tests.arg(format!("--test-name-pattern={filter}"));
        }
        tests.env("GANTRY_BIN", server).envs(self.environment.iter().map(|(name, value)| (OsStr::new(name), value)));
        context.run(self.part, tests, log)?;
        Tally::of_tap(log).verdict()
    }
}

/// Whether the installed packages are those of the lock file: npm writes its own copy of it when it is done.
fn is_installed(folder: &Path) -> bool {
    let changed = |path: &str| fs::metadata(folder.join(path)).and_then(|metadata| metadata.modified());
    matches!((changed("package-lock.json"), changed("node_modules/.package-lock.json")), (Ok(wanted), Ok(got)) if got >= wanted)
}
