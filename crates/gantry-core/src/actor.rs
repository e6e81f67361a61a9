//! Who acts: the argument of every rule that administers something.

use crate::admin_scope::AdminScopes;
use crate::id::{RealmId, ServiceAccountId, TenantId, UserId};

/// Whoever administers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Gantry itself: first start, jobs.
    System,
    /// Someone with a shell on the server.
    CommandLine,
    /// An operator of the deployment.
    Operator {
        /// Who.
        user: UserId,
    },
    /// An admin of one realm.
    RealmAdmin {
        /// Who.
        user: UserId,
        /// Where.
        realm: RealmId,
    },
    /// An admin of one tenant.
    TenantAdmin {
        /// Who.
        user: UserId,
        /// Where.
        realm: RealmId,
        /// Of which customer.
        tenant: TenantId,
    },
    /// A program with a key to the admin API.
    Service {
        /// Which.
        account: ServiceAccountId,
        /// The realm that it is limited to; none: it is an operator's, for all of them.
        realm: Option<RealmId>,
        /// What it may do.
        scopes: AdminScopes,
    },
    /// A person, about themself.
    User {
        /// Who.
        user: UserId,
        /// Where.
        realm: RealmId,
    },
}

impl Actor {
    /// The person behind it, if there is one.
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::System | Self::CommandLine | Self::Service { .. } => None,
            Self::Operator { user } | Self::RealmAdmin { user, .. } | Self::TenantAdmin { user, .. } | Self::User { user, .. } => {
                Some(user)
            }
        }
    }

    /// The tenant that it is limited to, if it is.
    pub const fn tenant(self) -> Option<TenantId> {
        match self {
            Self::TenantAdmin { tenant, .. } => Some(tenant),
            Self::System
            | Self::CommandLine
            | Self::Operator { .. }
            | Self::RealmAdmin { .. }
            | Self::Service { .. }
            | Self::User { .. } => None,
        }
    }

    /// The word for the audit trail.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::CommandLine => "command_line",
            Self::Operator { .. } => "operator",
            Self::RealmAdmin { .. } => "realm_admin",
            Self::TenantAdmin { .. } => "tenant_admin",
            Self::Service { .. } => "service_account",
            Self::User { .. } => "user",
        }
    }
}
