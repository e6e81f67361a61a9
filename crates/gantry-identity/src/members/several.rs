//! One act upon several members of a tenant: each as if it were done to them alone; one who is none ends it for all.

use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::{TenantId, UserId};
use gantry_core::tenant::TenantRole;
use gantry_store::RealmTx;

use super::{Member, MemberSettings, find, put, remove};
use crate::at_once::in_order;
use crate::permission::{self, TenantAction};

/// What is done to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// They get this role. Whoever has it already stays as they are.
    Role(TenantRole),
    /// They belong to the tenant no more.
    Remove,
}

/// The members with these ids, if all of them belong to the tenant.
pub async fn find_several(tx: &RealmTx, actor: Actor, tenant: TenantId, ids: Vec<UserId>) -> Result<Vec<Member>, Failure> {
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?;
    let mut members = Vec::new();
    for id in in_order(ids)? {
        members.push(find(tx, actor, tenant, id).await?);
    }
    Ok(members)
}

/// Does it to each of them; returns how many they are.
pub async fn carry_out(tx: &RealmTx, actor: Actor, tenant: TenantId, ids: Vec<UserId>, act: Act, now: Timestamp) -> Result<usize, Failure> {
    permission::check_tenant(actor, TenantAction::ManageMembers, tx.realm_id(), tenant)?;
    let members = find_several(tx, actor, tenant, ids).await?;
    for member in &members {
        let before = &member.membership;
        match act {
            Act::Remove => remove(tx, actor, tenant, member.user.id, now).await?,
            Act::Role(role) if role == before.role => {}
            Act::Role(role) => {
                let settings = MemberSettings { role, break_glass: before.break_glass };
                put(tx, actor, tenant, member.user.id, settings, now).await?;
            }
        }
    }
    Ok(members.len())
}
