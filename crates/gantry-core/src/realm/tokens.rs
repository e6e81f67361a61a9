//! What a realm decides about tokens: when they are issued, how long they live, how answers look.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::signing_algorithm::SigningAlgorithm;

/// When a refresh token is issued.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefreshIssuance {
    /// With every code exchange; the grant outlives sign-out and the consent page says so.
    Always,
    /// Where `offline_access` was asked for and consented to (OpenID Connect Core §11).
    #[default]
    OfflineAccess,
    /// Never.
    Never,
}

/// Whose refresh tokens rotate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RefreshRotation {
    /// Every client's.
    #[default]
    All,
    /// Public clients' only.
    Public,
}

/// The `typ` header of JWT access tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AccessTokenType {
    /// RFC 9068 §2.1.
    #[default]
    #[serde(rename = "at+jwt")]
    AtJwt,
    /// What older verifiers expect.
    #[serde(rename = "JWT")]
    Jwt,
}

/// Whether an access token can be read or only looked up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenFormat {
    /// A signed JWT (RFC 9068).
    #[default]
    Jwt,
    /// Random text, to be introspected.
    Opaque,
}

/// How `token_type` is written: the same word to RFC 6749 §5.1, but not to every client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TokenTypeCase {
    /// As RFC 6750 §4 has it.
    #[default]
    Bearer,
    /// In lower case.
    #[serde(rename = "bearer")]
    LowerCase,
}

impl TokenTypeCase {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::LowerCase => "bearer",
        }
    }
}

/// The form of the token endpoint's answers, for clients that were written for another server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TokenResponse {
    /// How `token_type` is written.
    pub token_type: TokenTypeCase,
    /// Whether `refresh_expires_in` says when an unused refresh token dies, 0 where there is none.
    pub refresh_expires_in: bool,
    /// Whether `not-before-policy` says from when on tokens count, 0 if all do.
    pub not_before_policy: bool,
}

/// How the token endpoint calls a code that does not hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvalidCodeError {
    /// As RFC 6749 §5.2 has it.
    #[default]
    InvalidGrant,
    /// As some guides have it.
    InvalidRequest,
}

/// Tokens and their lifetimes, in seconds. A client may have its own; see [`crate::client`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TokenPolicy {
    /// How tokens are signed unless the resource says otherwise.
    pub signing_algorithm: SigningAlgorithm,
    /// The `typ` of JWT access tokens.
    pub access_token_type: AccessTokenType,
    /// Access tokens live this long: 60 to 86 400.
    pub access_lifetime: u32,
    /// ID tokens live this long: 60 to 86 400.
    pub id_token_lifetime: u32,
    /// Codes live this long: 10 to 600.
    pub code_lifetime: u32,
    /// When refresh tokens are issued.
    pub refresh_issuance: RefreshIssuance,
    /// Whose rotate.
    pub refresh_rotation: RefreshRotation,
    /// A rotated token still answers with its successor for this long: 0 to 60.
    pub refresh_retry_window: u32,
    /// A refresh token unused for this long is dead.
    pub refresh_idle_lifetime: u32,
    /// A family older than this is dead, however active.
    pub refresh_absolute_lifetime: u32,
    /// A key just retired stays published for this long: at least the longest token life.
    pub key_overlap: u32,
    /// The form of the token endpoint's answers.
    pub response: TokenResponse,
    /// How the token endpoint calls a code that is wrong, expired or used up.
    pub invalid_code_error: InvalidCodeError,
}

impl Default for TokenPolicy {
    fn default() -> Self {
        Self {
            signing_algorithm: SigningAlgorithm::Rs256,
            access_token_type: AccessTokenType::default(),
            access_lifetime: 300,
            id_token_lifetime: 300,
            code_lifetime: 60,
            refresh_issuance: RefreshIssuance::default(),
            refresh_rotation: RefreshRotation::default(),
            refresh_retry_window: 5,
            refresh_idle_lifetime: 30 * 86_400,
            refresh_absolute_lifetime: 180 * 86_400,
            key_overlap: 86_400,
            response: TokenResponse::default(),
            invalid_code_error: InvalidCodeError::default(),
        }
    }
}
