//! Admin rules for clients: registering, changing, switching off and removing apps.
//!
//! Used by realm file, console, portal, API and dynamic registration alike. Never authenticates a
//! client, and never shows a secret again once it was made (attack catalogue CLI-16).

mod access;
mod check;
mod jwks;
mod read;
mod secrets;
mod several;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::ClientId;
use gantry_core::paging::{Counted, MAX_COUNTED};
use gantry_core::secret::random_bytes;
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;
use serde_json::json;

pub use access::{Consented, InstalledAt, Usage, consents, installations, revoke_access, revoke_access_for, usage};
pub use check::{ClientSettings, check_client_id, check_redirect_uri, normalise};
pub use read::{find, list, secrets};
pub(crate) use secrets::is_live;
pub use secrets::{LONGEST_OVERLAP, add_secret, bring_secret, check_brought_secret, expire_secret, rotate_secret};
pub use several::{find_several, set_several_enabled};

use crate::catalogue::Catalogue;
use crate::violation::{self, Violation};

/// How many of the clients that stand in the way of something are named.
const NAMED: usize = 10;

/// An app to be registered.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Its name on the wire; one is made if none is given.
    pub client_id: Option<String>,
    /// Everything else.
    pub settings: ClientSettings,
}

/// Registers an app. It has no secret yet, see [`add_secret`].
pub async fn register(tx: &RealmTx, actor: Actor, new: NewClient, now: Timestamp) -> Result<Client, Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let client_id = new.client_id.unwrap_or_else(generate_client_id);
    check_client_id(&client_id).map_err(|problem| violation::refusal(&[Violation::new("client_id", problem)]))?;
    let settings = checked(tx, new.settings).await?;
    let client = assemble(tx, client_id, settings, now);
    if !tx.clients().insert(&client).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "the `client_id` is or was in use").detail(client.client_id).into());
    }
    let line = audit_line(actor, AuditEvent::Created, &client, now).detail(json!({ "client_id": client.client_id }));
    tx.audit().insert(&line.makes(&client)).await?;
    Ok(client)
}

/// Changes an app; the record is checked as a whole again. What a consenting person relied on,
/// once changed, makes the consent page appear again (attack catalogue §0.14).
pub async fn update(tx: &RealmTx, actor: Actor, id: ClientId, settings: ClientSettings, now: Timestamp) -> Result<Client, Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let before = changeable(tx, id).await?;
    let settings = checked(tx, settings).await?;
    let changed = changed_fields(&ClientSettings::of(&before), &settings);
    if changed.is_empty() {
        return Ok(before);
    }
    let asks_again = changed.iter().any(|field| ["name", "description", "publisher", "redirect_uris"].contains(field));
    let keeps_secrets = settings.uses_secrets();
    let mut client = Client {
        id: before.id,
        consent_version: before.consent_version.saturating_add(i64::from(asks_again)),
        version: before.version,
        not_before: before.not_before,
        disabled_at: before.disabled_at,
        created_at: before.created_at,
        ..assemble(tx, before.client_id.clone(), settings, now)
    };
    write(tx, &mut client).await?;
    if !keeps_secrets {
        secrets::expire_all(tx, &client, now).await?;
    }
    let line = audit_line(actor, AuditEvent::Updated, &client, now).detail(json!({ "fields": changed }));
    tx.audit().insert(&line.changes(&before, &client)).await?;
    Ok(client)
}

/// Switches an app off or on. Off, nothing of it works, and machine tokens from before stay dead.
pub async fn set_enabled(tx: &RealmTx, actor: Actor, id: ClientId, enabled: bool, now: Timestamp) -> Result<Client, Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let before = changeable(tx, id).await?;
    if before.is_enabled() == enabled {
        return Ok(before);
    }
    let mut client = before.clone();
    client.disabled_at = if enabled { None } else { Some(now) };
    client.not_before = Some(now);
    write(tx, &mut client).await?;
    let line = audit_line(actor, AuditEvent::Updated, &client, now).detail(json!({ "enabled": enabled }));
    tx.audit().insert(&line.changes(&before, &client)).await?;
    Ok(client)
}

/// Removes an app with everything it was granted. Its `client_id` is never given out again.
pub async fn remove(tx: &RealmTx, actor: Actor, id: ClientId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let client = changeable(tx, id).await?;
    tx.clients().remove(id).await?;
    let line = audit_line(actor, AuditEvent::Removed, &client, now).detail(json!({ "client_id": client.client_id }));
    tx.audit().insert(&line.takes_away(&client)).await?;
    Ok(())
}

async fn checked(tx: &RealmTx, settings: ClientSettings) -> Result<ClientSettings, Failure> {
    Ok(normalise(settings, &Catalogue::load(tx).await?).map_err(|wrong| violation::refusal(&wrong))?)
}

/// The first client of the realm that fits. Walks all of them: for rare admin work only.
pub(crate) async fn find_where(tx: &RealmTx, fits: impl Fn(&Client) -> bool) -> Result<Option<Client>, Fault> {
    let mut after = None;
    loop {
        let page = tx.clients().list(after, 200).await?;
        let Some(last) = page.last().map(|client| client.id) else { return Ok(None) };
        after = Some(last);
        if let Some(found) = page.into_iter().find(&fits) {
            return Ok(Some(found));
        }
    }
}

/// The clients of the realm that fit, newest first: how many, counted only so far as people care, and the
/// first of them by name. Walks many of them: for rare admin work only.
pub(crate) async fn some_where(tx: &RealmTx, fits: impl Fn(&Client) -> bool) -> Result<(Counted, Vec<Client>), Fault> {
    let (mut before, mut found) = (None, Vec::new());
    loop {
        let page = tx.clients().newest_registered(before, u64::from(MAX_COUNTED)).await?;
        let Some(last) = page.last().map(|client| client.id) else { break };
        before = Some(last);
        found.extend(page.into_iter().filter(&fits));
        let counted = Counted::of(found.len());
        if counted.or_more {
            break;
        }
    }
    let counted = Counted::of(found.len());
    found.truncate(NAMED);
    Ok((counted, found))
}

/// The client, unless it is none of this realm's or part of Gantry itself.
pub(crate) async fn changeable(tx: &RealmTx, id: ClientId) -> Result<Client, Failure> {
    let client = tx.clients().find(id).await?.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is no such client"))?;
    if client.built_in {
        return Err(Refusal::new(ErrorCode::Forbidden, "this client is part of Gantry and cannot be changed").into());
    }
    Ok(client)
}

async fn write(tx: &RealmTx, client: &mut Client) -> Result<(), Failure> {
    if !tx.clients().update(client).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "somebody else changed the client meanwhile").into());
    }
    client.version = client.version.saturating_add(1);
    Ok(())
}

fn assemble(tx: &RealmTx, client_id: String, settings: ClientSettings, now: Timestamp) -> Client {
    Client {
        id: ClientId::new(),
        realm_id: tx.realm_id(),
        client_id,
        kind: settings.kind,
        name: settings.name,
        description: settings.description,
        publisher_id: settings.publisher_id,
        website: settings.website,
        redirect_uris: settings.redirect_uris,
        post_logout_redirect_uris: settings.post_logout_redirect_uris,
        grant_types: settings.grant_types,
        scopes: settings.scopes,
        resources: settings.resources,
        default_resource: settings.default_resource,
        auth_method: settings.auth_method,
        jwks: settings.jwks,
        jwks_uri: settings.jwks_uri,
        introspects: settings.introspects,
        policy: settings.policy,
        built_in: false,
        consent_version: 1,
        version: 1,
        not_before: None,
        disabled_at: None,
        created_at: now,
    }
}

fn changed_fields(before: &ClientSettings, after: &ClientSettings) -> Vec<&'static str> {
    let table = [
        ("kind", before.kind != after.kind),
        ("name", before.name != after.name),
        ("description", before.description != after.description),
        ("publisher", before.publisher_id != after.publisher_id),
        ("website", before.website != after.website),
        ("redirect_uris", before.redirect_uris != after.redirect_uris),
        ("post_logout_redirect_uris", before.post_logout_redirect_uris != after.post_logout_redirect_uris),
        ("grant_types", before.grant_types != after.grant_types),
        ("scopes", before.scopes != after.scopes),
        ("resources", before.resources != after.resources),
        ("default_resource", before.default_resource != after.default_resource),
        ("auth_method", before.auth_method != after.auth_method),
        ("jwks", before.jwks != after.jwks),
        ("jwks_uri", before.jwks_uri != after.jwks_uri),
        ("introspects", before.introspects != after.introspects),
        ("policy", before.policy != after.policy),
    ];
    table.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field).collect()
}

fn audit_line(actor: Actor, event: AuditEvent, client: &Client, now: Timestamp) -> AuditEntry {
    AuditEntry::new(client.realm_id, now, event).by(actor).client(client.id).target(&client.id)
}

/// 128 random bits: an identifier, not a secret, but one that nobody can foresee and squat.
fn generate_client_id() -> String {
    format!("{:032x}", u128::from_be_bytes(random_bytes()))
}
