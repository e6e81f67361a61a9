//! `cargo xtask bench`: what the server does a second, held against what the same machine does without it in the same minutes.
//!
//! Owns the order of the measurements and the table. Absolute times are printed and never judged: only ratios are.

mod baseline;
mod client_credentials;
mod commits;
mod footprint;
mod metadata;
mod oha;
mod pgbench;
mod plan;
mod sample;
mod server;
mod size;
mod table;

use std::process::ExitCode;

use clap::Args;

use crate::console;
use crate::interrupt::Interrupt;
use crate::services::{Durability, Services};
use crate::trouble::Trouble;
use crate::workspace::Workspace;
use plan::Plan;
use server::Backend;
use table::Row;

/// What to measure, and how long.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// A short run: less time for each sample, and fewer samples. Good for seeing that it works, not for numbers.
    #[arg(long)]
    quick: bool,
    /// Measure the rows whose name contains this alone.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Measure the yardsticks alone, without a server.
    #[arg(long)]
    baselines: bool,
}

/// Measures, prints, and leaves judging to the reader: the exit code says only whether everything could be measured.
pub(crate) fn run(options: &Options, workspace: &Workspace, interrupt: &Interrupt) -> Result<ExitCode, Trouble> {
    let plan = Plan::prepare(options.quick, options.only.clone(), options.baselines, workspace, interrupt)?;
    console::say(&plan.heading());
    let services = Services::start(Durability::Durable, interrupt)?;
    let mut rows = Vec::new();
    for backend in [Backend::Embedded, Backend::Shared(&services)] {
        rows.extend(client_credentials::measure(&plan, backend)?);
    }
    rows.extend(commits::measure(&plan, &services)?);
    rows.extend(metadata::measure(&plan)?);
    if !options.baselines {
        rows.extend(footprint::measure(&plan)?);
        for backend in [Backend::Embedded, Backend::Shared(&services)] {
            rows.extend(size::measure(&plan, backend)?);
        }
    }
    console::say(&table::render(&rows));
    let complete = rows.iter().all(Row::is_complete);
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
