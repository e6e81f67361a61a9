//! A connection: a configured way to sign in, with somebody else's server or with a password here.
//!
//! Owns the record, what an admin may decide about it ([`ConnectionSettings`]) and where it is offered
//! ([`Attachment`]). Never holds its secrets: those are [`ConnectionSecrets`], loaded by whoever sends them.

mod attachment;
mod secrets;
mod settings;

pub use attachment::{Attachment, JoinRule, RoleRule};
pub use secrets::ConnectionSecrets;
pub use settings::{
    AppleSettings, ClaimMapping, ConnectionSettings, EmailTrust, GoogleSettings, LinkingPolicy, MicrosoftAudience, MicrosoftSettings,
    ProfileRefresh, UpstreamAuth, UpstreamEndpoints,
};

use crate::clock::Timestamp;
use crate::connector_kind::ConnectorKind;
use crate::id::{ConnectionId, RealmId, TenantId};

/// A configured way to sign in. Each realm has a password connection from its first moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The key.
    pub id: ConnectionId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The name in realm files, in `connection` hints and in its callback's address.
    pub slug: String,
    /// The name that people read.
    pub name: String,
    /// What serves it.
    pub kind: ConnectorKind,
    /// The tenant that owns it; none: the realm does. An owner's connection serves that tenant alone.
    pub owner: Option<TenantId>,
    /// What was decided about it.
    pub settings: ConnectionSettings,
    /// When the client secret or certificate that it uses upstream ends, as far as that is known.
    pub credential_expires_at: Option<Timestamp>,
    /// Sign-ins through it from before this count no more. Moved on when it is switched off, so that
    /// switching it on again revives nothing (attack catalogue FED-15).
    pub not_before: Option<Timestamp>,
    /// Switched off.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Connection {
    /// Whether somebody can sign in with it.
    pub const fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Whether a verified address of its provider counts as verified here, beside proved domains. Nobody is
    /// believed on a tenant's word alone.
    pub fn email_trust(&self) -> EmailTrust {
        match self.owner {
            Some(_) => EmailTrust::ProvedDomains,
            None => self.settings.email_trust.unwrap_or_else(|| EmailTrust::default_of(self.kind)),
        }
    }

    /// Whether a sign-in through it at that time still counts.
    pub fn stands_since(&self, signed_in_at: Timestamp) -> bool {
        self.is_enabled() && self.not_before.is_none_or(|epoch| signed_in_at > epoch)
    }
}
