//! A person as somebody else's server knows them: what it asserts now, and what we keep of it.
//!
//! The key is connection + issuer + subject, never an address (attack catalogue §0.5). Whether an assertion
//! may be believed is judged by the connector before one of these exists.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::Timestamp;
use crate::id::{ConnectionId, IdentityId, RealmId, UserId};
use crate::secret::Secret;
use crate::session::AuthMethod;
use crate::user::Profile;

/// What a provider asserted about somebody who has just signed in there; every check of it has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalIdentity {
    /// The provider's issuer, or the address that stands for one.
    pub issuer: String,
    /// The provider's own name for the person: stable, never reused.
    pub subject: String,
    /// The address, if one came.
    pub email: Option<AssertedEmail>,
    /// Names and the like.
    pub profile: Profile,
    /// Groups, if any were asked for.
    pub groups: Groups,
    /// The customer's directory there: Entra's `tid`, Google's `hd`.
    pub directory: Option<String>,
    /// A guest in that directory: belongs to somebody else.
    pub guest: bool,
    /// When the person proved themself there, if it said so.
    pub authenticated_at: Option<Timestamp>,
    /// How, by RFC 8176; unknown words are left out.
    pub methods: Vec<AuthMethod>,
    /// How well, in the provider's own words.
    pub acr: Option<String>,
    /// The provider's id of the session there, for its logout.
    pub session: Option<String>,
    /// The claims it was read from, for the trace and for mappings.
    pub claims: Map<String, Value>,
}

/// An address that a provider gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssertedEmail {
    /// As it was given; whether it is one that Gantry accepts is still to be seen.
    pub address: String,
    /// Whether the provider vouches for it, by the rules of its kind.
    pub verified: bool,
    /// Why it counts as it does: a short word for the trace, such as `xms_edov`.
    pub because: String,
}

/// The groups that came with an assertion. Nothing known is not the same as none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "groups")]
pub enum Groups {
    /// The provider does not speak of groups.
    #[default]
    NotSent,
    /// All of them.
    Known(Vec<String>),
    /// There are more than the provider sends, and it could not be asked: the last known ones count.
    Unavailable,
}

/// The tokens that a provider gave with an assertion.
#[derive(Debug, Clone, Default)]
pub struct UpstreamTokens {
    /// For the provider's own API.
    pub access_token: Option<Secret>,
    /// For new ones.
    pub refresh_token: Option<Secret>,
    /// The ID token, needed to sign out there.
    pub id_token: Option<Secret>,
    /// When the access token ends.
    pub expires_at: Option<Timestamp>,
    /// What the access token is good for, as the provider spells it.
    pub scope: Option<String>,
}

/// A link between a person here and one there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserIdentity {
    /// The key.
    pub id: IdentityId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The connection that the person came through.
    pub connection_id: ConnectionId,
    /// The issuer there.
    pub issuer: String,
    /// The subject there.
    pub subject: String,
    /// The person here.
    pub user_id: UserId,
    /// The address it last asserted, for people to read.
    pub email: Option<String>,
    /// The directory there.
    pub directory: Option<String>,
    /// The last known groups.
    pub groups: Vec<String>,
    /// Since when those are not certain any more; none: they came with the last sign-in.
    pub groups_stale_since: Option<Timestamp>,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When it was last signed in with.
    pub last_used_at: Timestamp,
}
