//! Where a realm's OAuth endpoints are: which family of addresses, and what stands before it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The family of addresses that a realm's OAuth endpoints have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PathProfile {
    /// `/oauth/authorize`, `/oauth/token` and so on, below the realm's base, which is the issuer.
    #[default]
    Oauth,
    /// `/protocol/openid-connect/auth`, `/protocol/openid-connect/token` and so on, below
    /// `/realms/{realm}`, which is the issuer. The first family answers as well.
    Keycloak,
}

/// What stands before `/realms/{realm}` in the issuer of the profile `keycloak`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PathPrefix {
    /// Nothing.
    #[default]
    #[serde(rename = "")]
    None,
    /// What servers of that kind had up to their version 16.
    #[serde(rename = "/auth")]
    Auth,
}

impl PathPrefix {
    /// The path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Auth => "/auth",
        }
    }
}

/// Where a realm's OAuth endpoints are, and with them what its issuer is. Changing it ends every token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EndpointPolicy {
    /// Which family of addresses the metadata names.
    pub profile: PathProfile,
    /// What stands before them; for `keycloak` alone.
    pub prefix: PathPrefix,
}
