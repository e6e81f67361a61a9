//! What the console says: texts of the translations, and words that somebody gave.

use std::collections::BTreeMap;

use serde::Serialize;

/// A text: a key with its arguments, or data as it is. Templates print it by `say(text=…)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Text {
    /// A text of the translations.
    Key {
        /// Its key.
        key: &'static str,
        /// Its arguments.
        args: BTreeMap<&'static str, Argument>,
    },
    /// Somebody's words: a name, an address, an id.
    Said {
        /// The words.
        said: String,
    },
}

/// An argument of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Argument {
    /// A number, for plurals.
    Number(u64),
    /// Words.
    Words(String),
}

impl From<u64> for Argument {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Argument {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<String> for Argument {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

/// The text of a key. A test looks for the key of each call in the translations, so give it literally.
pub const fn say(key: &'static str) -> Text {
    Text::Key { key, args: BTreeMap::new() }
}

/// The text of a key that is on a list of its own, with a test of its own.
pub(super) const fn say_known(key: &'static str) -> Text {
    Text::Key { key, args: BTreeMap::new() }
}

/// Somebody's words.
pub fn said(words: impl Into<String>) -> Text {
    Text::Said { said: words.into() }
}

impl Text {
    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        if let Self::Key { args, .. } = &mut self {
            args.insert(name, value.into());
        }
        self
    }
}
