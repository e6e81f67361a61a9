//! Licences, banned crates and sources by `deny.toml`; advisories where their database can be had.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::context::Context;
use super::part::Part;
use crate::task;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

const VERSION: &str = "0.20.2";

pub(super) fn check(context: &Context<'_>) -> Result<String, Trouble> {
    let log = context.fresh_log(Part::SupplyChain);
    let deny = installed(context, &log)?;
    let arguments = ["--offline", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    context.run(Part::SupplyChain, command(context.workspace, &deny, &arguments), &log)?;
    advisories(context, &deny, &log)
}

/// Builds cargo-deny into the cache, unless this version is there.
fn installed(context: &Context<'_>, log: &Path) -> Result<PathBuf, Trouble> {
    let tools = context.workspace.tools();
    let deny = tools.join("bin/cargo-deny");
    let current =
        Command::new(&deny).arg("--version").output().is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with(VERSION));
    if !current {
        let mut install = context.workspace.cargo(&["install", "--locked", "--force", "--version", VERSION, "cargo-deny"]);
        install.arg("--root").arg(&tools).arg("--target-dir").arg(context.workspace.tools_target());
        context.run(Part::SupplyChain, install, log)?;
        let _leftover = fs::remove_dir_all(context.workspace.tools_target());
    }
    Ok(deny)
}

/// The database is a git repository elsewhere. Without it the other checks stand, and the table says that this one did not run.
fn advisories(context: &Context<'_>, deny: &Path, log: &Path) -> Result<String, Trouble> {
    let mut fetch = command(context.workspace, deny, &["fetch", "db"]);
    if !task::run(Part::SupplyChain.name(), &mut fetch, log, context.interrupt)?.success() {
        return Ok("licences, bans, sources; advisories not checked: their database could not be fetched".to_owned());
    }
    let check = command(context.workspace, deny, &["check", "--disable-fetch", "--hide-inclusion-graph", "advisories"]);
    context.run(Part::SupplyChain, check, log)?;
    Ok("licences, bans, sources, advisories".to_owned())
}

fn command(workspace: &Workspace, deny: &Path, arguments: &[&str]) -> Command {
    let mut command = workspace.command(deny);
    command.args(["--color", "never"]).args(arguments);
    command
}
