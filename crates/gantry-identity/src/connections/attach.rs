//! Where connections are offered: attaching one to a tenant, and taking it away.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Attachment, Connection, JoinRule, MicrosoftAudience, MicrosoftSettings, RoleRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Failure;
use gantry_core::id::{ConnectionId, TenantId};
use gantry_core::tenant::TenantRole;
use gantry_store::RealmTx;
use serde_json::json;

use super::check::{Invalid, is_word};
use super::check_kind::{NO_DOMAIN, NO_GUID, is_domain, is_guid};
use super::{no_connection, permit, refusal};
use crate::tenants::no_tenant;

const MOST_ROLES: usize = 500;
const MOST_DIRECTORIES: usize = 100;

/// How a connection is offered at a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentSettings {
    /// Who of those who sign in with it becomes a member.
    pub join: JoinRule,
    /// The role of whoever joins and has none by a group.
    pub default_role: TenantRole,
    /// Roles by the provider's groups.
    pub roles: Vec<RoleRule>,
    /// The directories whose people belong to this tenant.
    pub directories: Vec<String>,
}

/// Attaches a connection to a tenant, or changes how it is.
pub async fn attach(
    tx: &RealmTx,
    actor: Actor,
    connection: ConnectionId,
    tenant: TenantId,
    settings: AttachmentSettings,
    now: Timestamp,
) -> Result<Attachment, Failure> {
    // Both must be of this realm: the ids come from outside.
    let connection = tx.connections().find(connection).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), connection.owner)?;
    tx.tenants().find(tenant).await?.ok_or_else(no_tenant)?;
    if connection.owner.is_some_and(|owner| owner != tenant) {
        // As if it were not there: whose it is, is nobody else's business.
        return Err(no_connection());
    }
    let settings = check_attachment(&connection, settings).map_err(|wrong| refusal(&wrong))?;
    let AttachmentSettings { join, default_role, roles, directories } = settings;
    let before = tx.attachments().find(connection.id, tenant).await?;
    let attachment = Attachment {
        realm_id: tx.realm_id(),
        connection_id: connection.id,
        tenant_id: tenant,
        join,
        default_role,
        roles,
        directories,
        created_at: before.map_or(now, |before| before.created_at),
    };
    tx.attachments().put(&attachment).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&tenant);
    tx.audit().insert(&line.detail(json!({ "attached": connection.id, "join": join }))).await?;
    Ok(attachment)
}

/// Takes a connection away from a tenant. Memberships stay: whoever decides who belongs to it ends them.
pub async fn detach(tx: &RealmTx, actor: Actor, connection: ConnectionId, tenant: TenantId, now: Timestamp) -> Result<(), Failure> {
    let known = tx.connections().find(connection).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), known.owner)?;
    if !tx.attachments().remove(connection, tenant).await? {
        return Err(no_connection());
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Removed).by(actor).target(&tenant);
    Ok(tx.audit().insert(&line.detail(json!({ "attached": connection }))).await?)
}

/// The stored form of an attachment's settings, or everything that is wrong with them.
pub fn check_attachment(connection: &Connection, mut settings: AttachmentSettings) -> Result<AttachmentSettings, Vec<Invalid>> {
    let mut wrong: Vec<Invalid> = Vec::new();
    let mut note = |field: &str, index: Option<usize>, problem: &str| {
        wrong.push(Invalid { field: field.to_owned(), index, problem: problem.to_owned() });
    };
    if settings.roles.len() > MOST_ROLES {
        note("roles", None, "has more than 500 entries");
    }
    for (index, rule) in settings.roles.iter().enumerate() {
        // Groups may have spaces in their names, but no more than that.
        if !is_word(&rule.group.replace(' ', "_"), 256) && !rule.group.chars().all(|c| !c.is_control()) || rule.group.is_empty() {
            note("roles", Some(index), "must name a group as the provider spells it");
        } else if settings.roles.iter().take(index).any(|earlier| earlier.group == rule.group) {
            note("roles", Some(index), "names a group that has a role already");
        }
    }
    if settings.directories.len() > MOST_DIRECTORIES {
        note("directories", None, "has more than 100 entries");
    }
    for index in 0..settings.directories.len() {
        let (earlier, rest) = settings.directories.split_at_mut(index);
        let Some(name) = rest.first_mut() else { continue };
        name.make_ascii_lowercase();
        match connection.kind {
            ConnectorKind::Microsoft if !is_guid(name) => note("directories", Some(index), NO_GUID),
            ConnectorKind::Google if !is_domain(name) => note("directories", Some(index), NO_DOMAIN),
            ConnectorKind::Microsoft | ConnectorKind::Google if earlier.contains(name) => {
                note("directories", Some(index), "is there twice")
            }
            ConnectorKind::Microsoft | ConnectorKind::Google => {}
            _ => note("directories", Some(index), "must be left out: only Entra ID and Google tell of directories"),
        }
    }
    if !connection.kind.is_upstream() {
        note("connection", None, "must not be the realm's passwords: those are for everybody");
    }
    if settings.join == JoinRule::Everyone && settings.directories.is_empty() && serves_several_directories(connection) {
        note("directories", None, "must name whose people join: the connection is for several directories");
    }
    if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
}

/// Whether people of several directories may come through it.
fn serves_several_directories(connection: &Connection) -> bool {
    let one = |settings: &MicrosoftSettings| matches!(settings.audience, MicrosoftAudience::Directory(_) | MicrosoftAudience::Consumers);
    connection.kind == ConnectorKind::Microsoft && !connection.settings.microsoft.as_ref().is_some_and(one)
}
