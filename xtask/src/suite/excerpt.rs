//! Picks out of a log the lines that say why a part failed.

use std::fs;
use std::path::Path;

/// More than this nobody reads in a terminal; the rest is in the log.
const MOST_LINES: usize = 120;

/// Lines to show where nothing in the log looks like the cause.
const LAST_LINES: usize = 40;

/// What a failed command said, and where the whole of it is.
pub(super) fn of_failures(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let mut lines = failing_lines(&text);
    if lines.is_empty() {
        let all: Vec<&str> = text.lines().collect();
        lines = all.iter().skip(all.len().saturating_sub(LAST_LINES)).copied().collect();
    }
    let left_out = lines.len().saturating_sub(MOST_LINES);
    lines.truncate(MOST_LINES);
    let more = if left_out > 0 { format!("… and {left_out} lines more\n") } else { String::new() };
    format!("{}\n{more}the whole log: {}", lines.join("\n"), log.display())
}

/// Everything from a line that opens a failure to the line that closes it.
fn failing_lines(text: &str) -> Vec<&str> {
    let mut inside = false;
    let mut picked = Vec::new();
    for line in text.lines() {
        if opens_failure(line) {
            inside = true;
        } else if closes_failure(line) {
            inside = false;
        }
        if inside {
            picked.push(line);
        }
    }
    picked
}

fn opens_failure(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("error") || line == "failures:" || line.starts_with("not ok ") || line.starts_with("Diff in ")
}

fn closes_failure(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("test result:") || line.starts_with("warning") || line.starts_with("ok ") || line.starts_with("Compiling ")
}

/// Sets a text off from the lines around it.
pub(super) fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failures_of_each_binary_are_picked() {
        let text = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nboom\n\n\
                    test result: FAILED. 1 passed; 1 failed;\n     Running other\ntest c ... ok\n";
        assert_eq!(failing_lines(text), ["failures:", "", "---- b stdout ----", "boom", ""]);
    }

    #[test]
    fn a_log_without_known_words_gives_its_end() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, "first\nsecond\n").unwrap();
        assert!(of_failures(file.path()).starts_with("first\nsecond\nthe whole log: "));
    }
}
