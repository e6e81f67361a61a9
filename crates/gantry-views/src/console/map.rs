//! What leads to a thing and what comes of it, drawn as SVG on the server with a list as the text alternative.
//!
//! Drawn twice, beside each other for wide panels and below each other for narrow ones; the style sheet shows one. All
//! measures are whole numbers of the picture's own units, since the content security policy allows no style.

use serde::Serialize;

use super::text::{Text, said, say};
use super::value::Tone;

/// What is drawn of each side; the list has the rest.
const MOST: usize = 8;
/// How high a box is, and how far the next one is below.
const BOX: usize = 52;
const STEP: usize = 64;
/// The room above the first box, for the side's heading.
const TOP: usize = 28;
/// The most characters of a name, twice as many as there is room for wide ones.
const LETTERS: usize = 30;

/// What leads to a thing and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "DrawnMap")]
pub struct Map {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// What it shows.
    pub title: Text,
    /// A sentence below it.
    pub lead: Option<Text>,
    /// What leads to it.
    pub from: Side,
    /// The thing.
    pub middle: Spot,
    /// What comes of it.
    pub to: Side,
}

/// One side of a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// What there is.
    pub title: Text,
    /// All of it; at least one.
    pub spots: Vec<Spot>,
}

/// One thing on a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spot {
    /// Its name.
    pub name: Text,
    /// How it stands, in a word or two.
    pub detail: Text,
    /// The same as a colour.
    pub tone: Tone,
    /// Where its page is.
    pub href: Option<String>,
}

/// A map with its drawings.
#[derive(Serialize)]
struct DrawnMap {
    id: &'static str,
    title: Text,
    lead: Option<Text>,
    sides: [Side; 2],
    drawings: [Drawing; 2],
}

#[derive(Serialize)]
struct Drawing {
    class: &'static str,
    width: usize,
    height: usize,
    edges: Vec<Edge>,
    titles: Vec<Title>,
    boxes: Vec<Drawn>,
}

#[derive(Serialize)]
struct Edge {
    tone: Tone,
    path: String,
}

#[derive(Serialize)]
struct Title {
    x: usize,
    y: usize,
    text: Text,
}

#[derive(Serialize)]
struct Drawn {
    x: usize,
    y: usize,
    width: usize,
    name: Text,
    detail: Text,
    tone: Tone,
    middle: bool,
}

impl From<Map> for DrawnMap {
    fn from(map: Map) -> Self {
        let drawings = [wide(&map), narrow(&map)];
        Self { id: map.id, title: map.title, lead: map.lead, sides: [map.from, map.to], drawings }
    }
}

/// In three columns, the thing halfway down.
fn wide(map: &Map) -> Drawing {
    const WIDTH: usize = 250;
    const COLUMNS: [usize; 3] = [0, 325, 650];
    let [left, centre, right] = COLUMNS;
    let (from, to) = (shown(&map.from), shown(&map.to));
    let rows = from.len().max(to.len()).max(1);
    let height = TOP + rows * STEP - (STEP - BOX);
    let down = |count: usize, at: usize| TOP + (rows - count) * STEP / 2 + at * STEP;
    let middle = down(1, 0);
    let mut drawing = Drawing {
        class: "wide",
        width: right + WIDTH,
        height,
        edges: Vec::new(),
        titles: vec![
            Title { x: left, y: TOP - 14, text: map.from.title.clone() },
            Title { x: right, y: TOP - 14, text: map.to.title.clone() },
        ],
        boxes: vec![drawn(&map.middle, centre, middle, WIDTH, true)],
    };
    let curve = |start: (usize, usize), end: (usize, usize)| {
        let half = usize::midpoint(start.0, end.0);
        format!("M{} {}C{half} {} {half} {} {} {}", start.0, start.1, start.1, end.1, end.0, end.1)
    };
    for (at, spot) in from.iter().enumerate() {
        let y = down(from.len(), at);
        drawing.edges.push(Edge { tone: spot.tone, path: curve((left + WIDTH, y + BOX / 2), (centre, middle + BOX / 2)) });
        drawing.boxes.push(drawn(spot, left, y, WIDTH, false));
    }
    for (at, spot) in to.iter().enumerate() {
        let y = down(to.len(), at);
        drawing.edges.push(Edge { tone: spot.tone, path: curve((centre + WIDTH, middle + BOX / 2), (right, y + BOX / 2)) });
        drawing.boxes.push(drawn(spot, right, y, WIDTH, false));
    }
    drawing
}

/// One below the other, joined by a line at the side.
fn narrow(map: &Map) -> Drawing {
    const WIDTH: usize = 300;
    const INDENT: usize = 24;
    let (from, to) = (shown(&map.from), shown(&map.to));
    let from_at = |at: usize| TOP + at * STEP;
    let middle = from_at(from.len());
    let to_at = |at: usize| middle + STEP + TOP + at * STEP;
    let mut drawing = Drawing {
        class: "slim",
        width: INDENT + WIDTH,
        height: to_at(to.len()) - (STEP - BOX),
        edges: Vec::new(),
        titles: vec![
            Title { x: INDENT, y: TOP - 14, text: map.from.title.clone() },
            Title { x: INDENT, y: middle + STEP + TOP - 14, text: map.to.title.clone() },
        ],
        boxes: vec![drawn(&map.middle, 0, middle, INDENT + WIDTH, true)],
    };
    for (at, spot) in from.iter().enumerate() {
        let y = from_at(at);
        drawing.edges.push(Edge { tone: spot.tone, path: format!("M{INDENT} {}H10V{middle}", y + BOX / 2) });
        drawing.boxes.push(drawn(spot, INDENT, y, WIDTH, false));
    }
    for (at, spot) in to.iter().enumerate() {
        let y = to_at(at);
        drawing.edges.push(Edge { tone: spot.tone, path: format!("M10 {}V{}H{INDENT}", middle + BOX, y + BOX / 2) });
        drawing.boxes.push(drawn(spot, INDENT, y, WIDTH, false));
    }
    drawing
}

fn drawn(spot: &Spot, x: usize, y: usize, width: usize, middle: bool) -> Drawn {
    Drawn { x, y, width, name: cut(&spot.name), detail: cut(&spot.detail), tone: spot.tone, middle }
}

/// What is drawn of a side: the last place says how many more there are.
fn shown(side: &Side) -> Vec<Spot> {
    if side.spots.len() <= MOST {
        return side.spots.clone();
    }
    let more = u64::try_from(side.spots.len() - (MOST - 1)).unwrap_or(u64::MAX);
    let rest = Spot { name: say("shell-map-more").with("count", more), detail: side.title.clone(), tone: Tone::Plain, href: None };
    side.spots.iter().take(MOST - 1).cloned().chain([rest]).collect()
}

/// Somebody's words, as far as they fit. Letters of scripts that are written wide count twice.
fn cut(text: &Text) -> Text {
    let Text::Said { said: words } = text else { return text.clone() };
    let room = |c: char| if u32::from(c) >= 0x1100 { 2 } else { 1 };
    if words.chars().map(room).sum::<usize>() <= LETTERS {
        return text.clone();
    }
    let mut left = LETTERS - 1;
    let fits = |c: &char| {
        let needed = room(*c);
        left = left.saturating_sub(needed);
        left > 0
    };
    let kept: String = words.chars().take_while(fits).collect();
    said(format!("{}\u{2026}", kept.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(name: &str) -> Spot {
        Spot { name: said(name), detail: said("x"), tone: Tone::Plain, href: None }
    }

    fn map(from: usize, to: usize) -> DrawnMap {
        let side = |count: usize| Side { title: said("side"), spots: (0..count).map(|at| spot(&at.to_string())).collect() };
        DrawnMap::from(Map { id: "m", title: said("m"), lead: None, from: side(from), middle: spot("it"), to: side(to) })
    }

    #[test]
    fn every_box_is_inside_and_none_lies_on_another() {
        for (from, to) in [(1, 1), (3, 1), (1, 8), (20, 9)] {
            for drawing in &map(from, to).drawings {
                assert_eq!(drawing.boxes.len(), drawing.edges.len() + 1);
                for (at, one) in drawing.boxes.iter().enumerate() {
                    assert!(one.x + one.width <= drawing.width && one.y + BOX <= drawing.height, "{from} {to} {}", drawing.class);
                    let apart = |other: &Drawn| one.x != other.x && drawing.class == "wide" || one.y.abs_diff(other.y) >= BOX;
                    assert!(drawing.boxes[at + 1..].iter().all(apart), "{from} {to} {}", drawing.class);
                }
            }
        }
    }

    #[test]
    fn what_is_too_much_is_counted_and_what_is_too_long_is_cut() {
        let drawn = map(20, 1);
        assert_eq!(drawn.drawings[0].boxes.len(), 1 + MOST + 1);
        assert_eq!(drawn.sides[0].spots.len(), 20, "the list has them all");
        assert_eq!(shown(&drawn.sides[0])[MOST - 1].name, say("shell-map-more").with("count", 13));
        assert_eq!(cut(&said("x".repeat(31))), said(format!("{}\u{2026}", "x".repeat(28))));
        assert_eq!(cut(&said("x".repeat(30))), said("x".repeat(30)));
        assert_eq!(cut(&say("shell-map-list")), say("shell-map-list"));
    }
}
