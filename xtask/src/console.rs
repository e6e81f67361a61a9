//! Writes to the terminal: lines, and one live line of progress where there is a terminal to show it on.
//!
//! Owns no wording of its own. In a pipe the live line is silent, so that logs stay readable.

use std::io::{self, IsTerminal, Write};

/// The widest live line; a longer one would wrap and could not be wiped.
const LIVE_WIDTH: usize = 100;

/// Writes one line. A reader that went away is no reason to stop.
pub(crate) fn say(line: &str) {
    let mut out = io::stdout().lock();
    let wipe = if io::stdout().is_terminal() { "\r\x1b[2K" } else { "" };
    let _gone = writeln!(out, "{wipe}{line}").and_then(|()| out.flush());
}

/// Shows a passing state on a terminal; writes nothing into a pipe.
pub(crate) fn live(line: &str) {
    if !is_terminal() {
        return;
    }
    let mut out = io::stdout().lock();
    let short: String = line.chars().take(LIVE_WIDTH).collect();
    let _gone = write!(out, "\r\x1b[2K{short}").and_then(|()| out.flush());
}

/// Whether somebody looks at a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}
