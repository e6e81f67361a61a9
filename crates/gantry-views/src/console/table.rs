//! A list of the console: what is looked for, the rows, the next page, what can be done to many.

use serde::Serialize;

use super::text::Text;
use super::value::{Link, Value};

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// A heading, where the page has several lists.
    pub title: Option<Text>,
    /// A sentence below it.
    pub lead: Option<Text>,
    /// How it is narrowed; everything of it stands in the URL.
    pub filter: Option<Filter>,
    /// The columns. The first names the row.
    pub columns: Vec<Text>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What stands where there are none.
    pub empty: Empty,
    /// Where the next page is.
    pub next: Option<String>,
    /// Where the first page is, if this is another.
    pub first: Option<String>,
    /// What can be done to several rows at once.
    pub bulk: Option<Bulk>,
    /// What can be done besides: shown at the heading.
    pub actions: Vec<Link>,
}

/// How a list is narrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "NarrowedFilter")]
pub struct Filter {
    /// The page itself.
    pub action: String,
    /// The words that are looked for, as parameter `q`.
    pub q: String,
    /// The label of the field.
    pub label: Text,
    /// Further choices: a parameter, its label and the choices.
    pub facets: Vec<Facet>,
}

/// A filter, and whether it holds anything back.
#[derive(Serialize)]
struct NarrowedFilter {
    action: String,
    q: String,
    label: Text,
    facets: Vec<Facet>,
    narrowed: bool,
}

impl From<Filter> for NarrowedFilter {
    fn from(filter: Filter) -> Self {
        let any = |facet: &Facet| facet.choices.iter().any(|choice| choice.chosen && !choice.value.is_empty());
        let narrowed = !filter.q.is_empty() || filter.facets.iter().any(any);
        Self { action: filter.action, q: filter.q, label: filter.label, facets: filter.facets, narrowed }
    }
}

/// A property that the entries have or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// The parameter.
    pub name: &'static str,
    /// Its label.
    pub label: Text,
    /// What can be chosen; an empty value is any.
    pub choices: Vec<super::form::Choice>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it is called in bulk forms; its id.
    pub id: String,
    /// Where its page is.
    pub href: Option<String>,
    /// Its cells, one for each column.
    pub cells: Vec<Value>,
    /// Buttons of its own.
    pub acts: Vec<Act>,
}

/// A button that sends a small form at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Act {
    /// What it says.
    pub text: Text,
    /// What it says to those who hear it, with the row's name.
    pub label: Option<Text>,
    /// Where it is sent, by POST.
    pub action: String,
    /// What travels along.
    pub hidden: Vec<(&'static str, String)>,
    /// Whether it destroys something.
    pub danger: bool,
}

impl Act {
    /// A button.
    pub fn new(text: Text, action: impl Into<String>) -> Self {
        Self { text, label: None, action: action.into(), hidden: Vec::new(), danger: false }
    }

    /// Names it with its row.
    #[must_use]
    pub fn label(mut self, label: Text) -> Self {
        self.label = Some(label);
        self
    }

    /// Adds something that travels along.
    #[must_use]
    pub fn hidden(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.hidden.push((name, value.into()));
        self
    }

    /// Makes it a danger.
    #[must_use]
    pub const fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
}

/// What can be done to several rows: tick boxes named `id`, and a button for each act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bulk {
    /// Where it is sent, by POST.
    pub action: String,
    /// What travels along.
    pub hidden: Vec<(&'static str, String)>,
    /// The acts: the value of the parameter `act`, what it says, and whether it destroys something.
    pub acts: Vec<(&'static str, Text, bool)>,
    /// This page with all of its rows ticked, for browsers without script.
    pub every: String,
    /// Whether all rows are ticked from the start.
    pub ticked: bool,
}

/// What stands where there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Empty {
    /// An icon of the sprite.
    pub icon: &'static str,
    /// What this would be.
    pub title: Text,
    /// What it is for.
    pub text: Text,
    /// The first step.
    pub action: Option<Link>,
}

impl Table {
    /// A list without rows yet.
    pub const fn new(id: &'static str, columns: Vec<Text>, empty: Empty) -> Self {
        Self {
            id,
            title: None,
            lead: None,
            filter: None,
            columns,
            rows: Vec::new(),
            empty,
            next: None,
            first: None,
            bulk: None,
            actions: Vec::new(),
        }
    }
}

impl Row {
    /// A row that leads to its page.
    pub fn to(id: impl Into<String>, href: impl Into<String>, cells: Vec<Value>) -> Self {
        Self { id: id.into(), href: Some(href.into()), cells, acts: Vec::new() }
    }

    /// A row that leads nowhere.
    pub fn plain(id: impl Into<String>, cells: Vec<Value>) -> Self {
        Self { id: id.into(), href: None, cells, acts: Vec::new() }
    }

    /// Adds a button.
    #[must_use]
    pub fn act(mut self, act: Act) -> Self {
        self.acts.push(act);
        self
    }
}
