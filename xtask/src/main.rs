//! The project's own tasks: `cargo xtask test | services | bench`.
//!
//! Owns how the project is checked, run beside throw-away databases, and measured. It links no crate of the server: it runs the
//! server's binary like anybody else.

mod bench;
mod console;
mod environment;
mod interrupt;
mod master_key;
mod program;
mod services;
mod suite;
mod task;
mod trouble;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use interrupt::Interrupt;
use trouble::Trouble;
use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks, throw-away databases and measurements for Gantry", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run what CI runs, and end with a table of what ran.
    Test(suite::Selection),
    /// Measure the server against what the machine does without it.
    Bench(bench::Options),
    /// Start a throw-away Postgres and Redis, print their environment, and stop them on Ctrl-C.
    Services,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().task) {
        Ok(code) => code,
        Err(Trouble::Interrupted) => {
            console::say("interrupted; everything that was started has been stopped");
            ExitCode::from(130)
        }
        Err(trouble) => {
            console::say(&format!("cargo xtask: {trouble}"));
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> Result<ExitCode, Trouble> {
    let workspace = Workspace::find()?;
    let interrupt = Interrupt::watch()?;
    match task {
        Task::Test(selection) => suite::run(selection, &workspace, &interrupt),
        Task::Bench(options) => bench::run(options, &workspace, &interrupt),
        Task::Services => services::serve(&workspace, &interrupt),
    }
}
