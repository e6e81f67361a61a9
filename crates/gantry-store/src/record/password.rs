//! Password hashes: row and core type, and the queries of that record.

use gantry_core::failure::Fault;
use gantry_core::id::UserId;
use gantry_core::user::PasswordCredential;

use crate::RealmTx;

/// Password hashes, within one realm.
#[derive(Debug)]
pub struct Passwords<'t>(pub(crate) &'t RealmTx);

impl Passwords<'_> {
    /// The password of a person.
    pub async fn find(&self, user: UserId) -> Result<Option<PasswordCredential>, Fault> {
        crate::unfinished()
    }

    /// Sets or replaces a password.
    pub async fn put(&self, credential: &PasswordCredential) -> Result<(), Fault> {
        crate::unfinished()
    }
}
