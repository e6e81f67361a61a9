//! Records as entries of a realm file, and the references between them as names.

use gantry_core::app_key::AppKey;
use gantry_core::clock::Timestamp;
use gantry_core::id::ResourceId;
use gantry_core::mail_text::MailText;
use gantry_core::publisher::Publisher;
use gantry_core::realm::Realm;
use gantry_core::resource::Resource;
use gantry_core::scope::Scope;
use gantry_core::scope_set::ScopeSet;
use gantry_core::tenant::Tenant;
use gantry_core::user::{Profile, User};
use gantry_identity::tenants::TenantSettings;
use gantry_oauth::app_keys::AppKeySettings;
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::clients::ClientSettings;
use gantry_oauth::publishers::PublisherSettings;
use gantry_oauth::resources::ResourceSettings;
use gantry_oauth::scopes::ScopeSettings;
use gantry_oauth::violation::Violation;

use crate::current::{KnownTenant, Place};
use crate::document;

mod federation;

pub(crate) use federation::password_connection;
pub use federation::{attachment, attachment_settings, connection, domain};

/// A realm as an entry.
pub fn realm(realm: &Realm) -> document::Realm {
    let settings = realm.settings.clone();
    document::Realm {
        slug: realm.slug.clone(),
        name: Some(realm.name.clone()),
        hosts: Some(realm.hosts.clone()),
        branding: Some(settings.branding),
        endpoints: Some(settings.endpoints),
        tokens: Some(settings.tokens),
        sign_in: Some(settings.sign_in),
        authorization: Some(settings.authorization),
        tenants: Some(settings.tenants),
        app_keys: Some(settings.app_keys),
        personal_tokens: Some(settings.personal_tokens),
    }
}

pub(crate) fn resources(catalogue: &Catalogue) -> Vec<document::Resource> {
    let mut entries: Vec<document::Resource> = catalogue.resources.iter().map(|known| resource(known, catalogue)).collect();
    entries.sort_by(|left, right| left.audience.cmp(&right.audience));
    entries
}

/// An API as an entry, with its scopes.
pub fn resource(resource: &Resource, catalogue: &Catalogue) -> document::Resource {
    document::Resource {
        audience: resource.audience.clone(),
        name: resource.name.clone(),
        token_format: resource.token_format,
        signing_algorithm: resource.signing_algorithm,
        access_lifetime: resource.access_lifetime,
        scopes: scopes(catalogue, Some(resource.id)),
    }
}

pub(crate) fn scopes(catalogue: &Catalogue, resource: Option<ResourceId>) -> Vec<document::Scope> {
    let mut entries: Vec<document::Scope> = catalogue.scopes.iter().filter(|scope| scope.resource_id == resource).map(scope).collect();
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    entries
}

/// A scope as an entry.
pub fn scope(scope: &Scope) -> document::Scope {
    document::Scope {
        name: scope.name.clone(),
        title: scope.title.clone(),
        description: scope.description.clone(),
        tier: scope.tier,
        claims: scope.claims.clone(),
        machine: scope.machine,
    }
}

/// A team as an entry.
pub fn publisher(publisher: &Publisher) -> document::Publisher {
    document::Publisher {
        slug: publisher.slug.clone(),
        name: publisher.name.clone(),
        website: publisher.website.clone(),
        verified: publisher.verified_at.is_some(),
    }
}

/// A person as an entry, without a password.
pub fn user(user: &User) -> document::User {
    let mut roles = user.roles.clone();
    roles.sort_unstable();
    document::User {
        email: user.email.as_str().to_owned(),
        name: user.profile.name.clone(),
        password: None,
        password_hash: None,
        roles,
        profile: Profile { name: None, ..user.profile.clone() },
        enabled: user.disabled_at.is_none(),
    }
}

/// A tenant as an entry, all that hangs off it left out.
pub fn bare_tenant(tenant: &Tenant) -> document::Tenant {
    document::Tenant {
        org_id: tenant.org_id.clone(),
        name: tenant.name.clone(),
        app_policy: tenant.app_policy,
        max_sign_in_age: tenant.max_sign_in_age,
        password_min_length: tenant.password_min_length,
        sign_in: tenant.sign_in,
        branding: tenant.branding.clone(),
        suspended: tenant.suspended_at.is_some(),
        domains: None,
        connections: None,
        members: None,
    }
}

/// A tenant as an entry. Those whom a connection made members are that connection's affair.
pub(crate) fn tenant(known: &KnownTenant) -> document::Tenant {
    let member = |place: &Place| document::Member { user: place.email.clone(), role: place.role, break_glass: place.break_glass };
    let own = known.places.iter().filter(|place| !place.joined);
    document::Tenant {
        domains: Some(known.domains.iter().map(domain).collect()),
        connections: Some(known.attachments.clone()),
        members: Some(own.map(member).collect()),
        ..bare_tenant(&known.tenant)
    }
}

/// An entry as the settings of a tenant.
pub fn tenant_settings(entry: &document::Tenant) -> TenantSettings {
    TenantSettings {
        name: entry.name.clone(),
        app_policy: entry.app_policy,
        max_sign_in_age: entry.max_sign_in_age,
        password_min_length: entry.password_min_length,
        sign_in: entry.sign_in,
        branding: entry.branding.clone(),
        suspended: Some(entry.suspended),
    }
}

/// An app as an entry, without its App Keys. Secrets are in none.
pub fn client(client_id: Option<String>, settings: &ClientSettings, enabled: bool, catalogue: &Catalogue) -> document::Client {
    let audience = |id: &ResourceId| catalogue.resource(*id).map(|resource| resource.audience.clone());
    document::Client {
        client_id,
        name: settings.name.clone(),
        kind: settings.kind,
        client_secret: None,
        client_secrets: None,
        description: settings.description.clone(),
        publisher: settings.publisher_id.and_then(|id| catalogue.publisher(id)).map(|publisher| publisher.slug.clone()),
        website: settings.website.clone(),
        redirect_uris: settings.redirect_uris.clone(),
        post_logout_redirect_uris: settings.post_logout_redirect_uris.clone(),
        grant_types: Some(settings.grant_types.clone()),
        scopes: settings.scopes.iter().map(str::to_owned).collect(),
        resources: settings.resources.iter().filter_map(audience).collect(),
        default_resource: settings.default_resource.as_ref().and_then(audience),
        auth_method: settings.auth_method,
        jwks: settings.jwks.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        jwks_uri: settings.jwks_uri.clone(),
        introspects: settings.introspects.as_ref().and_then(audience),
        policy: settings.policy.clone(),
        app_keys: None,
        enabled,
    }
}

/// An App Key as an entry; `scopes` are those that it can use.
pub fn app_key(key: &AppKey, scopes: &ScopeSet) -> document::AppKey {
    document::AppKey {
        name: key.name.clone(),
        key: None,
        scopes: scopes.iter().map(str::to_owned).collect(),
        expires_at: key.expires_at.map(Timestamp::to_rfc3339),
    }
}

/// An entry as the settings of an App Key. What is no instant was refused before.
pub fn app_key_settings(entry: &document::AppKey) -> AppKeySettings {
    AppKeySettings {
        name: entry.name.clone(),
        scopes: ScopeSet::from_names(entry.scopes.iter().map(String::as_str)),
        expires_at: entry.expires_at.as_deref().and_then(Timestamp::parse_rfc3339),
    }
}

/// An entry as the settings of an API.
pub fn resource_settings(entry: &document::Resource) -> ResourceSettings {
    ResourceSettings {
        name: entry.name.clone(),
        token_format: entry.token_format,
        signing_algorithm: entry.signing_algorithm,
        access_lifetime: entry.access_lifetime,
    }
}

/// An entry as the settings of a scope.
pub fn scope_settings(entry: &document::Scope, resource_id: Option<ResourceId>) -> ScopeSettings {
    ScopeSettings {
        resource_id,
        title: entry.title.clone(),
        description: entry.description.clone(),
        tier: entry.tier,
        claims: entry.claims.clone(),
        machine: entry.machine,
    }
}

/// An entry as the settings of a team.
pub fn publisher_settings(entry: &document::Publisher) -> PublisherSettings {
    PublisherSettings { name: entry.name.clone(), website: entry.website.clone(), verified: entry.verified }
}

/// An entry as the settings of a client, and a violation for every name in it that leads nowhere.
pub fn client_settings(entry: &document::Client, catalogue: &Catalogue) -> (ClientSettings, Vec<Violation>) {
    let mut wrong = Vec::new();
    let mut resource = |field: &'static str, index: Option<usize>, audience: &str| {
        let known = catalogue.resource_by_audience(audience).map(|resource| resource.id);
        if known.is_none() {
            let violation = Violation::new(field, format!("names the unknown resource `{audience}`"));
            wrong.push(index.map_or(violation.clone(), |index| violation.at(index)));
        }
        known
    };
    let resources = entry.resources.iter().enumerate().filter_map(|(index, name)| resource("resources", Some(index), name)).collect();
    let default_resource = entry.default_resource.as_deref().and_then(|name| resource("default_resource", None, name));
    let introspects = entry.introspects.as_deref().and_then(|name| resource("introspects", None, name));
    let publisher_id = entry.publisher.as_deref().and_then(|slug| {
        let known = catalogue.publisher_by_slug(slug).map(|publisher| publisher.id);
        if known.is_none() {
            wrong.push(Violation::new("publisher", format!("names the unknown publisher `{slug}`")));
        }
        known
    });
    let settings = ClientSettings {
        kind: entry.kind,
        name: entry.name.clone(),
        description: entry.description.clone(),
        publisher_id,
        website: entry.website.clone(),
        redirect_uris: entry.redirect_uris.clone(),
        post_logout_redirect_uris: entry.post_logout_redirect_uris.clone(),
        grant_types: entry.redeems(),
        scopes: ScopeSet::from_names(entry.scopes.iter().map(String::as_str)),
        resources,
        default_resource,
        auth_method: entry.auth_method,
        jwks: entry.jwks.clone().map(|set| serde_json::Value::Object(set).to_string()),
        jwks_uri: entry.jwks_uri.clone(),
        introspects,
        policy: entry.policy.clone(),
    };
    (settings, wrong)
}

/// The words of a mail as an entry.
pub fn mail_text(text: &MailText) -> document::MailText {
    document::MailText {
        mail: text.kind.name.to_owned(),
        locale: text.locale.clone(),
        subject: text.subject.clone(),
        paragraphs: text.paragraphs.clone(),
    }
}
