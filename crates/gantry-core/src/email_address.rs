//! E-mail addresses: one strict parser, one canonical form per address.
//!
//! The canonical form is the key for sign-in, uniqueness, throttling and routing alike (attack
//! catalogue PRE-18, FED-21). Never an identity: people are identified by their user id.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// A syntactically valid address in canonical form: ASCII, lower case.
///
/// Left out on purpose: quoted local parts, comments, address literals, and domains in Unicode
/// (their ASCII form is accepted). No mail provider hands such addresses out, and each has been
/// used to make two parsers disagree.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// The text is no address that Gantry accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an e-mail address such as `name@example.com`")]
pub struct InvalidEmailAddress;

impl EmailAddress {
    /// Parses and canonicalises what a person typed.
    pub fn parse(text: &str) -> Result<Self, InvalidEmailAddress> {
        // NFKC turns full-width letters into the plain ones; what is not ASCII then is refused.
        let folded: String = text.trim_matches(' ').nfkc().collect::<String>().to_ascii_lowercase();
        if folded.len() > 254 || !folded.is_ascii() || text.chars().any(|c| !c.is_ascii() && c.nfkc_is_at()) {
            return Err(InvalidEmailAddress);
        }
        let (local, domain) = folded.split_once('@').ok_or(InvalidEmailAddress)?;
        let local_ok = (1..=64).contains(&local.len()) && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom));
        let labels_ok = domain.split('.').count() >= 2 && domain.split('.').all(is_label);
        // A top-level domain of digits alone would be an address in disguise.
        let top_ok = domain.rsplit('.').next().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
        (local_ok && labels_ok && top_ok).then_some(Self(folded)).ok_or(InvalidEmailAddress)
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

trait NfkcAt {
    fn nfkc_is_at(self) -> bool;
}

impl NfkcAt for char {
    /// Whether this is another character that would fold to `@` or `.`: those never count.
    fn nfkc_is_at(self) -> bool {
        std::iter::once(self).nfkc().any(|c| matches!(c, '@' | '.'))
    }
}

fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmailAddress;

    fn try_from(text: String) -> Result<Self, InvalidEmailAddress> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_canonical_form() {
        for spelling in ["Alice@Example.com", " alice@example.com ", "ＡLICE@example.com"] {
            assert_eq!(EmailAddress::parse(spelling).unwrap().as_str(), "alice@example.com");
        }
        assert_eq!(EmailAddress::parse("a+tag@example.com").unwrap().as_str(), "a+tag@example.com");
    }

    #[test]
    fn tricks_are_refused() {
        for trick in [
            "",
            "alice",
            "@example.com",
            "alice@",
            "alice@localhost",
            "a@b@example.com",
            "victim@corp.com@evil.com",
            "\"a b\"@example.com",
            "a(comment)@example.com",
            "alice@example.com.",
            "alice@.example.com",
            "alice＠example.com",
            "alice@exa\u{200b}mple.com",
            "al\u{131}ce@example.com",
            "alice@[127.0.0.1]",
            "alice@127.0.0.1",
            "a..b@example.com",
            "a\r\nBcc:x@example.com",
            "alice@ex\u{e4}mple.com",
            "a\0@example.com",
        ] {
            assert!(EmailAddress::parse(trick).is_err(), "{trick:?}");
        }
    }
}
