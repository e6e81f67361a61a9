//! What happens when somebody follows the link of an invitation.
//!
//! Following it proves that they read the address's mail, and gives nothing by itself. Whoever takes the place has
//! that very address, proved: by an account that is there, or by one that is made now. Never tells a stranger anything,
//! since only a live link is answered.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{MembershipId, UserId};
use gantry_core::invitation::{Invitation, InvitationState};
use gantry_core::realm::{Realm, SYSTEM_REALM};
use gantry_core::secret::Secret;
use gantry_core::tenant::{Membership, Tenant, TenantRole};
use gantry_core::user::{Profile, RealmRole, User};
use gantry_store::RealmTx;
use serde_json::json;

use super::inviter_name;
use crate::action_link::digest_of;
use crate::password::HashedPassword;
use crate::session::{OpenedSession, Proof, may_be_signed_in};
use crate::sign_up::NewAccount;
use crate::{Identity, Visit, users};

/// What a link leads to.
#[derive(Debug, Clone)]
pub struct PendingInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// What has become of it.
    pub state: InvitationState,
    /// The tenant, if it is to one.
    pub tenant: Option<Tenant>,
    /// The name of whoever invited, where it is known.
    pub inviter: Option<String>,
    /// Whether the address is an account's already.
    pub has_account: bool,
}

/// What came of following it.
#[derive(Debug)]
pub enum Accepted {
    /// The place is theirs.
    Done {
        /// The invitation.
        invitation: Box<Invitation>,
        /// The session of an account that was made for it.
        opened: Option<Box<OpenedSession>>,
    },
    /// The link leads nowhere any more; nothing is known of one that never led anywhere.
    Over(Option<InvitationState>),
    /// It is for another address than the account's.
    NotTheirs,
    /// The address is an account's: its owner signs in.
    HasAccount,
}

impl Identity {
    /// Looks at a link without using it.
    pub async fn pending_invitation(&self, realm: &Realm, token: &Secret) -> Result<Option<PendingInvitation>, Failure> {
        let rows = self.store.read(realm.id);
        let Some(invitation) = find(&rows, token).await? else { return Ok(None) };
        let tenant = match invitation.tenant_id {
            Some(tenant) => rows.tenants().find(tenant).await?,
            None => None,
        };
        let state = standing(&rows, realm, &invitation, self.now()).await?;
        let inviter = inviter_name(&rows, &invitation).await?;
        let has_account = rows.users().find_by_email(&invitation.email).await?.is_some();
        Ok(Some(PendingInvitation { invitation, state, tenant, inviter, has_account }))
    }

    /// Takes the place for somebody who is signed in.
    pub async fn accept_invitation(&self, realm: &Realm, token: &Secret, user: UserId, visit: &Visit<'_>) -> Result<Accepted, Failure> {
        let now = self.now();
        self.store
            .transact(realm.id, async |tx| {
                let invitation = match open(tx, realm, token, now).await? {
                    Ok(invitation) => invitation,
                    Err(state) => return Ok(Accepted::Over(state)),
                };
                let theirs = |user: &User| user.email == invitation.email && user.email_verified_at.is_some() && may_be_signed_in(user);
                let Some(user) = tx.users().find(user).await?.filter(theirs) else { return Ok(Accepted::NotTheirs) };
                if tx.invitations().accept(token.digest(), user.id, now).await?.is_none() {
                    return Ok(Accepted::Over(Some(InvitationState::Accepted)));
                }
                take(tx, &invitation, user, visit, now).await?;
                Ok(Accepted::Done { invitation: Box::new(invitation), opened: None })
            })
            .await
    }

    /// Makes an account for the address and takes the place. The link has proved the address; other accounts that
    /// claimed it without a proof fall.
    pub async fn accept_invitation_anew(
        &self,
        realm: &Realm,
        token: &Secret,
        account: NewAccount,
        visit: &Visit<'_>,
    ) -> Result<Accepted, Failure> {
        let now = self.now();
        // Looked at before the password is hashed: a made-up token should cost nothing.
        if find(&self.store.read(realm.id), token).await?.is_none() {
            return Ok(Accepted::Over(None));
        }
        let (email, name, password) = account.into_parts();
        let password = self.passwords.hash(realm.id, password).await?;
        self.store
            .transact(realm.id, async |tx| {
                let invitation = match open(tx, realm, token, now).await? {
                    Ok(invitation) => invitation,
                    Err(state) => return Ok(Accepted::Over(state)),
                };
                if email != invitation.email {
                    return Ok(Accepted::NotTheirs);
                }
                if tx.users().find_by_email(&email).await?.is_some() {
                    return Ok(Accepted::HasAccount);
                }
                let user = new_user(&invitation, name.clone(), now);
                if tx.invitations().accept(token.digest(), user.id, now).await?.is_none() {
                    return Ok(Accepted::Over(Some(InvitationState::Accepted)));
                }
                make(tx, &user, password.clone(), visit).await?;
                let user = take(tx, &invitation, user, visit, now).await?;
                let opened = self.open(tx, realm, user, Proof::password(false), visit).await?;
                Ok(Accepted::Done { invitation: Box::new(invitation), opened: Some(Box::new(opened)) })
            })
            .await
    }
}

async fn find(tx: &RealmTx, token: &Secret) -> Result<Option<Invitation>, Fault> {
    match digest_of(token) {
        Some(digest) => tx.invitations().find_by_digest(digest).await,
        None => Ok(None),
    }
}

/// The invitation behind a link, while it can be accepted; otherwise what has become of it.
async fn open(tx: &RealmTx, realm: &Realm, token: &Secret, now: Timestamp) -> Result<Result<Invitation, Option<InvitationState>>, Fault> {
    let Some(invitation) = find(tx, token).await? else { return Ok(Err(None)) };
    Ok(match standing(tx, realm, &invitation, now).await? {
        InvitationState::Pending => Ok(invitation),
        state @ (InvitationState::Accepted | InvitationState::Revoked | InvitationState::Expired) => Err(Some(state)),
    })
}

/// What has become of an invitation. It falls with its tenant, and with what its sender could give (attack catalogue
/// TEN-15).
async fn standing(tx: &RealmTx, realm: &Realm, invitation: &Invitation, now: Timestamp) -> Result<InvitationState, Fault> {
    let state = invitation.state(now);
    if state != InvitationState::Pending {
        return Ok(state);
    }
    let stands = tenant_stands(tx, invitation).await? && sender_stands(tx, realm, invitation).await?;
    Ok(if stands { InvitationState::Pending } else { InvitationState::Revoked })
}

async fn tenant_stands(tx: &RealmTx, invitation: &Invitation) -> Result<bool, Fault> {
    let Some(tenant) = invitation.tenant_id else { return Ok(true) };
    Ok(tx.tenants().find(tenant).await?.is_some_and(|tenant| tenant.suspended_at.is_none()))
}

/// Whether whoever sent it could still give what it gives. Operators who act on another realm live elsewhere, and
/// programs and command lines have no place to lose.
async fn sender_stands(tx: &RealmTx, realm: &Realm, invitation: &Invitation) -> Result<bool, Fault> {
    let Some(sender) = invitation.invited_by else { return Ok(true) };
    let role = match invitation.invited_as.as_str() {
        "tenant_admin" => None,
        "realm_admin" => Some(RealmRole::RealmAdmin),
        "operator" if realm.slug == SYSTEM_REALM => Some(RealmRole::Operator),
        _ => return Ok(true),
    };
    let Some(user) = tx.users().find(sender).await?.filter(|user| user.disabled_at.is_none()) else { return Ok(false) };
    match (role, invitation.tenant_id) {
        (Some(role), _) => Ok(user.roles.contains(&role)),
        (None, Some(tenant)) => Ok(tx.memberships().find(tenant, sender).await?.is_some_and(|place| place.role == TenantRole::TenantAdmin)),
        (None, None) => Ok(false),
    }
}

fn new_user(invitation: &Invitation, name: Option<String>, now: Timestamp) -> User {
    User {
        id: UserId::new(),
        realm_id: invitation.realm_id,
        email: invitation.email.clone(),
        email_verified_at: Some(now),
        profile: Profile { name, ..Profile::default() },
        roles: Vec::new(),
        disabled_at: None,
        created_at: now,
        updated_at: now,
    }
}

async fn make(tx: &RealmTx, user: &User, password: HashedPassword, visit: &Visit<'_>) -> Result<(), Failure> {
    let now = user.created_at;
    if !tx.users().insert(user).await? {
        // Somebody proved the address in this very moment: nothing of this happened, and trying again finds their account.
        return Err(Fault::new("the address of an invitation was proved meanwhile").unavailable().into());
    }
    users::remove_unverified_rivals(tx, user).await?;
    users::put_password(tx, user.id, password, now).await?;
    let actor = Actor::User { user: user.id, realm: user.realm_id };
    let line = AuditEntry::new(user.realm_id, now, AuditEvent::SignedUp).by(actor).from(visit.origin).target(&user.id);
    tx.audit().insert(&line.reason("invited")).await?;
    Ok(())
}

/// Gives the place. Nobody becomes less than they are.
async fn take(tx: &RealmTx, invitation: &Invitation, mut user: User, visit: &Visit<'_>, now: Timestamp) -> Result<User, Failure> {
    if let Some((tenant, role)) = invitation.tenant_id.zip(invitation.role.in_tenant()) {
        let before = tx.memberships().find(tenant, user.id).await?;
        let administers = before.as_ref().is_some_and(|before| before.role == TenantRole::TenantAdmin);
        let place = Membership {
            id: MembershipId::new(),
            tenant_id: tenant,
            user_id: user.id,
            role: if administers { TenantRole::TenantAdmin } else { role },
            break_glass: before.is_some_and(|before| before.break_glass),
            connection_id: None,
            created_at: now,
        };
        tx.memberships().put(&place).await?;
    }
    if let Some(role) = invitation.role.in_realm()
        && !user.roles.contains(&role)
    {
        user.roles.push(role);
        user.updated_at = now;
        if !tx.users().update(&user).await? {
            return Err(Fault::new("a person who takes a role keeps their address").into());
        }
    }
    let actor = Actor::User { user: user.id, realm: user.realm_id };
    let line = AuditEntry::new(user.realm_id, now, AuditEvent::Joined)
        .by(actor)
        .from(visit.origin)
        .target(&user.id)
        .of_tenant(invitation.tenant_id);
    let detail = json!({ "invitation": invitation.id, "tenant": invitation.tenant_id, "role": invitation.role });
    tx.audit().insert(&line.detail(detail)).await?;
    Ok(user)
}
