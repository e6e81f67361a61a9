//! A process that runs beside a task, in a folder of its own, until it is dropped.
//!
//! Owns waiting for readiness and the end of process and folder; what it runs is its caller's business.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::interrupt::Interrupt;
use crate::task;
use crate::trouble::Trouble;

const START_LIMIT: Duration = Duration::from_mins(1);
const STOP_LIMIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

/// A running server.
#[derive(Debug)]
pub(crate) struct Daemon {
    name: String,
    child: Child,
    log: PathBuf,
    stop_signal: &'static str,
}

impl Daemon {
    /// Starts a command with its output in `log`; dropping the daemon sends `stop_signal`.
    pub(crate) fn spawn(name: &str, mut command: Command, log: &Path, stop_signal: &'static str) -> Result<Self, Trouble> {
        let out = File::create(log).map_err(Trouble::during(name))?;
        let errors = out.try_clone().map_err(Trouble::during(name))?;
        let child = command.stdin(Stdio::null()).stdout(out).stderr(errors).spawn().map_err(Trouble::during(name))?;
        Ok(Self { name: name.to_owned(), child, log: log.to_owned(), stop_signal })
    }

    /// Waits until `ready` says so; a daemon that ends before is a failure with its last words.
    pub(crate) fn wait_until(&mut self, ready: impl Fn() -> bool, interrupt: &Interrupt) -> Result<(), Trouble> {
        let deadline = Instant::now() + START_LIMIT;
        while !ready() {
            interrupt.check()?;
            let ended = self.child.try_wait().map_err(Trouble::during(&self.name))?;
            if ended.is_some() || Instant::now() > deadline {
                return Err(Trouble::failed(format!("{} did not start:\n{}", self.name, task::tail(&self.log, 20))));
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the daemon to end; one that is not gone in time, or ends with an error, is a failure.
    pub(crate) fn stop(mut self) -> Result<(), Trouble> {
        match self.end() {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(Trouble::failed(format!("{} ended with {status}:\n{}", self.name, task::tail(&self.log, 20)))),
            None => Err(Trouble::failed(format!("{} did not end within {} s", self.name, STOP_LIMIT.as_secs()))),
        }
    }

    fn end(&mut self) -> Option<ExitStatus> {
        task::signal(self.stop_signal, &self.child.id().to_string());
        let deadline = Instant::now() + STOP_LIMIT;
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            if Instant::now() > deadline {
                return None;
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // One that has been stopped and waited for is gone, and its number may be somebody else's.
        if matches!(self.child.try_wait(), Ok(Some(_))) || self.end().is_some() {
            return;
        }
        let _killed = self.child.kill();
        let _reaped = self.child.wait();
    }
}
