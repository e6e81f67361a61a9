//! Counts what a test runner says it ran. A run that skipped a test is not a pass, nor is one that found none.

use std::fs;
use std::path::Path;

use crate::trouble::Trouble;

/// The sums over all test binaries or files of a run.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Tally {
    passed: u32,
    skipped: u32,
}

impl Tally {
    /// Reads the lines `test result: ok. 5 passed; 0 failed; 1 ignored; …`.
    pub(super) fn of_cargo(log: &Path) -> Self {
        let mut tally = Self::default();
        for line in read(log).lines().filter(|line| line.starts_with("test result:")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            for pair in words.windows(2) {
                let [count, what] = pair else { continue };
                let count = count.parse().unwrap_or(0);
                match *what {
                    "passed;" => tally.passed += count,
                    "ignored;" => tally.skipped += count,
                    _ => {}
                }
            }
        }
        tally
    }

    /// Reads the summary of the TAP format: `# pass 5`, `# skipped 0`, `# todo 0`.
    pub(super) fn of_tap(log: &Path) -> Self {
        let mut tally = Self::default();
        for line in read(log).lines() {
            let mut words = line.split_whitespace();
            let (Some("#"), Some(what), Some(Ok(count)), None) =
                (words.next(), words.next(), words.next().map(str::parse::<u32>), words.next())
            else {
                continue;
            };
            match what {
                "pass" => tally.passed += count,
                "skipped" | "todo" => tally.skipped += count,
                _ => {}
            }
        }
        tally
    }

    /// The words for the table, or why this is no pass although the runner was content.
    pub(super) fn verdict(self) -> Result<String, Trouble> {
        match self {
            Self { passed: 0, skipped: 0 } => Err(Trouble::failed("no test ran: nothing matches")),
            Self { passed, skipped: 0 } => Ok(format!("{passed} tests")),
            Self { passed, skipped } => Err(Trouble::Missing(format!("{skipped} tests were skipped, {passed} passed"))),
        }
    }
}

fn read(log: &Path) -> String {
    fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        file
    }

    #[test]
    fn cargo_counts_are_summed() {
        let text = "test a ... ok\ntest result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.02s\n\
                    test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(Tally::of_cargo(log(text).path()), Tally { passed: 7, skipped: 1 });
    }

    #[test]
    fn tap_counts_are_read() {
        let text = "ok 1 - signs in\n# tests 3\n# suites 0\n# pass 2\n# fail 0\n# cancelled 0\n# skipped 1\n# todo 0\n# duration_ms 12.5\n";
        assert_eq!(Tally::of_tap(log(text).path()), Tally { passed: 2, skipped: 1 });
    }

    #[test]
    fn skipped_and_empty_runs_are_no_pass() {
        assert_eq!(Tally { passed: 3, skipped: 0 }.verdict().unwrap(), "3 tests");
        assert!(matches!(Tally { passed: 3, skipped: 1 }.verdict(), Err(Trouble::Missing(_))));
        assert!(matches!(Tally::default().verdict(), Err(Trouble::Failed(_))));
    }
}
