//! Other people's words, made fit for our logs and traces (attack catalogue FED-19).

/// The most characters of such a text.
pub const MAX_CHARS: usize = 200;

/// The text cut to [`MAX_CHARS`], with control and line-ending characters replaced.
pub fn cut(text: &str) -> String {
    let clean = |c: char| {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            '\u{fffd}'
        } else {
            c
        }
    };
    text.chars().take(MAX_CHARS).map(clean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fed_19_other_peoples_words_are_cut_and_have_no_lines() {
        assert_eq!(cut("access denied"), "access denied");
        assert_eq!(cut("a\r\nSet-Cookie: x\u{202e}\0"), "a\u{fffd}\u{fffd}Set-Cookie: x\u{fffd}\u{fffd}");
        assert_eq!(cut(&"x".repeat(100_000)).len(), MAX_CHARS);
    }
}
