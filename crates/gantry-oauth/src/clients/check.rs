//! What a client's record must fulfil, whoever writes it: an admin, a developer, a realm file.
//!
//! Owns the stored form of a record and every reason to refuse one. A changed record is checked as
//! a whole, so that nothing slips in by changing one field at a time (attack catalogue DCR-05).

use gantry_core::client::{Client, ClientKind, ClientPolicy};
use gantry_core::client_auth_method::ClientAuthMethod;
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::grant_type::GrantType;
use gantry_core::id::{PublisherId, ResourceId};
use gantry_core::redirect_uri::{self, UnregistrableUri};
use gantry_core::scope_set::ScopeSet;
use url::{Host, Url};

use super::jwks;
use crate::catalogue::Catalogue;
use crate::violation::Violation;
use crate::website;

/// The most redirect URIs of a client, of each sort.
const MAX_URIS: usize = 50;

/// What somebody decides about a client: its record without keys, counters and instants.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the one of the same name of `gantry_core::client::Client`")]
pub struct ClientSettings {
    pub kind: ClientKind,
    pub name: String,
    pub description: String,
    pub publisher_id: Option<PublisherId>,
    pub website: Option<String>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    pub grant_types: Vec<GrantType>,
    pub scopes: ScopeSet,
    pub resources: Vec<ResourceId>,
    pub default_resource: Option<ResourceId>,
    pub auth_method: Option<ClientAuthMethod>,
    pub jwks: Option<String>,
    pub jwks_uri: Option<String>,
    pub introspects: Option<ResourceId>,
    pub policy: ClientPolicy,
}

impl ClientSettings {
    /// The settings of a stored client.
    pub fn of(client: &Client) -> Self {
        Self {
            kind: client.kind,
            name: client.name.clone(),
            description: client.description.clone(),
            publisher_id: client.publisher_id,
            website: client.website.clone(),
            redirect_uris: client.redirect_uris.clone(),
            post_logout_redirect_uris: client.post_logout_redirect_uris.clone(),
            grant_types: client.grant_types.clone(),
            scopes: client.scopes.clone(),
            resources: client.resources.clone(),
            default_resource: client.default_resource,
            auth_method: client.auth_method,
            jwks: client.jwks.clone(),
            jwks_uri: client.jwks_uri.clone(),
            introspects: client.introspects,
            policy: client.policy.clone(),
        }
    }

    /// Whether the client proves itself by a secret.
    pub const fn uses_secrets(&self) -> bool {
        let by_secret = matches!(self.auth_method, None | Some(ClientAuthMethod::ClientSecretBasic | ClientAuthMethod::ClientSecretPost));
        by_secret && !self.kind.is_public()
    }
}

/// The stored form of the settings, or everything that is wrong with them.
pub fn normalise(mut settings: ClientSettings, catalogue: &Catalogue) -> Result<ClientSettings, Vec<Violation>> {
    let mut wrong = Vec::new();
    if settings.kind.is_public() && settings.auth_method.is_none() {
        settings.auth_method = Some(ClientAuthMethod::None);
    }
    settings.grant_types.sort_unstable();
    settings.grant_types.dedup();
    check_words(&mut settings, &mut wrong);
    check_addresses(&settings, &mut wrong);
    check_grant_types(&settings, &mut wrong);
    check_authentication(&mut settings, &mut wrong);
    check_references(&settings, catalogue, &mut wrong);
    check_policy(&settings, &mut wrong);
    if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
}

/// Why a redirect URI, or one for after a sign-out, cannot be registered for a client of this kind: the
/// one rule of every form, file and program, and of the hint that is given while one is typed (attack
/// catalogue RED-05).
pub fn check_redirect_uri(uri: &str, kind: ClientKind) -> Result<(), UnregistrableUri> {
    redirect_uri::check_registrable(uri, kind)
}

/// What is wrong with a `client_id` that somebody brings.
pub fn check_client_id(text: &str) -> Result<(), &'static str> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/@".contains(&b);
    if !(1..=128).contains(&text.len()) || !text.bytes().all(allowed) {
        return Err("must be 1 to 128 letters, digits or `-._~:/@`");
    }
    if text == crate::console_client::CLIENT_ID {
        return Err("is the console's own");
    }
    // The `sub` of a machine's tokens is its `client_id`, which must never be taken for a person's
    // (RFC 9700 §4.15, attack catalogue CLI-15).
    if text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("usr_")) {
        return Err("must not look like a user's id: `usr_…` is reserved");
    }
    Ok(())
}

fn check_policy(settings: &ClientSettings, wrong: &mut Vec<Violation>) {
    let policy = &settings.policy;
    let lifetimes = [
        (policy.access_lifetime, 86_400, "`access_lifetime` must be 60 to 86400 seconds"),
        (policy.refresh_idle_lifetime, 31_536_000, "`refresh_idle_lifetime` must be 60 to 31536000 seconds"),
        (policy.refresh_absolute_lifetime, 315_360_000, "`refresh_absolute_lifetime` must be 60 to 315360000 seconds"),
    ];
    for (lifetime, longest, problem) in lifetimes {
        if lifetime.is_some_and(|seconds| !(60..=longest).contains(&seconds)) {
            wrong.push(Violation::new("policy", problem));
        }
    }
    if policy.first_party && settings.publisher_id.is_some() {
        wrong.push(Violation::new("policy", "`first_party` is for the platform's own apps, so it cannot go with a publisher"));
    }
}

fn check_words(settings: &mut ClientSettings, wrong: &mut Vec<Violation>) {
    match display_name::parse(&settings.name) {
        Ok(name) => settings.name = name,
        Err(invalid) => wrong.push(Violation::new("name", invalid.to_string())),
    }
    match display_name::parse_sentence(&settings.description) {
        Ok(sentence) => settings.description = sentence,
        Err(invalid) => wrong.push(Violation::new("description", invalid.to_string())),
    }
}

fn check_addresses(settings: &ClientSettings, wrong: &mut Vec<Violation>) {
    if let Some(problem) = settings.website.as_deref().and_then(|website| website::check(website).err()) {
        wrong.push(Violation::new("website", problem));
    }
    for (field, uris) in [("redirect_uris", &settings.redirect_uris), ("post_logout_redirect_uris", &settings.post_logout_redirect_uris)] {
        let violation = |index, problem: String| Violation::new(field, problem).at(index).code(ErrorCode::InvalidRedirectUri);
        if uris.len() > MAX_URIS {
            wrong.push(Violation::new(field, format!("has more than {MAX_URIS} entries")).code(ErrorCode::InvalidRedirectUri));
        }
        for (index, uri) in uris.iter().enumerate() {
            if let Err(problem) = check_redirect_uri(uri, settings.kind) {
                wrong.push(violation(index, problem.to_string()));
            } else if uris.iter().take(index).any(|earlier| earlier == uri) {
                wrong.push(violation(index, "is there twice".to_owned()));
            }
        }
    }
}

fn check_grant_types(settings: &ClientSettings, wrong: &mut Vec<Violation>) {
    let has = |grant_type| settings.grant_types.contains(&grant_type);
    let mut refuse = |field, problem: &str| wrong.push(Violation::new(field, problem));
    if settings.grant_types.is_empty() && settings.introspects.is_none() {
        refuse("grant_types", "must not be empty, except for a client that only introspects");
    }
    // A client that cannot keep a secret cannot act for itself (RFC 6749 §4.4).
    if settings.kind.is_public() && has(GrantType::ClientCredentials) {
        refuse("grant_types", "must not have `client_credentials`: a public or native client cannot prove itself");
    }
    if settings.kind == ClientKind::Machine && settings.grant_types.iter().any(|grant_type| *grant_type != GrantType::ClientCredentials) {
        refuse("grant_types", "must be `client_credentials` alone for a machine client");
    }
    if has(GrantType::RefreshToken) && !has(GrantType::AuthorizationCode) {
        refuse("grant_types", "has `refresh_token` without `authorization_code`, which is where refresh tokens come from");
    }
    if has(GrantType::AuthorizationCode) && settings.redirect_uris.is_empty() {
        refuse("redirect_uris", "must not be empty for `authorization_code`");
    }
    if !has(GrantType::AuthorizationCode) && !settings.redirect_uris.is_empty() {
        refuse("redirect_uris", "must be empty without `authorization_code`");
    }
}

fn check_authentication(settings: &mut ClientSettings, wrong: &mut Vec<Violation>) {
    let method = settings.auth_method;
    let unproved = method == Some(ClientAuthMethod::None);
    if settings.kind.is_public() && !unproved {
        wrong.push(Violation::new("auth_method", "must be `none`: a public or native client cannot keep a secret or key"));
    }
    if matches!(settings.kind, ClientKind::Confidential | ClientKind::Machine) && unproved {
        wrong.push(Violation::new("auth_method", "must not be `none` for a confidential or machine client"));
    }
    if unproved && !settings.kind.is_public() && settings.grant_types.contains(&GrantType::ClientCredentials) {
        wrong.push(Violation::new("auth_method", "must not be `none` with `client_credentials`"));
    }
    if unproved && settings.introspects.is_some() {
        wrong.push(Violation::new("auth_method", "must not be `none` for a client that introspects"));
    }
    let keys = [settings.jwks.is_some(), settings.jwks_uri.is_some()].into_iter().filter(|given| *given).count();
    if method == Some(ClientAuthMethod::PrivateKeyJwt) && keys != 1 {
        wrong.push(Violation::new("auth_method", "`private_key_jwt` needs either `jwks` or `jwks_uri`"));
    }
    if method != Some(ClientAuthMethod::PrivateKeyJwt) && keys > 0 {
        wrong.push(Violation::new("auth_method", "must be `private_key_jwt` where `jwks` or `jwks_uri` is given"));
    }
    match settings.jwks.as_deref().map(jwks::parse) {
        Some(Ok(stored)) => settings.jwks = Some(stored),
        Some(Err(problem)) => wrong.push(Violation::new("jwks", problem)),
        None => {}
    }
    if settings.jwks_uri.as_deref().is_some_and(|uri| !is_key_address(uri, settings.kind)) {
        wrong.push(Violation::new("jwks_uri", "must be an `https://` address; plain http is for loopback addresses of development apps"));
    }
}

fn is_key_address(text: &str, kind: ClientKind) -> bool {
    if website::check(text).is_ok() {
        return true;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    kind == ClientKind::Development && loopback && text.starts_with("http://") && url.username().is_empty() && url.password().is_none()
}

fn check_references(settings: &ClientSettings, catalogue: &Catalogue, wrong: &mut Vec<Violation>) {
    for (index, name) in settings.scopes.iter().enumerate() {
        if !catalogue.knows_scope(name) {
            wrong.push(Violation::new("scopes", format!("names the unknown scope `{name}`")).at(index));
        } else if settings.kind == ClientKind::Machine && !catalogue.is_for_machines(name) {
            wrong.push(
                Violation::new("scopes", format!("names `{name}`, which speaks of a person: no machine client can have it")).at(index),
            );
        }
    }
    let unknown = |id: &ResourceId| catalogue.resource(*id).is_none();
    for (index, _) in settings.resources.iter().enumerate().filter(|(_, id)| unknown(id)) {
        wrong.push(Violation::new("resources", "names an unknown resource").at(index));
    }
    if settings.default_resource.as_ref().is_some_and(unknown) {
        wrong.push(Violation::new("default_resource", "names an unknown resource"));
    }
    if settings.default_resource.is_some_and(|id| !settings.resources.is_empty() && !settings.resources.contains(&id)) {
        wrong.push(Violation::new("default_resource", "must be one of `resources`"));
    }
    if settings.introspects.as_ref().is_some_and(unknown) {
        wrong.push(Violation::new("introspects", "names an unknown resource"));
    }
    if settings.publisher_id.is_some_and(|id| catalogue.publisher(id).is_none()) {
        wrong.push(Violation::new("publisher", "names an unknown publisher"));
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
