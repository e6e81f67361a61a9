//! A form of the console: fields, what is wrong with them, and what the button does.
//!
//! Never holds a stored secret: a secret field has no value.

use serde::Serialize;

use super::problem::{Wrong, problem};
use super::text::Text;

/// A form. It carries the page's token by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Form {
    /// The element's id, unique on the page.
    pub id: &'static str,
    /// A heading.
    pub title: Option<Text>,
    /// A sentence below it.
    pub lead: Option<Text>,
    /// Where it is sent.
    pub action: String,
    /// What it asks.
    pub fields: Vec<Field>,
    /// What travels along unseen: the record's version, what was chosen a step before.
    pub hidden: Vec<(&'static str, String)>,
    /// The button.
    pub submit: Text,
    /// Whether it destroys something.
    pub danger: bool,
    /// What has to be typed before a danger is believed: the name of what goes.
    pub confirm: Option<String>,
    /// What is wrong with the form as a whole.
    pub problem: Option<Text>,
    /// What is wrong besides, and fits no field.
    pub strays: Vec<Wrong>,
    /// Whether it looks something up instead of changing anything: sent by GET, without the token.
    pub get: bool,
}

impl Form {
    /// A form without fields yet.
    pub fn new(id: &'static str, action: impl Into<String>, submit: Text) -> Self {
        Self {
            id,
            title: None,
            lead: None,
            action: action.into(),
            fields: Vec::new(),
            hidden: Vec::new(),
            submit,
            danger: false,
            confirm: None,
            problem: None,
            strays: Vec::new(),
            get: false,
        }
    }

    /// Gives it a heading.
    #[must_use]
    pub fn title(mut self, title: Text) -> Self {
        self.title = Some(title);
        self
    }

    /// Gives it a sentence.
    #[must_use]
    pub fn lead(mut self, lead: Text) -> Self {
        self.lead = Some(lead);
        self
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// Adds something unseen.
    #[must_use]
    pub fn hidden(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.hidden.push((name, value.into()));
        self
    }

    /// Makes it a danger; `confirm` has to be typed in the field `confirm`.
    #[must_use]
    pub fn danger(mut self, confirm: Option<String>) -> Self {
        self.danger = true;
        self.confirm = confirm;
        self
    }

    /// Says what is wrong: each problem at its field, by name; what fits no field goes on top. The words of rules are
    /// said in the reader's language.
    #[must_use]
    pub fn with_problems(mut self, whole: Option<Text>, problems: &[(String, String)]) -> Self {
        self.problem = whole.map(|whole| match whole {
            Text::Said { said } => problem(&said),
            Text::Key { .. } => whole,
        });
        for (name, words) in problems {
            let wrong = Wrong::read(words);
            match self.fields.iter_mut().find(|field| field.name == *name) {
                Some(field) => field.errors.push(wrong),
                None => self.strays.push(wrong.of(name)),
            }
        }
        self
    }
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name. The element's id is the form's and the name: `settings-name`.
    pub name: &'static str,
    /// Its label.
    pub label: Text,
    /// A sentence below it.
    pub hint: Option<Text>,
    /// What it looks like, with what is filled in.
    pub kind: FieldKind,
    /// Whether it must be filled in.
    pub required: bool,
    /// What is wrong with it.
    pub errors: Vec<Wrong>,
    /// Who judges each line of it while it is typed.
    pub check: Option<Check>,
}

/// An address of ours that judges what is typed: asked by GET with the text as `uri`, it answers `{"problem": …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Where.
    pub action: String,
    /// `kind` of the question, where no field of the form is called so.
    pub kind: String,
}

/// What a field looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Line(String),
    /// An address.
    Email(String),
    /// A web address.
    Url(String),
    /// A whole number.
    Number(String),
    /// A colour, `#rrggbb`.
    Colour(String),
    /// A day, `2026-11-21`.
    Date(String),
    /// Several lines, each an entry.
    Lines(Vec<String>),
    /// A longer text.
    Area(String),
    /// Code: YAML, JSON, PEM.
    Code(String),
    /// A secret to be brought; never filled in.
    Secret,
    /// One of several, in a list.
    Select(Vec<Choice>),
    /// One of several, each with its explanation.
    Radio(Vec<Choice>),
    /// Some of several. The parameter's name may repeat.
    Checks(Vec<Choice>),
    /// On or off; sent as `on`.
    Switch(bool),
    /// A group heading among fields.
    Heading,
}

/// One of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: Text,
    /// A sentence that explains it.
    pub hint: Option<Text>,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: Text, chosen: bool) -> Self {
        Self { value: value.into(), label, hint: None, chosen }
    }

    /// Explains it.
    #[must_use]
    pub fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }
}

impl Field {
    /// A field.
    pub const fn new(name: &'static str, label: Text, kind: FieldKind) -> Self {
        Self { name, label, hint: None, kind, required: false, errors: Vec::new(), check: None }
    }

    /// One line.
    pub fn line(name: &'static str, label: Text, value: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Line(value.into()))
    }

    /// Several lines.
    pub const fn lines(name: &'static str, label: Text, lines: Vec<String>) -> Self {
        Self::new(name, label, FieldKind::Lines(lines))
    }

    /// A switch.
    pub const fn switch(name: &'static str, label: Text, on: bool) -> Self {
        Self::new(name, label, FieldKind::Switch(on))
    }

    /// One of several in a list.
    pub const fn select(name: &'static str, label: Text, choices: Vec<Choice>) -> Self {
        Self::new(name, label, FieldKind::Select(choices))
    }

    /// One of several, each explained.
    pub const fn radio(name: &'static str, label: Text, choices: Vec<Choice>) -> Self {
        Self::new(name, label, FieldKind::Radio(choices))
    }

    /// Some of several.
    pub const fn checks(name: &'static str, label: Text, choices: Vec<Choice>) -> Self {
        Self::new(name, label, FieldKind::Checks(choices))
    }

    /// A heading among the fields.
    pub const fn heading(name: &'static str, label: Text) -> Self {
        Self::new(name, label, FieldKind::Heading)
    }

    /// Explains it.
    #[must_use]
    pub fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Is judged line by line while it is typed.
    #[must_use]
    pub fn checked_at(mut self, action: String, kind: &str) -> Self {
        self.check = Some(Check { action, kind: kind.to_owned() });
        self
    }

    /// Must be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}
