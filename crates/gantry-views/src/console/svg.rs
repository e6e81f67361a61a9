//! Computes what charts and timelines draw: bars, axes and spans as whole numbers of the picture's own
//! units. The template prints them as attributes of SVG; the content security policy allows no style.

use serde::Serialize;

use super::chart::{Chart, Series};
use super::text::{Text, say};
use super::value::{Tone, Value};
use super::{Step, Timeline};

/// How wide a tick's place is; the bar takes the middle of it.
const PLACE: usize = 12;
/// How high the picture is.
const HEIGHT: u64 = 1000;
/// What is there at all is seen.
const LEAST: u64 = 14;

/// A chart with its drawing.
#[derive(Serialize)]
pub(super) struct DrawnChart {
    id: &'static str,
    title: Text,
    lead: Option<Text>,
    ticks: Vec<String>,
    series: Vec<DrawnSeries>,
    width: usize,
    top: String,
    middle: String,
    empty: bool,
    marks: Vec<Mark>,
    places: Vec<Place>,
}

#[derive(Serialize)]
struct DrawnSeries {
    name: Text,
    class: String,
    total: String,
    values: Vec<String>,
}

/// A tick's place: where it stands and what is stacked there.
#[derive(Serialize)]
struct Place {
    x: usize,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    y: u64,
    height: u64,
    class: String,
}

impl From<Chart> for DrawnChart {
    fn from(chart: Chart) -> Self {
        let sums: Vec<u64> = (0..chart.ticks.len()).map(|at| chart.series.iter().map(|of| value(of, at)).sum()).collect();
        let most = sums.iter().copied().max().unwrap_or(0);
        let top = axis(most);
        let classes = classes(&chart.series);
        let places = (0..chart.ticks.len()).map(|at| place(&chart.series, &classes, at, top)).collect();
        let series = chart.series.iter().zip(&classes).map(|(series, class)| DrawnSeries {
            name: series.name.clone(),
            class: class.clone(),
            total: grouped(series.values.iter().sum()),
            values: (0..chart.ticks.len()).map(|at| grouped(value(series, at))).collect(),
        });
        Self {
            id: chart.id,
            title: chart.title,
            lead: chart.lead,
            series: series.collect(),
            width: (chart.ticks.len() * PLACE).max(1),
            top: grouped(top),
            middle: grouped(top / 2),
            empty: most == 0,
            marks: marks(&chart.ticks),
            places,
            ticks: chart.ticks,
        }
    }
}

fn value(series: &Series, at: usize) -> u64 {
    series.values.get(at).copied().unwrap_or(0)
}

/// The bars of one tick, the first series at the bottom.
fn place(series: &[Series], classes: &[String], at: usize, top: u64) -> Place {
    let mut floor = HEIGHT;
    let mut bars = Vec::new();
    for (series, class) in series.iter().zip(classes) {
        let value = value(series, at);
        if value == 0 {
            continue;
        }
        let height = (value.saturating_mul(HEIGHT) / top).max(LEAST).min(floor);
        floor -= height;
        bars.push(Bar { y: floor, height, class: class.clone() });
    }
    Place { x: at * PLACE, bars }
}

/// The colour of each series: its tone, and a shade of it where several have the same.
fn classes(series: &[Series]) -> Vec<String> {
    let name = |tone: Tone| match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
    };
    let shade = |at: usize, tone: Tone| series.iter().take(at).filter(|other| other.tone == tone).count() % 5 + 1;
    series.iter().enumerate().map(|(at, of)| format!("{}-{}", name(of.tone), shade(at, of.tone))).collect()
}

/// The axis' end: the next of 2, 4, 6, 8, 10, 20, …, so that its middle is a whole number too.
fn axis(most: u64) -> u64 {
    let mut power = 1;
    loop {
        if let Some(end) = [2, 4, 6, 8, 10].map(|digit: u64| digit.saturating_mul(power)).into_iter().find(|end| *end >= most) {
            return end;
        }
        power = power.saturating_mul(10);
    }
}

/// A tick that is named below its bar.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Mark {
    tick: String,
    /// Where, in percent of the width.
    at: String,
    anchor: &'static str,
}

/// A few of the ticks, from the first to the last.
fn marks(ticks: &[String]) -> Vec<Mark> {
    let last = ticks.len().saturating_sub(1);
    let wanted = last.min(4);
    let mark = |mark: usize| {
        let index = (mark * last).checked_div(wanted).unwrap_or(0);
        let middle = (2 * index + 1) * 1000 / (2 * ticks.len());
        // The outermost stay inside the picture, unless their bars are so wide that there is room.
        let anchor = match ticks.len() {
            0..=10 => "middle",
            _ if mark == 0 => "start",
            _ if mark == wanted => "end",
            _ => "middle",
        };
        let at = match anchor {
            "start" => 0,
            "end" => 1000,
            _ => middle,
        };
        Some(Mark { tick: ticks.get(index)?.clone(), at: format!("{}.{}", at / 10, at % 10), anchor })
    };
    if ticks.is_empty() { Vec::new() } else { (0..=wanted).filter_map(mark).collect() }
}

/// A number in groups of three digits, as ISO 80000-1 sets them: with a narrow space.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A timeline with its drawing.
#[derive(Serialize)]
pub(super) struct DrawnTimeline {
    id: &'static str,
    title: Option<Text>,
    total: Text,
    steps: Vec<DrawnStep>,
}

#[derive(Serialize)]
struct DrawnStep {
    text: Text,
    tone: Tone,
    iso: String,
    facts: Vec<(Text, Value)>,
    after: Text,
    /// Until the next step.
    took: Option<Text>,
    x: u64,
    width: u64,
}

impl From<Timeline> for DrawnTimeline {
    fn from(timeline: Timeline) -> Self {
        let total = timeline.steps.iter().map(|step| step.after_ms).max().unwrap_or(0);
        let starts: Vec<u64> = timeline.steps.iter().map(|step| step.after_ms).collect();
        let drawn = |(at, step): (usize, Step)| {
            let next = starts.get(at + 1).copied();
            let share = |span: u64| span.saturating_mul(HEIGHT).checked_div(total).unwrap_or(0);
            let width = share(next.unwrap_or(step.after_ms).saturating_sub(step.after_ms)).max(LEAST);
            DrawnStep {
                x: share(step.after_ms).min(HEIGHT - width.min(HEIGHT)),
                width,
                after: length(step.after_ms),
                took: next.map(|next| length(next.saturating_sub(step.after_ms))),
                text: step.text,
                tone: step.tone,
                iso: step.iso,
                facts: step.facts,
            }
        };
        Self {
            id: timeline.id,
            title: timeline.title,
            total: length(total),
            steps: timeline.steps.into_iter().enumerate().map(drawn).collect(),
        }
    }
}

/// A length of time as people read it.
fn length(ms: u64) -> Text {
    match ms {
        0..1000 => say("shell-ms").with("count", said_number(ms)),
        1000..60_000 => say("shell-seconds").with("whole", said_number(ms / 1000)).with("tenths", said_number(ms % 1000 / 100)),
        60_000..3_600_000 => {
            say("shell-minutes").with("minutes", said_number(ms / 60_000)).with("seconds", said_number(ms % 60_000 / 1000))
        }
        _ => say("shell-hours").with("hours", said_number(ms / 3_600_000)).with("minutes", said_number(ms % 3_600_000 / 60_000)),
    }
}

/// A number that no plural depends on.
fn said_number(number: u64) -> String {
    number.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::text::said;
    use super::*;

    fn chart(values: Vec<Vec<u64>>) -> DrawnChart {
        let ticks = (0..values.first().map_or(0, Vec::len)).map(|at| format!("{at}:00")).collect();
        let series = values.into_iter().map(|values| Series { name: said("x"), tone: Tone::Bad, values }).collect();
        DrawnChart::from(Chart { id: "c", title: said("c"), lead: None, ticks, series })
    }

    #[test]
    fn bars_stack_up_to_the_axis() {
        let drawn = chart(vec![vec![5, 0, 1], vec![5, 10, 0]]);
        assert_eq!((drawn.top.as_str(), drawn.middle.as_str(), drawn.width), ("10", "5", 36));
        let heights: Vec<Vec<(u64, u64)>> =
            drawn.places.iter().map(|place| place.bars.iter().map(|bar| (bar.y, bar.height)).collect()).collect();
        assert_eq!(heights, [vec![(500, 500), (0, 500)], vec![(0, 1000)], vec![(900, 100)]]);
        assert_eq!(drawn.places[1].bars[0].class, "bad-2");
        assert!(chart(vec![vec![0, 0]]).empty);
        assert!(chart(vec![]).empty);
    }

    #[test]
    fn the_axis_ends_at_a_round_number() {
        for (most, end) in [(0, 2), (2, 2), (3, 4), (7, 8), (10, 10), (11, 20), (401, 600), (u64::MAX, u64::MAX)] {
            assert_eq!(axis(most), end, "{most}");
        }
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(grouped(999), "999");
    }

    #[test]
    fn a_few_ticks_are_marked() {
        let ticks: Vec<String> = (0..24).map(|hour| hour.to_string()).collect();
        let all = marks(&ticks);
        assert_eq!(all.iter().map(|mark| mark.tick.as_str()).collect::<Vec<_>>(), ["0", "5", "11", "17", "23"]);
        assert_eq!(all.iter().map(|mark| mark.at.as_str()).collect::<Vec<_>>(), ["0.0", "22.9", "47.9", "72.9", "100.0"]);
        assert_eq!(marks(&ticks[..1]), [Mark { tick: "0".to_owned(), at: "50.0".to_owned(), anchor: "middle" }]);
        assert_eq!(marks(&ticks[..2]).len(), 2);
        assert!(marks(&[]).is_empty());
    }

    #[test]
    fn steps_stand_where_they_happened() {
        let step = |after_ms| Step { text: said("x"), tone: Tone::Plain, after_ms, iso: String::new(), facts: Vec::new() };
        let drawn = DrawnTimeline::from(Timeline { id: "t", title: None, steps: vec![step(0), step(250), step(1000)] });
        assert_eq!(drawn.steps.iter().map(|step| (step.x, step.width)).collect::<Vec<_>>(), [(0, 250), (250, 750), (986, 14)]);
        assert_eq!(drawn.total, say("shell-seconds").with("whole", "1").with("tenths", "0"));
    }
}
