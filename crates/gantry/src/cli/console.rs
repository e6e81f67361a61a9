//! Writes to the terminal. A reader that went away is no reason to stop.

use std::io::{self, Write as _};
use std::process::ExitCode;

/// Writes a line of a command's answer.
pub(super) fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _gone = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Says why a command was not done.
pub(super) fn trouble(what: &str, code: u8) -> ExitCode {
    let mut out = io::stderr().lock();
    let _gone = writeln!(out, "gantry: {what}").and_then(|()| out.flush());
    ExitCode::from(code)
}
