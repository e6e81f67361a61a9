//! What an asserted address is worth here.
//!
//! A provider's word counts where the domain is proved by a tenant that it speaks for, or where the realm believes
//! it. All others say an address, and the person proves the mailbox (attack catalogue FED-10, FED-11, FED-22).

use gantry_core::connection::{Connection, EmailTrust, MicrosoftAudience};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::{AssertedEmail, ExternalIdentity};
use gantry_core::id::TenantId;
use serde::Serialize;
use serde_json::Value;

use crate::joining::Place;

/// The word with which Entra ID says that the domain's owner has verified the address.
const EDGE_OWNER_VERIFIED: &str = "xms_edov";

/// How the connector ends its reason where the provider says nothing about the address (`email_verified is missing`).
const NOTHING_SAID: &str = " is missing";

/// An asserted address, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Address {
    /// None came.
    None,
    /// What came is none that Gantry accepts.
    Unusable,
    /// It was said, and that is all.
    Unverified {
        /// The address.
        email: EmailAddress,
        /// Why it does not count.
        because: Doubt,
    },
    /// It counts as the person's.
    Verified {
        /// The address.
        email: EmailAddress,
        /// Why it counts.
        because: Warrant,
    },
}

/// Why an address counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Warrant {
    /// A tenant that the provider speaks for has proved the domain.
    ProvedDomain {
        /// Which.
        tenant: TenantId,
    },
    /// The provider vouches for it, and the realm believes this one.
    Provider,
    /// The provider says that the owner of the domain has verified it (`xms_edov`).
    DomainOwner,
    /// The person has just proved the mailbox here.
    Mailbox,
    /// The account that the identity is linked to has proved it here before. Counts neither for linking nor for
    /// joining: nobody vouches for it now.
    Account,
}

/// Why an address does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The provider does not vouch for it.
    NotVouched,
    /// The provider vouches for it, which is not enough here.
    NotBelieved,
}

impl Address {
    /// The address, if a usable one came.
    pub const fn email(&self) -> Option<&EmailAddress> {
        match self {
            Self::None | Self::Unusable => None,
            Self::Unverified { email, .. } | Self::Verified { email, .. } => Some(email),
        }
    }

    /// Whether it counts as the person's.
    pub const fn is_verified(&self) -> bool {
        matches!(self, Self::Verified { .. })
    }

    /// Whether it counts as the person's by what was said or proved on this very way, not by an earlier proof.
    pub const fn is_vouched_for_now(&self) -> bool {
        match self {
            Self::Verified { because, .. } => !matches!(because, Warrant::Account),
            Self::None | Self::Unusable | Self::Unverified { .. } => false,
        }
    }
}

/// The asserted address as text of its canonical form, if it is one.
pub(crate) fn asserted(identity: &ExternalIdentity) -> Option<EmailAddress> {
    identity.email.as_ref().and_then(|asserted| EmailAddress::parse(&asserted.address).ok())
}

/// Judges the address of an assertion. `prover` is the place whose tenant has proved the address's domain, if the
/// connection has one there.
pub(crate) fn judge(connection: &Connection, identity: &ExternalIdentity, prover: Option<&Place>) -> Address {
    let Some(said) = &identity.email else { return Address::None };
    let Ok(email) = EmailAddress::parse(&said.address) else { return Address::Unusable };
    if let Some(place) = prover.filter(|place| speaks_for(connection, place, identity, said)) {
        return Address::Verified { email, because: Warrant::ProvedDomain { tenant: place.tenant.id } };
    }
    if !said.verified {
        return Address::Unverified { email, because: Doubt::NotVouched };
    }
    if connection.owner.is_none() && connection.kind == ConnectorKind::Microsoft && said.because == EDGE_OWNER_VERIFIED {
        return Address::Verified { email, because: Warrant::DomainOwner };
    }
    match connection.email_trust() {
        EmailTrust::Provider => Address::Verified { email, because: Warrant::Provider },
        EmailTrust::ProvedDomains => Address::Unverified { email, because: Doubt::NotBelieved },
    }
}

/// Whether a provider's word about an address in a tenant's domain is that tenant's own word. One that several
/// organizations or everybody share has to vouch for the address itself, whoever set the connection up: else anybody
/// there could take any name. Nor does it count where the provider says outright that it does not know.
fn speaks_for(connection: &Connection, place: &Place, identity: &ExternalIdentity, said: &AssertedEmail) -> bool {
    if identity.guest || denies(connection, identity, said) {
        return false;
    }
    let directories = &place.attachment.directories;
    if !directories.is_empty() {
        return identity.directory.as_ref().is_some_and(|directory| directories.contains(directory));
    }
    said.verified || is_run_by(connection, place.tenant.id)
}

/// Whether nobody but the tenant's own people has an account at the provider. That it is the tenant's connection says
/// so only where a provider is one organization's: everybody has an account at GitHub, whoever registered the app.
fn is_run_by(connection: &Connection, tenant: TenantId) -> bool {
    match connection.kind {
        ConnectorKind::Oidc | ConnectorKind::Oauth2 => connection.owner == Some(tenant),
        ConnectorKind::Microsoft => {
            connection.settings.microsoft.as_ref().is_some_and(|own| matches!(own.audience, MicrosoftAudience::Directory(_)))
        }
        ConnectorKind::Password
        | ConnectorKind::Google
        | ConnectorKind::Github
        | ConnectorKind::Apple
        | ConnectorKind::Gitlab
        | ConnectorKind::Linkedin
        | ConnectorKind::Slack
        | ConnectorKind::Discord
        | ConnectorKind::Facebook => false,
    }
}

/// Whether the provider says anything but a plain `true` of the address. To say nothing is no denial where one
/// organization can be behind it; of all others, and of what one document says against another, the connector judges.
fn denies(connection: &Connection, identity: &ExternalIdentity, said: &AssertedEmail) -> bool {
    let name = connection.settings.claims.email_verified.as_deref().unwrap_or("email_verified");
    let nested = || {
        let mut parts = name.split('.');
        let first = identity.claims.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    };
    if identity.claims.get(name).or_else(nested).is_some_and(|said| *said != Value::Bool(true)) {
        return true;
    }
    let silent = match connection.kind {
        ConnectorKind::Oidc | ConnectorKind::Oauth2 => said.because.ends_with(NOTHING_SAID),
        ConnectorKind::Microsoft => !identity.claims.contains_key(EDGE_OWNER_VERIFIED),
        ConnectorKind::Password
        | ConnectorKind::Google
        | ConnectorKind::Github
        | ConnectorKind::Apple
        | ConnectorKind::Gitlab
        | ConnectorKind::Linkedin
        | ConnectorKind::Slack
        | ConnectorKind::Discord
        | ConnectorKind::Facebook => false,
    };
    !said.verified && !silent
}
