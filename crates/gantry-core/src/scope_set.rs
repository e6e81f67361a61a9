//! A set of scope names, as requests send it and tokens carry it.
//!
//! Owns parsing (RFC 6749 §3.3), order and the subset rules. Never knows which scopes exist.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Scope names in the order in which they were first named, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ScopeSet(Vec<String>);

/// The text is no list of scope names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a list of scope names separated by single spaces")]
pub struct InvalidScopeSyntax;

/// The most names that one request may ask for.
pub const MAX_SCOPES: usize = 100;

impl ScopeSet {
    /// Parses a `scope` parameter. An empty or blank one is the empty set.
    pub fn parse(text: &str) -> Result<Self, InvalidScopeSyntax> {
        let mut names: Vec<String> = Vec::new();
        for name in text.split(' ').filter(|name| !name.is_empty()) {
            if !is_scope_token(name) {
                return Err(InvalidScopeSyntax);
            }
            if !names.iter().any(|known| known == name) {
                if names.len() == MAX_SCOPES {
                    return Err(InvalidScopeSyntax);
                }
                names.push(name.to_owned());
            }
        }
        Ok(Self(names))
    }

    /// The set of these names, later repetitions left out.
    pub fn from_names<I: IntoIterator<Item = S>, S: Into<String>>(names: I) -> Self {
        let mut set = Self::default();
        for name in names {
            set.insert(name);
        }
        set
    }

    /// Adds a name unless it is there.
    pub fn insert(&mut self, name: impl Into<String>) {
        let name = name.into();
        if !self.contains(&name) {
            self.0.push(name);
        }
    }

    /// Whether the name is in the set.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    /// Whether all of these are in `other`.
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.0.iter().all(|name| other.contains(name))
    }

    /// The names that are also in `other`, in this set's order.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|name| other.contains(name)).cloned().collect())
    }

    /// The names that are not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|name| !other.contains(name)).cloned().collect())
    }

    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether no name is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many names are in the set.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// `scope-token` of RFC 6749 §3.3.
pub fn is_scope_token(name: &str) -> bool {
    !name.is_empty() && name.len() <= 128 && name.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_repetition_dropped() {
        assert_eq!(ScopeSet::parse("b a  b").unwrap().to_string(), "b a");
        assert!(ScopeSet::parse("").unwrap().is_empty());
        assert!(ScopeSet::parse("a\tb").is_err());
        assert!(ScopeSet::parse("a\"b").is_err());
        assert!(ScopeSet::parse("é").is_err());
    }
}
