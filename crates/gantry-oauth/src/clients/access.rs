//! Who lets a client in: people who consented, tenants that have it installed, and what its end would break.
//!
//! Owns what an admin sees of it, and taking one person's access back. What a person sees of their own apps
//! is the account's affair.

use std::collections::{BTreeSet, HashMap};

use gantry_core::actor::Actor;
use gantry_core::audit::AuditEvent;
use gantry_core::clock::Timestamp;
use gantry_core::consent::Consent;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{ClientId, ConsentId, TenantId, UserId};
use gantry_core::installation::Installation;
use gantry_core::paging::{Counted, Cursor, Find, MAX_COUNTED, MAX_LIMIT, Page};
use gantry_core::tenant::Tenant;
use gantry_core::user::User;
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;
use serde_json::json;

use super::{audit_line, changeable, find, is_live};

/// What the end of a client would break.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// People with access through it.
    pub people: Counted,
    /// What they allowed and holds: each is a chain of tokens.
    pub grants: Counted,
    /// Tenants that have it installed.
    pub tenants: Counted,
    /// Secrets that work.
    pub secrets: usize,
    /// App Keys that work.
    pub app_keys: usize,
}

/// What somebody consented to.
#[derive(Debug, Clone)]
pub struct Consented {
    /// What.
    pub consent: Consent,
    /// Who; none: removed, and the consent will be soon.
    pub user: Option<User>,
    /// For which tenant.
    pub tenant: Option<Tenant>,
}

/// How a client stands with a tenant.
#[derive(Debug, Clone)]
pub struct InstalledAt {
    /// How.
    pub installation: Installation,
    /// With which.
    pub tenant: Tenant,
}

/// What the end of a client would break; counted only so far as people care.
pub async fn usage(tx: &RealmTx, actor: Actor, client: ClientId, now: Timestamp) -> Result<Usage, Failure> {
    let client = find(tx, actor, client).await?;
    let most = u64::from(MAX_COUNTED);
    let grants = tx.grants().some_live_for_client(client.id, most).await?;
    let people: BTreeSet<UserId> = grants.iter().map(|grant| grant.user_id).collect();
    let counted = Counted::of(grants.len());
    let installations = tx.installations().newest_for_client(client.id, None, most).await?;
    let secrets = tx.client_secrets().list(client.id).await?;
    let app_keys = tx.app_keys().list(client.id).await?;
    Ok(Usage {
        // Where not all grants were looked at, not all people were seen.
        people: Counted { or_more: counted.or_more, ..Counted::of(people.len()) },
        grants: counted,
        tenants: Counted::of(installations.iter().filter(|installation| installation.standing.is_installed()).count()),
        secrets: secrets.iter().filter(|secret| is_live(secret, now)).count(),
        app_keys: app_keys.iter().filter(|key| key.is_live(now)).count(),
    })
}

/// Who consented to what, newest first.
pub async fn consents(tx: &RealmTx, actor: Actor, client: ClientId, look: &Find) -> Result<Page<Consented>, Failure> {
    permission::check(actor, Action::ReadUsers, tx.realm_id())?;
    let client = find(tx, actor, client).await?;
    let before = match look.after.as_ref().map(|cursor| cursor.place().parse::<ConsentId>()) {
        Some(Err(_)) => return Ok(Page::empty()),
        Some(Ok(id)) => Some(id),
        None => None,
    };
    let limit = look.limit.clamp(1, MAX_LIMIT);
    let mut found = tx.consents().newest_for_client(client.id, before, u64::from(limit) + 1).await?;
    let next = cut(&mut found, limit, |consent| consent.id.to_string());
    let tenants = named(tx, found.iter().filter_map(|consent| consent.tenant_id)).await?;
    let mut items = Vec::new();
    for consent in found {
        let user = tx.users().find(consent.user_id).await?;
        let tenant = consent.tenant_id.and_then(|id| tenants.get(&id).cloned());
        items.push(Consented { consent, user, tenant });
    }
    Ok(Page { items, next })
}

/// Which tenants have heard of a client, newest tenant first.
pub async fn installations(tx: &RealmTx, actor: Actor, client: ClientId, look: &Find) -> Result<Page<InstalledAt>, Failure> {
    permission::check(actor, Action::ReadTenants, tx.realm_id())?;
    let client = find(tx, actor, client).await?;
    let before = match look.after.as_ref().map(|cursor| cursor.place().parse::<TenantId>()) {
        Some(Err(_)) => return Ok(Page::empty()),
        Some(Ok(id)) => Some(id),
        None => None,
    };
    let limit = look.limit.clamp(1, MAX_LIMIT);
    let mut found = tx.installations().newest_for_client(client.id, before, u64::from(limit) + 1).await?;
    let next = cut(&mut found, limit, |installation| installation.tenant_id.to_string());
    let tenants = named(tx, found.iter().map(|installation| installation.tenant_id)).await?;
    let with_tenant = |installation: Installation| {
        let tenant = tenants.get(&installation.tenant_id).cloned()?;
        Some(InstalledAt { installation, tenant })
    };
    Ok(Page { items: found.into_iter().filter_map(with_tenant).collect(), next })
}

/// Takes back everything that a person allowed a client; its next request asks again (attack catalogue CON-11).
pub async fn revoke_access(tx: &RealmTx, actor: Actor, client: ClientId, user: UserId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    let client = changeable(tx, client).await?;
    // In this order: a request that is being answered holds the consents that it rests on, and its grant has
    // to be there when grants are revoked.
    tx.consents().remove(user, client.id).await?;
    let grants = tx.grants().revoke_for_client(user, client.id, now).await?;
    let line = audit_line(actor, AuditEvent::Revoked, &client, now).reason("access_taken_back");
    tx.audit().insert(&line.target(&user).detail(json!({ "grants": grants }))).await?;
    Ok(())
}

/// Takes back what a person allowed a client for one tenant: the decision, and the grants that work there by default. Grants
/// that are for further tenants go on for those alone.
pub async fn revoke_access_for(
    tx: &RealmTx,
    actor: Actor,
    (client, user): (ClientId, UserId),
    tenant: TenantId,
    now: Timestamp,
) -> Result<(), Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    let client = changeable(tx, client).await?;
    if tx.consents().find(user, client.id, Some(tenant)).await?.is_none() {
        return Err(Refusal::new(ErrorCode::NotFound, "There is no such access").into());
    }
    tx.consents().remove_for_tenant(user, client.id, tenant).await?;
    let (mut revoked, mut narrowed) = (0_u64, 0_u64);
    let held = tx.grants().list_live(user).await?;
    for mut grant in held.into_iter().filter(|grant| grant.client_id == client.id && grant.tenants.contains(&tenant)) {
        if grant.default_tenant == Some(tenant) {
            tx.grants().revoke(grant.id, now).await?;
            revoked = revoked.saturating_add(1);
        } else {
            grant.tenants.retain(|one| *one != tenant);
            tx.grants().narrow(&grant).await?;
            narrowed = narrowed.saturating_add(1);
        }
    }
    let line = audit_line(actor, AuditEvent::Revoked, &client, now).reason("access_taken_back").tenant(tenant);
    tx.audit().insert(&line.target(&user).detail(json!({ "grants": revoked, "narrowed": narrowed }))).await?;
    Ok(())
}

/// Leaves a page of a list that was asked for one entry more than fits.
fn cut<T>(found: &mut Vec<T>, limit: u32, id: impl Fn(&T) -> String) -> Option<Cursor> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if found.len() <= limit {
        return None;
    }
    found.truncate(limit);
    found.last().map(|last| Cursor::at(id(last)))
}

async fn named(tx: &RealmTx, ids: impl Iterator<Item = TenantId>) -> Result<HashMap<TenantId, Tenant>, Fault> {
    let ids: BTreeSet<TenantId> = ids.collect();
    let found = tx.tenants().find_all(&ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(found.into_iter().map(|tenant| (tenant.id, tenant)).collect())
}
