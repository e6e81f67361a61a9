//! Admin rules for what people have here: sessions, ways to sign in, memberships, what they allowed, and what is written of them.
//!
//! The person's record itself is in [`crate::users`]. Each rule checks the actor and writes its audit line; whoever is
//! no person of the realm looks like nobody.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::external_identity::UserIdentity;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{IdentityId, UserId};
use gantry_core::invitation::Invitation;
use gantry_core::tenant::{Membership, Tenant};
use gantry_core::user::User;
use gantry_store::RealmTx;
use serde_json::json;

use crate::linked::take_away;
use crate::permission::{self, Action};
use crate::recovery::{ResetMail, send_link};
use crate::session::may_be_signed_in;
use crate::sign_in::upstream::Notice;
use crate::users::no_user;
use crate::{realms, users};

pub mod access;
pub mod erase;
pub mod export;
pub mod history;
pub mod sessions;
pub mod several;

/// How much of a person's falls when they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holdings {
    /// Live sessions.
    pub sessions: usize,
    /// Apps that they let in.
    pub apps: usize,
    /// Personal tokens.
    pub tokens: usize,
    /// Accounts elsewhere that are linked.
    pub identities: usize,
    /// Places in tenants.
    pub memberships: usize,
}

/// An account elsewhere that is linked to a person's, with its connection.
#[derive(Debug, Clone)]
pub struct Linked {
    /// The link.
    pub link: UserIdentity,
    /// The connection; it may be switched off.
    pub connection: Connection,
}

/// A person whom the actor may see.
pub(crate) async fn seen(tx: &RealmTx, actor: Actor, id: UserId) -> Result<User, Failure> {
    users::find(tx, actor, id).await
}

/// A person whom the actor may change.
pub(crate) async fn managed(tx: &RealmTx, actor: Actor, id: UserId) -> Result<User, Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    tx.users().find(id).await?.ok_or_else(no_user)
}

/// What falls with a person.
pub async fn holdings(tx: &RealmTx, actor: Actor, id: UserId, now: Timestamp) -> Result<Holdings, Failure> {
    Ok(Holdings {
        sessions: sessions::of(tx, actor, id, now).await?.len(),
        apps: access::apps(tx, actor, id).await?.len(),
        tokens: access::tokens(tx, actor, id).await?.len(),
        identities: tx.identities().list(id).await?.len(),
        memberships: tx.memberships().list_for_user(id).await?.len(),
    })
}

/// A person's accounts elsewhere, oldest first.
pub async fn identities(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<Linked>, Failure> {
    seen(tx, actor, id).await?;
    let links = tx.identities().list(id).await?;
    let connections = tx.connections().find_all(&links.iter().map(|link| link.connection_id).collect::<Vec<_>>()).await?;
    let linked = |link: UserIdentity| {
        let connection = connections.iter().find(|connection| connection.id == link.connection_id)?.clone();
        Some(Linked { link, connection })
    };
    Ok(links.into_iter().filter_map(linked).collect())
}

/// Takes an account elsewhere away from a person, ends what began with it, and tells them. It may be their last way to
/// sign in: an admin can send them a link for a password.
pub async fn unlink(
    tx: &RealmTx,
    actor: Actor,
    id: UserId,
    identity: IdentityId,
    notice: Notice<'_>,
    now: Timestamp,
) -> Result<(), Failure> {
    let user = managed(tx, actor, id).await?;
    let links = tx.identities().hold(id).await?;
    let Some(held) = links.iter().find(|link| link.id == identity) else {
        return Err(Refusal::new(ErrorCode::NotFound, "There is no such linked account").into());
    };
    take_away(tx, &user, held, None, notice, now).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::IdentityUnlinked).by(actor).target(&id);
    let detail = json!({ "identity": identity, "connection": held.connection_id, "issuer": held.issuer, "subject": held.subject });
    Ok(tx.audit().insert(&line.detail(detail)).await?)
}

/// A person's places in tenants, oldest first.
pub async fn memberships(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<(Membership, Tenant)>, Failure> {
    seen(tx, actor, id).await?;
    let memberships = tx.memberships().list_for_user(id).await?;
    let tenants = tx.tenants().find_all(&memberships.iter().map(|own| own.tenant_id).collect::<Vec<_>>()).await?;
    let named = |own: Membership| tenants.iter().find(|tenant| tenant.id == own.tenant_id).cloned().map(|tenant| (own, tenant));
    Ok(memberships.into_iter().filter_map(named).collect())
}

/// What was sent to the address that a person proved, for a tenant or for a role in the realm, and what they accepted, newest
/// first.
pub async fn invitations(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<(Invitation, Option<Tenant>)>, Failure> {
    let user = seen(tx, actor, id).await?;
    let all = tx.invitations().list_for_person(id, proved(&user)).await?;
    let tenants = tx.tenants().find_all(&all.iter().filter_map(|one| one.tenant_id).collect::<Vec<_>>()).await?;
    let named = |one: Invitation| {
        let tenant = tenants.iter().find(|tenant| Some(tenant.id) == one.tenant_id).cloned();
        (one, tenant)
    };
    Ok(all.into_iter().map(named).collect())
}

/// The address that is the person's: whoever only typed it has no part in what was sent there (attack catalogue PRE-01).
fn proved(user: &User) -> Option<&EmailAddress> {
    user.email_verified_at.map(|_| &user.email)
}

/// Mails a person a link to set a password; earlier ones are void. No admin sets one themself (attack catalogue BRU-16).
pub async fn send_reset(tx: &RealmTx, actor: Actor, id: UserId, mail: ResetMail<'_>, now: Timestamp) -> Result<(), Failure> {
    let user = managed(tx, actor, id).await?;
    if !realms::find(tx).await?.settings.sign_in.password {
        return Err(Refusal::new(ErrorCode::Conflict, "This realm has no passwords").into());
    }
    if !may_be_signed_in(&user) {
        return Err(Refusal::new(ErrorCode::Conflict, "A link goes only to a verified address of an account that is not locked").into());
    }
    send_link(tx, &user, mail, now).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::ResetRequested).by(actor).target(&id);
    Ok(tx.audit().insert(&line.reason("by_admin")).await?)
}
