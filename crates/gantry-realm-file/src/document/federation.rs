//! Ways to sign in, and what tenants have to do with them.

use gantry_core::connection::{ConnectionSettings, JoinRule, RoleRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::tenant::TenantRole;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::secret_reference::SecretText;

/// A way to sign in: the realm's passwords, or somebody else's server.
///
/// Its secrets stay as they are where they are left out, unless a change would send them elsewhere: then they are void.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
// `deny_unknown_fields` does not go with `flatten`; the schema refuses them before anything is read.
#[schemars(extend("additionalProperties" = false))]
pub struct Connection {
    /// The name in `connection` hints and in its callback address. Never changes.
    pub slug: String,
    /// The name that people read.
    pub name: String,
    /// What serves it. Never changes.
    pub kind: ConnectorKind,
    /// The `org_id` of the tenant that owns it and that alone it serves; the realm owns it if left out. Never changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether anybody can sign in with it. Switching it off ends what was signed in with it.
    #[serde(default = "super::yes", skip_serializing_if = "super::is_yes")]
    pub enabled: bool,
    /// The client secret that the provider gave out.
    #[serde(default, skip_serializing)]
    pub client_secret: Option<SecretText>,
    /// When that secret ends, as `2027-01-31` or `2027-01-31T12:00:00Z`; a certificate tells its end itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_expires_at: Option<String>,
    /// A private key as PEM (PKCS#8), for `private_key_jwt` and for Apple.
    #[serde(default, skip_serializing)]
    pub private_key: Option<SecretText>,
    /// The certificate of that key as PEM, where the provider knows the key by it.
    #[serde(default, skip_serializing)]
    pub certificate: Option<SecretText>,
    /// What is decided about it.
    #[serde(flatten)]
    pub settings: ConnectionSettings,
}

/// A domain of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// The domain, such as `acme.example`.
    pub domain: String,
    /// How it is proved.
    pub proof: ProofAsked,
}

/// How a domain is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofAsked {
    /// By a TXT record below it, which the server looks for; until then it counts for nothing.
    Dns,
    /// Whoever applies the file vouches for it: it counts at once.
    Vouched,
}

/// A connection's place at a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The connection's `slug`.
    pub connection: String,
    /// Who of those who sign in with it becomes a member.
    #[serde(default = "invited", skip_serializing_if = "is_invited")]
    pub join: JoinRule,
    /// The role of whoever joins and has none by a group.
    #[serde(default = "super::member", skip_serializing_if = "is_member")]
    pub default_role: TenantRole,
    /// Roles by the provider's groups; the highest that fits counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RoleRule>,
    /// The directories (Entra ID) or Workspace domains (Google) whose people belong to this tenant; any if left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directories: Vec<String>,
}

const fn invited() -> JoinRule {
    JoinRule::Invited
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_invited(rule: &JoinRule) -> bool {
    *rule == JoinRule::Invited
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_member(role: &TenantRole) -> bool {
    *role == TenantRole::Member
}
