//! `cargo xtask test`: every check of the project, in order, with a table at the end.
//!
//! Owns the order, the selection and the verdict. A part that could not run is NOT RUN and fails the whole: it is never a pass.

mod browser;
mod compose;
mod context;
mod excerpt;
mod guests;
mod node;
mod part;
mod python;
mod rust;
mod supply_chain;
mod table;
mod tally;

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use crate::console;
use crate::interrupt::Interrupt;
use crate::trouble::Trouble;
use crate::workspace::Workspace;
use context::Context;
use part::Part;
use table::{Row, Verdict};

/// What to run.
#[derive(Args, Debug)]
pub(crate) struct Selection {
    /// Run these parts alone, in the usual order.
    #[arg(long, value_delimiter = ',', value_enum)]
    only: Vec<Part>,
    /// Run the tests whose name contains this alone, in the parts that have tests.
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
}

impl Selection {
    fn parts(&self) -> Vec<Part> {
        Part::ALL.iter().copied().filter(|part| self.only.is_empty() || self.only.contains(part)).collect()
    }
}

/// Runs the selected parts one after another; a failure does not keep the later ones from running.
pub(crate) fn run(selection: &Selection, workspace: &Workspace, interrupt: &Interrupt) -> Result<ExitCode, Trouble> {
    let context = Context::new(workspace, interrupt, selection.filter.clone())?;
    let mut rows = Vec::new();
    for part in selection.parts() {
        let row = run_part(part, &context)?;
        console::say(&row.line());
        if let Verdict::Failed(why) = &row.verdict {
            console::say(&excerpt::indent(why));
        }
        rows.push(row);
    }
    console::say(&table::render(&rows));
    let all_passed = rows.iter().all(|row| matches!(row.verdict, Verdict::Passed(_)));
    Ok(if all_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_part(part: Part, context: &Context<'_>) -> Result<Row, Trouble> {
    let started = Instant::now();
    let verdict = match part.run(context) {
        Ok(detail) => Verdict::Passed(detail),
        Err(Trouble::Missing(what)) => Verdict::NotRun(what),
        Err(Trouble::Failed(why)) => Verdict::Failed(why),
        Err(Trouble::Interrupted) => return Err(Trouble::Interrupted),
    };
    Ok(Row { part, verdict, took: started.elapsed() })
}
