//! An App Key: what an app's server sends instead of a token, for data that is nobody's own.
//!
//! Owns the record and what an App Key may look like. Never says which app may have one.

use crate::clock::Timestamp;
use crate::id::{AppKeyId, ClientId};
use crate::scope_set::ScopeSet;
use crate::secret::Digest;

/// The most App Keys of a client, expired ones included.
pub const MAX_APP_KEYS: usize = 20;

/// One of an app's keys. A key that was revoked is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppKey {
    /// The key of the record.
    pub id: AppKeyId,
    /// Whose.
    pub client_id: ClientId,
    /// What its owner calls it, unique among the client's.
    pub name: String,
    /// What it may do, as long as its client may.
    pub scopes: ScopeSet,
    /// What is kept of it.
    pub digest: Digest,
    /// How people tell it apart.
    pub last_four: String,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl AppKey {
    /// Whether its time is not over.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| at > now)
    }
}

/// Headers that mean something to servers and proxies, and so carry no key.
const RESERVED_HEADERS: &[&str] =
    &["authorization", "connection", "cookie", "expect", "forwarded", "host", "keep-alive", "origin", "te", "trailer", "upgrade", "via"];
/// The beginnings of such headers; `x-auth-` is what the forward-auth endpoint answers with.
const RESERVED_PREFIXES: &[&str] =
    &["accept", "access-control-", "content-", "if-", "proxy-", "sec-", "set-", "transfer-", "x-auth-", "x-forwarded-"];

/// Whether a header of this name may carry App Keys.
pub fn is_key_header(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    (1..=64).contains(&name.len())
        && lower.starts_with(|c: char| c.is_ascii_lowercase())
        && lower.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !RESERVED_HEADERS.contains(&lower.as_str())
        && !RESERVED_PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_travels_in_a_header_of_its_own() {
        for right in ["X-RP-API-Key", "x-api-key", "ApiKey"] {
            assert!(is_key_header(right), "{right}");
        }
        for wrong in ["", "Authorization", "cookie", "X-Auth-Subject", "X-Forwarded-For", "content-type", "-key", "x key", "x_key", "ключ"]
        {
            assert!(!is_key_header(wrong), "{wrong}");
        }
    }
}
