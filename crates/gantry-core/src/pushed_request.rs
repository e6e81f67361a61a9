//! A pushed request: what a client asked for before it sent the browser (RFC 9126).
//!
//! Owns the record and the form of its reference. The reference is a secret of the client and the
//! browser that it sends; what is kept of it is a digest.

use crate::authorization_request::AuthorizationParameters;
use crate::clock::Timestamp;
use crate::id::{ClientId, RealmId};
use crate::secret::{Digest, Secret, SecretKind};

/// What stands before the secret in a `request_uri` (RFC 9126 §2.2).
pub const REFERENCE_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// How many seconds a browser may take to arrive with the reference.
pub const REFERENCE_LIFETIME: u32 = 90;

/// A request that waits for its browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedRequest {
    /// What is kept of the reference.
    pub digest: Digest,
    /// Its realm.
    pub realm_id: RealmId,
    /// Who pushed it.
    pub client_id: ClientId,
    /// What was asked for, every check passed.
    pub parameters: AuthorizationParameters,
    /// When no browser may arrive with it any more.
    pub expires_at: Timestamp,
    /// When it was answered, if it was.
    pub used_at: Option<Timestamp>,
}

/// The `request_uri` of a reference.
pub fn to_request_uri(reference: &Secret) -> String {
    format!("{REFERENCE_PREFIX}{}", reference.expose())
}

/// The reference in a `request_uri`, if it has the form of one of ours. The digest finds it.
pub fn of_request_uri(request_uri: &str) -> Option<Digest> {
    let reference = request_uri.strip_prefix(REFERENCE_PREFIX)?;
    SecretKind::PushedRequest.unwrap(reference).map(|_| Digest::of(reference.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_uri_leads_back_to_its_reference() {
        let reference = SecretKind::PushedRequest.generate();
        let uri = to_request_uri(&reference);
        assert_eq!(of_request_uri(&uri), Some(reference.digest()));
        let (short, other) = (uri.get(..uri.len() - 1).unwrap(), SecretKind::AuthorizationCode.generate());
        for wrong in [short, reference.expose(), &to_request_uri(&other), "https://app.example/object", ""] {
            assert_eq!(of_request_uri(wrong), None);
        }
    }
}
