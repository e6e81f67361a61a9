//! A conversation with a provider that has begun, and what waits for a proof after it.
//!
//! Both are single use and bound to the browser and the connection that they began with.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::external_identity::ExternalIdentity;
use crate::id::{AttemptId, AuthorizationRequestId, ConnectionId, PendingLinkId, RealmId, SessionId, TenantId, TraceId, UserId};
use crate::secret::{Digest, Secret};

/// How long, in seconds, a person may take at the provider.
pub const ATTEMPT_LIFETIME: u32 = 900;

/// How long, in seconds, a person may take to prove that an account is theirs.
pub const PENDING_LINK_LIFETIME: u32 = 1800;

/// A conversation that has begun: what the callback has to match. Consumed by the first that names its state.
#[derive(Debug, Clone)]
pub struct SignInAttempt {
    /// The key.
    pub id: AttemptId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The connection; a callback of another one never finds it.
    pub connection_id: ConnectionId,
    /// The digest of `state`.
    pub state: Digest,
    /// The digest of the browser's own cookie.
    pub browser: Digest,
    /// What the ID token must repeat.
    pub nonce: String,
    /// The PKCE verifier. Sealed at rest.
    pub verifier: Secret,
    /// What it is for.
    pub purpose: AttemptPurpose,
    /// The authorization request that waits, if one does.
    pub request: Option<AuthorizationRequestId>,
    /// The tenant that the person was sent there for, if for one.
    pub tenant: Option<TenantId>,
    /// "Keep me signed in".
    pub remember: bool,
    /// The greatest age of the sign-in there that is good enough, in seconds, if one was demanded.
    pub max_age: Option<u32>,
    /// Where its hops are written down.
    pub trace: TraceId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it is too late.
    pub expires_at: Timestamp,
}

/// What a conversation with a provider is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "purpose")]
pub enum AttemptPurpose {
    /// Signing in.
    SignIn,
    /// Linking to the account of somebody who is signed in.
    Link {
        /// Whose account.
        user: UserId,
        /// In which session; another one's callback links nothing (attack catalogue FED-12).
        session: SessionId,
    },
    /// Proving that the account of a [`PendingLink`] is one's own, by signing in with what it already has.
    Prove {
        /// What waits for it.
        link: PendingLinkId,
    },
    /// Trying a connection out, by an admin. Signs nobody in, links nothing and makes nobody.
    Trial {
        /// Who tries it out; of another realm where it is an operator.
        user: UserId,
        /// In which session; nobody else's callback tells anything.
        session: SessionId,
    },
}

/// Somebody who came back from a provider and still has to prove that an account or an address is theirs.
#[derive(Debug, Clone)]
pub struct PendingLink {
    /// The key.
    pub id: PendingLinkId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The digest of the browser's own cookie.
    pub browser: Digest,
    /// The connection that the person came through.
    pub connection_id: ConnectionId,
    /// What the provider asserted. Sealed at rest.
    pub identity: ExternalIdentity,
    /// The account that the address belongs to; none: there is no such account, and the address is to be proved.
    pub user_id: Option<UserId>,
    /// The authorization request that waits, if one does.
    pub request: Option<AuthorizationRequestId>,
    /// The tenant that the person was sent there for, if for one.
    pub tenant: Option<TenantId>,
    /// "Keep me signed in".
    pub remember: bool,
    /// Where its hops are written down.
    pub trace: TraceId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it is too late.
    pub expires_at: Timestamp,
}
