//! Codes: row and core type, and the queries of that record.

use gantry_core::authorization_code::AuthorizationCode;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::secret::Digest;

use crate::RealmTx;

/// Codes, within one realm.
#[derive(Debug)]
pub struct AuthorizationCodes<'t>(pub(crate) &'t RealmTx);

impl AuthorizationCodes<'_> {
    /// The code with this digest, used ones included.
    pub async fn find(&self, digest: Digest) -> Result<Option<AuthorizationCode>, Fault> {
        crate::unfinished()
    }

    /// Writes a new code.
    pub async fn insert(&self, code: &AuthorizationCode) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Uses a code up: one conditional statement, at most one caller ever gets it. `None`: unknown or used
    /// (the caller tells by `find`). An expired one is used up too; the caller judges its age.
    pub async fn consume(&self, digest: Digest, now: Timestamp) -> Result<Option<AuthorizationCode>, Fault> {
        crate::unfinished()
    }
}
