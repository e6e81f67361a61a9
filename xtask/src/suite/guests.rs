//! The parts in which software of others talks to Gantry: the samples of four platforms' guides (`tests/seeds`) and client
//! libraries (`tests/interop`).
//!
//! Owns the environments that these need. What they say and hear is theirs.

use super::context::Context;
use super::node::NodeTests;
use super::part::Part;
use super::python;
use crate::program::CURL;
use crate::trouble::Trouble;

/// Files that run at once: most of their time they wait for programs to start and to end.
const AT_ONCE: u8 = 4;

pub(super) fn seeds(context: &Context<'_>) -> Result<String, Trouble> {
    let _used_by_samples = CURL.find()?;
    run(context, Part::Seeds, "tests/seeds")
}

pub(super) fn interop(context: &Context<'_>) -> Result<String, Trouble> {
    run(context, Part::Interop, "tests/interop")
}

fn run(context: &Context<'_>, part: Part, folder: &'static str) -> Result<String, Trouble> {
    let log = context.fresh_log(part);
    let environment = [("GANTRY_PYTHON", python::with_packages(context, part, folder, &log)?)];
    NodeTests { part, folder, at_once: AT_ONCE, environment: &environment }.run(context, &log)
}
