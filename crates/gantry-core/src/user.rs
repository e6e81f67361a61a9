//! A person of a realm.

use crate::clock::Timestamp;
use crate::email_address::EmailAddress;
use crate::id::{RealmId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person. The password's hash is a record of its own, see [`PasswordCredential`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The key, and the `sub` of tokens.
    pub id: UserId,
    /// The realm the person belongs to.
    pub realm_id: RealmId,
    /// The address; unique in the realm once verified.
    pub email: EmailAddress,
    /// When the person proved the address, if so. An unverified one never finds an account.
    pub email_verified_at: Option<Timestamp>,
    /// Standard claims that the person or an admin filled in.
    pub profile: Profile,
    /// What the person may administer.
    pub roles: Vec<RealmRole>,
    /// Switched off by an admin: signs in nowhere, and nothing of theirs works.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When any of the above changed; `updated_at` of userinfo.
    pub updated_at: Timestamp,
}

impl User {
    /// The name that pages show: the full name, else the address.
    pub fn display_name(&self) -> &str {
        self.profile.name.as_deref().unwrap_or(self.email.as_str())
    }
}

crate::closed_set::closed_set! {
    /// A role in a realm.
    RealmRole {
        /// Runs the deployment; only in the realm `system`.
        Operator = "operator",
        /// Administers the realm.
        RealmAdmin = "realm_admin",
    }
}

/// The standard claims of OpenID Connect Core §5.1 that Gantry keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the standard claim of the same name")]
pub struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
}

/// The `address` claim of OpenID Connect Core §5.1.1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the standard member of the same name")]
pub struct PostalAddress {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A person's password, as its argon2id hash in PHC form.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordCredential {
    /// Whose.
    pub user_id: UserId,
    /// `$argon2id$…`.
    pub hash: String,
    /// When it was last set.
    pub changed_at: Timestamp,
}

impl std::fmt::Debug for PasswordCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordCredential").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}
