//! The kit that pages of the console are made of: panels of facts, lists, forms, pictures.
//!
//! Every page of the console is a [`Sheet`] in a [`Shell`]; one template prints them all. Holds only what
//! is printed: no domain record, no stored secret. Texts are keys of the translations, data is [`said`].

mod chart;
mod form;
mod map;
mod problem;
mod samples;
mod svg;
mod table;
mod text;
mod value;

use serde::Serialize;

pub use chart::{Chart, Series};
pub use form::{Check, Choice, Field, FieldKind, Form};
pub use map::{Map, Side, Spot};
pub use problem::Wrong;
pub use svg::grouped;
pub use table::{Act, Bulk, Empty, Facet, Filter, Row, Table};
pub use text::{Argument, Text, said, say};
pub use value::{Badge, Link, Tone, Value};

use crate::page::Page;
use crate::page::account::ShownOnce;

/// A page of the console.
#[derive(Debug, Clone, Serialize)]
pub struct ConsolePage {
    /// What surrounds it.
    pub shell: Shell,
    /// What it shows.
    pub sheet: Sheet,
}

/// What surrounds a page: where one is, and where one can go.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shell {
    /// The console's start page.
    pub home: String,
    /// The realm or tenant that the page is about.
    pub place: Option<Place>,
    /// The ways on, in groups.
    pub nav: Vec<NavGroup>,
    /// Where a search is sent, by GET with `q`; none for those who have little to look for.
    pub search: Option<String>,
    /// Where the sign-out form is sent.
    pub sign_out: String,
    /// The person's own pages.
    pub account: Option<String>,
    /// What the last form did.
    pub notice: Option<Text>,
}

/// The realm or tenant that a page is about.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// One or two letters of it.
    pub initials: String,
    /// What kind of thing it is, in a word.
    pub kind: Text,
    /// Its home page.
    pub href: String,
    /// Where another is chosen, for those who have several.
    pub switch: Option<String>,
}

/// Ways on that belong together.
#[derive(Debug, Clone, Serialize)]
pub struct NavGroup {
    /// What they have in common.
    pub title: Option<Text>,
    /// The ways.
    pub items: Vec<NavItem>,
}

/// A way on.
#[derive(Debug, Clone, Serialize)]
pub struct NavItem {
    /// What it says.
    pub text: Text,
    /// Where it leads.
    pub href: String,
    /// An icon of the sprite.
    pub icon: &'static str,
    /// Whether one is there.
    pub current: bool,
}

/// What a page shows.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet {
    /// The heading, also of the browser's window.
    pub title: Text,
    /// A sentence below it.
    pub lead: Option<Text>,
    /// The way from the home page to here, without this page.
    pub crumbs: Vec<Link>,
    /// How the thing stands.
    pub badges: Vec<Badge>,
    /// What can be done.
    pub actions: Vec<Link>,
    /// The thing's other pages.
    pub tabs: Vec<Tab>,
    /// The content.
    pub panels: Vec<Panel>,
    /// The same as a realm file's excerpt and as calls of the admin API.
    pub as_code: Option<AsCode>,
}

/// One of a thing's pages.
#[derive(Debug, Clone, Serialize)]
pub struct Tab {
    /// What it says.
    pub text: Text,
    /// Where it leads.
    pub href: String,
    /// Whether one is there.
    pub current: bool,
}

/// The same for files and programs.
#[derive(Debug, Clone, Serialize)]
pub struct AsCode {
    /// An excerpt of the realm file, as YAML.
    pub realm_file: Option<String>,
    /// A command that reads it, or makes it where it is not there yet, by the admin API.
    pub curl: Option<String>,
    /// A command that changes it, unless it has changed since the page was shown.
    pub change: Option<String>,
}

/// A part of a page.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum Panel {
    /// What is known of one thing.
    Facts(Facts),
    /// A list.
    Table(Box<Table>),
    /// A form.
    Form(Form),
    /// Numbers over time.
    Chart(Chart),
    /// What leads to a thing, and what comes of it.
    Map(Map),
    /// A text to be copied.
    Code(Code),
    /// A secret, shown this once.
    Secret(OnceSecret),
    /// Something to know.
    Note(Note),
    /// The steps of something, in their order in time.
    Timeline(Timeline),
    /// Ways to choose from, as cards.
    Cards(Cards),
    /// A page of the realm's, as its people see it, in a frame of our own origin.
    Preview(Preview),
}

/// What is known of one thing.
#[derive(Debug, Clone, Serialize)]
pub struct Facts {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// A heading.
    pub title: Option<Text>,
    /// A sentence below it.
    pub lead: Option<Text>,
    /// What is known.
    pub facts: Vec<(Text, Value)>,
    /// What can be done.
    pub actions: Vec<Link>,
    /// Buttons that act at once.
    pub acts: Vec<Act>,
}

impl Facts {
    /// Nothing known yet.
    pub const fn new(id: &'static str) -> Self {
        Self { id, title: None, lead: None, facts: Vec::new(), actions: Vec::new(), acts: Vec::new() }
    }

    /// Gives it a heading.
    #[must_use]
    pub fn title(mut self, title: Text) -> Self {
        self.title = Some(title);
        self
    }

    /// Adds something known.
    #[must_use]
    pub fn fact(mut self, label: Text, value: Value) -> Self {
        self.facts.push((label, value));
        self
    }
}

/// A text to be copied.
#[derive(Debug, Clone, Serialize)]
pub struct Code {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// A heading.
    pub title: Option<Text>,
    /// A sentence below it.
    pub lead: Option<Text>,
    /// The text.
    pub text: String,
}

/// A secret, shown this once.
#[derive(Debug, Clone, Serialize)]
pub struct OnceSecret {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// A heading.
    pub title: Text,
    /// A sentence below it.
    pub lead: Option<Text>,
    /// The secret.
    pub value: ShownOnce,
    /// The name under which a download saves it.
    pub file_name: String,
}

/// Something to know.
#[derive(Debug, Clone, Serialize)]
pub struct Note {
    /// How it stands.
    pub tone: Tone,
    /// What is to know.
    pub text: Text,
    /// A way on.
    pub action: Option<Link>,
}

/// The steps of something, in their order in time.
#[derive(Debug, Clone, Serialize)]
#[serde(into = "svg::DrawnTimeline")]
pub struct Timeline {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// A heading.
    pub title: Option<Text>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// What happened.
    pub text: Text,
    /// How it went.
    pub tone: Tone,
    /// How long after the first, in milliseconds.
    pub after_ms: u64,
    /// The exact instant.
    pub iso: String,
    /// What is known of it.
    pub facts: Vec<(Text, Value)>,
}

/// Ways to choose from.
#[derive(Debug, Clone, Serialize)]
pub struct Cards {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// A heading.
    pub title: Option<Text>,
    /// The ways.
    pub cards: Vec<Card>,
}

/// One way.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    /// What it is.
    pub title: Text,
    /// What it is for.
    pub text: Option<Text>,
    /// A number that says how it is there.
    pub figure: Option<String>,
    /// Where it leads.
    pub href: String,
    /// An icon of the sprite.
    pub icon: Option<&'static str>,
    /// How it stands.
    pub badge: Option<Badge>,
}

/// A page of the realm's, as its people see it.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// A heading.
    pub title: Text,
    /// Where the page is served: a path of ours.
    pub src: String,
    /// The id of a form on this page whose fields the preview follows: they are added to `src` as its query.
    pub follows: Option<&'static str>,
}

impl Sheet {
    /// A page without content yet.
    pub const fn new(title: Text) -> Self {
        Self {
            title,
            lead: None,
            crumbs: Vec::new(),
            badges: Vec::new(),
            actions: Vec::new(),
            tabs: Vec::new(),
            panels: Vec::new(),
            as_code: None,
        }
    }

    /// Adds a sentence below the heading.
    #[must_use]
    pub fn lead(mut self, lead: Text) -> Self {
        self.lead = Some(lead);
        self
    }

    /// Adds a step of the way here.
    #[must_use]
    pub fn crumb(mut self, crumb: Link) -> Self {
        self.crumbs.push(crumb);
        self
    }

    /// Adds something that can be done.
    #[must_use]
    pub fn action(mut self, action: Link) -> Self {
        self.actions.push(action);
        self
    }

    /// Adds a part.
    #[must_use]
    pub fn panel(mut self, panel: impl Into<Panel>) -> Self {
        self.panels.push(panel.into());
        self
    }
}

macro_rules! panels {
    ($($variant:ident($type:ty)),* $(,)?) => {$(
        impl From<$type> for Panel {
            fn from(panel: $type) -> Self {
                Self::$variant(panel)
            }
        }
    )*};
}
panels!(
    Facts(Facts),
    Form(Form),
    Chart(Chart),
    Map(Map),
    Code(Code),
    Secret(OnceSecret),
    Note(Note),
    Timeline(Timeline),
    Cards(Cards),
    Preview(Preview)
);

impl From<Table> for Panel {
    fn from(table: Table) -> Self {
        Self::Table(Box::new(table))
    }
}

impl Page for ConsolePage {
    const TEMPLATE: &'static str = "console/page.html";

    fn samples() -> Vec<Self> {
        samples::all()
    }
}
