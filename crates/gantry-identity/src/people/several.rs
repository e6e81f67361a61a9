//! One act upon several people: each as if it were done to them alone; one whom the realm does not know ends it for all.

use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::{TenantId, UserId};
use gantry_core::tenant::TenantRole;
use gantry_core::user::User;
use gantry_store::RealmTx;

use super::sessions::end_everywhere;
use crate::at_once::in_order;
use crate::members::{self, MemberSettings};
use crate::permission::{self, Action};
use crate::users::{self, UserChange, no_user};

/// What is done to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Their accounts are locked.
    Lock,
    /// Their accounts are opened again.
    Unlock,
    /// All their sessions end.
    SignOut,
    /// They become members of a tenant. Whoever is one stays what they are there.
    Join(TenantId),
}

/// The people with these ids, if all of them are there.
pub async fn find(tx: &RealmTx, actor: Actor, ids: Vec<UserId>) -> Result<Vec<User>, Failure> {
    permission::check(actor, Action::ReadUsers, tx.realm_id())?;
    let ids = in_order(ids)?;
    let found = tx.users().find_all(&ids).await?;
    if found.len() == ids.len() { Ok(found) } else { Err(no_user()) }
}

/// Does it to each of them; returns how many they are.
pub async fn carry_out(tx: &RealmTx, actor: Actor, ids: Vec<UserId>, act: Act, now: Timestamp) -> Result<usize, Failure> {
    permission::check(actor, Action::ManageUsers, tx.realm_id())?;
    let people = find(tx, actor, ids).await?;
    for user in &people {
        do_to(tx, actor, user.id, act, now).await?;
    }
    Ok(people.len())
}

async fn do_to(tx: &RealmTx, actor: Actor, user: UserId, act: Act, now: Timestamp) -> Result<(), Failure> {
    match act {
        Act::Lock | Act::Unlock => {
            let change = UserChange { disabled: Some(act == Act::Lock), ..UserChange::default() };
            users::update(tx, actor, user, change, now).await?;
        }
        Act::SignOut => {
            end_everywhere(tx, actor, user, now).await?;
        }
        Act::Join(tenant) => {
            if tx.memberships().find(tenant, user).await?.is_none() {
                members::put(tx, actor, tenant, user, MemberSettings::with(TenantRole::Member), now).await?;
            }
        }
    }
    Ok(())
}
