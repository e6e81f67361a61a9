//! What is derived from a realm's snapshot and kept as long as that snapshot stands.
//!
//! Owns nothing but the keeping: parsed keys and metadata documents are made once for each change
//! of a realm instead of once for each request. Bounded; losing an entry costs a derivation.

use std::sync::Arc;

use gantry_core::failure::Fault;
use gantry_core::id::RealmId;
use gantry_store::snapshot::RealmSnapshot;

/// The most realms that are kept.
const MAX_REALMS: u64 = 4096;

/// A value for each realm, with the snapshot that it was derived from.
pub(crate) struct PerSnapshot<T>(moka::sync::Cache<RealmId, Derived<T>>);

impl<T> Clone for PerSnapshot<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> std::fmt::Debug for PerSnapshot<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PerSnapshot")
    }
}

struct Derived<T> {
    snapshot: Arc<RealmSnapshot>,
    value: Arc<T>,
}

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        Self { snapshot: Arc::clone(&self.snapshot), value: Arc::clone(&self.value) }
    }
}

impl<T: Send + Sync + 'static> Default for PerSnapshot<T> {
    fn default() -> Self {
        Self(moka::sync::Cache::new(MAX_REALMS))
    }
}

impl<T: Send + Sync + 'static> PerSnapshot<T> {
    /// The value for this snapshot. `derive` is given the value of the one before, if there is one.
    pub(crate) fn get(
        &self,
        snapshot: &Arc<RealmSnapshot>,
        still: impl FnOnce(&T) -> bool,
        derive: impl FnOnce(Option<&T>) -> Result<T, Fault>,
    ) -> Result<Arc<T>, Fault> {
        let known = self.0.get(&snapshot.realm.id);
        if let Some(known) = &known
            && Arc::ptr_eq(&known.snapshot, snapshot)
            && still(&known.value)
        {
            return Ok(Arc::clone(&known.value));
        }
        let value = Arc::new(derive(known.as_ref().map(|known| known.value.as_ref()))?);
        let derived = Derived { snapshot: Arc::clone(snapshot), value: Arc::clone(&value) };
        self.0.insert(snapshot.realm.id, derived);
        Ok(value)
    }
}
