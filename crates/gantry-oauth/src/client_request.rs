//! A request that a client makes at one of the endpoints where it proves who it is.
//!
//! Owns the shape that the web crate hands over: values, no HTTP types.

use std::sync::Arc;

use gantry_core::address::RealmAddress;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::id::RealmId;
use gantry_core::parameters::Parameters;
use gantry_core::realm::Realm;
use gantry_store::snapshot::RealmSnapshot;

/// A realm and where it lives.
#[derive(Debug, Clone, Copy)]
pub struct ServedRealm<'r> {
    /// The realm and what belongs to it.
    pub snapshot: &'r Arc<RealmSnapshot>,
    /// Its base and issuer.
    pub address: &'r RealmAddress,
}

impl<'r> ServedRealm<'r> {
    /// The realm's record.
    pub fn realm(self) -> &'r Realm {
        &self.snapshot.realm
    }

    /// The realm's key.
    pub fn id(self) -> RealmId {
        self.snapshot.realm.id
    }
}

/// What a client sent.
#[derive(Debug, Clone, Copy)]
pub struct ClientRequest<'r> {
    /// Where it sent it.
    pub realm: ServedRealm<'r>,
    /// The values of its `Authorization` headers: none or one, else it is refused.
    pub authorization: &'r [Vec<u8>],
    /// The form.
    pub parameters: &'r Parameters,
    /// Where it came from.
    pub origin: &'r Origin,
}

impl ClientRequest<'_> {
    /// A line for the audit trail about this request.
    pub(crate) fn audit(&self, event: AuditEvent, now: Timestamp) -> AuditEntry {
        let mut entry = AuditEntry::new(self.realm.id(), now, event).from(self.origin);
        "client".clone_into(&mut entry.actor);
        entry
    }
}
