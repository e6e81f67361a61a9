//! Where a client may work for a person, and where the person has let it.
//!
//! Owns what follows from both for a grant: which tenants it is for, and which of the person's
//! decisions still count. Read before a page and once more in the transaction that answers. Never
//! writes.

use gantry_core::authorization_request::AuthorizationParameters;
use gantry_core::client::Client;
use gantry_core::consent::Consent;
use gantry_core::failure::Fault;
use gantry_core::id::TenantId;
use gantry_core::realm::TenantDemand;
use gantry_core::session::Session;
use gantry_store::RealmTx;

use crate::consent::{self, TenantAsked, TenantsAsked};
use crate::tenancy::{self, Workplace};

/// Where a client may work for a person, and where the person has let it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The person's tenants; none in a realm without.
    pub workplaces: Vec<Workplace>,
    /// What the person decided about the client, for each tenant and for none.
    pub consents: Vec<Consent>,
}

impl Standing {
    /// As things are now.
    pub(super) async fn read(tx: &RealmTx, demand: TenantDemand, client: &Client, session: &Session) -> Result<Self, Fault> {
        let consents = tx.consents().list_for_client(session.user_id, client.id).await?;
        Self::with(tx, demand, client, session, consents).await
    }

    /// As things are now and stay until this transaction is over: whoever takes a consent back
    /// meanwhile waits for its grant, and takes that back too (attack catalogue CON-11).
    pub(super) async fn hold(tx: &RealmTx, demand: TenantDemand, client: &Client, session: &Session) -> Result<Self, Fault> {
        let consents = tx.consents().hold_for_client(session.user_id, client.id).await?;
        Self::with(tx, demand, client, session, consents).await
    }

    async fn with(tx: &RealmTx, demand: TenantDemand, client: &Client, session: &Session, consents: Vec<Consent>) -> Result<Self, Fault> {
        let workplaces = match demand {
            TenantDemand::None => Vec::new(),
            TenantDemand::Optional | TenantDemand::Required => tenancy::workplaces(tx, client, session).await?,
        };
        Ok(Self { workplaces, consents })
    }

    /// The tenants that the client may work in.
    pub fn open(&self) -> impl Iterator<Item = &Workplace> {
        self.workplaces.iter().filter(|workplace| workplace.is_open())
    }

    /// One of them.
    pub fn find_open(&self, id: TenantId) -> Option<&Workplace> {
        self.open().find(|workplace| workplace.tenant.id == id)
    }

    /// The public id of one of them.
    pub(super) fn org_id(&self, tenant: Option<TenantId>) -> Option<&str> {
        self.find_open(tenant?).map(|workplace| workplace.tenant.org_id.as_str())
    }

    /// The decision for a tenant or for none, if nothing has ended it since.
    pub fn decision(&self, tenant: Option<TenantId>) -> Option<&Consent> {
        let decision = self.consents.iter().find(|consent| consent.tenant_id == tenant)?;
        let holds = tenant.is_none_or(|id| self.find_open(id).is_some_and(|workplace| workplace.has_stood_since(decision.decided_at)));
        holds.then_some(decision)
    }

    /// Whether the platform, or the person earlier, allowed what is asked for there.
    pub(super) fn covers(&self, client: &Client, asked: &AuthorizationParameters, tenant: Option<TenantId>) -> bool {
        consent::is_covered(client, asked, self.decision(tenant))
    }

    /// The tenants besides the chosen one in which the person may let the client work. Who goes on
    /// for themself has chosen none.
    pub(super) fn others(&self, chosen: Option<TenantId>) -> impl Iterator<Item = &Workplace> {
        self.open().filter(move |workplace| chosen.is_some_and(|chosen| workplace.tenant.id != chosen))
    }

    /// The tenants of a grant that nobody was asked about: the chosen one, and those where the same is
    /// allowed already.
    pub(super) fn remembered(&self, client: &Client, asked: &AuthorizationParameters, chosen: Option<TenantId>) -> Vec<TenantId> {
        let others = self.others(chosen).map(|workplace| workplace.tenant.id);
        chosen.into_iter().chain(others.filter(|id| self.covers(client, asked, Some(*id)))).collect()
    }

    /// The tenants of a grant that the person was asked about: the chosen one, and those ticked. What
    /// is not the person's, or cannot be used, is not heard (attack catalogue CON-03, TEN-12).
    pub(super) fn ticked(&self, chosen: Option<TenantId>, org_ids: &[String]) -> Vec<TenantId> {
        let others = self.others(chosen).filter(|workplace| org_ids.contains(&workplace.tenant.org_id));
        chosen.into_iter().chain(others.map(|workplace| workplace.tenant.id)).collect()
    }

    /// What the consent page says of tenants; nothing in a realm without.
    pub(super) fn question(
        &self,
        demand: TenantDemand,
        client: &Client,
        asked: &AuthorizationParameters,
        chosen: Option<TenantId>,
    ) -> Option<TenantsAsked> {
        if demand == TenantDemand::None {
            return None;
        }
        let said = |workplace: &Workplace| TenantAsked {
            name: workplace.tenant.name.clone(),
            org_id: workplace.tenant.org_id.clone(),
            branding: workplace.tenant.branding.clone(),
            allowed: self.covers(client, asked, Some(workplace.tenant.id)),
        };
        let place = chosen.and_then(|id| self.find_open(id)).map(said);
        Some(TenantsAsked { chosen: place, others: self.others(chosen).map(said).collect() })
    }
}
