//! Typed identifiers: a prefix that names the kind and a version 7 UUID that sorts by age.
//!
//! Owns the text form and its parsing. Never a secret: a v7 UUID shows when it was made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The text was not an identifier of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid identifier with the prefix `{prefix}_`")]
pub struct InvalidId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// The prefix of the text form, without its underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new identifier, later in order than all earlier ones of this process.
            #[expect(clippy::new_without_default, reason = "a default identifier would be a different one each time")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The bare UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// The identifier of this kind that has the given UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let invalid = InvalidId { prefix: $prefix };
                let hex = text.strip_prefix(concat!($prefix, "_")).ok_or(invalid)?;
                // One spelling per identifier: `Uuid` alone would also take hyphens and capitals.
                if hex.len() != 32 || hex.bytes().any(|b| b.is_ascii_uppercase()) {
                    return Err(invalid);
                }
                Uuid::try_parse(hex).map(Self).or(Err(invalid))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

typed_ids! {
    /// A realm: one platform, with its own issuer, people, clients and keys.
    RealmId = "rlm";
    /// A tenant of a realm; on the wire it is known by its `org_id`, not by this.
    TenantId = "ten";
    /// A person of a realm; the `sub` of their tokens.
    UserId = "usr";
    /// A person's place in a tenant.
    MembershipId = "mem";
    /// A configured way to sign in.
    ConnectionId = "con";
    /// A link between a person and an account elsewhere.
    IdentityId = "idn";
    /// A conversation with a provider that has begun.
    AttemptId = "att";
    /// Somebody who came back from a provider and still has to prove something.
    PendingLinkId = "lnp";
    /// The trace of a sign-in.
    TraceId = "trc";
    /// One step of such a trace.
    HopId = "hop";
    /// A domain of a tenant.
    DomainId = "dom";
    /// An API that tokens are meant for.
    ResourceId = "res";
    /// A permission that a client may ask for.
    ScopeId = "scp";
    /// A developer team that owns clients.
    PublisherId = "pub";
    /// A registered application; its wire `client_id` is another thing.
    ClientId = "cli";
    /// One of a client's secrets.
    ClientSecretId = "sec";
    /// One of an app's keys.
    AppKeyId = "apk";
    /// One of a person's own tokens.
    PersonalTokenId = "pat";
    /// A signed-in browser.
    SessionId = "ses";
    /// What a person (or client) allowed a client; the parent of its tokens.
    GrantId = "gnt";
    /// A remembered decision of the consent page.
    ConsentId = "cns";
    /// One pass through the authorization endpoint.
    AuthorizationRequestId = "arq";
    /// A chain of rotated refresh tokens.
    RefreshFamilyId = "fam";
    /// A key that signs a realm's tokens.
    SigningKeyId = "key";
    /// A single-use link that was mailed or printed.
    ActionLinkId = "lnk";
    /// An invitation to a tenant or to a role.
    InvitationId = "inv";
    /// A program's account at the admin API.
    ServiceAccountId = "sva";
    /// One of such an account's keys.
    ServiceKeyId = "svk";
    /// A message waiting to leave.
    OutboxId = "out";
    /// A line of the audit trail.
    AuditId = "aud";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_has_one_spelling() {
        let id = UserId::new();
        assert_eq!(id.to_string().parse::<UserId>(), Ok(id));
        assert!(id.to_string().to_uppercase().parse::<UserId>().is_err());
        assert!(id.to_string().replace("usr_", "cli_").parse::<UserId>().is_err());
        assert!(format!("usr_{}", id.uuid()).parse::<UserId>().is_err());
    }
}
