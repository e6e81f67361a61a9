//! Making one account of two: what would become of each, and doing it.
//!
//! For admins, and for a person who has proved both accounts in one browser. Kept is the account that stays, with
//! its password, profile and roles; it gets the other's identities elsewhere and memberships. The other is switched
//! off and its address set free; what it had allowed ends, since apps know it under a subject that is no more.

use gantry_core::action_link::Action as LinkAction;
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::external_identity::UserIdentity;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{ConnectionId, TenantId, UserId};
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::Realm;
use gantry_core::secret::{Digest, Secret};
use gantry_core::tenant::{Membership, TenantRole};
use gantry_core::user::User;
use gantry_store::RealmTx;
use serde_json::json;

use crate::action_link::{digest_of, issue};
use crate::permission::{self, Action};
use crate::session::may_be_signed_in;
use crate::sign_in::password::Checked;
use crate::sign_in::tenant_rule::takes_new_way;
use crate::sign_in::upstream::Notice;
use crate::{Identity, Visit, users};

/// What a merge does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The account that goes.
    pub from: User,
    /// The account that stays.
    pub into: User,
    /// The identities that move over.
    pub identities: Vec<UserIdentity>,
    /// What becomes of the memberships of the account that goes.
    pub memberships: Vec<MovedMembership>,
    /// How many apps lose the access that the account that goes gave them.
    pub apps: usize,
    /// How many personal tokens of it end.
    pub personal_tokens: usize,
    /// Whether it has a password, which is of no use any more.
    pub password: bool,
}

/// A membership that moves over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedMembership {
    /// Where.
    pub tenant: TenantId,
    /// What the account that goes is there.
    pub theirs: TenantRole,
    /// What the account that stays is there already, if anything.
    pub own: Option<TenantRole>,
    /// What it will be: the higher of both.
    pub role: TenantRole,
    /// Whether a password counts there for either.
    break_glass: bool,
    /// Whether it does for the account that stays.
    own_break_glass: bool,
    /// The connection that decides about the role from then on; none: an admin did.
    connection: Option<ConnectionId>,
}

/// What came of proving the other account.
#[derive(Debug)]
pub enum MergeProof {
    /// Proved: what carries the merge out, once, in this browser and within ten minutes.
    Offered(Secret),
    /// Address and password do not belong together, or the account cannot be merged: nobody learns which.
    Wrong,
    /// Too many tries.
    Throttled {
        /// When to come back.
        wait: std::time::Duration,
    },
}

/// Says what a merge would do.
pub async fn preview(tx: &RealmTx, actor: Actor, from: UserId, into: UserId) -> Result<Preview, Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    look(tx, from, into).await
}

/// Merges, as an admin.
pub async fn carry_out(
    tx: &RealmTx,
    actor: Actor,
    from: UserId,
    into: UserId,
    notice: Notice<'_>,
    now: Timestamp,
) -> Result<Preview, Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    let preview = look(tx, from, into).await?;
    // Whoever could come as either of them comes as both from then on.
    for roles in [&preview.from.roles, &preview.into.roles] {
        users::check_roles(tx, actor, roles, &[]).await?;
    }
    merge(tx, actor, preview, notice, now).await
}

/// Whether a person may merge these accounts themself once they have proved both: not what administers the realm.
pub(crate) fn may_merge_themself(from: &User, into: &User) -> bool {
    from.id != into.id && may_be_signed_in(into) && from.disabled_at.is_none() && from.roles.is_empty()
}

/// Makes what a person carries a merge out with. Both accounts have been proved in this browser.
pub(crate) async fn offer(tx: &RealmTx, from: UserId, into: UserId, browser: Digest, now: Timestamp) -> Result<Secret, Fault> {
    issue(tx, LinkAction::MergeAccounts { from, browser: browser.to_text() }, Some(into), None, now).await
}

impl Identity {
    /// Proves another account by its password, so that it can be merged into that of whoever is signed in.
    pub async fn prove_for_merge(
        &self,
        realm: &Realm,
        into: &User,
        other: crate::sign_in::password::Credentials<'_>,
        visit: &Visit<'_>,
    ) -> Result<MergeProof, Failure> {
        if !realm.settings.sign_in.password {
            return Err(Refusal::new(ErrorCode::NotFound, "This platform has no passwords").into());
        }
        let account = self.store.read(realm.id).users().find_by_email(other.email).await?;
        let eligible = account.as_ref().filter(|account| may_be_signed_in(account));
        let credential = match self.check_password(realm, other.email, eligible, other.password, visit).await? {
            Checked::Right(credential) => credential,
            Checked::Wrong => return Ok(MergeProof::Wrong),
            Checked::Throttled(wait) => return Ok(MergeProof::Throttled { wait }),
        };
        let now = self.clock.now();
        self.store
            .transact(realm.id, async |tx| {
                let from = crate::sign_in::password::still_holds(tx, &credential).await?;
                let Some(from) = from.filter(|from| may_merge_themself(from, into)) else { return Ok(MergeProof::Wrong) };
                if !takes_new_way(tx, from.id, None, None).await? || !takes_merge(tx, into, visit).await? {
                    return Ok(MergeProof::Wrong);
                }
                Ok(MergeProof::Offered(offer(tx, from.id, into.id, visit.browser, now).await?))
            })
            .await
    }

    /// What a merge that a person has proved would do; none where it was not proved by them, here and lately.
    pub async fn preview_merge(&self, person: &User, token: &Secret, browser: Digest) -> Result<Option<Preview>, Failure> {
        let tx = self.store.read(person.realm_id);
        let Some(digest) = digest_of(token) else { return Ok(None) };
        let Some(link) = tx.action_links().find_live(digest, self.clock.now()).await? else { return Ok(None) };
        let Some(from) = proved(&link, person, browser) else { return Ok(None) };
        look(&tx, from, person.id).await.map(Some)
    }

    /// Carries it out, once.
    pub async fn merge_own(
        &self,
        person: &User,
        token: &Secret,
        notice: Notice<'_>,
        visit: &Visit<'_>,
    ) -> Result<Option<Preview>, Failure> {
        let Some(digest) = digest_of(token) else { return Ok(None) };
        let now = self.clock.now();
        self.store
            .transact(person.realm_id, async |tx| {
                let Some(link) = tx.action_links().consume(digest, now).await? else { return Ok(None) };
                let Some(from) = proved(&link, person, visit.browser) else { return Ok(None) };
                let mut preview = look(tx, from, person.id).await?;
                if !may_merge_themself(&preview.from, &preview.into) || !takes_merge(tx, person, visit).await? {
                    return Ok(None);
                }
                // Who may break the glass is for an admin to say, of each account anew.
                for moved in &mut preview.memberships {
                    moved.break_glass = moved.own_break_glass;
                }
                merge(tx, Actor::User { user: person.id, realm: person.realm_id }, preview, notice, now).await.map(Some)
            })
            .await
    }
}

/// Whether the tenants of the account that stays take it that it gains the ways to sign in of another one, by how its
/// person is signed in.
async fn takes_merge(tx: &RealmTx, person: &User, visit: &Visit<'_>) -> Result<bool, Fault> {
    let session = match visit.session {
        Some(cookie) => tx.sessions().find_by_digest(cookie.digest()).await?.filter(|session| session.user_id == person.id),
        None => None,
    };
    takes_new_way(tx, person.id, session.and_then(|session| session.connection_id), None).await
}

fn proved(link: &gantry_core::action_link::ActionLink, person: &User, browser: Digest) -> Option<UserId> {
    let LinkAction::MergeAccounts { from, browser: proved_in } = &link.action else { return None };
    (link.user_id == Some(person.id) && Digest::from_text(proved_in) == Some(browser)).then_some(*from)
}

/// The connection that decides from then on: that of whichever gave the role. What an admin decided about either goes
/// on being an admin's.
fn deciding(theirs: &Membership, own: Option<&Membership>) -> Option<ConnectionId> {
    let Some(own) = own else { return theirs.connection_id };
    let (theirs_by, own_by) = (theirs.connection_id?, own.connection_id?);
    Some(if theirs.role > own.role { theirs_by } else { own_by })
}

async fn look(tx: &RealmTx, from: UserId, into: UserId) -> Result<Preview, Failure> {
    let (Some(from), Some(into)) = (tx.users().find(from).await?, tx.users().find(into).await?) else { return Err(users::no_user()) };
    if from.id == into.id || from.disabled_at.is_some() || into.disabled_at.is_some() {
        return Err(Refusal::new(ErrorCode::Conflict, "Only two accounts that are both switched on become one").into());
    }
    let own = tx.memberships().list_for_user(into.id).await?;
    let moved = |theirs: Membership| {
        let own = own.iter().find(|own| own.tenant_id == theirs.tenant_id);
        MovedMembership {
            tenant: theirs.tenant_id,
            theirs: theirs.role,
            own: own.map(|own| own.role),
            role: own.map_or(theirs.role, |own| own.role.max(theirs.role)),
            break_glass: theirs.break_glass || own.is_some_and(|own| own.break_glass),
            own_break_glass: own.is_some_and(|own| own.break_glass),
            connection: deciding(&theirs, own),
        }
    };
    let mut apps: Vec<_> = tx.grants().list_live(from.id).await?.into_iter().map(|grant| grant.client_id).collect();
    apps.extend(tx.consents().list_for_user(from.id).await?.into_iter().map(|consent| consent.client_id));
    apps.sort_unstable();
    apps.dedup();
    Ok(Preview {
        identities: tx.identities().list(from.id).await?,
        memberships: tx.memberships().list_for_user(from.id).await?.into_iter().map(moved).collect(),
        apps: apps.len(),
        personal_tokens: tx.personal_tokens().list(from.id).await?.len(),
        password: tx.passwords().find(from.id).await?.is_some(),
        from,
        into,
    })
}

async fn merge(tx: &RealmTx, actor: Actor, preview: Preview, notice: Notice<'_>, now: Timestamp) -> Result<Preview, Failure> {
    let (from, into) = (&preview.from, &preview.into);
    // Held first: who signs in with one of them, or takes one away, waits or sees the outcome.
    tx.identities().hold(from.id).await?;
    tx.identities().reassign(from.id, into.id).await?;
    for moved in &preview.memberships {
        let membership = Membership {
            id: gantry_core::id::MembershipId::new(),
            tenant_id: moved.tenant,
            user_id: into.id,
            role: moved.role,
            break_glass: moved.break_glass,
            connection_id: moved.connection,
            created_at: now,
        };
        tx.memberships().put(&membership).await?;
        tx.memberships().remove(moved.tenant, from.id).await?;
    }
    for consent in tx.consents().list_for_user(from.id).await? {
        tx.consents().remove(from.id, consent.client_id).await?;
    }
    let gone = User { disabled_at: Some(now), email_verified_at: None, updated_at: now, ..from.clone() };
    tx.users().update(&gone).await?;
    users::end_everything(tx, from.id, now).await?;
    tell(tx, &preview, notice, now).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::AccountsMerged).by(actor).target(&into.id);
    let detail = json!({ "from": from.id, "identities": preview.identities.iter().map(|link| link.id).collect::<Vec<_>>() });
    tx.audit().insert(&line.detail(detail)).await?;
    Ok(preview)
}

/// Tells both addresses: what signs in to the account that stays now, and that the other one signs in no more.
async fn tell(tx: &RealmTx, preview: &Preview, notice: Notice<'_>, now: Timestamp) -> Result<(), Failure> {
    let account = || notice.account.to_owned();
    let ids: Vec<ConnectionId> = preview.identities.iter().map(|link| link.connection_id).collect();
    let gained = tx.connections().find_all(&ids).await?.into_iter();
    let gained = gained.map(|connection| (&preview.into, MailKind::SignInLinked { provider: connection.name, account: account() }));
    let lost = MailKind::SignInUnlinked { provider: preview.from.email.to_string(), account: account() };
    for (to, kind) in gained.chain([(&preview.from, lost)]) {
        tx.outbox().insert(&Mail { to: to.email.clone(), locale: notice.locale.to_owned(), kind }, now).await?;
    }
    Ok(())
}
