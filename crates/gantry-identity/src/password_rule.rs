//! The rule for new passwords: long enough, not one that everybody tries first (NIST SP 800-63B §5.1.1.2).
//!
//! Never asks for kinds of characters. Never applied to a password that is only checked.

use std::collections::HashSet;
use std::sync::LazyLock;

use gantry_core::secret::Secret;
use zeroize::Zeroizing;

use crate::password::{MAX_PASSWORD, normalise};

/// Words of which a password may not merely be a variation.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// The most characters that may follow a common word without making it a password of its own.
const MAX_TAIL: usize = 4;

/// Why a new password is not taken. Pages say it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeakPassword {
    /// Fewer characters than the realm asks for.
    TooShort {
        /// How many it asks for.
        least: u32,
    },
    /// More than 1024 characters.
    TooLong,
    /// One of those that are tried first.
    Common,
    /// The person's own address or the platform's name.
    Personal,
    /// It holds a control character.
    ControlCharacter,
}

/// A new password in NFC that passed the rule.
pub struct AcceptedPassword(Zeroizing<String>);

impl std::fmt::Debug for AcceptedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[password]")
    }
}

impl AcceptedPassword {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// What a realm and a person make of the rule.
#[derive(Debug, Clone)]
pub struct PasswordRule {
    least: u32,
    own_words: Vec<String>,
}

impl PasswordRule {
    /// The rule of a realm, see `SignInPolicy::password_min_length`.
    pub const fn new(least: u32) -> Self {
        Self { least, own_words: Vec::new() }
    }

    /// Adds words that say who or where the person is; an address counts whole and by its parts.
    #[must_use]
    pub fn not_like(mut self, words: &[&str]) -> Self {
        let halves = words.iter().flat_map(|word| std::iter::once(*word).chain(word.split('@')));
        let parts = halves.flat_map(|half| std::iter::once(half).chain(half.split(['@', '.', '-', '_', ' '])));
        self.own_words.extend(parts.filter(|part| part.chars().count() >= 4).map(fold));
        self
    }

    /// Accepts a new password or says why not.
    pub fn accept(&self, password: &Secret) -> Result<AcceptedPassword, WeakPassword> {
        // Before anything is copied: what is far too long is not worth normalising.
        if password.expose().len() > MAX_PASSWORD * 8 {
            return Err(WeakPassword::TooLong);
        }
        let normal = normalise(password);
        let text = normal.expose();
        let count = text.chars().count();
        if count > MAX_PASSWORD {
            return Err(WeakPassword::TooLong);
        }
        if u32::try_from(count).is_ok_and(|count| count < self.least) {
            return Err(WeakPassword::TooShort { least: self.least });
        }
        if text.chars().any(char::is_control) {
            return Err(WeakPassword::ControlCharacter);
        }
        let candidates = Zeroizing::new(stems(text));
        if candidates.iter().any(|stem| self.own_words.contains(stem)) {
            return Err(WeakPassword::Personal);
        }
        if is_pattern(text) || candidates.iter().any(|stem| COMMON.contains(stem.as_str())) {
            return Err(WeakPassword::Common);
        }
        Ok(AcceptedPassword(Zeroizing::new(text.to_owned())))
    }
}

/// The folded password, and what is left of it without a short tail of digits and marks.
fn stems(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut stems = vec![lower.clone(), fold(&lower)];
    let mut rest = lower.as_str();
    for _ in 0..MAX_TAIL {
        match rest.char_indices().next_back() {
            Some((start, last)) if !last.is_alphabetic() => rest = rest.get(..start).unwrap_or_default(),
            _ => break,
        }
        stems.push(rest.to_owned());
        stems.push(fold(rest));
    }
    stems
}

/// Lower case, with the usual replacements of letters undone and separators dropped.
fn fold(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_' | '.'))
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// One short piece over and over, or a run through the alphabet or the digits.
fn is_pattern(text: &str) -> bool {
    let chars = Zeroizing::new(text.chars().collect::<Vec<char>>());
    let repeats = |period: usize| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b);
    let steps = |step: i64| {
        let next = |(a, b): (&char, &char)| i64::from(u32::from(*b)) - i64::from(u32::from(*a)) == step;
        chars.iter().zip(chars.iter().skip(1)).all(next)
    };
    let digits = text.bytes().all(|b| b.is_ascii_digit()) && "0123456789012345678901234567890123456789".contains(text);
    (1..=4).any(|period| chars.len() >= period * 2 && repeats(period)) || steps(1) || steps(-1) || digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> Result<(), WeakPassword> {
        let rule = PasswordRule::new(8).not_like(&["alice.miller@rocketskip.example", "Rocketskip"]);
        rule.accept(&Secret::new(text)).map(drop)
    }

    #[test]
    fn long_and_uncommon_is_enough() {
        let longest = "correct horse ".repeat(80).chars().take(MAX_PASSWORD).collect::<String>();
        for good in ["correct horse battery staple", "x7!mQ2#v", "        leading", "пароль-из-слов", "🚀🛰🪐🌌🔭🌠🌑☄", &longest]
        {
            assert_eq!(judge(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn length_counts_characters() {
        assert_eq!(judge("x7!mQ2#"), Err(WeakPassword::TooShort { least: 8 }));
        assert_eq!(judge("🚀🛰🪐🌌🔭🌠🌑"), Err(WeakPassword::TooShort { least: 8 }));
        assert_eq!(judge(&"ab1!".repeat(257)), Err(WeakPassword::TooLong));
        assert_eq!(judge(&"a".repeat(1_000_000)), Err(WeakPassword::TooLong));
    }

    #[test]
    fn first_guesses_are_refused() {
        for common in [
            "password",
            "P@ssw0rd",
            "Password123!",
            "qwertyuiop",
            "iloveyou2",
            "12345678",
            "87654321",
            "aaaaaaaa",
            "abcabcabc",
            "Sunshine1!",
        ] {
            assert_eq!(judge(common), Err(WeakPassword::Common), "{common}");
        }
        for personal in ["alice.miller", "rocketskip1", "R0cketskip!!", "alice.miller@rocketskip.example"] {
            assert_eq!(judge(personal), Err(WeakPassword::Personal), "{personal}");
        }
        assert_eq!(judge("before\0after"), Err(WeakPassword::ControlCharacter));
    }
}
