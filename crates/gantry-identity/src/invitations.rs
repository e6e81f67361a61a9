//! Invitations: a place in a tenant, or a role in the realm, for whoever proves an address.
//!
//! Owns who may invite to what, the life of the link, and the mail. What happens when somebody follows the link is in
//! `accept`. Never tells whether an address has an account: inviting does the same either way (attack catalogue PRE-10).

mod accept;
pub mod several;

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{InvitationId, TenantId};
use gantry_core::invitation::{INVITATION_LIFETIME, Invitation, InvitationState, InvitedRole};
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::paging::{Find, Page};
use gantry_core::realm::{SYSTEM_REALM, seconds};
use gantry_core::secret::{Secret, SecretKind};
use gantry_core::tenant::TenantRole;
use gantry_store::RealmTx;
use serde_json::json;

use crate::paging::read_page;
use crate::permission::{self, Action, TenantAction};
use crate::realms;
use crate::tenants::no_tenant;

pub use accept::{Accepted, PendingInvitation};

/// The most invitations of one tenant in a day: its admins decide whom Gantry writes to.
const MOST_IN_A_DAY: u64 = 200;
/// The shortest time between two mails to one address for one tenant.
const BETWEEN_MAILS: Duration = Duration::from_mins(1);

/// Whom to invite to what.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The tenant; none: the realm's own roles.
    pub tenant: Option<TenantId>,
    /// Whom.
    pub email: EmailAddress,
    /// What they become.
    pub role: InvitedRole,
    /// The BCP 47 tag of the mail's language.
    pub locale: String,
}

/// Invites somebody and mails the link, which begins with `link_to`. What was sent to the address for the same place
/// before is void.
pub async fn invite(tx: &RealmTx, actor: Actor, new: NewInvitation, link_to: &str, now: Timestamp) -> Result<Invitation, Failure> {
    let NewInvitation { tenant, email, role, locale } = new;
    permit(tx, actor, tenant, role).await?;
    check_sensible(tx, tenant, &email, role).await?;
    replace_earlier(tx, tenant, &email, now).await?;
    let token = SecretKind::ActionLink.generate();
    let invitation = Invitation {
        id: InvitationId::new(),
        realm_id: tx.realm_id(),
        tenant_id: tenant,
        email,
        role,
        locale,
        digest: token.digest(),
        invited_as: actor.kind().to_owned(),
        invited_by: actor.user(),
        created_at: now,
        expires_at: now.plus(seconds(INVITATION_LIFETIME)),
        accepted_at: None,
        accepted_by: None,
        revoked_at: None,
    };
    tx.invitations().insert(&invitation).await?;
    send(tx, &invitation, &token, link_to, now).await?;
    note(tx, actor, AuditEvent::Created, (None, Some(&invitation)), now).await?;
    Ok(invitation)
}

/// Mails another link; the one before is void.
pub async fn resend(tx: &RealmTx, actor: Actor, id: InvitationId, link_to: &str, now: Timestamp) -> Result<Invitation, Failure> {
    let before = owned(tx, actor, id).await?;
    permit(tx, actor, before.tenant_id, before.role).await?;
    check_sensible(tx, before.tenant_id, &before.email, before.role).await?;
    just_sent(&before, now)?;
    let token = SecretKind::ActionLink.generate();
    let invitation = Invitation { digest: token.digest(), expires_at: now.plus(seconds(INVITATION_LIFETIME)), ..before.clone() };
    if !tx.invitations().renew(id, invitation.digest, invitation.expires_at).await? {
        return Err(settled(&invitation, now));
    }
    send(tx, &invitation, &token, link_to, now).await?;
    note(tx, actor, AuditEvent::Updated, (Some(&before), Some(&invitation)), now).await?;
    Ok(invitation)
}

/// Takes an invitation back.
pub async fn revoke(tx: &RealmTx, actor: Actor, id: InvitationId, now: Timestamp) -> Result<(), Failure> {
    let before = owned(tx, actor, id).await?;
    permit(tx, actor, before.tenant_id, before.role).await?;
    if !tx.invitations().revoke(id, now).await? {
        return Err(settled(&before, now));
    }
    note(tx, actor, AuditEvent::Removed, (Some(&before), None), now).await
}

/// Invitations to a tenant, or to the realm's own roles, newest first. The facet `is:open` leaves out what was accepted or
/// taken back.
pub async fn list(tx: &RealmTx, actor: Actor, tenant: Option<TenantId>, find: &Find) -> Result<Page<Invitation>, Failure> {
    match tenant {
        Some(tenant) => permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?,
        None => permission::check(actor, Action::ReadUsers, tx.realm_id())?,
    }
    let open = find.facets.iter().any(|facet| facet == "is:open");
    if !open && !find.facets.is_empty() {
        return Ok(Page::empty());
    }
    Ok(read_page(find, async |before, limit| tx.invitations().page(tenant, open, before, limit).await, |one| one.id).await?)
}

/// The invitation with this key.
pub async fn find(tx: &RealmTx, actor: Actor, id: InvitationId) -> Result<Invitation, Failure> {
    owned(tx, actor, id).await
}

/// Nobody gives by mail what they could not give in person (attack catalogue TEN-03).
async fn permit(tx: &RealmTx, actor: Actor, tenant: Option<TenantId>, role: InvitedRole) -> Result<(), Failure> {
    match (tenant, role) {
        (Some(tenant), InvitedRole::Member | InvitedRole::TenantAdmin) => {
            Ok(permission::check_tenant(actor, TenantAction::ManageMembers, tx.realm_id(), tenant)?)
        }
        (None, InvitedRole::RealmAdmin) => Ok(permission::check(actor, Action::GrantRealmAdmin, tx.realm_id())?),
        (None, InvitedRole::Operator) => {
            permission::check(actor, Action::GrantOperator, tx.realm_id())?;
            if realms::find(tx).await?.slug == SYSTEM_REALM {
                return Ok(());
            }
            Err(wrong("role", "Operators are people of the realm `system`"))
        }
        (Some(tenant), InvitedRole::RealmAdmin | InvitedRole::Operator) => {
            permission::check_tenant(actor, TenantAction::ManageMembers, tx.realm_id(), tenant)?;
            Err(Refusal::new(ErrorCode::Forbidden, "No organization gives a role in the platform").into())
        }
        (None, InvitedRole::Member | InvitedRole::TenantAdmin) => {
            permission::check(actor, Action::ManageTenants, tx.realm_id())?;
            Err(wrong("role", "The role is one of an organization"))
        }
    }
}

/// Nobody is invited to what they have: members are known to whoever invites. Nothing else of the address is looked at.
async fn check_sensible(tx: &RealmTx, tenant: Option<TenantId>, email: &EmailAddress, role: InvitedRole) -> Result<(), Failure> {
    let Some(id) = tenant else { return Ok(()) };
    let tenant = tx.tenants().hold(id).await?.ok_or_else(no_tenant)?;
    if tenant.suspended_at.is_some() {
        return Err(Refusal::new(ErrorCode::Conflict, "The organization is suspended: nobody can join it").into());
    }
    let Some(user) = tx.users().find_by_email(email).await? else { return Ok(()) };
    let Some(place) = tx.memberships().find(id, user.id).await? else { return Ok(()) };
    if place.role == TenantRole::TenantAdmin || role == InvitedRole::Member {
        return Err(Refusal::new(ErrorCode::Conflict, "Whoever has this address belongs to the organization already")
            .field("email", "belongs to somebody who is a member already")
            .into());
    }
    Ok(())
}

async fn replace_earlier(tx: &RealmTx, tenant: Option<TenantId>, email: &EmailAddress, now: Timestamp) -> Result<(), Failure> {
    let since = now.minus(Duration::from_hours(24));
    if tx.invitations().were_made_since(tenant, since, MOST_IN_A_DAY).await? {
        return Err(Refusal::new(ErrorCode::TooManyRequests, "200 invitations in a day are enough: try again tomorrow").into());
    }
    for earlier in tx.invitations().list_for_address(tenant, email).await? {
        just_sent(&earlier, now)?;
        if earlier.state(now) == InvitationState::Pending {
            tx.invitations().revoke(earlier.id, now).await?;
        }
    }
    Ok(())
}

/// Whoever can invite cannot flood an address with mail (attack catalogue PRE-20).
fn just_sent(invitation: &Invitation, now: Timestamp) -> Result<(), Refusal> {
    let sent_at = invitation.expires_at.minus(seconds(INVITATION_LIFETIME));
    if invitation.accepted_at.is_none() && now.since(sent_at) < BETWEEN_MAILS {
        let text = "The last mail to this address was sent less than a minute ago";
        return Err(Refusal::new(ErrorCode::TooManyRequests, text).field("email", "was written to less than a minute ago"));
    }
    Ok(())
}

/// The invitation, if it is the actor's to know. To a tenant's admin another's looks like none (attack catalogue §0.7).
async fn owned(tx: &RealmTx, actor: Actor, id: InvitationId) -> Result<Invitation, Failure> {
    let theirs = |invitation: &Invitation| actor.tenant().is_none_or(|own| invitation.tenant_id == Some(own));
    let invitation = tx.invitations().find(id).await?.filter(theirs).ok_or_else(no_invitation)?;
    match invitation.tenant_id {
        Some(tenant) => permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?,
        None => permission::check(actor, Action::ReadUsers, tx.realm_id())?,
    }
    Ok(invitation)
}

async fn send(tx: &RealmTx, invitation: &Invitation, token: &Secret, link_to: &str, now: Timestamp) -> Result<(), Failure> {
    let organization = match invitation.tenant_id {
        Some(tenant) => tx.tenants().find(tenant).await?.map(|tenant| tenant.name),
        None => None,
    };
    let kind = MailKind::Invitation {
        organization,
        role: invitation.role,
        inviter: inviter_name(tx, invitation).await?,
        link: format!("{link_to}{}", token.expose()),
        date: invitation.expires_at.to_date(),
    };
    tx.outbox().insert(&Mail { to: invitation.email.clone(), locale: invitation.locale.clone(), kind }, now).await?;
    Ok(())
}

/// The name of whoever invited: their own words about themself, so without it nobody, rather than an address.
async fn inviter_name(tx: &RealmTx, invitation: &Invitation) -> Result<Option<String>, Failure> {
    let Some(id) = invitation.invited_by else { return Ok(None) };
    Ok(tx.users().find(id).await?.and_then(|user| user.profile.name))
}

async fn note(
    tx: &RealmTx,
    actor: Actor,
    event: AuditEvent,
    (before, after): (Option<&Invitation>, Option<&Invitation>),
    now: Timestamp,
) -> Result<(), Failure> {
    let Some(invitation) = after.or(before) else { return Ok(()) };
    let line = AuditEntry::new(tx.realm_id(), now, event).by(actor).target(&invitation.id).of_tenant(invitation.tenant_id);
    let detail = json!({ "invited": invitation.email, "role": invitation.role, "tenant": invitation.tenant_id });
    Ok(tx.audit().insert(&line.detail(detail).changes(&before, &after)).await?)
}

fn wrong(field: &str, text: &'static str) -> Failure {
    Refusal::new(ErrorCode::InvalidRequest, text).field(field, text).into()
}

fn no_invitation() -> Failure {
    Refusal::new(ErrorCode::NotFound, "There is no such invitation").into()
}

fn settled(invitation: &Invitation, now: Timestamp) -> Failure {
    let text = match invitation.state(now) {
        InvitationState::Accepted => "The invitation was accepted meanwhile",
        InvitationState::Pending | InvitationState::Revoked | InvitationState::Expired => "The invitation was taken back meanwhile",
    };
    Refusal::new(ErrorCode::Conflict, text).into()
}
