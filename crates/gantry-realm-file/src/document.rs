//! The realm file's words: one type for each thing that can stand in it.
//!
//! Owns the shape, the defaults and the descriptions of which the published JSON Schema is made.
//! Never knows whether a name that it refers to exists; see `wanted`.

use gantry_core::client::{ClientKind, ClientPolicy};
use gantry_core::client_auth_method::ClientAuthMethod;
use gantry_core::grant_type::GrantType;
use gantry_core::installation::InstallationStanding;
use gantry_core::realm::{
    AppKeyPolicy, AuthorizationPolicy, Branding, EndpointPolicy, PersonalTokenPolicy, SignInPolicy, TenantDemand, TokenFormat, TokenPolicy,
};
use gantry_core::scope::ScopeTier;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::tenant::{AppPolicy, SignInRule, TenantBranding, TenantRole};
use gantry_core::user::{Profile, RealmRole};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::secret_reference::SecretText;

mod federation;
mod mail;

pub use federation::{Attachment, Connection, Domain, ProofAsked};
pub use mail::MailText;

/// Everything that an admin can decide about one realm.
///
/// What the file names, it owns: a section or an entry that is there is set as it is written, with
/// the defaults for what it leaves out. A section that is left out is left alone. Entries that are
/// not in the file stay, unless it is applied with `--prune`. Passwords and client secrets that are
/// left out stay as they are.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Gantry realm file")]
pub struct Document {
    /// The realm itself.
    pub realm: Realm,
    /// APIs, each with its scopes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Vec<Resource>>,
    /// Scopes that belong to no API: about the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Scope>>,
    /// Ways to sign in. Each realm has `password` from its first moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<Vec<Connection>>,
    /// Developer teams that own clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publishers: Option<Vec<Publisher>>,
    /// People. They are never removed by a file; switch them off instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<User>>,
    /// Customer organizations. They are never removed by a file; suspend them instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenants: Option<Vec<Tenant>>,
    /// Apps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clients: Option<Vec<Client>>,
    /// What tenants decided about apps. They are never removed by a file; write `removed` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installations: Option<Vec<Installation>>,
    /// Mails in the realm's own words; the others say what Gantry has for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Vec<MailText>>,
}

/// The realm: one platform. Each part that is left out is left alone.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Realm {
    /// The name in URLs: lower-case letters, digits and hyphens. Never changes.
    pub slug: String,
    /// The name that people read. A new realm without one is called by its slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Hosts of its own, as `https://host[:port]`; the first is the start of all its URLs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<String>>,
    /// How pages and mails look and whom they name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branding: Option<Branding>,
    /// Where its OAuth endpoints are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoints: Option<EndpointPolicy>,
    /// Tokens and their lifetimes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<TokenPolicy>,
    /// Sign-in, sessions and sign-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignInPolicy>,
    /// What is demanded of authorization requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<AuthorizationPolicy>,
    /// Whether tokens need a tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenants: Option<TenantDemand>,
    /// How apps send their App Keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_keys: Option<AppKeyPolicy>,
    /// Tokens that people make for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_tokens: Option<PersonalTokenPolicy>,
}

/// An API, named on the wire by its audience (RFC 8707).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The `aud` of its tokens: an absolute URI without a fragment. Never changes.
    pub audience: String,
    /// The name that people read.
    pub name: String,
    /// Signed tokens that the API reads itself, or random ones that it introspects.
    #[serde(default)]
    pub token_format: TokenFormat,
    /// How its tokens are signed; the realm's way if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_algorithm: Option<SigningAlgorithm>,
    /// How many seconds its access tokens live, 60 to 86400; the realm's number if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_lifetime: Option<u32>,
    /// What can be allowed on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Scope>,
}

/// A permission that a client may ask for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The name on the wire. Never changes.
    pub name: String,
    /// A few words, for lists.
    pub title: String,
    /// What the consent page says: completes "This app will be able to …".
    pub description: String,
    /// Who may hand it out.
    #[serde(default)]
    pub tier: ScopeTier,
    /// The claims about the person that it releases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
    /// Whether machine clients may have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub machine: bool,
}

/// A developer team.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// The name by which clients refer to it. Never changes.
    pub slug: String,
    /// The name that people read.
    pub name: String,
    /// Its site, https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Whether the platform made sure who it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub verified: bool,
}

/// A person. Whoever writes the file vouches for the address.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The address with which the person signs in.
    pub email: String,
    /// The full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The password. Where it is given the file owns it: a person's own change is undone.
    #[serde(default, skip_serializing)]
    pub password: Option<SecretText>,
    /// The password as an argon2id hash in PHC form, instead of `password`.
    #[serde(default, skip_serializing)]
    pub password_hash: Option<SecretText>,
    /// What the person may administer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RealmRole>,
    /// Standard claims; the full name stands in `name`.
    #[serde(default, skip_serializing_if = "is_empty_profile")]
    pub profile: Profile,
    /// Whether the person can sign in.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
}

/// A customer organization.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Its public id in tokens. Never changes and is never used again.
    pub org_id: String,
    /// The name that people read.
    pub name: String,
    /// Which apps its people may use for it.
    #[serde(default = "all", skip_serializing_if = "is_all")]
    pub app_policy: AppPolicy,
    /// The greatest age in seconds of a sign-in that its tokens may rest on, 60 to 31536000; any if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_sign_in_age: Option<u32>,
    /// The least length of a password that its members choose, 8 to 64, where it is more than the realm's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_min_length: Option<u32>,
    /// Which sign-ins its tokens may rest on.
    #[serde(default = "any", skip_serializing_if = "is_any")]
    pub sign_in: SignInRule,
    /// How its own pages and mails look; what is left out is the realm's.
    #[serde(default, skip_serializing_if = "TenantBranding::is_empty")]
    pub branding: TenantBranding,
    /// Whether nothing for it works.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// Its domains: people with an address in one of them are its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domains: Option<Vec<Domain>>,
    /// The connections that are offered to its people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<Vec<Attachment>>,
    /// Who belongs to it, of those whom no connection made a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<Member>>,
}

/// A person's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The person's address.
    pub user: String,
    /// What the person is there.
    #[serde(default = "member")]
    pub role: TenantRole,
    /// Whether the person's password counts whatever `sign_in` says: for the day on which the company's own
    /// sign-in is down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub break_glass: bool,
}

/// What a tenant decided about an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Installation {
    /// The tenant's `org_id`.
    pub org_id: String,
    /// The app's `client_id`.
    pub client_id: String,
    /// What was decided.
    pub standing: InstallationStanding,
}

/// An app.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its name on the wire, which never changes. If left out one is made, and the entry is found again by `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The name on the consent page.
    pub name: String,
    /// What it is.
    #[serde(default = "confidential")]
    pub kind: ClientKind,
    /// A secret of at least 32 characters. A new client without one gets one that is shown once.
    #[serde(default, skip_serializing)]
    pub client_secret: Option<SecretText>,
    /// Two secrets at most, instead of `client_secret`: the ones that work, all others end.
    #[serde(default, skip_serializing)]
    pub client_secrets: Option<Vec<SecretText>>,
    /// What it does, for the consent page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The `slug` of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Its home page, https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Where answers may go: exact strings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<String>,
    /// Where the browser may go after sign-out: exact strings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
    /// What it may redeem. If left out: `client_credentials` for a machine, `authorization_code` and `refresh_token` for all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_types: Option<Vec<GrantType>>,
    /// What it may ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The audiences of the APIs it may have tokens for. Empty: those of its scopes, and the realm's default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The audience of tokens whose request names none; the realm's if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_resource: Option<String>,
    /// How it proves itself. If left out: by its secret, either way; public and native clients not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_method: Option<ClientAuthMethod>,
    /// Its public keys as a JWK set (RFC 7517), for `private_key_jwt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Map<String, Value>>,
    /// Where its public keys are, https; instead of `jwks`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// For the client of an API: the audience of the API whose tokens it may introspect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introspects: Option<String>,
    /// What it overrides of the realm's policy.
    #[serde(default, skip_serializing_if = "is_default_policy")]
    pub policy: ClientPolicy,
    /// Keys that its server sends instead of a token, for data that is nobody's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_keys: Option<Vec<AppKey>>,
    /// Whether anything of it works.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
}

/// An App Key: what an app's server sends for data that is nobody's own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppKey {
    /// What it is called; the entry is found again by it.
    pub name: String,
    /// The key: at least 32 characters without spaces. A new one without it is made and shown once.
    #[serde(default, skip_serializing)]
    pub key: Option<SecretText>,
    /// What it may do: scopes of the client with `machine`.
    pub scopes: Vec<String>,
    /// When it stops working, as `2027-01-31` or `2027-01-31T12:00:00Z`; never if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

impl Document {
    /// All scopes, each with the audience of its API.
    pub fn all_scopes(&self) -> impl Iterator<Item = (Option<&str>, &Scope)> {
        let of_resources = self
            .resources
            .iter()
            .flatten()
            .flat_map(|resource| resource.scopes.iter().map(|scope| (Some(resource.audience.as_str()), scope)));
        of_resources.chain(self.scopes.iter().flatten().map(|scope| (None, scope)))
    }
}

impl Client {
    /// What it may redeem, the default of its kind filled in.
    pub fn redeems(&self) -> Vec<GrantType> {
        let of_kind = || match self.kind {
            ClientKind::Machine => vec![GrantType::ClientCredentials],
            ClientKind::Confidential | ClientKind::Public | ClientKind::Native | ClientKind::Development => {
                vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
            }
        };
        self.grant_types.clone().unwrap_or_else(of_kind)
    }

    /// The secrets in the file, whichever way they are given; `None`: they stay as they are.
    pub fn given_secrets(&self) -> Option<Vec<&SecretText>> {
        match (&self.client_secret, &self.client_secrets) {
            (Some(one), _) => Some(vec![one]),
            (None, Some(list)) => Some(list.iter().collect()),
            (None, None) => None,
        }
    }
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this shape")]
const fn is_yes(value: &bool) -> bool {
    *value
}

const fn all() -> AppPolicy {
    AppPolicy::All
}

const fn any() -> SignInRule {
    SignInRule::Any
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_any(rule: &SignInRule) -> bool {
    *rule == SignInRule::Any
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this shape")]
const fn is_all(policy: &AppPolicy) -> bool {
    matches!(policy, AppPolicy::All)
}

const fn member() -> TenantRole {
    TenantRole::Member
}

const fn confidential() -> ClientKind {
    ClientKind::Confidential
}

fn is_empty_profile(profile: &Profile) -> bool {
    *profile == Profile::default()
}

fn is_default_policy(policy: &ClientPolicy) -> bool {
    *policy == ClientPolicy::default()
}
