//! Which tenants somebody joins by signing in with a connection, and as what.
//!
//! Owns the rules and carrying them out in the transaction of the sign-in. Groups give roles only inside the
//! tenant whose attachment names them (attack catalogue §0.15), guests join nothing by themselves, and what an
//! admin decided about a member is never touched.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Attachment, Connection, JoinRule};
use gantry_core::external_identity::{ExternalIdentity, Groups, UserIdentity};
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, MembershipId, TenantId, UserId};
use gantry_core::tenant::{Membership, Tenant, TenantRole};
use gantry_store::RealmTx;
use serde::Serialize;
use serde_json::json;

use crate::linking::{Address, Facts};

/// The most tenants of one connection that a sign-in looks at, beside the one that proved the person's domain and
/// the one that the person was sent there for.
const MAX_PLACES: u64 = 1000;

/// A connection's place at a tenant.
#[derive(Debug, Clone)]
pub struct Place {
    /// How it is attached.
    pub attachment: Attachment,
    /// To whom; never to one that is suspended.
    pub tenant: Tenant,
    /// Whether that tenant has proved the domain of the person's address.
    pub proved: bool,
}

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Joining<'j> {
    pub(crate) connection: ConnectionId,
    pub(crate) identity: &'j ExternalIdentity,
    pub(crate) address: &'j Address,
    /// The last known groups, where the identity is known.
    pub(crate) last_known: Option<&'j UserIdentity>,
    pub(crate) places: &'j [Place],
    pub(crate) memberships: &'j [Membership],
}

/// What is decided about one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JoinDecision {
    /// The tenant.
    pub tenant: TenantId,
    /// What becomes of the person there.
    #[serde(flatten)]
    pub outcome: JoinOutcome,
    /// Why.
    pub because: JoinReason,
    /// The group that gave the role, if one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether the groups are those of an earlier sign-in.
    pub stale_groups: bool,
}

/// What becomes of a person in a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum JoinOutcome {
    /// They are no member, and stay none.
    Outside,
    /// They become one.
    Joins {
        /// As what.
        role: TenantRole,
    },
    /// They stay what they are.
    Stays {
        /// What they are.
        role: TenantRole,
    },
    /// They become something else.
    Changes {
        /// What they were.
        from: TenantRole,
        /// What they are now.
        to: TenantRole,
    },
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinReason {
    /// The tenant takes nobody whom it has not made a member.
    InvitedOnly,
    /// A guest of the directory.
    Guest,
    /// From a directory that is not this tenant's.
    OtherDirectory,
    /// No verified address in a domain that the tenant has proved.
    NoProvedDomain,
    /// Groups decide about roles there, and none are known.
    GroupsUnavailable,
    /// A verified address in a domain that the tenant has proved.
    ProvedDomain,
    /// The tenant takes everyone who comes this way.
    Everyone,
    /// Groups decide about the role.
    Groups,
    /// The provider does not speak of groups.
    NoGroups,
    /// An admin made them a member.
    ByAdmin,
}

/// What is known of somebody's groups.
#[derive(Clone, Copy)]
enum Known<'g> {
    NotSent,
    Now(&'g [String]),
    Before(&'g [String]),
    Never,
}

impl Facts {
    /// What the rules about joining look at.
    pub(crate) fn joining<'j>(&'j self, connection: &Connection, identity: &'j ExternalIdentity) -> Joining<'j> {
        Joining {
            connection: connection.id,
            identity,
            address: &self.address,
            last_known: self.known.as_ref().map(|(link, _)| link),
            places: &self.places,
            memberships: &self.memberships,
        }
    }
}

/// The places of a connection that may concern somebody whose domain `prover` has proved and who was sent there
/// for `asked`. A tenant's own connection has one place, whatever else is written.
pub(crate) async fn places(
    tx: &RealmTx,
    connection: &Connection,
    prover: Option<TenantId>,
    asked: Option<TenantId>,
) -> Result<Vec<Place>, Fault> {
    let attachments = if let Some(owner) = connection.owner {
        vec![tx.attachments().find(connection.id, owner).await?.unwrap_or_else(|| bare(connection, owner))]
    } else {
        let mut listed = tx.attachments().list_of_connection(connection.id, MAX_PLACES).await?;
        for tenant in [prover, asked].into_iter().flatten() {
            if !listed.iter().any(|attachment| attachment.tenant_id == tenant) {
                listed.extend(tx.attachments().find(connection.id, tenant).await?);
            }
        }
        listed
    };
    let ids: Vec<TenantId> = attachments.iter().map(|attachment| attachment.tenant_id).collect();
    let tenants = tx.tenants().find_all(&ids).await?;
    let place = |attachment: Attachment| {
        let tenant = tenants.iter().find(|tenant| tenant.id == attachment.tenant_id && tenant.suspended_at.is_none())?.clone();
        Some(Place { proved: prover == Some(tenant.id), attachment, tenant })
    };
    Ok(attachments.into_iter().filter_map(place).collect())
}

/// An owner's place where it says nothing about who joins: its own people do, as far as it has proved whose they are.
fn bare(connection: &Connection, owner: TenantId) -> Attachment {
    Attachment {
        realm_id: connection.realm_id,
        connection_id: connection.id,
        tenant_id: owner,
        join: JoinRule::ProvedDomain,
        default_role: TenantRole::Member,
        roles: Vec::new(),
        directories: Vec::new(),
        created_at: connection.created_at,
    }
}

/// Decides about every place.
pub(crate) fn plan(joining: &Joining<'_>) -> Vec<JoinDecision> {
    joining.places.iter().map(|place| decide(joining, place)).collect()
}

fn decide(joining: &Joining<'_>, place: &Place) -> JoinDecision {
    let member = joining.memberships.iter().find(|membership| membership.tenant_id == place.tenant.id);
    let groups = known_groups(joining);
    let stale_groups = matches!(groups, Known::Before(_) | Known::Never);
    let says = |outcome, because, group| JoinDecision { tenant: place.tenant.id, outcome, because, group, stale_groups };
    let elsewhere = !is_of_directory(&place.attachment, joining.identity);
    match member {
        Some(member) if member.connection_id != Some(joining.connection) => {
            says(JoinOutcome::Stays { role: member.role }, JoinReason::ByAdmin, None)
        }
        Some(member) if elsewhere => says(JoinOutcome::Stays { role: member.role }, JoinReason::OtherDirectory, None),
        Some(member) => match role_by(&place.attachment, groups) {
            Ok((role, group)) if role == member.role => says(JoinOutcome::Stays { role }, JoinReason::Groups, group),
            Ok((role, group)) => says(JoinOutcome::Changes { from: member.role, to: role }, JoinReason::Groups, group),
            Err(because) => says(JoinOutcome::Stays { role: member.role }, because, None),
        },
        None => match may_join(joining, place) {
            Err(because) => says(JoinOutcome::Outside, because, None),
            Ok(because) => match role_by(&place.attachment, groups) {
                Ok((role, group)) => says(JoinOutcome::Joins { role }, because, group),
                // An error is never a default (attack catalogue §0.20).
                Err(JoinReason::GroupsUnavailable) if !place.attachment.roles.is_empty() => {
                    says(JoinOutcome::Outside, JoinReason::GroupsUnavailable, None)
                }
                Err(_) => says(JoinOutcome::Joins { role: place.attachment.default_role }, because, None),
            },
        },
    }
}

/// Whether somebody was sent to the provider for a tenant whose roles hang on groups that could not be had.
pub(crate) fn lacks_groups(plan: &[JoinDecision], asked: Option<TenantId>) -> bool {
    let of_asked = plan.iter().find(|decision| Some(decision.tenant) == asked);
    of_asked.is_some_and(|decision| decision.outcome == JoinOutcome::Outside && decision.because == JoinReason::GroupsUnavailable)
}

/// Whether a stranger to the tenant becomes a member of it.
fn may_join(joining: &Joining<'_>, place: &Place) -> Result<JoinReason, JoinReason> {
    if !is_of_directory(&place.attachment, joining.identity) {
        return Err(JoinReason::OtherDirectory);
    }
    match place.attachment.join {
        JoinRule::Invited => Err(JoinReason::InvitedOnly),
        JoinRule::ProvedDomain | JoinRule::Everyone if joining.identity.guest => Err(JoinReason::Guest),
        JoinRule::Everyone => Ok(JoinReason::Everyone),
        JoinRule::ProvedDomain if place.proved && joining.address.is_vouched_for_now() => Ok(JoinReason::ProvedDomain),
        JoinRule::ProvedDomain => Err(JoinReason::NoProvedDomain),
    }
}

fn is_of_directory(attachment: &Attachment, identity: &ExternalIdentity) -> bool {
    attachment.directories.is_empty() || identity.directory.as_ref().is_some_and(|directory| attachment.directories.contains(directory))
}

fn known_groups<'g>(joining: &Joining<'g>) -> Known<'g> {
    match (&joining.identity.groups, joining.last_known) {
        (Groups::NotSent, _) => Known::NotSent,
        (Groups::Known(groups), _) => Known::Now(groups),
        // Never known is not the same as none: they were unavailable at every sign-in so far.
        (Groups::Unavailable, Some(link)) if link.groups_stale_since.is_none_or(|since| since > link.created_at) => {
            Known::Before(&link.groups)
        }
        (Groups::Unavailable, _) => Known::Never,
    }
}

/// The role that the groups give, and the group that gave it; or why they give none.
fn role_by(attachment: &Attachment, groups: Known<'_>) -> Result<(TenantRole, Option<String>), JoinReason> {
    let groups = match groups {
        Known::NotSent => return Err(JoinReason::NoGroups),
        Known::Never => return Err(JoinReason::GroupsUnavailable),
        Known::Now(groups) | Known::Before(groups) => groups,
    };
    let highest = attachment.roles.iter().filter(|rule| groups.contains(&rule.group)).max_by_key(|rule| rule.role);
    Ok(highest.map_or((attachment.default_role, None), |rule| (rule.role, Some(rule.group.clone()))))
}

/// Carries the decisions out for a person; `origin` is where they signed in from.
pub(crate) async fn carry_out(
    tx: &RealmTx,
    plan: &[JoinDecision],
    connection: ConnectionId,
    user: UserId,
    origin: &Origin,
    now: Timestamp,
) -> Result<(), Fault> {
    let actor = Actor::User { user, realm: tx.realm_id() };
    for decision in plan {
        let (event, done) = match decision.outcome {
            JoinOutcome::Outside | JoinOutcome::Stays { .. } => continue,
            JoinOutcome::Joins { role } => {
                let membership = Membership {
                    id: MembershipId::new(),
                    tenant_id: decision.tenant,
                    user_id: user,
                    role,
                    break_glass: false,
                    connection_id: Some(connection),
                    created_at: now,
                };
                (AuditEvent::Joined, tx.memberships().join(&membership).await?)
            }
            JoinOutcome::Changes { to, .. } => {
                (AuditEvent::RoleMapped, tx.memberships().follow(decision.tenant, user, connection, to).await?)
            }
        };
        // An admin may have been faster; what they decided stands.
        if done {
            let line = AuditEntry::new(tx.realm_id(), now, event).by(actor).from(origin).target(&decision.tenant).tenant(decision.tenant);
            tx.audit().insert(&line.detail(json!({ "connection": connection, "decision": decision }))).await?;
        }
    }
    Ok(())
}
