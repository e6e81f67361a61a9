//! Time as a parameter: instants in milliseconds, and the clocks that tell them.
//!
//! Owns the only read of the wall clock. Never sleeps and never formats for people.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// An instant in milliseconds since 1970-01-01T00:00:00Z, the form it has in every table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant with the given number of milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down: the `NumericDate` of RFC 7519 §2.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The instant with the given number of seconds.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// This instant moved on; saturates rather than wrapping.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This instant moved back; saturates rather than wrapping.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The last instant before this second. What a token's `iat` puts into this second is later.
    #[must_use]
    pub const fn before_second(self) -> Self {
        Self(Self::from_seconds(self.seconds()).0.saturating_sub(1))
    }

    /// Reads RFC 3339, such as `2027-01-31T12:00:00Z`, or the date alone for its first moment in UTC.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        if let Ok(instant) = OffsetDateTime::parse(text, &Rfc3339) {
            return Some(Self::from_seconds(instant.unix_timestamp()));
        }
        let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
        Some(Self::from_seconds(date.midnight().assume_utc().unix_timestamp()))
    }

    /// RFC 3339 in UTC, to the second.
    pub fn to_rfc3339(self) -> String {
        let instant = OffsetDateTime::from_unix_timestamp(self.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        instant.format(&Rfc3339).unwrap_or_default()
    }

    /// The day in UTC, such as `2027-01-31`.
    pub fn to_date(self) -> String {
        let instant = OffsetDateTime::from_unix_timestamp(self.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        instant.format(format_description!("[year]-[month]-[day]")).unwrap_or_default()
    }

    /// How long after `earlier` this is; zero if it is before.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// Tells the time. Handed to everything that needs it, so that tests can hold and move it.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// A clock that is handed around.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that follows the machine's, shifted by what a test has added.
///
/// It keeps running, because sessions and codes of a test that takes real time should age too.
#[derive(Debug, Default)]
pub struct TestClock {
    offset_millis: AtomicI64,
}

impl TestClock {
    /// Moves this clock on.
    pub fn advance(&self, duration: Duration) {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        self.offset_millis.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(SystemClock.now().0.saturating_add(self.offset_millis.load(Ordering::SeqCst)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_before_is_over() {
        assert_eq!(Timestamp::from_millis(5_999).before_second(), Timestamp::from_millis(4_999));
        assert_eq!(Timestamp::from_millis(5_000).before_second(), Timestamp::from_millis(4_999));
    }

    #[test]
    fn an_instant_is_read_as_it_is_written() {
        let instant = Timestamp::from_seconds(1_801_353_600);
        assert_eq!(instant.to_rfc3339(), "2027-01-31T00:00:00Z");
        for text in ["2027-01-31", "2027-01-31T00:00:00Z", "2027-01-31T01:00:00+01:00"] {
            assert_eq!(Timestamp::parse_rfc3339(text), Some(instant), "{text}");
        }
        for text in ["", "2027-02-30", "31.1.2027", "2027-01-31T00:00:00"] {
            assert_eq!(Timestamp::parse_rfc3339(text), None, "{text}");
        }
    }
}
