//! Lets the published successors of aged signing keys take over.
//!
//! The next key has been published since the last rotation, so nobody who fetches the key set now
//! and then notices (attack catalogue F-30).

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::RealmId;
use gantry_core::signing_key::KeyState;
use gantry_oauth::keys;
use gantry_store::Store;

use super::Next;

pub(super) const PERIOD: Duration = Duration::from_hours(1);
/// A key signs for this long.
const LIFETIME: Duration = Duration::from_hours(90 * 24);
/// Realms of one round: making RSA keys keeps a core busy.
const BATCH: u64 = 20;

/// Rotates one batch of realms.
pub async fn rotate_keys(store: &Store, now: Timestamp) -> Result<Next, Fault> {
    let aged = now.minus(LIFETIME);
    let realms = store.platform().realms_with_aged_keys(aged, BATCH).await?;
    let (count, mut rotated) = (realms.len(), 0);
    for realm in realms {
        match rotate_realm(store, realm, aged, now).await {
            Ok(()) => rotated += 1,
            // One realm's trouble is not the others'.
            Err(failure) => tracing::error!(%realm, %failure, "the realm's signing keys could not be rotated"),
        }
    }
    let more = u64::try_from(count).is_ok_and(|count| count >= BATCH) && rotated > 0;
    Ok(if more { Next::Now } else { Next::Later })
}

async fn rotate_realm(store: &Store, realm: RealmId, aged: Timestamp, now: Timestamp) -> Result<(), Failure> {
    let keys = store.read(realm).signing_keys().list().await?;
    let is_aged = |at: Option<Timestamp>| at.is_some_and(|at| at < aged);
    for key in keys.iter().filter(|key| key.state == KeyState::Active && is_aged(key.activated_at)) {
        let next = keys::generate(realm, key.algorithm, KeyState::Next, now).await?;
        store
            .transact(realm, async |tx| {
                let active = tx.signing_keys().list().await?.into_iter().find(|known| known.id == key.id);
                // Another node may have been here meanwhile; two rotations at once would skip a key.
                if active.is_none_or(|active| active.state != KeyState::Active) {
                    return Ok(());
                }
                keys::rotate(tx, Actor::System, next, now).await.map(drop)
            })
            .await?;
        tracing::info!(%realm, algorithm = %key.algorithm, "signing keys were rotated");
    }
    Ok(())
}
