//! The names of what traces are about, read for a whole page at once.

use std::collections::BTreeMap;

use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, ConnectionId, TenantId, UserId};
use gantry_core::sign_in_trace::SignInTrace;
use gantry_store::RealmTx;

use super::{About, Named};

/// The names.
pub(super) struct Names {
    connections: BTreeMap<ConnectionId, Named>,
    organizations: BTreeMap<TenantId, Named>,
    apps: BTreeMap<ClientId, Named>,
    people: BTreeMap<UserId, String>,
}

impl Names {
    /// Those of all that these traces are about.
    pub(super) async fn of(tx: &RealmTx, traces: &[SignInTrace]) -> Result<Self, Fault> {
        let connections = tx.connections().find_all(&each(traces, |trace| trace.connection_id)).await?;
        let organizations = tx.tenants().find_all(&each(traces, |trace| trace.tenant_id)).await?;
        let apps = tx.clients().find_all(&each(traces, |trace| trace.client_id)).await?;
        let people = tx.users().find_all(&each(traces, |trace| trace.user_id)).await?;
        Ok(Self {
            connections: connections.into_iter().map(|found| (found.id, Named { id: found.slug, name: found.name })).collect(),
            organizations: organizations.into_iter().map(|found| (found.id, Named { id: found.org_id, name: found.name })).collect(),
            apps: apps.into_iter().map(|found| (found.id, Named { id: found.client_id, name: found.name })).collect(),
            people: people.into_iter().map(|found| (found.id, found.email.to_string())).collect(),
        })
    }

    /// What one of them is about.
    pub(super) fn about(&self, trace: &SignInTrace) -> About {
        About {
            connection: trace.connection_id.and_then(|id| self.connections.get(&id).cloned()),
            organization: trace.tenant_id.and_then(|id| self.organizations.get(&id).cloned()),
            app: trace.client_id.and_then(|id| self.apps.get(&id).cloned()),
            person: trace.user_id.and_then(|id| self.people.get(&id).cloned()),
        }
    }
}

/// What they name, each once.
fn each<T: Ord>(traces: &[SignInTrace], named: impl Fn(&SignInTrace) -> Option<T>) -> Vec<T> {
    traces.iter().filter_map(named).collect::<std::collections::BTreeSet<T>>().into_iter().collect()
}
