//! Times as people read them: an instant with its distance from now, and a span.
//!
//! Never reads a clock: the caller says what "now" is.

use gantry_core::clock::Timestamp;
use serde::Serialize;
use time::OffsetDateTime;
use time::macros::format_description;

/// An instant in the past, shown as its distance with the exact instant on hover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// RFC 3339, for `<time datetime>`.
    pub iso: String,
    /// The exact instant for people, in UTC.
    pub exact: String,
    /// The text's key: `ago-now`, `ago-minutes`, `ago-hours`, `ago-days`.
    pub key: &'static str,
    /// How many of them.
    pub count: u64,
}

impl Moment {
    /// The instant `at`, seen from `now`.
    pub fn seen(at: Timestamp, now: Timestamp) -> Self {
        let seconds = now.since(at).as_secs();
        let (key, count) = match seconds {
            0..60 => ("ago-now", 0),
            60..3600 => ("ago-minutes", seconds / 60),
            3600..86_400 => ("ago-hours", seconds / 3600),
            _ => ("ago-days", seconds / 86_400),
        };
        let instant = OffsetDateTime::from_unix_timestamp(at.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let iso = instant.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z")).unwrap_or_default();
        let exact = instant.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).unwrap_or_default();
        Self { iso, exact, key, count }
    }
}

/// A day, for what ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// RFC 3339, for `<time datetime>`.
    pub iso: String,
    /// The day for people, in UTC.
    pub text: String,
}

impl Day {
    /// The day of an instant.
    pub fn of(at: Timestamp) -> Self {
        let iso = at.to_rfc3339();
        Self { text: iso.split('T').next().unwrap_or_default().to_owned(), iso }
    }
}

/// A length of time in its largest whole unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The text's key: `span-seconds`, `span-minutes`, `span-hours`, `span-days`.
    pub key: &'static str,
    /// How many of them.
    pub count: u32,
}

impl Span {
    /// A span of this many seconds.
    pub const fn seconds(seconds: u32) -> Self {
        let (key, unit) = match seconds {
            s if s >= 86_400 && s % 86_400 == 0 => ("span-days", 86_400),
            s if s >= 3600 && s % 3600 == 0 => ("span-hours", 3600),
            s if s >= 60 && s % 60 == 0 => ("span-minutes", 60),
            _ => ("span-seconds", 1),
        };
        Self { key, count: seconds / unit }
    }
}
