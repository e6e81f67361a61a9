//! The pages: one type each, which holds only what its template prints.
//!
//! A page never holds a domain record, so no secret can reach a template. Addresses of forms and
//! links are given by the web crate: no template knows a path.

pub mod account;
pub mod consent;
pub mod error;
pub mod explanation;
pub mod form_post;
pub mod invitation;
pub mod leave;
pub mod mailed;
pub mod operator;
pub mod provider;
pub mod reset;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
pub mod tenant;
pub mod trace;
pub mod welcome;

use serde::Serialize;

/// A page and its template.
pub trait Page: Serialize + Sized {
    /// The template's path below `templates/`.
    const TEMPLATE: &'static str;

    /// The page in every state that looks different, for tests and for looking at.
    fn samples() -> Vec<Self>;
}

/// An app as pages show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct App {
    /// Its name.
    pub name: String,
    /// One or two letters, shown where it has no logo.
    pub initials: String,
    /// What it says about itself.
    pub description: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Whether the platform has verified the publisher.
    pub verified: bool,
}

impl App {
    /// An app of this name, with nothing known of its publisher.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), initials: initials(name), description: None, publisher: None, verified: false }
    }

    /// Adds what the app says about itself.
    #[must_use]
    pub fn described(mut self, description: Option<String>) -> Self {
        self.description = description.filter(|text| !text.is_empty());
        self
    }

    /// Adds who publishes it and whether the platform has verified them.
    #[must_use]
    pub fn published(mut self, publisher: Option<String>, verified: bool) -> Self {
        self.publisher = publisher;
        self.verified = verified;
        self
    }
}

/// The first letters of a name's first and last word, in upper case. What stands in brackets is a remark.
pub fn initials(name: &str) -> String {
    let words = name.split_whitespace().filter(|word| !word.starts_with('('));
    let mut letters = words.filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let (first, last) = (letters.next(), letters.next_back());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_initials() {
        for (name, expected) in
            [("Ada Lovelace", "AL"), ("perigee", "P"), ("Rose Rocket (sample)", "RR"), ("“Ana” María de Souza", "AS"), ("()", "")]
        {
            assert_eq!(initials(name), expected);
        }
    }
}
