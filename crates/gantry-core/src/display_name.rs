//! Names that people give to things and that other people read: one rule for all of them.
//!
//! Owns what may stand in such a name. Escaping is the renderer's work; this keeps out what misleads
//! a reader even when it is escaped (attack catalogue CON-07, PRE-17).

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The most characters of a name.
pub const MAX_NAME: usize = 120;

/// The most characters of a sentence.
pub const MAX_SENTENCE: usize = 500;

/// The most combining marks in a row: enough for every living script, too few for a flood.
const MAX_MARKS: usize = 4;

/// The text may not be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 120 visible characters on one line, without invisible or direction-changing ones")]
pub struct InvalidName;

/// The text may not be a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be at most 500 characters on one line, without invisible or direction-changing ones")]
pub struct InvalidSentence;

/// The name in its stored form: NFC, runs of spaces folded to one, none at the ends.
pub fn parse(text: &str) -> Result<String, InvalidName> {
    let name = clean(text, MAX_NAME).ok_or(InvalidName)?;
    name.chars().any(char::is_alphanumeric).then_some(name).ok_or(InvalidName)
}

/// A sentence in its stored form, under the same rule; it may be empty.
pub fn parse_sentence(text: &str) -> Result<String, InvalidSentence> {
    clean(text, MAX_SENTENCE).ok_or(InvalidSentence)
}

fn clean(text: &str, limit: usize) -> Option<String> {
    if text.len() > limit * 16 {
        return None;
    }
    let clean = text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").nfc().collect::<String>();
    let mut marks = 0;
    for c in clean.chars() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MAX_MARKS || c.is_control() || is_deceptive(c) {
            return None;
        }
    }
    (clean.chars().count() <= limit).then_some(clean)
}

/// Characters that change the direction of text, have no width, or look like a space or line end.
const fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3000}' | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_scripts_pass() {
        for name in ["Alice O'Neill", "Łukasz", "王小明", "محمد", "नमस्ते", "Rocket & Co. (EU)", "Çağla"] {
            assert_eq!(parse(name).as_deref(), Ok(name));
        }
        assert_eq!(parse("  Rose   Rocket ").as_deref(), Ok("Rose Rocket"));
        assert_eq!(parse("e\u{301}").as_deref(), Ok("\u{e9}"));
        assert_eq!(parse_sentence("").as_deref(), Ok(""));
        assert_eq!(parse_sentence(" Plans loads.  ").as_deref(), Ok("Plans loads."));
    }

    #[test]
    fn what_misleads_a_reader_is_refused() {
        let flood = format!("a{}", "\u{300}".repeat(50));
        let long = "x".repeat(MAX_NAME + 1);
        for name in
            ["", "   ", "---", "a\nb", "a\r\nBcc: x", "a\0", "\u{202e}elgooG", "Goo\u{200b}gle", "a\u{2066}b", "\u{feff}a", &flood, &long]
        {
            assert!(parse(name).is_err(), "{name:?}");
        }
        for sentence in ["a\nb", "\u{202e}elgooG", &flood, &"x".repeat(MAX_SENTENCE + 1)] {
            assert!(parse_sentence(sentence).is_err(), "{sentence:?}");
        }
    }
}
