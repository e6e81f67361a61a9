//! A tenant: a customer organization inside a realm, and who belongs to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{ConnectionId, MembershipId, RealmId, TenantId, UserId};
use crate::installation::InstallationStanding;
use crate::realm::Branding;

/// A customer organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// The key.
    pub id: TenantId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The public id, given or generated; never changed, never reused.
    pub org_id: String,
    /// The name that people read.
    pub name: String,
    /// Which apps its people may use for it.
    pub app_policy: AppPolicy,
    /// The greatest age of a sign-in that its tokens may rest on, in seconds; any if unset.
    pub max_sign_in_age: Option<u32>,
    /// The least length of a password that its members choose, where it is more than their realm's.
    pub password_min_length: Option<u32>,
    /// Which sign-ins its tokens may rest on.
    pub sign_in: SignInRule,
    /// How pages and mails of its own look.
    pub branding: TenantBranding,
    /// Suspended: nothing for this tenant works.
    pub suspended_at: Option<Timestamp>,
    /// What was granted for it before this is dead. Moved on by a suspension, so that its end
    /// revives nothing (attack catalogue TEN-11).
    pub not_before: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// How a tenant's own pages and mails look, within its realm's face. Data, like a realm's: never HTML or CSS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TenantBranding {
    /// The accent colour as `#rrggbb`; the realm's if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// A sentence shown to its people; the realm's if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub welcome: Option<String>,
}

impl Tenant {
    /// The least length of a password that a member chooses, in a realm that asks for so many characters. A tenant only
    /// ever asks for more (attack catalogue TEN-18).
    pub fn password_least(&self, of_realm: u32) -> u32 {
        self.password_min_length.map_or(of_realm, |own| own.max(of_realm))
    }
}

impl TenantBranding {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The realm's branding as this tenant's people see it.
    #[must_use]
    pub fn over(&self, realm: &Branding) -> Branding {
        Branding {
            accent: self.accent.clone().or_else(|| realm.accent.clone()),
            welcome: self.welcome.clone().or_else(|| realm.welcome.clone()),
            ..realm.clone()
        }
    }
}

/// A person's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The key.
    pub id: MembershipId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The person.
    pub user_id: UserId,
    /// What the person is there.
    pub role: TenantRole,
    /// Whether the person's password counts here though [`SignInRule`] says otherwise: for the day on which the
    /// company's own sign-in is down.
    pub break_glass: bool,
    /// The connection that made the person a member and decides their role; none: an admin did.
    pub connection_id: Option<ConnectionId>,
    /// When the person joined.
    pub created_at: Timestamp,
}

crate::closed_set::closed_set! {
    /// Which apps a tenant's people may use for it.
    AppPolicy {
        /// Every app; its first consent installs it.
        All = "all",
        /// Those that the tenant's admins approved.
        Approved = "approved",
        /// Every app but those that the tenant's admins blocked.
        BlockList = "block_list",
    }
}

impl AppPolicy {
    /// Whether an app with this standing may be used.
    pub const fn allows(self, standing: Option<InstallationStanding>) -> bool {
        match self {
            Self::All => true,
            Self::Approved => matches!(standing, Some(InstallationStanding::Approved)),
            Self::BlockList => !matches!(standing, Some(InstallationStanding::Blocked)),
        }
    }
}

crate::closed_set::closed_set! {
    /// Which sign-ins a tenant's tokens may rest on.
    SignInRule {
        /// Any.
        Any = "any",
        /// Any but a password here.
        Federated = "federated",
        /// One through a connection that is attached to the tenant.
        OwnConnection = "own_connection",
    }
}

crate::closed_set::closed_set! {
    /// A role in a tenant.
    TenantRole {
        /// Belongs to it.
        Member = "member",
        /// Administers it.
        TenantAdmin = "tenant_admin",
    }
}
