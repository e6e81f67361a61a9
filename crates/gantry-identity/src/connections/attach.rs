//! Where connections are offered: attaching one to a tenant, and taking it away.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, Nothing};
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Attachment, ConnectionSettings, JoinRule, MicrosoftAudience, MicrosoftSettings, RoleRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ConnectionId, TenantId};
use gantry_core::tenant::TenantRole;
use gantry_store::RealmTx;
use serde_json::json;

use super::check::Invalid;
use super::check_kind::{NO_DOMAIN, NO_GUID, is_domain, is_guid};
use super::{no_connection, permit, refusal};
use crate::permission::{self, TenantAction};
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
    let settings = check_attachment(connection.kind, &connection.settings, settings).map_err(|wrong| refusal(&wrong))?;
    // Whom a provider makes a member, and as what, is for those to say who could do so themselves.
    if settings.join != JoinRule::Invited || settings.default_role != TenantRole::Member || !settings.roles.is_empty() {
        permission::check_tenant(actor, TenantAction::ManageMembers, tx.realm_id(), tenant)?;
    }
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
        created_at: before.as_ref().map_or(now, |before| before.created_at),
    };
    tx.attachments().put(&attachment).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&tenant).tenant(tenant);
    tx.audit().insert(&line.detail(json!({ "attached": connection.id, "join": join })).changes(&before, &attachment)).await?;
    Ok(attachment)
}

/// Offers a connection at a tenant that has not got it, by the tenant's `org_id`: to its members alone, until its place
/// says otherwise.
pub async fn offer(tx: &RealmTx, actor: Actor, id: ConnectionId, org_id: &str, now: Timestamp) -> Result<Attachment, Failure> {
    let connection = tx.connections().find(id).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), connection.owner)?;
    let tenant = tx.tenants().find_by_org_id(org_id).await?.ok_or_else(no_tenant)?;
    if tx.attachments().find(id, tenant.id).await?.is_some() {
        return Err(Refusal::new(ErrorCode::Conflict, "The tenant has the connection already").into());
    }
    let settings =
        AttachmentSettings { join: JoinRule::Invited, default_role: TenantRole::Member, roles: Vec::new(), directories: Vec::new() };
    attach(tx, actor, id, tenant.id, settings, now).await
}

/// Takes a connection away from a tenant. Memberships stay: whoever decides who belongs to it ends them.
pub async fn detach(tx: &RealmTx, actor: Actor, connection: ConnectionId, tenant: TenantId, now: Timestamp) -> Result<(), Failure> {
    let known = tx.connections().find(connection).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), known.owner)?;
    let before = tx.attachments().find(connection, tenant).await?;
    if !tx.attachments().remove(connection, tenant).await? {
        return Err(no_connection());
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Removed).by(actor).target(&tenant).tenant(tenant);
    Ok(tx.audit().insert(&line.detail(json!({ "attached": connection })).changes(&before, &Nothing)).await?)
}

/// The stored form of an attachment's settings, or everything that is wrong with them.
pub fn check_attachment(
    kind: ConnectorKind,
    of_connection: &ConnectionSettings,
    mut settings: AttachmentSettings,
) -> Result<AttachmentSettings, Vec<Invalid>> {
    let mut wrong: Vec<Invalid> = Vec::new();
    let mut note = |field: &str, index: Option<usize>, problem: &str| {
        wrong.push(Invalid { field: field.to_owned(), index, problem: problem.to_owned() });
    };
    if settings.roles.len() > MOST_ROLES {
        note("roles", None, "has more than 500 entries");
    }
    for (index, rule) in settings.roles.iter().enumerate() {
        if !(1..=256).contains(&rule.group.len()) || rule.group.chars().any(char::is_control) {
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
        if let Some(problem) = directory_problem(kind, name, earlier) {
            note("directories", Some(index), problem);
        }
    }
    if !kind.is_upstream() {
        note("connection", None, "must not be the realm's passwords: those are for everybody");
    }
    // A group of one directory must not become a role for whoever names one in another.
    let of_whom = settings.join == JoinRule::Everyone || !settings.roles.is_empty();
    if of_whom && settings.directories.is_empty() && serves_several_directories(kind, of_connection) {
        note("directories", None, "must name whose people join or have roles: the connection is for several directories");
    }
    // The order of neither has a meaning.
    settings.roles.sort_by(|left, right| left.group.cmp(&right.group));
    settings.directories.sort();
    if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
}

/// What is wrong with a directory's name, in lower case.
fn directory_problem(kind: ConnectorKind, name: &String, earlier: &[String]) -> Option<&'static str> {
    let (form, problem) = if kind == ConnectorKind::Microsoft {
        (is_guid(name), NO_GUID)
    } else if kind == ConnectorKind::Google {
        (is_domain(name), NO_DOMAIN)
    } else {
        (false, "must be left out: only Entra ID and Google tell of directories")
    };
    if form { earlier.contains(name).then_some("is there twice") } else { Some(problem) }
}

/// Whether people of several directories may come through it.
fn serves_several_directories(kind: ConnectorKind, settings: &ConnectionSettings) -> bool {
    let one = |settings: &MicrosoftSettings| matches!(settings.audience, MicrosoftAudience::Directory(_) | MicrosoftAudience::Consumers);
    kind == ConnectorKind::Microsoft && !settings.microsoft.as_ref().is_some_and(one)
}
