//! Pictures of numbers over time, drawn as SVG on the server, with a table as the text alternative.

use serde::Serialize;

use super::text::Text;
use super::value::Tone;

/// Numbers over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "super::svg::DrawnChart")]
pub struct Chart {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// What it shows.
    pub title: Text,
    /// The total, or another sentence.
    pub lead: Option<Text>,
    /// The points in time, in order, as people read them: `14:00`, `21 Nov`.
    pub ticks: Vec<String>,
    /// What is counted.
    pub series: Vec<Series>,
}

/// One thing that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// What it is.
    pub name: Text,
    /// How it stands, which decides its colour.
    pub tone: Tone,
    /// One number for each tick.
    pub values: Vec<u64>,
}
