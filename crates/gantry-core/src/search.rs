//! Words by which records are found: how text becomes words, the same for what is stored and what is asked.
//!
//! Owns the kinds of records that can be searched, and the words of a text. Never knows which fields of a
//! record count; the store does.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The most characters of a word; what is longer is cut.
pub const MAX_WORD: usize = 64;
/// The most words of one question; further ones are not looked at.
pub const MAX_ASKED: usize = 8;
/// What begins a property among the words of a record. No word of a text begins with it, so that nobody's name is one.
const PROPERTY: char = '=';

crate::closed_set::closed_set! {
    /// What can be searched.
    SearchKind {
        /// People.
        User = "user",
        /// Apps.
        Client = "client",
        /// Customer organizations.
        Tenant = "tenant",
        /// Ways to sign in.
        Connection = "connection",
        /// Developer teams.
        Publisher = "publisher",
        /// APIs.
        Resource = "resource",
        /// Permissions.
        Scope = "scope",
    }
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub kind: SearchKind,
    /// Its internal id.
    pub id: String,
}

/// The words of a record: of its text as a whole and of its parts.
///
/// A piece between spaces is a word, as far as it is not enclosed in punctuation; so is what stands between `@` and `/`, and
/// what stands between any punctuation. `Ada.Lovelace@example.com` is found by each of its beginnings, by `lovelace`
/// and by `example.com`.
pub fn words_of(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for piece in folded(text).split_whitespace() {
        for side in std::iter::once(piece).chain(piece.split(['@', '/'])) {
            words.extend(word(side));
        }
        for part in piece.split(|c: char| c.is_ascii_punctuation()) {
            words.extend(word(part));
        }
    }
    words
}

/// The words of a question, each the beginning of a word that is looked for, longest first. None at all: the
/// question has text in which there is no word, and finds nothing.
pub fn asked(text: &str) -> Option<Vec<String>> {
    let folded = folded(text);
    let mut words: Vec<String> = folded.split_whitespace().filter_map(word).collect();
    if words.is_empty() && !folded.trim().is_empty() {
        return None;
    }
    words.sort_by(|one, other| other.chars().count().cmp(&one.chars().count()).then_with(|| one.cmp(other)));
    words.dedup();
    words.truncate(MAX_ASKED);
    Some(words)
}

/// The form in which a property such as `is:disabled` stands among a record's words.
pub fn property(facet: &str) -> String {
    let text: String = facet.chars().filter(|c| !c.is_control()).take(MAX_WORD).collect();
    format!("{PROPERTY}{}", text.to_lowercase())
}

fn word(text: &str) -> Option<String> {
    let trimmed = text.trim_matches(|c: char| c.is_ascii_punctuation());
    (!trimmed.is_empty()).then(|| trimmed.chars().take(MAX_WORD).collect())
}

/// Without capitals, accents and the several spellings of one character. Controls become spaces, so that no database
/// is asked for a NUL.
fn folded(text: &str) -> String {
    let plain = text.chars().take(4 * MAX_WORD * MAX_ASKED).map(|c| if c.is_control() { ' ' } else { c });
    plain.nfkd().flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_itself_and_its_parts() {
        let words = words_of("Zo\u{eb} (Rocket-Board) Ada.Lovelace@example.com");
        let expected = ["zoe", "rocket-board", "rocket", "board", "ada.lovelace@example.com", "ada.lovelace", "example.com", "lovelace"];
        for word in expected {
            assert!(words.contains(word), "{word}: {words:?}");
        }
        assert!(words.iter().all(|word| !word.contains(' ')));
    }

    #[test]
    fn nobodys_name_is_a_property() {
        let words = words_of("=is:disabled is:disabled ==role:operator");
        assert!(words.iter().all(|word| !word.starts_with(PROPERTY)), "{words:?}");
        assert_eq!(property("IS:Disabled\0"), "=is:disabled");
    }

    #[test]
    fn a_question_has_words_or_finds_nothing() {
        assert_eq!(asked("  "), Some(Vec::new()));
        assert_eq!(asked("%"), None);
        assert_eq!(asked("Ada\0 LOVE"), Some(vec!["love".to_owned(), "ada".to_owned()]));
        assert_eq!(asked("\u{1f680}").unwrap(), ["\u{1f680}"]);
        let long = asked(&"x".repeat(5000)).unwrap();
        assert_eq!((long.len(), long[0].chars().count()), (1, MAX_WORD));
        let many: Vec<String> = (0..50).map(|n| format!("w{n}")).collect();
        assert_eq!(asked(&many.join(" ")).unwrap().len(), MAX_ASKED);
    }
}
