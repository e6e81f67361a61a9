//! Runs one command to its end: quietly into a log, with progress, within a time limit, and with all its children.
//!
//! Owns processes that are waited for. Servers that run beside a task belong to `services`.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::console;
use crate::interrupt::Interrupt;
use crate::trouble::Trouble;

/// No step of the checks may hang longer than this.
const TIME_LIMIT: Duration = Duration::from_mins(40);

/// How often a pipe is told that a step is still at work.
const HEARTBEAT: Duration = Duration::from_mins(1);

const POLL: Duration = Duration::from_millis(100);

/// Runs a command with its output in `log`, under a label that is shown while it runs.
pub(crate) fn run(label: &str, command: &mut Command, log: &Path, interrupt: &Interrupt) -> Result<ExitStatus, Trouble> {
    environment_and_output(command, log).map_err(Trouble::during(&format!("writing {}", log.display())))?;
    let started = Instant::now();
    let mut child = Group::spawn(command)?;
    let mut spoken = started;
    loop {
        if let Some(status) = child.finished()? {
            return Ok(status);
        }
        interrupt.check()?;
        if started.elapsed() > TIME_LIMIT {
            return Err(Trouble::failed(format!("{label}: not done after {} minutes", TIME_LIMIT.as_secs() / 60)));
        }
        console::live(&format!("  {label:<14} {:>4} s  {}", started.elapsed().as_secs(), last_line(log)));
        if !console::is_terminal() && spoken.elapsed() > HEARTBEAT {
            spoken = Instant::now();
            console::say(&format!("  {label}: {} s, at {}", started.elapsed().as_secs(), last_line(log)));
        }
        thread::sleep(POLL);
    }
}

/// Like [`run`], where anything but success ends the task with the log's last lines.
pub(crate) fn run_well(label: &str, command: &mut Command, log: &Path, interrupt: &Interrupt) -> Result<(), Trouble> {
    let status = run(label, command, log, interrupt)?;
    if status.success() { Ok(()) } else { Err(Trouble::failed(format!("{label} failed\n{}", tail(log, 40)))) }
}

fn environment_and_output(command: &mut Command, log: &Path) -> io::Result<()> {
    let out = File::options().create(true).append(true).open(log)?;
    command.stdin(Stdio::null()).stderr(out.try_clone()?).stdout(out);
    Ok(())
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path, lines: usize) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    all.iter().skip(all.len().saturating_sub(lines)).copied().collect::<Vec<_>>().join("\n")
}

fn last_line(log: &Path) -> String {
    tail(log, 1).trim().to_owned()
}

/// A child in a process group of its own; dropping it ends the whole group, so that no test binary outlives its runner.
struct Group {
    child: Child,
    ended: bool,
}

impl Group {
    fn spawn(command: &mut Command) -> Result<Self, Trouble> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().map_err(Trouble::during(&format!("starting {name}")))?;
        Ok(Self { child, ended: false })
    }

    fn finished(&mut self) -> Result<Option<ExitStatus>, Trouble> {
        let status = self.child.try_wait().map_err(Trouble::during("waiting"))?;
        self.ended = status.is_some();
        Ok(status)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        signal("TERM", &format!("-{}", self.child.id()));
        let deadline = Instant::now() + Duration::from_secs(5);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(POLL);
        }
        signal("KILL", &format!("-{}", self.child.id()));
        let _reaped = self.child.wait();
    }
}

/// Sends a signal through the shell: the standard library can only kill, and this program has no unsafe code.
pub(crate) fn signal(name: &str, target: &str) {
    let _sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {target} 2>/dev/null")).status();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_short_log_is_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        fs::write(&log, "one\ntwo\nthree\n").unwrap();
        assert_eq!(tail(&log, 2), "two\nthree");
        assert_eq!(tail(&log, 9), "one\ntwo\nthree");
    }

    #[test]
    fn a_group_ends_with_its_guard() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60 & wait"]);
        let started = Instant::now();
        let group = Group::spawn(&mut command).unwrap();
        let members = format!("/proc/{}/task/{0}/children", group.child.id());
        while fs::read_to_string(&members).is_ok_and(|children| children.is_empty()) {
            thread::sleep(Duration::from_millis(1));
        }
        drop(group);
        assert!(started.elapsed() < Duration::from_secs(4), "it was killed, not told to end");
    }

    #[test]
    fn output_is_kept_and_failure_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let interrupt = Interrupt::watch().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo to-out; echo to-err >&2; exit 3"]);
        assert_eq!(run("x", &mut command, &log, &interrupt).unwrap().code(), Some(3));
        assert_eq!(fs::read_to_string(&log).unwrap(), "to-out\nto-err\n");
    }
}
