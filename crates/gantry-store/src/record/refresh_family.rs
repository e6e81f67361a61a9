//! Chains of refresh tokens: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::RefreshFamilyId;
use gantry_core::refresh_family::RefreshFamily;

use crate::RealmTx;

/// Chains of refresh tokens, within one realm.
#[derive(Debug)]
pub struct RefreshFamilies<'t>(pub(crate) &'t RealmTx);

impl RefreshFamilies<'_> {
    /// The family with this id, revoked ones included.
    pub async fn find(&self, id: RefreshFamilyId) -> Result<Option<RefreshFamily>, Fault> {
        crate::unfinished()
    }

    /// Writes a new family, its secret sealed.
    pub async fn insert(&self, family: &RefreshFamily) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Moves the family on from its generation, or only its idle expiry if `rotated` is false: one conditional
    /// statement. `false`: revoked, or another caller moved it first.
    pub async fn advance(&self, family: &RefreshFamily, rotated: bool, now: Timestamp, idle_expires_at: Timestamp) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Revokes a family. `false`: it was revoked already, or is not there.
    pub async fn revoke(&self, id: RefreshFamilyId, now: Timestamp) -> Result<bool, Fault> {
        crate::unfinished()
    }
}
