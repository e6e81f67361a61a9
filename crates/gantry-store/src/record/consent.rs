//! Remembered decisions: row and core type, and the queries of that record.

use gantry_core::consent::Consent;
use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, TenantId, UserId};

use crate::RealmTx;

/// Remembered decisions, within one realm.
#[derive(Debug)]
pub struct Consents<'t>(pub(crate) &'t RealmTx);

impl Consents<'_> {
    /// The decision of a person about a client, for a tenant or none.
    pub async fn find(&self, user: UserId, client: ClientId, tenant: Option<TenantId>) -> Result<Option<Consent>, Fault> {
        crate::unfinished()
    }

    /// The decisions of a person, newest first.
    pub async fn list_for_user(&self, user: UserId) -> Result<Vec<Consent>, Fault> {
        crate::unfinished()
    }

    /// Writes a decision over the one before.
    pub async fn put(&self, consent: &Consent) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Forgets the decisions of a person about a client.
    pub async fn remove(&self, user: UserId, client: ClientId) -> Result<(), Fault> {
        crate::unfinished()
    }
}
