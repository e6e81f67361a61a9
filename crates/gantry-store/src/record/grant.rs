//! What people allowed clients: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::grant::Grant;
use gantry_core::id::{ClientId, GrantId, SessionId, UserId};

use crate::RealmTx;

/// What people allowed clients, within one realm.
#[derive(Debug)]
pub struct Grants<'t>(pub(crate) &'t RealmTx);

impl Grants<'_> {
    /// The grant with this id, revoked ones included.
    pub async fn find(&self, id: GrantId) -> Result<Option<Grant>, Fault> {
        crate::unfinished()
    }

    /// A person's grants that are not revoked, last used first.
    pub async fn list_live(&self, user: UserId) -> Result<Vec<Grant>, Fault> {
        crate::unfinished()
    }

    /// Writes a new grant.
    pub async fn insert(&self, grant: &Grant) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Notes that a token was issued.
    pub async fn touch(&self, id: GrantId, now: Timestamp) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Revokes a grant, its families and its opaque tokens. `false`: it was revoked already, or is not there.
    pub async fn revoke(&self, id: GrantId, now: Timestamp) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Revokes what a person allowed a client; returns how many grants.
    pub async fn revoke_for_client(&self, user: UserId, client: ClientId, now: Timestamp) -> Result<u64, Fault> {
        crate::unfinished()
    }

    /// Revokes the grants that end with these sessions.
    pub async fn revoke_bound_to(&self, sessions: &[SessionId], now: Timestamp) -> Result<u64, Fault> {
        crate::unfinished()
    }

    /// Moves the live grants of a session over to the one that replaced it when the same person proved themself again.
    pub async fn rebind(&self, from: SessionId, to: SessionId) -> Result<u64, Fault> {
        crate::unfinished()
    }

    /// Revokes everything a person allowed.
    pub async fn revoke_for_user(&self, user: UserId, now: Timestamp) -> Result<u64, Fault> {
        crate::unfinished()
    }
}
