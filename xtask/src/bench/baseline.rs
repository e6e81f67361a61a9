//! Starts the yardsticks of the package `gantry-baseline`.

use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use super::plan::Plan;
use crate::services::{Daemon, free_port};
use crate::trouble::Trouble;

/// A yardstick that answers on an address of its own.
pub(super) struct Yardstick {
    _daemon: Daemon,
    pub(super) url: String,
}

/// One that signs a token for each request; like the given one, if there is one.
pub(super) fn signing(plan: &Plan<'_>, algorithm: &str, like: Option<&Path>) -> Result<Yardstick, Trouble> {
    start(plan, |command| {
        command.args(["sign", "--algorithm", algorithm]);
        if let Some(token) = like {
            command.arg("--like").arg(token);
        }
    })
}

/// One that answers with the bytes of a file.
pub(super) fn answering(plan: &Plan<'_>, body: &Path) -> Result<Yardstick, Trouble> {
    start(plan, |command| {
        command.arg("answer").arg("--body").arg(body);
    })
}

fn start(plan: &Plan<'_>, what: impl FnOnce(&mut Command)) -> Result<Yardstick, Trouble> {
    let port = free_port()?;
    let mut command = plan.workspace.command(&plan.yardsticks);
    what(&mut command);
    command.args(["--listen", &format!("127.0.0.1:{port}"), "--workers", &plan.workers.to_string()]);
    let mut daemon = Daemon::spawn("the yardstick", command, &plan.log("bench-yardstick"), "TERM")?;
    daemon.wait_until(|| TcpStream::connect(("127.0.0.1", port)).is_ok(), plan.interrupt)?;
    Ok(Yardstick { _daemon: daemon, url: format!("http://127.0.0.1:{port}/") })
}
