//! Licences, banned crates and sources by `deny.toml`; advisories where their database can be had.

use std::path::Path;
use std::process::Command;

use super::context::Context;
use super::part::Part;
use crate::task;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

const VERSION: &str = "0.20.2";

pub(super) fn check(context: &Context<'_>) -> Result<String, Trouble> {
    let log = context.fresh_log(Part::SupplyChain);
    let deny = context.workspace.install_tool("cargo-deny", VERSION, &[], |install| context.run(Part::SupplyChain, install, &log))?;
    let arguments = ["--offline", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    context.run(Part::SupplyChain, command(context.workspace, &deny, &arguments), &log)?;
    advisories(context, &deny, &log)
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
