//! What is wrong with a form, in the reader's language.
//!
//! Rules word their problems once, in English: that wording is what the admin API answers and what a realm file's reader
//! sees. Here each of those sentences has a key of the translations, so that pages say the same in every language. A
//! test holds every sentence of the rules against the list.

mod known;

use serde::Serialize;

use self::known::KNOWN;
use super::text::{Argument, Text, said};

/// One thing that is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// Which part of the field, or which field where the form has none for it.
    pub of: Option<String>,
    /// What is wrong.
    pub text: Text,
}

impl Wrong {
    /// Reads a problem as rules and forms word it. `[2] ` before it names an entry of a list, `name: ` a member.
    pub(super) fn read(words: &str) -> Self {
        let text = problem(words);
        if matches!(text, Text::Key { .. }) {
            return Self { of: None, text };
        }
        let parted = match words.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            Some((entry, rest)) => Some((format!("[{entry}]"), rest)),
            None => words.split_once(": ").map(|(name, rest)| (format!("{name}:"), rest)),
        };
        match parted.map(|(of, rest)| (of, problem(rest))) {
            Some((of, text @ Text::Key { .. })) => Self { of: Some(of), text },
            _ => Self { of: None, text },
        }
    }

    /// Names the field, for what is said where the field is not.
    pub(super) fn of(self, field: &str) -> Self {
        let of = self.of.map_or_else(|| format!("{field}:"), |of| format!("{field}{of}"));
        Self { of: Some(of), ..self }
    }
}

/// A sentence of the rules in the reader's language. What is not known is said as it is.
pub(crate) fn problem(words: &str) -> Text {
    let exact = KNOWN.iter().find(|(_, pattern)| *pattern == words).map(|(key, _)| (*key, Vec::new()));
    let fits = || KNOWN.iter().find_map(|(key, pattern)| arguments(pattern, words).map(|args| (*key, args)));
    let found = exact.or_else(fits);
    match found {
        Some((key, args)) => {
            args.into_iter().fold(super::text::say_known(key), |text, (name, value)| text.with(name, Argument::Words(value)))
        }
        None => said(words),
    }
}

/// What stands in the places of a pattern, if the words fit it.
fn arguments(pattern: &'static str, words: &str) -> Option<Vec<(&'static str, String)>> {
    let Some((before, rest)) = pattern.split_once('{') else { return (pattern == words).then(Vec::new) };
    let (name, after) = rest.split_once('}')?;
    let words = words.strip_prefix(before)?;
    let until = after.split('{').next().unwrap_or_default();
    // What stands in the last place goes on to the end of the sentence.
    let at = if after.contains('{') { words.find(until)? } else { words.len().checked_sub(after.len())? };
    let (value, words) = words.split_at_checked(at)?;
    let mut all = vec![(name, value.to_owned())];
    all.extend(arguments(after, words)?);
    (!value.is_empty()).then_some(all)
}

#[cfg(test)]
#[path = "problem/tests.rs"]
mod tests;
