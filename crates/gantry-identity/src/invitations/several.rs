//! One act upon several invitations to one tenant, or to the realm's own roles: each as if it were done to it alone; one that is not
//! there ends it for all.

use gantry_core::actor::Actor;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::{InvitationId, TenantId};
use gantry_core::invitation::Invitation;
use gantry_store::RealmTx;

use super::{no_invitation, owned, resend, revoke};
use crate::at_once::in_order;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The tenant; none: the realm's own roles. Invitations to anything else are none here.
    pub tenant: Option<TenantId>,
    /// Which.
    pub ids: Vec<InvitationId>,
}

/// The invitations with these ids, if all of them are there.
pub async fn find_several(tx: &RealmTx, actor: Actor, chosen: Chosen) -> Result<Vec<Invitation>, Failure> {
    let mut invitations = Vec::new();
    for id in in_order(chosen.ids)? {
        let invitation = owned(tx, actor, id).await?;
        if invitation.tenant_id != chosen.tenant {
            return Err(no_invitation());
        }
        invitations.push(invitation);
    }
    Ok(invitations)
}

/// Mails another link for each of them; returns how many they are.
pub async fn resend_several(tx: &RealmTx, actor: Actor, chosen: Chosen, link_to: &str, now: Timestamp) -> Result<usize, Failure> {
    let invitations = find_several(tx, actor, chosen).await?;
    for invitation in &invitations {
        resend(tx, actor, invitation.id, link_to, now).await?;
    }
    Ok(invitations.len())
}

/// Takes each of them back; returns how many they are.
pub async fn revoke_several(tx: &RealmTx, actor: Actor, chosen: Chosen, now: Timestamp) -> Result<usize, Failure> {
    let invitations = find_several(tx, actor, chosen).await?;
    for invitation in &invitations {
        revoke(tx, actor, invitation.id, now).await?;
    }
    Ok(invitations.len())
}
