//! One value as a list or a table of facts shows it.

use serde::Serialize;

use super::text::Text;
use crate::moment::{Day, Moment};

/// How something stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Just said.
    #[default]
    Plain,
    /// Works.
    Good,
    /// Wants a look.
    Warn,
    /// Does not work.
    Bad,
}

/// A word in a small frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Badge {
    /// The word.
    pub text: Text,
    /// How it stands.
    pub tone: Tone,
}

/// A way on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it says.
    pub text: Text,
    /// Where it leads: a path of ours, or an https URL.
    pub href: String,
    /// An icon of the sprite.
    pub icon: Option<&'static str>,
    /// The one thing that people come here for.
    pub primary: bool,
}

impl Link {
    /// A way on.
    pub fn to(text: Text, href: impl Into<String>) -> Self {
        Self { text, href: href.into(), icon: None, primary: false }
    }

    /// The page's main way on.
    pub fn primary(text: Text, href: impl Into<String>) -> Self {
        Self { primary: true, ..Self::to(text, href) }
    }

    /// Adds an icon.
    #[must_use]
    pub const fn icon(mut self, icon: &'static str) -> Self {
        self.icon = Some(icon);
        self
    }
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum Value {
    /// Nothing: a dash, said as "none".
    Nothing,
    /// Words.
    Text(Text),
    /// Words, and smaller ones below them.
    Two(Text, Text),
    /// An id, a URL, a fingerprint: monospaced, with a button that copies it.
    Code(String),
    /// A word of the protocol, such as a scope: monospaced in a small frame. Nobody copies it alone.
    Tag(String),
    /// An instant in the past, by its distance.
    Moment(Moment),
    /// A day.
    Day(Day),
    /// A way on.
    Link(Link),
    /// A word in a frame.
    Badge(Badge),
    /// Several.
    List(Vec<Self>),
}

impl Value {
    /// Words of somebody's.
    pub fn said(words: impl Into<String>) -> Self {
        Self::Text(super::text::said(words))
    }

    /// A text of the translations.
    pub const fn say(key: &'static str) -> Self {
        Self::Text(super::text::say(key))
    }

    /// A link by its words.
    pub fn link(words: impl Into<String>, href: impl Into<String>) -> Self {
        Self::Link(Link::to(super::text::said(words), href))
    }

    /// A word in a frame.
    pub const fn badge(key: &'static str, tone: Tone) -> Self {
        Self::Badge(Badge { text: super::text::say(key), tone })
    }

    /// Words of the protocol, or nothing.
    pub fn tags(words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let tags: Vec<Self> = words.into_iter().map(|word| Self::Tag(word.into())).collect();
        if tags.is_empty() { Self::Nothing } else { Self::List(tags) }
    }

    /// Code, or nothing.
    pub fn code(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Code(text.into()))
    }
}
