//! Admin rules for APIs and their scopes.
//!
//! Owns what an audience and a scope may be called. Never decides who may have a scope in a token.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::ResourceId;
use gantry_core::paging::{Counted, Find, Page};
use gantry_core::realm::TokenFormat;
use gantry_core::resource::Resource;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;
use serde_json::json;
use url::Url;

use crate::listing;
use crate::violation::{self, Violation};

/// What somebody decides about an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceSettings {
    /// The name that people read.
    pub name: String,
    /// JWT or opaque.
    pub token_format: TokenFormat,
    /// How its tokens are signed; the realm's way if unset.
    pub signing_algorithm: Option<SigningAlgorithm>,
    /// How long its access tokens live, in seconds; the realm's if unset.
    pub access_lifetime: Option<u32>,
}

/// An API to be declared.
#[derive(Debug, Clone)]
pub struct NewResource {
    /// The `aud` of its tokens, unique in the realm and never changed.
    pub audience: String,
    /// Everything else.
    pub settings: ResourceSettings,
}

/// The stored form of an API's settings, or everything that is wrong with them.
pub fn normalise(mut settings: ResourceSettings) -> Result<ResourceSettings, Vec<Violation>> {
    let mut wrong = Vec::new();
    match display_name::parse(&settings.name) {
        Ok(name) => settings.name = name,
        Err(invalid) => wrong.push(Violation::new("name", invalid.to_string())),
    }
    if settings.access_lifetime.is_some_and(|seconds| !(60..=86_400).contains(&seconds)) {
        wrong.push(Violation::new("access_lifetime", "must be 60 to 86400 seconds"));
    }
    if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
}

/// What is wrong with an audience (RFC 8707 §2).
pub fn check_audience(text: &str) -> Result<(), &'static str> {
    let expected = Err("must be an absolute URI without a fragment, such as `https://api.example`");
    let legal = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&b);
    if text.len() > 500 || !text.bytes().all(legal) || Url::parse(text).is_err() { expected } else { Ok(()) }
}

/// The realm's APIs, newest first.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<Resource>, Failure> {
    permission::check(actor, Action::ReadResources, tx.realm_id())?;
    let all = tx.resources().list().await?;
    Ok(listing::page(all, find, |resource| resource.id.to_string(), |resource| vec![&resource.audience, &resource.name]))
}

/// One of them.
pub async fn find(tx: &RealmTx, actor: Actor, id: ResourceId) -> Result<Resource, Failure> {
    permission::check(actor, Action::ReadResources, tx.realm_id())?;
    known(tx, id).await
}

/// The clients that stand in the way of its removal, newest first, as many as anybody wants to read.
pub async fn clients_of(tx: &RealmTx, actor: Actor, id: ResourceId) -> Result<(Counted, Vec<Client>), Failure> {
    permission::check(actor, Action::ReadResources, tx.realm_id())?;
    permission::check(actor, Action::ReadClients, tx.realm_id())?;
    let resource = known(tx, id).await?;
    Ok(crate::clients::some_where(tx, |client| names(client, &resource)).await?)
}

/// Declares an API. Where it names an algorithm of its own, the caller sees to it that the realm
/// has keys for it.
pub async fn register(tx: &RealmTx, actor: Actor, new: NewResource, now: Timestamp) -> Result<Resource, Failure> {
    permission::check(actor, Action::ManageResources, tx.realm_id())?;
    check_audience(&new.audience).map_err(|problem| violation::refusal(&[Violation::new("audience", problem)]))?;
    let settings = normalise(new.settings).map_err(|wrong| violation::refusal(&wrong))?;
    let resource = Resource {
        id: ResourceId::new(),
        realm_id: tx.realm_id(),
        audience: new.audience,
        name: settings.name,
        token_format: settings.token_format,
        signing_algorithm: settings.signing_algorithm,
        access_lifetime: settings.access_lifetime,
        created_at: now,
    };
    if !tx.resources().insert(&resource).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "the audience is in use").detail(resource.audience).into());
    }
    tx.audit().insert(&audit_line(actor, AuditEvent::Created, &resource, now).makes(&resource)).await?;
    Ok(resource)
}

/// Changes an API; its audience never changes.
pub async fn update(tx: &RealmTx, actor: Actor, id: ResourceId, settings: ResourceSettings, now: Timestamp) -> Result<Resource, Failure> {
    permission::check(actor, Action::ManageResources, tx.realm_id())?;
    let before = known(tx, id).await?;
    let settings = normalise(settings).map_err(|wrong| violation::refusal(&wrong))?;
    let resource = Resource {
        name: settings.name,
        token_format: settings.token_format,
        signing_algorithm: settings.signing_algorithm,
        access_lifetime: settings.access_lifetime,
        ..before.clone()
    };
    if resource != before {
        tx.resources().update(&resource).await?;
        tx.audit().insert(&audit_line(actor, AuditEvent::Updated, &resource, now).changes(&before, &resource)).await?;
    }
    Ok(resource)
}

/// Removes an API that no client and no scope names any more.
pub async fn remove(tx: &RealmTx, actor: Actor, id: ResourceId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageResources, tx.realm_id())?;
    let resource = known(tx, id).await?;
    if let Some(scope) = tx.scopes().list().await?.into_iter().find(|scope| scope.resource_id == Some(id)) {
        return Err(Refusal::new(ErrorCode::Conflict, "the resource still has a scope").detail(scope.name).into());
    }
    if let Some(client) = crate::clients::find_where(tx, |client| names(client, &resource)).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "a client still names the resource").detail(client.client_id).into());
    }
    tx.resources().remove(id).await?;
    tx.audit().insert(&audit_line(actor, AuditEvent::Removed, &resource, now).takes_away(&resource)).await?;
    Ok(())
}

async fn known(tx: &RealmTx, id: ResourceId) -> Result<Resource, Failure> {
    let known = tx.resources().list().await?.into_iter().find(|resource| resource.id == id);
    Ok(known.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is no such resource"))?)
}

fn names(client: &Client, resource: &Resource) -> bool {
    client.resources.contains(&resource.id) || client.default_resource == Some(resource.id) || client.introspects == Some(resource.id)
}

fn audit_line(actor: Actor, event: AuditEvent, resource: &Resource, now: Timestamp) -> AuditEntry {
    AuditEntry::new(resource.realm_id, now, event).by(actor).target(&resource.id).detail(json!({ "audience": resource.audience }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_an_absolute_uri() {
        for right in ["https://api.example", "https://api.example/v1?x=1", "urn:example:api", "http://127.0.0.1:8091"] {
            assert!(check_audience(right).is_ok(), "{right}");
        }
        for wrong in ["", "api", "/api", "https://api.example/#x", "https://api.example/ x", "https://api.example/\"", "urn:é"] {
            assert!(check_audience(wrong).is_err(), "{wrong}");
        }
    }
}
