//! Figures: how often things happened, by the hour.
//!
//! Owns which happenings are counted and under which reason. Never tells one apart from another: who and from where
//! is the audit trail's.

use crate::audit::AuditEvent;
use crate::clock::Timestamp;

/// Milliseconds of an hour.
pub const HOUR: i64 = 3_600_000;
/// The longest reason that is counted by itself.
const LONGEST_REASON: usize = 64;

/// What happenings are counted.
pub const COUNTED: &[AuditEvent] = &[
    AuditEvent::SignedIn,
    AuditEvent::SignInRefused,
    AuditEvent::SignInThrottled,
    AuditEvent::SignedUp,
    AuditEvent::Joined,
    AuditEvent::Consented,
    AuditEvent::Denied,
    AuditEvent::AuthorizationRefused,
    AuditEvent::CodeReplayed,
    AuditEvent::TokensIssued,
    AuditEvent::TokenRefused,
    AuditEvent::ClientAuthFailed,
    AuditEvent::RefreshReplayed,
    AuditEvent::MailFailed,
];

/// How often something happened in an hour, or in a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What.
    pub event: AuditEvent,
    /// Why; empty where there is no reason.
    pub reason: String,
    /// The hour or the day in which.
    pub at: Timestamp,
    /// How often.
    pub count: u64,
}

/// The number of the hour in which an instant is.
pub const fn hour_of(at: Timestamp) -> i64 {
    at.millis().div_euclid(HOUR)
}

/// The first moment of an hour.
pub const fn start_of(hour: i64) -> Timestamp {
    Timestamp::from_millis(hour.saturating_mul(HOUR))
}

/// The reason under which a line is counted. Words of ours alone: what is worded freely is `other`, so that nobody
/// can make a row of figures for each request.
pub fn reason_of(event: AuditEvent, reason: Option<&str>) -> &str {
    if event == AuditEvent::ClientAuthFailed {
        return "invalid_client";
    }
    let Some(reason) = reason else { return "" };
    let is_word = reason.len() <= LONGEST_REASON && reason.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if is_word { reason } else { "other" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_words_of_ours() {
        assert_eq!(reason_of(AuditEvent::TokenRefused, Some("invalid_grant")), "invalid_grant");
        assert_eq!(reason_of(AuditEvent::TokenRefused, Some("the code `x` is unknown")), "other");
        assert_eq!(reason_of(AuditEvent::TokenRefused, Some(&"a".repeat(65))), "other");
        assert_eq!(reason_of(AuditEvent::SignedIn, None), "");
        assert_eq!(reason_of(AuditEvent::ClientAuthFailed, Some("the secret is wrong")), "invalid_client");
    }

    #[test]
    fn an_hour_begins_where_it_begins() {
        let at = Timestamp::parse_rfc3339("2026-11-21T13:59:59Z").unwrap();
        assert_eq!(start_of(hour_of(at)).to_rfc3339(), "2026-11-21T13:00:00Z");
        assert_eq!(hour_of(Timestamp::from_millis(-1)), -1);
    }
}
