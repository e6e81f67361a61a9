//! Names on the wire that are taken, now or for good: a `client_id` or `org_id` is never reused,
//! because tokens, logs and other people's databases still mean the old one by it.

use gantry_core::failure::Fault;

use crate::RealmTx;
use crate::entity::taken_name;

/// What a name is of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    ClientId,
    OrgId,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::ClientId => "client_id",
            Self::OrgId => "org_id",
        }
    }
}

/// Takes a name for good. `false`: it is or was in use.
pub(crate) async fn take(tx: &RealmTx, kind: Kind, name: &str) -> Result<bool, Fault> {
    let row = taken_name::Model { realm_id: tx.realm_id().to_string(), kind: kind.name().to_owned(), name: name.to_owned() };
    tx.run().insert_new::<taken_name::Entity>(row).await
}
