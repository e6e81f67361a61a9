//! Permissions: row and core type, and the queries of that record.

use gantry_core::failure::Fault;
use gantry_core::id::ScopeId;
use gantry_core::scope::Scope;

use crate::RealmTx;

/// Permissions, within one realm.
#[derive(Debug)]
pub struct Scopes<'t>(pub(crate) &'t RealmTx);

impl Scopes<'_> {
    /// All scopes of the realm; the standard ones are no rows.
    pub async fn list(&self) -> Result<Vec<Scope>, Fault> {
        crate::unfinished()
    }

    /// Writes a new scope. `false`: the name is in use.
    pub async fn insert(&self, scope: &Scope) -> Result<bool, Fault> {
        crate::unfinished()
    }

    /// Writes a changed scope.
    pub async fn update(&self, scope: &Scope) -> Result<(), Fault> {
        crate::unfinished()
    }

    /// Removes a scope.
    pub async fn remove(&self, id: ScopeId) -> Result<(), Fault> {
        crate::unfinished()
    }
}
