//! How much is measured and with which programs: built and installed before the first sample.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::console;
use crate::interrupt::Interrupt;
use crate::task;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

use super::oha;
use super::sample::Sample;
use super::table::Row;

/// Clients that ask at the same time, on every side of every comparison.
pub(super) const CONNECTIONS: usize = 32;

/// The plan of a run.
pub(super) struct Plan<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) interrupt: &'a Interrupt,
    pub(super) quick: bool,
    pub(super) seconds: u64,
    pub(super) samples: usize,
    pub(super) workers: usize,
    pub(super) server: Option<PathBuf>,
    pub(super) yardsticks: PathBuf,
    pub(super) oha: PathBuf,
    only: Option<String>,
}

impl<'a> Plan<'a> {
    /// Builds the server and the yardsticks in release and finds the load generator.
    pub(super) fn prepare(
        quick: bool,
        only: Option<String>,
        baselines_alone: bool,
        workspace: &'a Workspace,
        interrupt: &'a Interrupt,
    ) -> Result<Self, Trouble> {
        fs::create_dir_all(workspace.logs()).map_err(Trouble::during("making the folder of the logs"))?;
        let log = workspace.logs().join("bench.log");
        let _absent = fs::remove_file(&log);
        let mut build = workspace.cargo(&["build", "--release", "--locked", "-p", "gantry-baseline"]);
        if !baselines_alone {
            build.args(["-p", "gantry", "-p", "gantry-size"]);
        }
        task::run_well("build", &mut build, &log, interrupt)?;
        let (seconds, samples) = if quick { (2, 1) } else { (5, 5) };
        Ok(Self {
            workspace,
            interrupt,
            quick,
            seconds,
            samples,
            workers: thread::available_parallelism().map_or(2, usize::from),
            server: (!baselines_alone).then(|| workspace.binary("release", "gantry")),
            yardsticks: workspace.binary("release", "gantry-baseline"),
            oha: oha::installed(workspace, &log, interrupt)?,
            only,
        })
    }

    /// What the reader has to know to judge the figures.
    pub(super) fn heading(&self) -> String {
        format!(
            "{} workers, {CONNECTIONS} connections, medians of {} alternating runs of {} s; load generator, server and yardstick share the cores",
            self.workers, self.samples, self.seconds
        )
    }

    /// Whether a row is asked for.
    pub(super) fn wants(&self, work: &str) -> bool {
        self.only.as_deref().is_none_or(|part| work.contains(part))
    }

    /// Measures server and yardstick in turn, so that whatever else the machine does falls on both.
    pub(super) fn compare(
        &self,
        work: &str,
        goal_percent: f64,
        server: Option<&dyn Fn() -> Result<Sample, Trouble>>,
        yardstick: &dyn Fn() -> Result<Sample, Trouble>,
    ) -> Result<Row, Trouble> {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for turn in 1..=self.samples {
            self.interrupt.check()?;
            console::live(&format!("  {work}: {turn} of {}", self.samples));
            others.push(yardstick()?);
            if let Some(server) = server {
                own.push(server()?);
            }
        }
        let yardstick = Sample::median(&others).ok_or_else(|| Trouble::failed(format!("{work}: nothing measured")))?;
        Ok(Row::Rate { work: work.to_owned(), server: Sample::median(&own), yardstick, goal_percent })
    }

    /// A file of the bench's own data.
    pub(super) fn data(&self, name: &str) -> PathBuf {
        self.workspace.root().join("xtask/bench").join(name)
    }

    /// The log of a process that runs beside the measurements.
    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.workspace.logs().join(Path::new(name).with_extension("log"))
    }
}
