//! The proof that a grant type succeeded: the only input of issue.

use gantry_core::clock::Timestamp;
use gantry_core::grant::Grant;
use gantry_core::grant_type::GrantType;
use gantry_core::id::TraceId;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Secret;
use gantry_core::user::User;

use crate::tenancy::ForTenant;

/// Somebody whose grant stands. Only [`super::may_issue`] makes one.
#[derive(Debug, Clone)]
pub struct Holder {
    /// What they allowed.
    pub grant: Grant,
    /// Who.
    pub user: User,
}

/// Whom the tokens are about.
#[derive(Debug)]
pub(super) enum Subject {
    /// A person.
    Person(Box<Holder>),
    /// The client itself.
    Machine,
}

/// Which refresh token goes out.
#[derive(Debug)]
pub(super) enum Refresh {
    /// The first one of a family, if policy says so.
    ByPolicy,
    /// This one.
    Token(LiveRefreshToken),
    /// None.
    Nothing,
}

/// A refresh token as it goes out.
#[derive(Debug)]
pub(super) struct LiveRefreshToken {
    pub(super) token: Secret,
    /// When it dies if it is not used.
    pub(super) expires_at: Timestamp,
}

/// What may be issued. Scopes and audiences are already within the grant, or within what the
/// machine is registered for.
#[derive(Debug)]
pub(super) struct Entitlement {
    pub(super) grant_type: GrantType,
    pub(super) subject: Subject,
    /// The tenant that the tokens are for.
    pub(super) tenant: Option<ForTenant>,
    pub(super) scopes: ScopeSet,
    pub(super) audiences: Vec<String>,
    pub(super) refresh: Refresh,
    /// The trace of the sign-in with a provider that led to it, if one did.
    pub(super) trace: Option<TraceId>,
}
