//! What an admin may decide about a connection: one JSON column, and the same words in a realm file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::connector_kind::ConnectorKind;
use crate::signing_algorithm::SigningAlgorithm;

/// What an admin may decide about a connection. Nothing in here is secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent word of the realm file")]
pub struct ConnectionSettings {
    /// The id under which Gantry is registered at the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// How Gantry proves itself to the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_auth: Option<UpstreamAuth>,
    /// The provider's issuer (OpenID Connect Discovery 1.0); kinds of one provider know theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Endpoints, where they are not discovered.
    #[serde(skip_serializing_if = "UpstreamEndpoints::is_empty")]
    pub endpoints: UpstreamEndpoints,
    /// The scopes asked for; the kind's own if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Further parameters of the authorization request, sent as they are. None that Gantry sets itself.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// Where in the provider's claims things are found, where it is not the usual place.
    #[serde(skip_serializing_if = "ClaimMapping::is_empty")]
    pub claims: ClaimMapping,
    /// How ID tokens may be signed; RS256 if none is named. Never a symmetric or absent signature.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signing_algorithms: Vec<SigningAlgorithm>,
    /// What concerns Microsoft Entra ID alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub microsoft: Option<MicrosoftSettings>,
    /// What concerns Google alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub google: Option<GoogleSettings>,
    /// What concerns Apple alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apple: Option<AppleSettings>,
    /// What happens when somebody comes for the first time with an address that an account here has.
    #[serde(skip_serializing_if = "is_default")]
    pub linking: LinkingPolicy,
    /// Whether a verified address counts as verified here, beside proved domains, which always do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_trust: Option<EmailTrust>,
    /// Whether strangers are turned away: only people who already have an account here come in.
    #[serde(skip_serializing_if = "is_default")]
    pub known_people_only: bool,
    /// Whether it can be linked to an account but never signs anybody in.
    #[serde(skip_serializing_if = "is_default")]
    pub link_only: bool,
    /// Whether the sign-in page shows no button for it. Hints, domains and tenants still lead there.
    #[serde(skip_serializing_if = "is_default")]
    pub hidden: bool,
    /// When names and pictures are taken over.
    #[serde(skip_serializing_if = "is_default")]
    pub profile: ProfileRefresh,
    /// Whether the provider's `amr` counts, and with it raises the level (`acr`) of a sign-in here. An `auth_time` from before
    /// the person was sent there counts in any case.
    #[serde(skip_serializing_if = "is_default")]
    pub trust_authentication: bool,
    /// Whether the provider's own tokens are kept, sealed, for apps that have the scope `upstream_tokens`.
    #[serde(skip_serializing_if = "is_default")]
    pub keep_tokens: bool,
    /// How often, in seconds, a kept refresh token is used to ask whether the account still stands; 300 to
    /// 2 592 000. Left out: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liveness_interval: Option<u32>,
    /// Whether signing out here goes on to sign out there (OpenID Connect RP-Initiated Logout 1.0).
    #[serde(skip_serializing_if = "is_default")]
    pub sign_out_upstream: bool,
    /// Who is told before a secret or certificate ends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
}

/// How Gantry proves itself to a provider (OpenID Connect Core §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpstreamAuth {
    /// The secret in the `Authorization` header.
    ClientSecretBasic,
    /// The secret in the body.
    ClientSecretPost,
    /// An assertion signed with the connection's own private key (RFC 7523).
    PrivateKeyJwt,
    /// Nothing but PKCE.
    None,
}

/// Where a provider is asked, for each place that its metadata does not name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the endpoint of the same name in OpenID Connect Discovery §3")]
pub struct UpstreamEndpoints {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_session: Option<String>,
    /// Where the provider lists a person's addresses, as GitHub does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emails: Option<String>,
    /// Where groups are read, as at Microsoft Graph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graph: Option<String>,
}

impl UpstreamEndpoints {
    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where in a provider's claims things are found: a claim's name, or names joined by `.` for what is nested.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is what it finds")]
pub struct ClaimMapping {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// A list of words or one word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<String>,
}

impl ClaimMapping {
    /// Whether everything is in its usual place.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What concerns Microsoft Entra ID alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MicrosoftSettings {
    /// Whose accounts may sign in: a directory's id (single tenant), `organizations`, `common` or `consumers`.
    #[schemars(with = "String")]
    pub audience: MicrosoftAudience,
    /// The directories (by id) that may sign in through `organizations` or `common`, beside those that
    /// attached tenants name. Neither: none may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub directories: Vec<String>,
    /// Whether guests of a directory may sign in.
    #[serde(skip_serializing_if = "is_default")]
    pub guests: bool,
    /// Whether Graph is asked for the groups that did not fit into the token.
    #[serde(skip_serializing_if = "is_default")]
    pub resolve_groups: bool,
}

/// Whose accounts an Entra app registration is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MicrosoftAudience {
    /// Work and school accounts of any directory.
    #[default]
    Organizations,
    /// Those, and personal accounts.
    Common,
    /// Personal accounts.
    Consumers,
    /// Those of one directory, by its id.
    #[serde(untagged)]
    Directory(String),
}

/// What concerns Google alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GoogleSettings {
    /// The Workspace domains (`hd`) whose people may sign in; everybody if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosted_domains: Vec<String>,
}

/// What concerns Apple alone. The private key is the connection's `private_key`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AppleSettings {
    /// The ten characters of the developer team.
    pub team_id: String,
    /// The ten characters of the key.
    pub key_id: String,
}

/// What happens when somebody comes for the first time with an address that an account here has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LinkingPolicy {
    /// They are shown how to prove that the account is theirs.
    #[default]
    Prove,
    /// Linked at once where the tenant that the connection is attached to has proved the address's domain; else as `prove`.
    TrustedDomain,
    /// Never linked on the way in; only from the account page.
    Never,
}

/// Whether an address that a provider calls verified counts as verified here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EmailTrust {
    /// The provider is believed. Never for a connection that a tenant owns.
    Provider,
    /// Only proved domains count; all others prove their mailbox here.
    ProvedDomains,
}

impl EmailTrust {
    /// What holds for a kind where nothing was decided. Believed are those who hand out the mailbox or have proved it before
    /// they say so (attack catalogue FED-10, FED-11).
    pub const fn default_of(kind: ConnectorKind) -> Self {
        match kind {
            ConnectorKind::Google | ConnectorKind::Apple | ConnectorKind::Github | ConnectorKind::Gitlab | ConnectorKind::Linkedin => {
                Self::Provider
            }
            ConnectorKind::Password
            | ConnectorKind::Oidc
            | ConnectorKind::Oauth2
            | ConnectorKind::Microsoft
            | ConnectorKind::Slack
            | ConnectorKind::Discord
            | ConnectorKind::Facebook => Self::ProvedDomains,
        }
    }
}

/// When names and pictures are taken over from the provider.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileRefresh {
    /// At the first sign-in, and later where nothing is filled in.
    #[default]
    Missing,
    /// At each sign-in; the person cannot change them for long.
    EachTime,
    /// Never.
    Never,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
