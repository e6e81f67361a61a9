//! An invitation: a place that waits for whoever reads the mail of one address.

use crate::clock::Timestamp;
use crate::email_address::EmailAddress;
use crate::id::{InvitationId, RealmId, TenantId, UserId};
use crate::secret::Digest;
use crate::tenant::TenantRole;
use crate::user::RealmRole;

/// Seconds that an invitation's link lives: a week.
pub const INVITATION_LIFETIME: u32 = 7 * 86_400;

/// An invitation that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The key.
    pub id: InvitationId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The tenant that it leads to; none: the realm's own roles.
    pub tenant_id: Option<TenantId>,
    /// Who is invited: whoever proves this address.
    pub email: EmailAddress,
    /// What they become.
    pub role: InvitedRole,
    /// The BCP 47 tag of the mail's language.
    pub locale: String,
    /// The digest of the link's token; the last one's, where it was sent again.
    pub digest: Digest,
    /// As what whoever invited acted, see [`crate::actor::Actor::kind`].
    pub invited_as: String,
    /// The person who invited.
    pub invited_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the link is too old.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// By whom.
    pub accepted_by: Option<UserId>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

crate::closed_set::closed_set! {
    /// What an invited person becomes.
    InvitedRole {
        /// Belongs to the tenant.
        Member = "member",
        /// Administers the tenant.
        TenantAdmin = "tenant_admin",
        /// Administers the realm.
        RealmAdmin = "realm_admin",
        /// Administers every realm.
        Operator = "operator",
    }
}

impl InvitedRole {
    /// The role in a tenant, if it is one.
    pub const fn in_tenant(self) -> Option<TenantRole> {
        match self {
            Self::Member => Some(TenantRole::Member),
            Self::TenantAdmin => Some(TenantRole::TenantAdmin),
            Self::RealmAdmin | Self::Operator => None,
        }
    }

    /// The role in the realm, if it is one.
    pub const fn in_realm(self) -> Option<RealmRole> {
        match self {
            Self::Member | Self::TenantAdmin => None,
            Self::RealmAdmin => Some(RealmRole::RealmAdmin),
            Self::Operator => Some(RealmRole::Operator),
        }
    }

    /// Whether whoever has it has work to do in the console.
    pub const fn administers(self) -> bool {
        !matches!(self, Self::Member)
    }
}

crate::closed_set::closed_set! {
    /// What has become of an invitation.
    InvitationState {
        /// It waits.
        Pending = "pending",
        /// Somebody took the place.
        Accepted = "accepted",
        /// It was taken back.
        Revoked = "revoked",
        /// Nobody took it in time.
        Expired = "expired",
    }
}

impl Invitation {
    /// What has become of it.
    pub fn state(&self, now: Timestamp) -> InvitationState {
        if self.accepted_at.is_some() {
            InvitationState::Accepted
        } else if self.revoked_at.is_some() {
            InvitationState::Revoked
        } else if self.expires_at <= now {
            InvitationState::Expired
        } else {
            InvitationState::Pending
        }
    }
}
