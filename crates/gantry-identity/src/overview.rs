//! What somebody should look at: secrets and certificates that end soon, domains and mail that wait; and the first steps
//! of a realm that is new.
//!
//! Owns how early an end counts as near. Each question is one bounded, indexed query; nothing here counts or walks a table.

use std::collections::BTreeMap;
use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::failure::Failure;
use gantry_core::id::{ClientId, ConnectionId, TenantId};
use gantry_core::outbox::OutboxState;
use gantry_core::tenant::Tenant;
use gantry_core::tenant_domain::TenantDomain;
use gantry_store::RealmTx;

use crate::permission::{self, Action, TenantAction};

const DAY: Duration = Duration::from_hours(24);
/// How long before its end the credential of a connection is named: its owner has to ask somebody else for another.
const CONNECTION_AHEAD: Duration = DAY.saturating_mul(60);
/// How long before their end keys and secrets of apps are named.
const APP_AHEAD: Duration = DAY.saturating_mul(30);
/// How long after their end they still are.
const BEHIND: Duration = DAY.saturating_mul(7);
/// The most of each kind.
const EACH: u64 = 10;

/// Something that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concern {
    /// The secret or certificate of a connection ends, or has ended.
    Connection {
        /// Which.
        id: ConnectionId,
        /// What it is called.
        name: String,
        /// Whose it is, if not the realm's.
        owner: Option<TenantId>,
        /// When.
        at: Timestamp,
    },
    /// A client's secret ends, or has ended.
    ClientSecret {
        /// The client.
        client: ClientId,
        /// What the client is called.
        name: String,
        /// How people tell the secret apart.
        last_four: String,
        /// When.
        at: Timestamp,
    },
    /// An App Key ends, or has ended.
    AppKey {
        /// Its client.
        client: ClientId,
        /// What the client is called.
        name: String,
        /// What the key is called.
        key: String,
        /// When.
        at: Timestamp,
    },
    /// A domain waits for its proof, or has lost it.
    Domain {
        /// The tenant's address in the console.
        org_id: String,
        /// What the tenant is called.
        tenant: String,
        /// The domain.
        domain: String,
        /// Since when its record has been missing, if it was proved.
        failing_since: Option<Timestamp>,
    },
    /// Mail could not be delivered, or is not yet.
    Mail {
        /// Whether nobody tries any more.
        given_up: bool,
        /// How many, ten at most.
        count: u64,
    },
}

impl Concern {
    /// When it ends or ended, if it is about an end.
    pub const fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Connection { at, .. } | Self::ClientSecret { at, .. } | Self::AppKey { at, .. } => Some(*at),
            Self::Domain { .. } | Self::Mail { .. } => None,
        }
    }
}

/// What an admin of a realm should look at, what is over first.
pub async fn concerns(tx: &RealmTx, actor: Actor, now: Timestamp) -> Result<Vec<Concern>, Failure> {
    permission::check(actor, Action::ReadRealm, tx.realm_id())?;
    let may = |action| permission::check(actor, action, tx.realm_id()).is_ok();
    let mut found = Vec::new();
    if may(Action::ReadConnections) {
        found.extend(tx.connections().ending(now.plus(CONNECTION_AHEAD), EACH).await?.into_iter().filter_map(of_connection));
    }
    if may(Action::ReadClients) {
        found.extend(of_apps(tx, now).await?);
    }
    found.sort_by_key(Concern::at);
    if may(Action::ReadTenants) {
        found.extend(of_domains(tx).await?);
    }
    if may(Action::ReadMail) {
        for (state, given_up) in [(OutboxState::GivenUp, true), (OutboxState::Failing, false)] {
            let count = u64::try_from(tx.outbox().list(Some(state), None, EACH).await?.len()).unwrap_or(EACH);
            found.extend((count > 0).then_some(Concern::Mail { given_up, count }));
        }
    }
    Ok(found)
}

/// What an admin of a tenant should look at: the tenant's own connections and domains.
pub async fn concerns_of_tenant(tx: &RealmTx, actor: Actor, tenant: &Tenant, now: Timestamp) -> Result<Vec<Concern>, Failure> {
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant.id)?;
    let near = |concern: &Concern| concern.at().is_some_and(|at| at < now.plus(CONNECTION_AHEAD));
    let own = tx.connections().list_of_tenant(tenant.id).await?.into_iter().filter(|connection| connection.disabled_at.is_none());
    let mut found: Vec<Concern> = own.filter_map(of_connection).filter(near).collect();
    found.sort_by_key(Concern::at);
    let waiting = |domain: &TenantDomain| domain.proof.is_none() || domain.failing_since.is_some();
    let domains = tx.tenant_domains().list(tenant.id).await?.into_iter().filter(waiting);
    found.extend(domains.map(|domain| of_domain(domain, tenant)));
    Ok(found)
}

fn of_connection(connection: Connection) -> Option<Concern> {
    let at = connection.credential_expires_at?;
    Some(Concern::Connection { id: connection.id, name: connection.name, owner: connection.owner, at })
}

async fn of_apps(tx: &RealmTx, now: Timestamp) -> Result<Vec<Concern>, Failure> {
    let (from, to) = (now.minus(BEHIND), now.plus(APP_AHEAD));
    let secrets = tx.client_secrets().ending(from, to, EACH).await?;
    let keys = tx.app_keys().ending(from, to, EACH).await?;
    let mut names: BTreeMap<ClientId, String> = BTreeMap::new();
    for id in secrets.iter().map(|secret| secret.client_id).chain(keys.iter().map(|key| key.client_id)) {
        if let std::collections::btree_map::Entry::Vacant(place) = names.entry(id) {
            place.insert(tx.clients().find(id).await?.map(|client| client.name).unwrap_or_default());
        }
    }
    let name = |id: ClientId| names.get(&id).cloned().unwrap_or_default();
    let mut found = Vec::new();
    for secret in secrets {
        let Some(at) = secret.expires_at else { continue };
        // The end of a rotation that was begun is as wanted; only what is still to end is worth a word.
        if at > now {
            found.push(Concern::ClientSecret { client: secret.client_id, name: name(secret.client_id), last_four: secret.last_four, at });
        }
    }
    for key in keys {
        let Some(at) = key.expires_at else { continue };
        found.push(Concern::AppKey { client: key.client_id, name: name(key.client_id), key: key.name, at });
    }
    Ok(found)
}

async fn of_domains(tx: &RealmTx) -> Result<Vec<Concern>, Failure> {
    let mut domains = tx.tenant_domains().failing(EACH).await?;
    domains.extend(tx.tenant_domains().unproved(EACH).await?.into_iter().filter(|domain| domain.failing_since.is_none()));
    let ids: Vec<TenantId> = domains.iter().map(|domain| domain.tenant_id).collect();
    let tenants = tx.tenants().find_all(&ids).await?;
    let whose = |domain: TenantDomain| tenants.iter().find(|tenant| tenant.id == domain.tenant_id).map(|tenant| of_domain(domain, tenant));
    Ok(domains.into_iter().filter_map(whose).collect())
}

fn of_domain(domain: TenantDomain, tenant: &Tenant) -> Concern {
    let failing_since = domain.failing_since;
    Concern::Domain { org_id: tenant.org_id.clone(), tenant: tenant.name.clone(), domain: domain.domain, failing_since }
}

/// What a realm that somebody just made lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a step that was taken or not")]
pub struct FirstSteps {
    /// It has a scope of its own.
    pub scope: bool,
    /// It has a tenant.
    pub tenant: bool,
    /// It has an app.
    pub client: bool,
    /// It has people besides whoever set it up.
    pub people: bool,
}

/// Which first steps of a realm are taken.
pub async fn first_steps(tx: &RealmTx, actor: Actor) -> Result<FirstSteps, Failure> {
    permission::check(actor, Action::ReadRealm, tx.realm_id())?;
    Ok(FirstSteps {
        scope: tx.scopes().list().await?.iter().any(|scope| scope.resource_id.is_some()),
        tenant: !tx.tenants().list(None, 1).await?.is_empty(),
        client: !tx.clients().newest_registered(None, 1).await?.is_empty(),
        people: tx.users().list(None, 2).await?.len() > 1,
    })
}
