//! Erasing a person: their account and what was written of them, but for what shows that things happened (GDPR article 17).
//!
//! Gone with the commit: the account with name, address and profile, its password, linked accounts, places in tenants, personal tokens,
//! links that were mailed, invitations to their address, and the traces of sign-ins with all that providers said. Dead with the commit, and removed with
//! the next purges: sessions, grants, consents and their tokens. What stays is the audit trail, without addresses of
//! browsers and without facts about the person: that something happened, when, and under an id that names nobody any more.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::id::UserId;
use gantry_store::RealmTx;
use serde_json::json;

use super::{managed, proved};
use crate::users::{check_roles, check_somebody_else, end_everything};

/// What an erasure touched beyond the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Lines of the audit trail that say less now.
    pub audit_lines: u64,
    /// Traces of sign-ins that are gone.
    pub traces: u64,
}

/// Erases a person.
pub async fn erase(tx: &RealmTx, actor: Actor, id: UserId, now: Timestamp) -> Result<Erased, Failure> {
    let user = managed(tx, actor, id).await?;
    check_somebody_else(actor, id)?;
    check_roles(tx, actor, &user.roles, &[]).await?;
    end_everything(tx, id, now).await?;
    let trail = tx.person_trail();
    let mut invitation_lines = 0_u64;
    for invitation in tx.invitations().list_for_person(id, proved(&user)).await? {
        tx.invitations().remove(invitation.id).await?;
        invitation_lines = invitation_lines.saturating_add(trail.blank_about(&invitation.id.to_string()).await?);
    }
    tx.invitations().forget_sender(id).await?;
    tx.users().remove(id).await?;
    let audit_lines = trail.blank(id).await?.saturating_add(invitation_lines);
    let erased = Erased { audit_lines, traces: trail.remove_traces(id).await? };
    // After the rest was blanked: this line shows that it was done.
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::PersonErased).by(actor).target(&id);
    tx.audit().insert(&line.detail(json!({ "audit_lines": erased.audit_lines, "traces": erased.traces }))).await?;
    Ok(erased)
}
