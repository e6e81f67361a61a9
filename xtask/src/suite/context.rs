//! What every part of the checks is given: the folders, the interrupt, the filter, and the server's binary, built once.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::excerpt;
use super::part::Part;
use crate::interrupt::Interrupt;
use crate::task;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

/// The surroundings of a part.
pub(super) struct Context<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) interrupt: &'a Interrupt,
    pub(super) filter: Option<String>,
    binary: OnceCell<PathBuf>,
}

impl<'a> Context<'a> {
    /// Prepares the folder of the logs.
    pub(super) fn new(workspace: &'a Workspace, interrupt: &'a Interrupt, filter: Option<String>) -> Result<Self, Trouble> {
        fs::create_dir_all(workspace.logs()).map_err(Trouble::during("making the folder of the logs"))?;
        Ok(Self { workspace, interrupt, filter, binary: OnceCell::new() })
    }

    /// An empty log for a part.
    pub(super) fn fresh_log(&self, part: Part) -> PathBuf {
        let log = self.workspace.logs().join(format!("{}.log", part.name()));
        let _absent = fs::remove_file(&log);
        log
    }

    /// Runs a command of a part; its failure carries what the log says about it.
    pub(super) fn run(&self, part: Part, mut command: Command, log: &Path) -> Result<(), Trouble> {
        let status = task::run(part.name(), &mut command, log, self.interrupt)?;
        if status.success() { Ok(()) } else { Err(Trouble::failed(excerpt::of_failures(log))) }
    }

    /// The server's debug binary. Built over the whole workspace, so that its dependencies get the features the tests build them with.
    pub(super) fn server(&self, part: Part, log: &Path) -> Result<&Path, Trouble> {
        if let Some(built) = self.binary.get() {
            return Ok(built);
        }
        self.run(part, self.workspace.cargo(&["build", "--workspace", "--bins"]), log)?;
        Ok(self.binary.get_or_init(|| self.workspace.binary("debug", "gantry")))
    }
}
