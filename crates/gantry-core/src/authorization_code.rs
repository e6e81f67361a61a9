//! An authorization code: single-use, short-lived, bound to everything it was issued for.

use crate::clock::Timestamp;
use crate::id::{ClientId, GrantId, RealmId, TraceId};
use crate::pkce::CodeChallenge;
use crate::secret::Digest;

/// A code as it is stored. The row stays after use until it is purged, so that a replay is
/// recognised and its grant revoked (RFC 6749 §4.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// The digest of the code.
    pub digest: Digest,
    /// Its realm.
    pub realm_id: RealmId,
    /// The client it was issued to.
    pub client_id: ClientId,
    /// The grant whose tokens it is redeemed for.
    pub grant_id: GrantId,
    /// The redirect URI of the authorization request.
    pub redirect_uri: String,
    /// The PKCE challenge of the authorization request.
    pub code_challenge: Option<CodeChallenge>,
    /// The trace of the sign-in with a provider that led to it, if one did.
    pub trace: Option<TraceId>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it is too old.
    pub expires_at: Timestamp,
    /// When it was used, rightly or wrongly.
    pub consumed_at: Option<Timestamp>,
}
