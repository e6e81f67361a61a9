//! Admin rules for connections: the ways to sign in with somebody else's server.
//!
//! Owns who may write them, what becomes of their secrets when they change, and what is written down
//! about it. What a connection may look like is in `check`, where it is offered in `attach`. Never asks a provider
//! anything: applying a realm file has to work where no provider can be reached.

mod attach;
mod check;
mod check_kind;
#[cfg(test)]
mod check_tests;
pub mod probe;
mod reading;
mod secrets;
mod standing;
pub mod trial;

use gantry_connect::outbound::Reach;
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, ConnectionSecrets, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, FieldProblem, Refusal};
use gantry_core::id::{ConnectionId, RealmId, TenantId};
use gantry_core::realm::is_slug;
use gantry_store::RealmTx;
use serde_json::json;

use crate::permission::{self, Action, TenantAction};

pub use attach::{AttachmentSettings, attach, check_attachment, detach, offer};
pub use check::{Invalid, normalise};
pub use reading::{Offered, Seen, attached_to, find, list, of_tenant, owners, place_at};
pub use secrets::{GivenSecrets, Held, held, moves_secrets, set_secrets};
pub use standing::{Standing, at_stake, own_slug, standing};

/// A connection to be made.
#[derive(Debug)]
pub struct NewConnection {
    /// Its name in realm files and in its callback's address.
    pub slug: String,
    /// What serves it.
    pub kind: ConnectorKind,
    /// The tenant that will own it; none: the realm does.
    pub owner: Option<TenantId>,
    /// All else.
    pub details: ConnectionChange,
}

/// What may change about a connection; its slug, kind and owner never do.
#[derive(Debug)]
pub struct ConnectionChange {
    /// Its name for people.
    pub name: String,
    /// Whether anybody can sign in with it.
    pub enabled: bool,
    /// What is decided about it.
    pub settings: ConnectionSettings,
    /// What it proves itself with from now on. What is left out stays, unless it would be sent elsewhere.
    pub secrets: GivenSecrets,
    /// When the client secret ends, where the provider said so.
    pub client_secret_expires_at: Option<Timestamp>,
}

/// A connection that was written.
#[derive(Debug)]
pub struct Written {
    /// As it is now.
    pub connection: Connection,
    /// Whether its secrets are void, since they would have been sent elsewhere and no new ones came.
    pub secrets_void: bool,
}

/// Makes a connection.
pub async fn create(tx: &RealmTx, actor: Actor, new: NewConnection, reach: Reach, now: Timestamp) -> Result<Written, Failure> {
    permit(actor, tx.realm_id(), new.owner)?;
    if !is_slug(&new.slug) {
        return Err(invalid("The slug must be 1 to 40 lower-case letters, digits and hyphens").into());
    }
    // Names are the realm's: a tenant neither takes one nor learns which are taken (attack catalogue §0.7).
    if actor.tenant().is_some() && !standing::is_own_slug(new.kind, &new.slug) {
        return Err(invalid("The slug must be one that was made for it").into());
    }
    if !new.kind.is_upstream() {
        return Err(invalid("Each realm has one password connection, its own").into());
    }
    if let Some(owner) = new.owner {
        tx.tenants().find(owner).await?.ok_or_else(crate::tenants::no_tenant)?;
    }
    let bare = Connection {
        id: ConnectionId::new(),
        realm_id: tx.realm_id(),
        slug: new.slug,
        name: String::new(),
        kind: new.kind,
        owner: new.owner,
        settings: ConnectionSettings::default(),
        credential_expires_at: None,
        not_before: None,
        disabled_at: None,
        created_at: now,
    };
    let ConnectionChange { name, enabled, settings, secrets, client_secret_expires_at } = new.details;
    only_the_realms(actor, &ConnectionSettings::default(), &settings)?;
    let mut connection = settled(bare, &name, enabled, settings, reach, now)?;
    let secrets = secrets::replaced(&connection, ConnectionSecrets::default(), secrets)?;
    connection.credential_expires_at = secrets::expiry(&secrets, client_secret_expires_at);
    if !tx.connections().insert(&connection).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "The slug is in use").detail(connection.slug).into());
    }
    if !secrets.is_empty() {
        tx.connections().set_secrets(connection.id, &secrets).await?;
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Created).by(actor).target(&connection.id).of_tenant(connection.owner);
    tx.audit().insert(&line.detail(json!({ "enabled": enabled, "secrets": !secrets.is_empty() })).makes(&connection)).await?;
    Ok(Written { connection, secrets_void: false })
}

/// Changes a connection.
pub async fn update(
    tx: &RealmTx,
    actor: Actor,
    id: ConnectionId,
    change: ConnectionChange,
    reach: Reach,
    now: Timestamp,
) -> Result<Written, Failure> {
    let before = tx.connections().find(id).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), before.owner)?;
    let ConnectionChange { name, enabled, settings, secrets: given, client_secret_expires_at } = change;
    let old_settings = before.settings.clone();
    only_the_realms(actor, &old_settings, &settings)?;
    secrets::check_reach(tx, actor, &before, &settings).await?;
    let mut connection = settled(before.clone(), &name, enabled, settings, reach, now)?;
    let stored = tx.connections().secrets(id).await?;
    let moved = moves_secrets(&old_settings, &connection.settings);
    let kept = if moved { ConnectionSecrets::default() } else { stored.clone() };
    let secrets_void = moved && !stored.is_empty() && given.is_empty();
    let written = moved && !stored.is_empty() || !given.is_empty();
    let secrets = secrets::replaced(&connection, kept, given)?;
    connection.credential_expires_at = secrets::expiry(&secrets, client_secret_expires_at);
    tx.connections().update(&connection).await?;
    if written {
        tx.connections().set_secrets(id, &secrets).await?;
    }
    if moved {
        tx.upstream_sessions().forget_tokens(id).await?;
    }
    let of_secrets = match (written, secrets_void) {
        (false, _) => "kept",
        (true, false) => "set",
        (true, true) => "void",
    };
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&connection.id).of_tenant(connection.owner);
    tx.audit().insert(&line.detail(json!({ "enabled": enabled, "secrets": of_secrets })).changes(&before, &connection)).await?;
    Ok(Written { connection, secrets_void })
}

/// Removes a connection, and with it what people linked to it. Nobody signs in with it again, and what was signed in
/// with it counts no more.
pub async fn remove(tx: &RealmTx, actor: Actor, id: ConnectionId, now: Timestamp) -> Result<(), Failure> {
    let before = tx.connections().find(id).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), before.owner)?;
    if !before.kind.is_upstream() {
        return Err(invalid("The password connection cannot be removed; switch it off instead").into());
    }
    if !tx.connections().remove(id).await? {
        return Err(no_connection());
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Removed).by(actor).target(&id).of_tenant(before.owner);
    Ok(tx.audit().insert(&line.detail(json!({ "slug": before.slug })).takes_away(&before)).await?)
}

/// Whether somebody may write a connection with this owner. The admins of a tenant pass for what their tenant owns, and
/// for nothing else: all other connections are not there for them (attack catalogue TEN-05).
fn permit(actor: Actor, realm: RealmId, owner: Option<TenantId>) -> Result<(), Failure> {
    let allowed = match owner {
        Some(owner) => permission::check_tenant(actor, TenantAction::ManageConnections, realm, owner),
        None => permission::check(actor, Action::ManageConnections, realm),
    };
    hide(actor, allowed)
}

/// What a tenant's admin may not have looks like what is not there, byte for byte (attack catalogue §0.7).
fn hide(actor: Actor, allowed: Result<(), Refusal>) -> Result<(), Failure> {
    match allowed {
        Err(_) if actor.tenant().is_some() => Err(no_connection()),
        allowed => Ok(allowed?),
    }
}

/// What a tenant does not decide for the realm: whether a provider's word makes a sign-in a stronger one (attack
/// catalogue TEN-18).
fn only_the_realms(actor: Actor, before: &ConnectionSettings, after: &ConnectionSettings) -> Result<(), Refusal> {
    if actor.tenant().is_some() && after.trust_authentication && !before.trust_authentication {
        let mut refusal = Refusal::new(ErrorCode::Forbidden, "Only the realm's admins decide this");
        let problem = "must be left out: the realm decides whose word makes a sign-in a stronger one".to_owned();
        refusal.fields = vec![FieldProblem { field: "trust_authentication".to_owned(), index: None, problem }];
        return Err(refusal);
    }
    Ok(())
}

/// The connection with these settings. Switching it off ends what was signed in with it for good; so it does for what
/// was on its way when it is switched on again, and read the clock a little later (attack catalogue FED-15).
fn settled(
    before: Connection,
    name: &str,
    enabled: bool,
    settings: ConnectionSettings,
    reach: Reach,
    now: Timestamp,
) -> Result<Connection, Failure> {
    let name = display_name::parse(name).or(Err(invalid("The name must be 1 to 120 visible characters on one line")))?;
    let settings = normalise(before.kind, before.owner, settings, reach).map_err(|wrong| refusal(&wrong))?;
    let not_before = match (before.disabled_at, enabled) {
        (None, false) => Some(now),
        (Some(_), true) => before.not_before.max(Some(now.before_second())),
        (None, true) | (Some(_), false) => before.not_before,
    };
    let disabled_at = if enabled { None } else { before.disabled_at.or(Some(now)) };
    Ok(Connection { name, settings, not_before, disabled_at, ..before })
}

fn refusal(wrong: &[Invalid]) -> Refusal {
    let detail: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    let field = |one: &Invalid| FieldProblem { field: one.field.clone(), index: one.index, problem: one.problem.clone() };
    let mut refusal = invalid("The connection cannot be written so").detail(detail.join("; "));
    refusal.fields = wrong.iter().map(field).collect();
    refusal
}

/// What is said of a connection that is not there, or not the asker's to know of.
pub(crate) fn no_connection() -> Failure {
    Refusal::new(ErrorCode::NotFound, "There is no such connection").into()
}

const fn invalid(description: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, description)
}
