//! Numbers that are the same for the same text: what the sample API's small worlds are made of.
//!
//! Owns the roll. Never secret, never random.

use gantry_core::secret::Digest;

/// A row of numbers.
pub(super) struct Dice {
    bytes: std::iter::Cycle<std::array::IntoIter<u8, 32>>,
}

impl Dice {
    /// Those of a text.
    pub(super) fn of(text: &str) -> Self {
        Self { bytes: (*Digest::of(text.as_bytes()).as_bytes()).into_iter().cycle() }
    }

    /// The next one.
    pub(super) fn roll(&mut self) -> u8 {
        self.bytes.next().unwrap_or_default()
    }

    /// One of a list.
    pub(super) fn pick(&mut self, list: &[&'static str]) -> &'static str {
        pick(list, self.roll())
    }
}

/// The entry of a list that a number stands for.
pub(super) fn pick(list: &[&'static str], roll: u8) -> &'static str {
    list.get(usize::from(roll) % list.len().max(1)).copied().unwrap_or_default()
}
