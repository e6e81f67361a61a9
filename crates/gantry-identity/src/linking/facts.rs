//! What the rows say that the rules about a person's account need to know: read in the transaction that acts on it.

use gantry_core::connection::Connection;
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::{ExternalIdentity, UserIdentity};
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, TenantId, UserId};
use gantry_core::realm::Realm;
use gantry_core::tenant::Membership;
use gantry_core::user::User;
use gantry_store::RealmTx;

use super::address::{Address, Warrant, asserted, judge};
use super::{Case, Ways};
use crate::joining::{self, Place};

/// Everything about one arrival.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Whose the identity is.
    pub(crate) known: Option<(UserIdentity, User)>,
    /// The address, judged.
    pub(crate) address: Address,
    /// Who has proved it.
    pub(crate) holder: Option<User>,
    /// How they could show that they are that person.
    pub(crate) ways: Ways,
    /// Where the connection stands.
    pub(crate) places: Vec<Place>,
    /// Where the person belongs already.
    pub(crate) memberships: Vec<Membership>,
    /// Whether the tenant that owns the connection, or that the person was sent there for, is suspended.
    pub(crate) suspended: bool,
}

impl Facts {
    /// Reads them. `proved` is an address whose mailbox the person has just proved; it takes the place of the asserted one.
    pub(crate) async fn read(
        tx: &RealmTx,
        realm: &Realm,
        connection: &Connection,
        identity: &ExternalIdentity,
        aim: Aim<'_>,
    ) -> Result<Self, Fault> {
        let found = tx.identities().find(connection.id, &identity.issuer, &identity.subject).await?;
        let known = match found {
            Some(link) => tx.users().find(link.user_id).await?.map(|user| (link, user)),
            None => None,
        };
        let email = aim.proved.cloned().or_else(|| asserted(identity));
        let domain = match &email {
            Some(email) => tx.tenant_domains().find_proved(email.domain()).await?,
            None => None,
        };
        let prover = domain.map(|domain| domain.tenant_id);
        let places = joining::places(tx, connection, prover, aim.tenant).await?;
        let address = match aim.proved {
            Some(email) => Address::Verified { email: email.clone(), because: Warrant::Mailbox },
            None => judge(connection, identity, places.iter().find(|place| place.proved)),
        };
        let address = match &known {
            Some((_, user)) => own_address(address, user),
            None => address,
        };
        let holder = match &address {
            Address::Verified { email, .. } => tx.users().find_by_email(email).await?,
            Address::None | Address::Unusable | Address::Unverified { .. } => None,
        };
        let ways = match &holder {
            Some(holder) if known.is_none() => ways(tx, realm, holder.id).await?,
            Some(_) | None => Ways::default(),
        };
        let whose = known.as_ref().map(|(_, user)| user.id).or_else(|| holder.as_ref().map(|holder| holder.id));
        let memberships = match whose {
            Some(user) => tx.memberships().list_for_user(user).await?,
            None => Vec::new(),
        };
        let suspended = is_suspended(tx, connection.owner).await? || is_suspended(tx, aim.tenant).await?;
        Ok(Self { known, address, holder, ways, places, memberships, suspended })
    }

    /// What the decision is about.
    pub(crate) fn case<'c>(&'c self, connection: &'c Connection) -> Case<'c> {
        let known = self.known.as_ref().map(|(link, user)| (link, user));
        Case { connection, known, address: &self.address, holder: self.holder.as_ref(), ways: &self.ways }
    }
}

/// What an arrival is for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Aim<'a> {
    /// The address whose mailbox the person has just proved.
    pub(crate) proved: Option<&'a EmailAddress>,
    /// The tenant that the person was sent to the provider for.
    pub(crate) tenant: Option<TenantId>,
}

/// Of somebody whose identity is linked, their own proved address counts, whoever repeats it.
fn own_address(address: Address, user: &User) -> Address {
    match &address {
        Address::Unverified { email, .. } if user.email_verified_at.is_some() && user.email == *email => {
            Address::Verified { email: email.clone(), because: Warrant::Account }
        }
        Address::None | Address::Unusable | Address::Unverified { .. } | Address::Verified { .. } => address,
    }
}

/// How somebody can prove that an account is theirs, beside its mailbox.
pub(crate) async fn ways(tx: &RealmTx, realm: &Realm, user: UserId) -> Result<Ways, Fault> {
    let password = realm.settings.sign_in.password && tx.passwords().find(user).await?.is_some();
    let linked: Vec<ConnectionId> = tx.identities().list(user).await?.into_iter().map(|link| link.connection_id).collect();
    let connections = tx.connections().find_all(&linked).await?;
    let usable = connections.into_iter().filter(|connection| connection.is_enabled() && !connection.settings.link_only);
    Ok(Ways { password, connections: usable.map(|connection| connection.id).collect() })
}

async fn is_suspended(tx: &RealmTx, tenant: Option<TenantId>) -> Result<bool, Fault> {
    match tenant {
        Some(tenant) => Ok(tx.tenants().find(tenant).await?.is_none_or(|tenant| tenant.suspended_at.is_some())),
        None => Ok(false),
    }
}
