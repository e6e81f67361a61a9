//! People: row and core type, and the queries of that record.

use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Fault;
use gantry_core::id::UserId;
use gantry_core::user::RealmRole;
use gantry_core::user::User;

use crate::RealmTx;

/// People, within one realm.
#[derive(Debug)]
pub struct Users<'t>(pub(crate) &'t RealmTx);

impl Users<'_> {
    /// The person with this id.
    pub async fn find(&self, id: UserId) -> Result<Option<User>, Fault> {
        crate::unfinished()
    }

    /// The person who has proved this address. Unverified accounts are never found by address.
    pub async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<User>, Fault> {
        crate::unfinished()
    }

    /// Accounts with this address that never proved it, oldest first.
    pub async fn list_unverified(&self, email: &EmailAddress) -> Result<Vec<User>, Fault> {
        crate::unfinished()
    }

    /// People in order of id after `after`, at most `limit`.
    pub async fn list(&self, after: Option<UserId>, limit: u64) -> Result<Vec<User>, Fault> {
        crate::unfinished()
    }

    /// Writes a new person. `false`: the address is already proved by another.
    pub async fn insert(&self, user: &User) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Writes a changed person. `false`: the address is already proved by another.
    pub async fn update(&self, user: &User) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Removes a person and all that hangs on them.
    pub async fn remove(&self, id: UserId) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Whether anybody has this role.
    pub async fn any_with_role(&self, role: RealmRole) -> Result<bool, Fault> {
        crate::unfinished()
    }
}
