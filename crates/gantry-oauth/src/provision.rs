//! Makes a realm that works from its first moment: its record, its password connection, its keys.
//!
//! Used by the first start, the realm file and the demo. Keys are made before the transaction.

use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::RealmId;
use gantry_core::realm::Realm;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_identity::realms::{self, NewRealm};
use gantry_store::Store;

use crate::keys;

/// Makes a realm with keys for the algorithm that its settings name.
pub async fn provision(store: &Store, new: NewRealm, actor: Actor, now: Timestamp) -> Result<Realm, Failure> {
    let id = RealmId::new();
    let keys = keys::generate_pair(id, new.settings.tokens.signing_algorithm, now).await?;
    let work = async |tx: &gantry_store::RealmTx| {
        let realm = realms::create(tx, actor, new, now).await?;
        keys::insert(tx, &keys).await?;
        Ok(realm)
    };
    store.transact(id, work).await
}

/// Sees to it that a realm can sign with all of these, before a setting or a resource names one.
/// Called again, or by two nodes at once, it makes no more than is missing.
pub async fn ensure_keys(store: &Store, realm: RealmId, algorithms: &[SigningAlgorithm], now: Timestamp) -> Result<(), Failure> {
    let existing = store.read(realm).signing_keys().list().await?;
    for algorithm in keys::missing(&existing, algorithms) {
        let pair = keys::generate_pair(realm, algorithm, now).await?;
        store.transact(realm, async |tx| Ok(keys::insert(tx, &pair).await?)).await?;
    }
    Ok(())
}
