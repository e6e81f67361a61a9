//! For which tenants a person and an app may work, and why not.
//!
//! The one place that reads memberships, suspensions, app policies and installations for a token or
//! a page. What was granted counts only while everything that it was granted on stands without a
//! break: a person who left, an app that was taken out or a tenant that was suspended does not come
//! back with its old grants (attack catalogue TEN-11, RTK-10). Never writes.

use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Fault, Refusal};
use gantry_core::grant::Grant;
use gantry_core::id::{ConnectionId, TenantId, UserId};
use gantry_core::installation::{Installation, InstallationStanding};
use gantry_core::realm::{Realm, TenantDemand, seconds};
use gantry_core::reason::Reason;
use gantry_core::session::Session;
use gantry_core::tenant::{Membership, SignInRule, Tenant};
use gantry_store::RealmTx;

/// Why a tenant cannot be worked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barrier {
    /// The realm has no tenants.
    NotUsed,
    /// The realm demands a tenant and there is none.
    None,
    /// It is not one of those that the grant is for, or there is no such tenant.
    NotGranted,
    /// The person does not belong to it (any more), or there is no such tenant.
    NotMember,
    /// It is suspended, or was since it was granted.
    Suspended,
    /// The tenant does not allow the app.
    AppNotAllowed,
    /// The tenant took the app out since it was granted.
    AppRemoved,
    /// The app is not in use there, so it cannot act for the tenant by itself; or there is no such tenant.
    AppNotInstalled,
    /// The tenant wants a more recent sign-in.
    SignInTooOld,
    /// The tenant wants a sign-in through a connection of its own, or through any at all.
    ConnectionRequired,
}

impl Barrier {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::NotUsed,
        Self::None,
        Self::NotGranted,
        Self::NotMember,
        Self::Suspended,
        Self::AppNotAllowed,
        Self::AppRemoved,
        Self::AppNotInstalled,
        Self::SignInTooOld,
        Self::ConnectionRequired,
    ];

    /// The stable word for programs, sent as `reason`; also the end of the address that explains it.
    pub const fn reason(self) -> Reason {
        match self {
            Self::NotUsed => Reason::TenantsNotUsed,
            Self::None => Reason::NoTenant,
            Self::NotGranted => Reason::TenantNotGranted,
            Self::NotMember => Reason::NotAMember,
            Self::Suspended => Reason::TenantSuspended,
            Self::AppNotAllowed => Reason::AppNotAllowed,
            Self::AppRemoved => Reason::AppRemoved,
            Self::AppNotInstalled => Reason::AppNotInstalled,
            Self::SignInTooOld => Reason::SignInTooOld,
            Self::ConnectionRequired => Reason::ConnectionRequired,
        }
    }

    /// The sentence for the wire.
    pub const fn description(self) -> &'static str {
        match self {
            Self::NotUsed => "this platform has no organizations; leave `org_id` out",
            Self::None => "an organization is needed, and the person has none that allows this app",
            Self::NotGranted => "the organization is not one of those that the person chose for this app",
            Self::NotMember => "the person does not belong to this organization",
            Self::Suspended => "the organization is or was suspended",
            Self::AppNotAllowed => "the organization does not allow this app",
            Self::AppRemoved => "the organization removed this app",
            Self::AppNotInstalled => "this app is not in use at this organization",
            Self::SignInTooOld => "the organization demands a more recent sign-in",
            Self::ConnectionRequired => "the organization demands another way of signing in",
        }
    }

    /// The refusal of an authorization request, or of an app that acts for itself.
    pub const fn denied(self) -> Refusal {
        let code = match self {
            Self::NotUsed => ErrorCode::InvalidRequest,
            Self::None
            | Self::NotGranted
            | Self::NotMember
            | Self::Suspended
            | Self::AppNotAllowed
            | Self::AppRemoved
            | Self::AppNotInstalled
            | Self::SignInTooOld
            | Self::ConnectionRequired => ErrorCode::AccessDenied,
        };
        Refusal::new(code, self.description()).reason(self.reason())
    }

    /// The refusal of a code or refresh token: what was never granted is denied, what was granted and
    /// is gone is an invalid grant (attack catalogue RTK-10), and what a sign-in would mend needs one.
    pub const fn lost(self) -> Refusal {
        let code = match self {
            Self::NotUsed => ErrorCode::InvalidRequest,
            Self::NotGranted => ErrorCode::AccessDenied,
            Self::SignInTooOld | Self::ConnectionRequired => ErrorCode::InteractionRequired,
            Self::None | Self::NotMember | Self::Suspended | Self::AppNotAllowed | Self::AppRemoved | Self::AppNotInstalled => {
                ErrorCode::InvalidGrant
            }
        };
        Refusal::new(code, self.description()).reason(self.reason())
    }
}

/// A tenant of a person, and what keeps the app from working there, if anything does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workplace {
    /// The tenant.
    pub tenant: Tenant,
    /// The person's place in it.
    pub membership: Membership,
    /// What keeps the app out. Never the sign-in: one that is too old or of another kind is mended on the way.
    pub barrier: Option<Barrier>,
    /// How the app stands with the tenant, if it has heard of it.
    pub installation: Option<Installation>,
    /// Whether the person signed in as the tenant demands.
    pub takes_sign_in: bool,
}

impl Workplace {
    /// Whether the app may work there.
    pub const fn is_open(&self) -> bool {
        self.barrier.is_none()
    }

    /// Whether what was decided then has stood without a break since.
    pub fn has_stood_since(&self, decided_at: Timestamp) -> bool {
        let ends = [self.tenant.not_before, self.installation.as_ref().and_then(|installation| installation.not_before)];
        self.membership.created_at <= decided_at && ends.into_iter().flatten().all(|end| end < decided_at)
    }
}

/// Whether tokens for an app are for tenants. Gantry's own apps ask who somebody is, whatever organization they
/// belong to, if to any: no tenant's policy keeps its admins out of the console.
pub const fn demand_of(realm: &Realm, client: &Client) -> TenantDemand {
    if client.built_in { TenantDemand::None } else { realm.settings.tenants }
}

/// The tenants that a session's person belongs to, as an app finds them now, in order of name.
pub async fn workplaces(tx: &RealmTx, client: &Client, session: &Session) -> Result<Vec<Workplace>, Fault> {
    let memberships = tx.memberships().list_for_user(session.user_id).await?;
    let ids: Vec<TenantId> = memberships.iter().map(|membership| membership.tenant_id).collect();
    let tenants = tx.tenants().find_all(&ids).await?;
    let installations = tx.installations().list_for_client(client.id, &ids).await?;
    let own = own_connection_of(tx, session.connection_id, &tenants).await?;
    let mut found: Vec<Workplace> = tenants
        .into_iter()
        .filter_map(|tenant| {
            let membership = memberships.iter().find(|membership| membership.tenant_id == tenant.id)?.clone();
            let installation = installations.iter().find(|installation| installation.tenant_id == tenant.id).cloned();
            let barrier = closed(&tenant, installation.as_ref());
            let takes_sign_in = takes(&tenant, &membership, session.connection_id, own.contains(&tenant.id));
            Some(Workplace { tenant, membership, barrier, installation, takes_sign_in })
        })
        .collect();
    found.sort_by_cached_key(|workplace| (workplace.tenant.name.to_lowercase(), workplace.tenant.id));
    Ok(found)
}

/// A tenant that a token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForTenant {
    /// The tenant.
    pub tenant: Tenant,
    /// Whether its admins approved the app, which the scopes of their tier need.
    pub approved: bool,
}

/// The tenant of one answer under a grant: the one asked for, else the grant's default. `None`: the
/// answer is for no tenant. How old the sign-in may be is the caller's question, see [`is_too_old`].
pub async fn choose(
    tx: &RealmTx,
    demand: TenantDemand,
    grant: &Grant,
    org_id: Option<&str>,
) -> Result<Result<Option<ForTenant>, Barrier>, Fault> {
    let known = match (org_id, grant.default_tenant) {
        (Some(_), _) if demand == TenantDemand::None => return Ok(Err(Barrier::NotUsed)),
        // A grant may be from before the realm gave its tenants up.
        (None, _) if demand == TenantDemand::None => return Ok(Ok(None)),
        (Some(org_id), _) => tx.tenants().find_by_org_id(org_id).await?,
        (None, Some(id)) => tx.tenants().find(id).await?,
        (None, None) if demand == TenantDemand::Required => return Ok(Err(Barrier::None)),
        (None, None) => return Ok(Ok(None)),
    };
    let Some(tenant) = known.filter(|tenant| grant.tenants.contains(&tenant.id)) else { return Ok(Err(Barrier::NotGranted)) };
    Ok(stands(tx, grant, tenant).await?.map(Some))
}

/// Whether a sign-in is older than a tenant wants it.
pub fn is_too_old(tenant: &Tenant, authenticated_at: Timestamp, now: Timestamp) -> bool {
    tenant.max_sign_in_age.is_some_and(|age| now.since(authenticated_at) > seconds(age))
}

/// Whether a tenant takes a sign-in: through this connection, or with a password here. `attached`: the
/// connection is one of the tenant's. Who may break the glass may sign in as they like (decision 15).
const fn takes(tenant: &Tenant, membership: &Membership, through: Option<ConnectionId>, attached: bool) -> bool {
    match tenant.sign_in {
        SignInRule::Any => true,
        SignInRule::Federated => through.is_some() || membership.break_glass,
        SignInRule::OwnConnection => (through.is_some() && attached) || membership.break_glass,
    }
}

/// Those of the tenants that ask for a connection of their own and have this one. Reads nothing where
/// none asks, or where the person signed in with a password.
async fn own_connection_of(tx: &RealmTx, through: Option<ConnectionId>, tenants: &[Tenant]) -> Result<Vec<TenantId>, Fault> {
    let Some(connection) = through else { return Ok(Vec::new()) };
    let asking: Vec<TenantId> =
        tenants.iter().filter(|tenant| tenant.sign_in == SignInRule::OwnConnection).map(|tenant| tenant.id).collect();
    let mut own = tx.attachments().among(connection, &asking).await?;
    if own.len() < asking.len() {
        // What a tenant owns is its own, attached or not.
        let owner = tx.connections().find(connection).await?.and_then(|connection| connection.owner);
        own.extend(owner.filter(|owner| asking.contains(owner)));
    }
    Ok(own)
}

/// Whether what a grant says of a tenant still stands, without a break since it was made, and rests
/// on a sign-in that the tenant takes.
pub async fn stands(tx: &RealmTx, grant: &Grant, tenant: Tenant) -> Result<Result<ForTenant, Barrier>, Fault> {
    let membership = tx.memberships().find(tenant.id, grant.user_id).await?;
    let Some(membership) = membership.filter(|membership| membership.created_at <= grant.created_at) else {
        return Ok(Err(Barrier::NotMember));
    };
    let installation = tx.installations().find(tenant.id, grant.client_id).await?;
    let own = own_connection_of(tx, grant.connection_id, std::slice::from_ref(&tenant)).await?;
    let taken = takes(&tenant, &membership, grant.connection_id, !own.is_empty());
    let held = unbroken(tenant, installation.as_ref(), grant.created_at);
    Ok(held.and_then(|held| if taken { Ok(held) } else { Err(Barrier::ConnectionRequired) }))
}

/// The tenant that an app wants to act for by itself.
pub async fn machine(tx: &RealmTx, demand: TenantDemand, client: &Client, org_id: &str) -> Result<Result<ForTenant, Barrier>, Fault> {
    if demand == TenantDemand::None {
        return Ok(Err(Barrier::NotUsed));
    }
    let Some(tenant) = tx.tenants().find_by_org_id(org_id).await? else { return Ok(Err(Barrier::AppNotInstalled)) };
    let installation = tx.installations().find(tenant.id, client.id).await?;
    let Some(installation) = installation.filter(|installation| installation.standing.is_installed()) else {
        return Ok(Err(Barrier::AppNotInstalled));
    };
    Ok(closed(&tenant, Some(&installation)).map_or_else(|| Ok(for_tenant(tenant, Some(&installation))), Err))
}

/// Whether a token that an app got for itself still holds for its tenant.
pub async fn machine_stands(
    tx: &RealmTx,
    client: &Client,
    tenant: Tenant,
    issued_at: Timestamp,
) -> Result<Result<ForTenant, Barrier>, Fault> {
    let installation = tx.installations().find(tenant.id, client.id).await?;
    if !installation.as_ref().is_some_and(|installation| installation.standing.is_installed()) {
        return Ok(Err(Barrier::AppRemoved));
    }
    Ok(unbroken(tenant, installation.as_ref(), issued_at))
}

/// The tenants for which a person can make tokens of their own, in order of name. One that demands
/// anything of sign-ins has none: such a token knows of no sign-in.
pub async fn own_tenants(tx: &RealmTx, user: UserId) -> Result<Vec<(Tenant, Membership)>, Fault> {
    let memberships = tx.memberships().list_for_user(user).await?;
    let ids: Vec<TenantId> = memberships.iter().map(|membership| membership.tenant_id).collect();
    let open = |tenant: &Tenant| tenant.suspended_at.is_none() && tenant.max_sign_in_age.is_none() && tenant.sign_in == SignInRule::Any;
    let mut found: Vec<(Tenant, Membership)> = tx
        .tenants()
        .find_all(&ids)
        .await?
        .into_iter()
        .filter(open)
        .filter_map(|tenant| {
            let membership = memberships.iter().find(|membership| membership.tenant_id == tenant.id)?.clone();
            Some((tenant, membership))
        })
        .collect();
    found.sort_by_cached_key(|(tenant, _)| (tenant.name.to_lowercase(), tenant.id));
    Ok(found)
}

/// Whether a person may act for a tenant by a token of their own, without a break since it was made.
pub async fn person_stands(
    tx: &RealmTx,
    user: UserId,
    tenant: TenantId,
    since: Timestamp,
) -> Result<Result<(Tenant, Membership), Barrier>, Fault> {
    let Some(tenant) = tx.tenants().find(tenant).await? else { return Ok(Err(Barrier::NotMember)) };
    let Some(membership) = tx.memberships().find(tenant.id, user).await?.filter(|membership| membership.created_at <= since) else {
        return Ok(Err(Barrier::NotMember));
    };
    if tenant.suspended_at.is_some() || tenant.not_before.is_some_and(|end| since <= end) {
        return Ok(Err(Barrier::Suspended));
    }
    if tenant.max_sign_in_age.is_some() {
        return Ok(Err(Barrier::SignInTooOld));
    }
    if tenant.sign_in != SignInRule::Any {
        return Ok(Err(Barrier::ConnectionRequired));
    }
    Ok(Ok((tenant, membership)))
}

fn for_tenant(tenant: Tenant, installation: Option<&Installation>) -> ForTenant {
    let approved = installation.is_some_and(|installation| installation.standing == InstallationStanding::Approved);
    ForTenant { tenant, approved }
}

/// What keeps an app out of a tenant now.
fn closed(tenant: &Tenant, installation: Option<&Installation>) -> Option<Barrier> {
    if tenant.suspended_at.is_some() {
        return Some(Barrier::Suspended);
    }
    (!tenant.app_policy.allows(installation.map(|installation| installation.standing))).then_some(Barrier::AppNotAllowed)
}

/// What stands now and has stood since.
fn unbroken(tenant: Tenant, installation: Option<&Installation>, since: Timestamp) -> Result<ForTenant, Barrier> {
    if tenant.not_before.is_some_and(|end| since <= end) {
        return Err(Barrier::Suspended);
    }
    if installation.and_then(|installation| installation.not_before).is_some_and(|end| since <= end) {
        return Err(Barrier::AppRemoved);
    }
    match closed(&tenant, installation) {
        Some(barrier) => Err(barrier),
        None => Ok(for_tenant(tenant, installation)),
    }
}

#[cfg(test)]
mod tests;
