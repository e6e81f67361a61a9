//! A scope: a permission that a client may ask for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{RealmId, ResourceId, ScopeId};

/// `openid` (OpenID Connect Core §3.1.2.1): asks for an ID token.
pub const OPENID: &str = "openid";
/// `offline_access` (OpenID Connect Core §11): asks for a refresh token.
pub const OFFLINE_ACCESS: &str = "offline_access";

/// A permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The key.
    pub id: ScopeId,
    /// Its realm.
    pub realm_id: RealmId,
    /// The API it is for; scopes about the person (`profile`) have none.
    pub resource_id: Option<ResourceId>,
    /// The name on the wire.
    pub name: String,
    /// A few words, for lists.
    pub title: String,
    /// What the consent page says, as a sentence that completes "This app will be able to …".
    pub description: String,
    /// Who may hand it out.
    pub tier: ScopeTier,
    /// The claims about the person that it releases.
    pub claims: Vec<String>,
    /// Whether a machine client may have it: not where it speaks of a person.
    pub machine: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Who may hand a scope out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScopeTier {
    /// Any client may have it.
    #[default]
    Open,
    /// The platform reviews the client first.
    Reviewed,
    /// A tenant's admin approves it.
    TenantAdmin,
}

/// A scope that every realm has from its first moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandardScope {
    /// The name on the wire.
    pub name: &'static str,
    /// A few words.
    pub title: &'static str,
    /// The consent page's sentence, in English; pages translate it by name.
    pub description: &'static str,
    /// The claims it releases (OpenID Connect Core §5.4).
    pub claims: &'static [&'static str],
}

/// The scopes of OpenID Connect, which need no registration.
pub const STANDARD_SCOPES: &[StandardScope] = &[
    StandardScope { name: OPENID, title: "Sign-in", description: "know who you are on this platform", claims: &[] },
    StandardScope {
        name: "profile",
        title: "Profile",
        description: "see your name and the other details of your profile",
        claims: &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    },
    StandardScope { name: "email", title: "E-mail address", description: "see your e-mail address", claims: &["email", "email_verified"] },
    StandardScope { name: "address", title: "Postal address", description: "see your postal address", claims: &["address"] },
    StandardScope {
        name: "phone",
        title: "Phone number",
        description: "see your phone number",
        claims: &["phone_number", "phone_number_verified"],
    },
    StandardScope {
        name: OFFLINE_ACCESS,
        title: "Access while you are away",
        description: "keep its access while you are not using it, until you remove it",
        claims: &[],
    },
];
