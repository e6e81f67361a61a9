//! The verdicts, as lines and as the table at the end.

use std::fmt::Write;
use std::time::Duration;

use super::part::Part;

/// How a part ended.
pub(super) enum Verdict {
    /// It ran and is content; with a word on how much it ran.
    Passed(String),
    /// It ran and found something.
    Failed(String),
    /// It did not run, or not wholly; with what is missing.
    NotRun(String),
}

/// A part and how it ended.
pub(super) struct Row {
    pub(super) part: Part,
    pub(super) verdict: Verdict,
    pub(super) took: Duration,
}

impl Row {
    /// The row as one line.
    pub(super) fn line(&self) -> String {
        let (word, detail) = match &self.verdict {
            Verdict::Passed(detail) => ("passed", detail.as_str()),
            Verdict::Failed(_) => ("FAILED", "see above"),
            Verdict::NotRun(what) => ("NOT RUN", what.as_str()),
        };
        format!("  {:<14} {word:<8} {:>7.1} s  {detail}", self.part.name(), self.took.as_secs_f64()).trim_end().to_owned()
    }
}

/// The table, and under it the sum that a reader looks for first.
pub(super) fn render(rows: &[Row]) -> String {
    let mut text = String::from("\n");
    for row in rows {
        let _infallible = writeln!(text, "{}", row.line());
    }
    let count = |wanted: fn(&Verdict) -> bool| rows.iter().filter(|row| wanted(&row.verdict)).count();
    let passed = count(|verdict| matches!(verdict, Verdict::Passed(_)));
    let failed = count(|verdict| matches!(verdict, Verdict::Failed(_)));
    let not_run = count(|verdict| matches!(verdict, Verdict::NotRun(_)));
    let seconds: f64 = rows.iter().map(|row| row.took.as_secs_f64()).sum();
    let _infallible = write!(text, "{} parts: {passed} passed, {failed} failed, {not_run} NOT RUN, in {seconds:.0} s", rows.len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_did_not_run_is_said_so() {
        let took = Duration::from_millis(1500);
        let rows = [
            Row { part: Part::Format, verdict: Verdict::Passed(String::new()), took },
            Row { part: Part::Browser, verdict: Verdict::NotRun("Chromium".to_owned()), took },
        ];
        assert_eq!(
            render(&rows),
            "\n  format         passed       1.5 s\n  browser        NOT RUN      1.5 s  Chromium\n\
             2 parts: 1 passed, 0 failed, 1 NOT RUN, in 3 s"
        );
    }
}
