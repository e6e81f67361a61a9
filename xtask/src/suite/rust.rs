//! The parts that Cargo runs: format, lints, docs, and the tests on either pair of backends.

use std::path::Path;
use std::process::Command;

use super::context::Context;
use super::part::Part;
use super::tally::Tally;
use crate::program::NGINX;
use crate::services::{Durability, Services};
use crate::trouble::Trouble;

/// Always everything: with fewer packages, cargo would choose other features and build all dependencies anew.
const EVERYTHING: &[&str] = &["test", "--no-fail-fast", "--workspace", "--"];
/// Tests of several servers on one database, which a database in a file does not allow.
const SEVERAL_NODES: &str = "several_nodes::";

pub(super) fn format(context: &Context<'_>) -> Result<String, Trouble> {
    plain(context, Part::Format, context.workspace.cargo(&["fmt", "--all", "--check"]))
}

pub(super) fn lints(context: &Context<'_>) -> Result<String, Trouble> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--keep-going", "--", "-D", "warnings"];
    plain(context, Part::Lints, context.workspace.cargo(&arguments))
}

pub(super) fn docs(context: &Context<'_>) -> Result<String, Trouble> {
    // The crates are read by those who change them, so private items are documented too.
    let mut command = context.workspace.cargo(&["doc", "--workspace", "--no-deps", "--document-private-items", "--keep-going"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    plain(context, Part::Docs, command)
}

pub(super) fn suite_on_sqlite(context: &Context<'_>) -> Result<String, Trouble> {
    let nginx = NGINX.find()?;
    let log = context.fresh_log(Part::Sqlite);
    tests(context, Part::Sqlite, &["--skip", SEVERAL_NODES], &[nginx_is_at(&nginx)], &log)
}

pub(super) fn suite_on_postgres(context: &Context<'_>) -> Result<String, Trouble> {
    let nginx = NGINX.find()?;
    let log = context.fresh_log(Part::Postgres);
    let services = Services::start(Durability::ThrowAway, context.interrupt)?;
    let mut surroundings = services.test_environment().to_vec();
    surroundings.push(nginx_is_at(&nginx));
    tests(context, Part::Postgres, &["--include-ignored"], &surroundings, &log)
}

/// For the test that runs the gateway guide's nginx set-up.
fn nginx_is_at(path: &Path) -> (&'static str, String) {
    ("GANTRY_NGINX", path.to_string_lossy().into_owned())
}

fn plain(context: &Context<'_>, part: Part, command: Command) -> Result<String, Trouble> {
    let log = context.fresh_log(part);
    context.run(part, command, &log)?;
    Ok(String::new())
}

fn tests(context: &Context<'_>, part: Part, which: &[&str], backend: &[(&str, String)], log: &Path) -> Result<String, Trouble> {
    let server = context.server(part, log)?;
    let mut command = context.workspace.cargo(EVERYTHING);
    command.args(which).args(&context.filter);
    command.env("GANTRY_BIN", server).envs(backend.iter().map(|(name, value)| (name, value)));
    context.run(part, command, log)?;
    Tally::of_cargo(log).verdict()
}
