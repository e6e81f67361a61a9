//! Reads what hints can lead to: a bounded number of indexed reads, the same for every request with these hints.

use gantry_core::connection::{Attachment, Connection};
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, TenantId};
use gantry_core::realm::Realm;
use gantry_core::tenant::Tenant;
use gantry_store::RealmTx;

use super::{Candidates, DomainPlace, DomainSource, Hints, Place, WantedTenant};
use crate::domains;

/// The most connections of the realm's own that are read for one page.
const MAX_OF_REALM: u64 = 200;
/// The most connections of one tenant that are looked at.
const MAX_ATTACHED: usize = 50;
/// The longest name of a connection that is looked up.
const MAX_SLUG: usize = 64;

/// Reads what these hints can lead to.
pub async fn load(tx: &RealmTx, realm: &Realm, hints: &Hints) -> Result<Candidates, Fault> {
    let tenant = match &hints.tenant {
        Some(WantedTenant::Known(id)) => tx.tenants().find(*id).await?,
        Some(WantedTenant::OrgId(org_id)) => tx.tenants().find_by_org_id(org_id).await?,
        None => None,
    };
    let domains = proved(tx, hints).await?;
    let mut asked: Vec<TenantId> = domains.iter().map(|(_, _, tenant)| tenant.id).chain(tenant.as_ref().map(|tenant| tenant.id)).collect();
    asked.sort_unstable();
    asked.dedup();
    let attachments = tx.attachments().list_of_tenants(&asked).await?;
    let mut ids: Vec<ConnectionId> = attachments.iter().map(|attachment| attachment.connection_id).collect();
    ids.dedup();
    let mut attached = tx.connections().find_all(&ids).await?;
    let owned = tx.connections().list_of_tenants(&asked).await?;
    attached.extend(owned.into_iter().filter(|owned| !ids.contains(&owned.id)));
    let named = match hints.connection.as_deref().filter(|slug| slug.len() <= MAX_SLUG) {
        Some(slug) => tx.connections().find_by_slug(slug).await?,
        None => None,
    };
    let at = |tenant: Tenant| place(tenant, &attachments, &attached);
    Ok(Candidates {
        password: realm.settings.sign_in.password,
        tenant: tenant.map(at),
        named,
        domains: domains.into_iter().map(|(domain, source, tenant)| DomainPlace { domain, source, place: at(tenant) }).collect(),
        realm: tx.connections().list_of_realm(MAX_OF_REALM).await?,
    })
}

fn place(tenant: Tenant, attachments: &[Attachment], connections: &[Connection]) -> Place {
    let here = |connection: &&Connection| {
        let attached = attachments.iter().any(|at| at.tenant_id == tenant.id && at.connection_id == connection.id);
        attached || connection.owner == Some(tenant.id)
    };
    let attached = connections.iter().filter(here).take(MAX_ATTACHED).cloned().collect();
    Place { tenant, attached }
}

/// The tenants behind the domains that the hints name, in the order in which they count. A suspended tenant
/// leads nowhere.
async fn proved(tx: &RealmTx, hints: &Hints) -> Result<Vec<(String, DomainSource, Tenant)>, Fault> {
    let login = hints.login.as_deref().and_then(|text| EmailAddress::parse(text).ok());
    let named = [
        (DomainSource::DomainHint, hints.domain.as_deref().and_then(|text| domains::parse(text).ok())),
        (DomainSource::LoginHint, login.map(|address| address.domain().to_owned())),
        (DomainSource::Address, hints.typed.as_ref().map(|address| address.domain().to_owned())),
    ];
    let mut found: Vec<(String, DomainSource, Tenant)> = Vec::new();
    for (source, domain) in named {
        let Some(domain) = domain.filter(|domain| !found.iter().any(|(known, ..)| known == domain)) else { continue };
        let Some(proved) = tx.tenant_domains().find_proved(&domain).await? else { continue };
        let tenant = tx.tenants().find(proved.tenant_id).await?.filter(|tenant| tenant.suspended_at.is_none());
        found.extend(tenant.map(|tenant| (domain, source, tenant)));
    }
    Ok(found)
}
