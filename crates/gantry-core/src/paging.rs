//! Pages of long lists: what is looked for, and where the next page begins.
//!
//! Owns the shape of a cursor, which callers hand back as they got it. Never counts a list: no list of
//! Gantry's knows its length.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The most entries of one page.
pub const MAX_LIMIT: u32 = 200;
/// The entries of one page where nobody says how many.
pub const DEFAULT_LIMIT: u32 = 50;

/// Where the next page begins. Opaque to callers; one that was tampered with finds nothing or another
/// place of the same list, since every query is limited to its realm (attack catalogue §0.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// A place, in the words of the list's own query.
    pub fn at(place: impl Into<String>) -> Self {
        Self(place.into())
    }

    /// The place.
    pub fn place(&self) -> &str {
        &self.0
    }

    /// The form that travels.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// Reads what [`Self::to_text`] wrote; none if it is no cursor.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() <= 600)?;
        String::from_utf8(bytes).ok().map(Self)
    }
}

/// What is looked for in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// Words, each the beginning of one that the entry is known by.
    pub text: String,
    /// Properties that the entry has: `is:disabled`, `kind:machine`.
    pub facets: Vec<String>,
    /// Where the page begins.
    pub after: Option<Cursor>,
    /// The most entries of the page: 1 to [`MAX_LIMIT`].
    pub limit: u32,
}

impl Default for Find {
    fn default() -> Self {
        Self { text: String::new(), facets: Vec::new(), after: None, limit: DEFAULT_LIMIT }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its entries.
    pub items: Vec<T>,
    /// Where the next one begins, if there is one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Nothing at all.
    pub const fn empty() -> Self {
        Self { items: Vec::new(), next: None }
    }

    /// The same page of something else.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

/// The most that is counted where people are told what something will break.
pub const MAX_COUNTED: u32 = 200;

/// How many there are, as far as anybody counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// So many at least.
    pub count: u32,
    /// Whether there may be more: counting stopped at [`MAX_COUNTED`].
    pub or_more: bool,
}

impl Counted {
    /// What counting came to that stops at [`MAX_COUNTED`].
    pub fn of(found: usize) -> Self {
        let count = u32::try_from(found).unwrap_or(MAX_COUNTED).min(MAX_COUNTED);
        Self { count, or_more: count == MAX_COUNTED }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let cursor = Cursor::at("acme\0cli_1");
        assert_eq!(Cursor::parse(&cursor.to_text()), Some(cursor));
        assert_eq!(Cursor::parse("no cursor!"), None);
    }

    #[test]
    fn counting_stops_somewhere() {
        assert_eq!(Counted::of(3), Counted { count: 3, or_more: false });
        assert_eq!(Counted::of(200), Counted { count: 200, or_more: true });
    }
}
