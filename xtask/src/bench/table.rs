//! The rows of the result and how they are printed.

use std::fmt::Write;

use super::sample::Sample;

/// One line of the result.
pub(super) enum Row {
    /// Work a second, as a share of what a yardstick does.
    Rate { work: String, server: Option<Sample>, yardstick: Sample, goal_percent: f64 },
    /// A figure by itself, with the most that it should be.
    Figure { work: String, value: f64, unit: &'static str, most: f64 },
    /// What an address costs where there is much, with the same where there is little.
    Size { work: String, own: Latency, small_p99_ms: f64, most_ms: f64 },
}

/// Two latencies.
#[derive(Clone, Copy)]
pub(super) struct Latency {
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

impl Row {
    /// Whether the server was measured.
    pub(super) fn is_complete(&self) -> bool {
        !matches!(self, Self::Rate { server: None, .. })
    }

    fn line(&self) -> String {
        match self {
            Self::Rate { work, server, yardstick, goal_percent } => {
                let own = server.as_ref().map_or_else(|| format!("{:>28}", "not measured"), figures);
                let percent = server.as_ref().map(|sample| 100.0 * sample.per_second / yardstick.per_second);
                let verdict = match percent {
                    Some(percent) if percent >= *goal_percent => format!("{percent:>4.0} %  goal {goal_percent:.0} %: met"),
                    Some(percent) => format!("{percent:>4.0} %  goal {goal_percent:.0} %: short"),
                    None => format!("   –    goal {goal_percent:.0} %"),
                };
                format!("{work:<44} {own} │ {} │ {verdict}", figures(yardstick))
            }
            Self::Size { work, own: Latency { p50_ms, p99_ms }, small_p99_ms, most_ms } => {
                let verdict = if p99_ms <= most_ms { "met" } else { "short" };
                let own = format!("{:>10} {p50_ms:>7.1} {p99_ms:>7.1} ms", "");
                let small = format!("{:>10} {:>7} {small_p99_ms:>7.1} ms", "", "");
                format!("{work:<44} {own} │ {small} │         goal under {most_ms:.0} ms: {verdict}")
            }
            Self::Figure { work, value, unit, most } => {
                let verdict = if value <= most { "met" } else { "short" };
                format!("{work:<44} {value:>8.1} {unit:<19} │ {:>28} │         goal under {most:.0} {unit}: {verdict}", "")
            }
        }
    }
}

fn figures(sample: &Sample) -> String {
    format!("{:>8.0}/s {:>7.1} {:>7.1} ms", sample.per_second, sample.p50_ms, sample.p99_ms)
}

/// The whole result.
pub(super) fn render(rows: &[Row]) -> String {
    let mut text = String::new();
    let _infallible = writeln!(text, "\n{:<44} {:>28} │ {:>28} │ ratio", "", "Gantry   p50     p99   ", "yardstick   p50     p99   ");
    for row in rows {
        let _infallible = writeln!(text, "{}", row.line());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_judged_by_its_ratio() {
        let sample = |per_second| Sample { per_second, p50_ms: 1.0, p99_ms: 2.0 };
        let row = |server| Row::Rate { work: "x".to_owned(), server, yardstick: sample(1000.0), goal_percent: 85.0 };
        assert!(row(Some(sample(850.0))).line().ends_with("85 %  goal 85 %: met"));
        assert!(row(Some(sample(840.0))).line().ends_with("84 %  goal 85 %: short"));
        assert!(!row(None).is_complete());
    }
}
