//! A realm: the isolation boundary, and everything a platform may decide about itself.
//!
//! Owns the record and its policies with their defaults and ranges. Never decides a request.

mod endpoints;
mod tokens;

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app_key::is_key_header;
use crate::clock::Timestamp;
use crate::id::RealmId;
use crate::scope_set::ScopeSet;

pub use endpoints::{EndpointPolicy, PathPrefix, PathProfile};
pub use tokens::{
    AccessTokenType, InvalidCodeError, RefreshIssuance, RefreshRotation, TokenFormat, TokenPolicy, TokenResponse, TokenTypeCase,
};

/// The slug of the realm that an install with one platform lives in; its base is the public URL.
pub const DEFAULT_REALM: &str = "default";
/// The slug of the reserved realm that holds the operators.
pub const SYSTEM_REALM: &str = "system";

/// One platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Realm {
    /// The key.
    pub id: RealmId,
    /// The name in URLs: lower-case letters, digits and hyphens. Never reused.
    pub slug: String,
    /// The name that people read.
    pub name: String,
    /// Hosts (with port, where it is not the scheme's own) that serve this realm at their root,
    /// as `scheme://host[:port]`. The first is the realm's base.
    pub hosts: Vec<String>,
    /// What the platform decided.
    pub settings: RealmSettings,
    /// Counts the changes, for optimistic concurrency.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whatever was issued before this is dead: tokens, grants, refresh families, codes.
    pub not_before: Option<Timestamp>,
    /// When it was switched off, if it was.
    pub disabled_at: Option<Timestamp>,
}

impl Realm {
    /// Whether what was issued then still stands, as far as the realm has a say.
    pub fn stands_since(&self, issued_at: Timestamp) -> bool {
        self.not_before.is_none_or(|epoch| issued_at >= epoch)
    }

    /// The same for whoever knows a token's `iat` alone: whole seconds, 0 if nothing was revoked.
    /// Rounded up, so that no token of the epoch's own second outlives it.
    pub fn not_before_seconds(&self) -> i64 {
        self.not_before.map_or(0, |epoch| epoch.plus(Duration::from_millis(999)).seconds())
    }
}

/// What a platform decides about itself: one JSON column, one section of the realm file each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RealmSettings {
    /// How pages and mails look and whom they name.
    pub branding: Branding,
    /// Where its OAuth endpoints are.
    pub endpoints: EndpointPolicy,
    /// Tokens and their lifetimes.
    pub tokens: TokenPolicy,
    /// Sign-in, sessions and sign-up.
    pub sign_in: SignInPolicy,
    /// What is demanded of authorization requests.
    pub authorization: AuthorizationPolicy,
    /// Whether tokens need a tenant.
    pub tenants: TenantDemand,
    /// How apps send their App Keys.
    pub app_keys: AppKeyPolicy,
    /// Tokens that people make for themselves.
    pub personal_tokens: PersonalTokenPolicy,
}

/// Branding is data: text, a colour, a logo of our own origin. Never HTML or CSS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Branding {
    /// The accent colour as `#rrggbb`; contrast is checked when it is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// A sentence shown on the sign-in page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub welcome: Option<String>,
    /// Where people find help: an e-mail address or an https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_contact: Option<String>,
    /// The languages offered, as BCP 47 tags, the default first. Empty: all that exist.
    pub locales: Vec<String>,
}

/// How apps send their App Keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AppKeyPolicy {
    /// The header that carries them, such as `X-API-Key`. Left out: the forward-auth endpoint takes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
}

/// Tokens that people make for themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PersonalTokenPolicy {
    /// Whether people may make them; switched off, none works.
    pub enabled: bool,
    /// What they may do at most.
    pub scopes: ScopeSet,
}

/// Who must send a PKCE challenge. Where one is sent it binds, whoever sent it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PkceDemand {
    /// Public clients only: the default, since confidential clients of older guides send none.
    #[default]
    Public,
    /// Every client.
    All,
}

/// Whether a realm's tokens carry an `org_id`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TenantDemand {
    /// Every user token is for a tenant.
    Required,
    /// A token may be for a tenant.
    Optional,
    /// Tenants play no part.
    #[default]
    None,
}

/// What is demanded of authorization requests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuthorizationPolicy {
    /// Who must send a PKCE challenge.
    pub pkce: PkceDemand,
    /// Whether every app must push its requests (RFC 9126), rather than send them with the browser.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_pushed_requests: bool,
    /// The audience of tokens whose request names no resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_resource: Option<String>,
    /// The locale of pages when neither request nor browser names one that is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_locale: Option<String>,
}

/// Sign-in, sessions and sign-up. Lifetimes in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SignInPolicy {
    /// Whether strangers may make an account.
    pub sign_up: bool,
    /// Whether the password connection is offered.
    pub password: bool,
    /// A session unused for this long ends.
    pub session_idle_lifetime: u32,
    /// A session ends after this long, used or not.
    pub session_absolute_lifetime: u32,
    /// Both limits of a session whose person asked to be remembered.
    pub remembered_lifetime: u32,
    /// Whether "keep me signed in" is offered.
    pub remember: bool,
    /// The fewest characters of a new password: 8 to 64.
    pub password_min_length: u32,
}

impl Default for SignInPolicy {
    fn default() -> Self {
        Self {
            sign_up: false,
            password: true,
            session_idle_lifetime: 8 * 3600,
            session_absolute_lifetime: 24 * 3600,
            remembered_lifetime: 30 * 86_400,
            remember: true,
            password_min_length: 8,
        }
    }
}

/// A number of seconds as a duration.
pub fn seconds(count: u32) -> Duration {
    Duration::from_secs(u64::from(count))
}

/// A setting outside its range, named as in the realm file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{setting}` must be {expected}")]
pub struct InvalidSetting {
    /// The dotted name.
    pub setting: &'static str,
    /// What is allowed.
    pub expected: &'static str,
}

impl RealmSettings {
    /// Checks every setting against its range; all violations are returned.
    pub fn check(&self) -> Vec<InvalidSetting> {
        let tokens = &self.tokens;
        let sign_in = &self.sign_in;
        let endpoints = self.endpoints;
        let within = |value: u32, low: u32, high: u32| (low..=high).contains(&value);
        let table = [
            (
                endpoints.profile == PathProfile::Keycloak || endpoints.prefix == PathPrefix::None,
                "endpoints.prefix",
                "empty unless `endpoints.profile` is `keycloak`",
            ),
            (within(tokens.access_lifetime, 60, 86_400), "tokens.access_lifetime", "60 to 86400 seconds"),
            (within(tokens.id_token_lifetime, 60, 86_400), "tokens.id_token_lifetime", "60 to 86400 seconds"),
            (within(tokens.code_lifetime, 10, 600), "tokens.code_lifetime", "10 to 600 seconds"),
            (within(tokens.refresh_retry_window, 0, 60), "tokens.refresh_retry_window", "0 to 60 seconds"),
            (within(tokens.refresh_idle_lifetime, 60, 31_536_000), "tokens.refresh_idle_lifetime", "60 to 31536000 seconds"),
            (
                within(tokens.refresh_absolute_lifetime, tokens.refresh_idle_lifetime, 315_360_000),
                "tokens.refresh_absolute_lifetime",
                "at least `tokens.refresh_idle_lifetime` and at most 315360000 seconds",
            ),
            (
                within(tokens.key_overlap, tokens.access_lifetime.max(tokens.id_token_lifetime), 31_536_000),
                "tokens.key_overlap",
                "at least the longest token lifetime and at most 31536000 seconds",
            ),
            (within(sign_in.session_idle_lifetime, 60, 31_536_000), "sign_in.session_idle_lifetime", "60 to 31536000 seconds"),
            (within(sign_in.session_absolute_lifetime, 60, 31_536_000), "sign_in.session_absolute_lifetime", "60 to 31536000 seconds"),
            (within(sign_in.remembered_lifetime, 60, 31_536_000), "sign_in.remembered_lifetime", "60 to 31536000 seconds"),
            (within(sign_in.password_min_length, 8, 64), "sign_in.password_min_length", "8 to 64 characters"),
            (self.branding.accent.as_deref().is_none_or(is_colour), "branding.accent", "a colour such as `#1d4ed8`"),
            (
                self.app_keys.header.as_deref().is_none_or(is_key_header),
                "app_keys.header",
                "the name of a header of its own such as `X-API-Key`",
            ),
        ];
        table.into_iter().filter(|(holds, ..)| !holds).map(|(_, setting, expected)| InvalidSetting { setting, expected }).collect()
    }
}

/// Whether a text is a colour such as `#1d4ed8`.
pub fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether a text may name a realm in URLs.
pub fn is_slug(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(change: impl FnOnce(&mut RealmSettings)) -> Vec<&'static str> {
        let mut settings = RealmSettings::default();
        change(&mut settings);
        settings.check().into_iter().map(|invalid| invalid.setting).collect()
    }

    #[test]
    fn a_prefix_is_for_the_second_profile_alone() {
        assert_eq!(problems(|settings| settings.endpoints.prefix = PathPrefix::Auth), ["endpoints.prefix"]);
        assert_eq!(
            problems(|settings| settings.endpoints = EndpointPolicy { profile: PathProfile::Keycloak, prefix: PathPrefix::Auth }),
            [""; 0]
        );
    }

    #[test]
    fn a_code_lives_ten_minutes_at_most() {
        assert_eq!(problems(|settings| settings.tokens.code_lifetime = 600), [""; 0]);
        assert_eq!(problems(|settings| settings.tokens.code_lifetime = 601), ["tokens.code_lifetime"]);
    }
}
