//! Who acts: the argument of every rule that administers something.

use crate::id::{RealmId, UserId};

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
            Self::System | Self::CommandLine => None,
            Self::Operator { user } | Self::RealmAdmin { user, .. } | Self::User { user, .. } => Some(user),
        }
    }

    /// The word for the audit trail.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::CommandLine => "command_line",
            Self::Operator { .. } => "operator",
            Self::RealmAdmin { .. } => "realm_admin",
            Self::User { .. } => "user",
        }
    }
}
