//! A client: an app registered in a realm.
//!
//! Owns the record and what follows from its kind. Never authenticates it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::client_auth_method::ClientAuthMethod;
use crate::clock::Timestamp;
use crate::grant_type::GrantType;
use crate::id::{ClientId, ClientSecretId, PublisherId, RealmId, ResourceId};
use crate::realm::{RefreshIssuance, RefreshRotation};
use crate::scope_set::ScopeSet;
use crate::secret::Digest;

crate::closed_set::closed_set! {
    /// What an app is, which decides whether it can keep a secret.
    ClientKind {
        /// Runs on a server and keeps a secret.
        Confidential = "confidential",
        /// Runs in a browser and keeps none.
        Public = "public",
        /// Runs on a device; its loopback port is free (RFC 8252).
        Native = "native",
        /// Acts for itself alone.
        Machine = "machine",
        /// A developer's own, with `http://localhost` redirects; may keep a secret.
        Development = "development",
    }
}

impl ClientKind {
    /// Whether it cannot keep a secret, and so must send PKCE and may not act for itself.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Public | Self::Native)
    }
}

/// An app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The key.
    pub id: ClientId,
    /// Its realm.
    pub realm_id: RealmId,
    /// Its name on the wire, unique in the realm.
    pub client_id: String,
    /// What it is.
    pub kind: ClientKind,
    /// The name on the consent page.
    pub name: String,
    /// What it does, for the consent page.
    pub description: String,
    /// The team that owns it.
    pub publisher_id: Option<PublisherId>,
    /// Its home page, https.
    pub website: Option<String>,
    /// Where answers may go: exact strings.
    pub redirect_uris: Vec<String>,
    /// Where the browser may go after sign-out: exact strings.
    pub post_logout_redirect_uris: Vec<String>,
    /// What it may redeem.
    pub grant_types: Vec<GrantType>,
    /// What it may ask for.
    pub scopes: ScopeSet,
    /// The APIs it may have tokens for. Empty: those of its scopes, and the realm's default.
    pub resources: Vec<ResourceId>,
    /// The resource that tokens are for when the request names none; the realm's default if unset.
    pub default_resource: Option<ResourceId>,
    /// How it proves itself. `None`: either secret method, since client libraries differ in it.
    pub auth_method: Option<ClientAuthMethod>,
    /// Its public keys, for `private_key_jwt`: a JWK set as JSON.
    pub jwks: Option<String>,
    /// Where its public keys are, https; used when `jwks` is unset.
    pub jwks_uri: Option<String>,
    /// If it is the client of an API: which one. It may introspect that API's tokens.
    pub introspects: Option<ResourceId>,
    /// What it overrides of the realm's token policy.
    pub policy: ClientPolicy,
    /// Part of Gantry itself; nobody edits it.
    pub built_in: bool,
    /// Counts the changes that a person who consented should be asked about again.
    pub consent_version: i64,
    /// Counts all changes, for optimistic concurrency.
    pub version: i64,
    /// Tokens without a grant that were issued before this are dead.
    pub not_before: Option<Timestamp>,
    /// Switched off: nothing of it works.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Client {
    /// Whether it works at all.
    pub const fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Whether it may redeem this grant type.
    pub fn allows(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }
}

/// What a client overrides of its realm's policy; unset fields follow the realm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the realm file")]
pub struct ClientPolicy {
    /// Seconds that its access tokens live: 60 to 86 400.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_lifetime: Option<u32>,
    /// When it gets refresh tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_issuance: Option<RefreshIssuance>,
    /// Seconds after which an unused refresh token of it is dead: 60 to 31 536 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_idle_lifetime: Option<u32>,
    /// Seconds after which its refresh families are dead, however active: 60 to 315 360 000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_absolute_lifetime: Option<u32>,
    /// Whether its refresh tokens rotate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_rotation: Option<RefreshRotation>,
    /// It must send PKCE even if confidential.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_pkce: bool,
    /// It must push its authorization requests (RFC 9126).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_pushed_requests: bool,
    /// It must send `state`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_state: bool,
    /// It needs no consent page: the platform's own apps.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub first_party: bool,
}

/// One of a client's secrets; at most two live ones, so that they can be rotated without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSecret {
    /// The key.
    pub id: ClientSecretId,
    /// Whose.
    pub client_id: ClientId,
    /// What is kept of it.
    pub digest: Digest,
    /// How people tell it apart.
    pub last_four: String,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working, if it was rotated.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The most live secrets of a client.
pub const MAX_CLIENT_SECRETS: usize = 2;

/// The fewest characters of a secret that people bring.
pub const MIN_BROUGHT_SECRET: usize = 32;
