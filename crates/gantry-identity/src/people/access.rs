//! What others allowed: the apps that a person let in, and the tokens that they made; an admin looks, and takes back.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ClientId, PersonalTokenId, UserId};
use gantry_core::personal_token::PersonalToken;
use gantry_store::RealmTx;
use serde_json::json;

use super::{managed, seen};
use crate::account::{AppAccess, apps_of, take_back};

/// The apps that a person has let in, last used first.
pub async fn apps(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<AppAccess>, Failure> {
    seen(tx, actor, id).await?;
    Ok(apps_of(tx, id).await?)
}

/// A person's own tokens, newest first.
pub async fn tokens(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<PersonalToken>, Failure> {
    seen(tx, actor, id).await?;
    Ok(tx.personal_tokens().list(id).await?)
}

/// Takes back everything that a person allowed an app; its next request asks them again.
pub async fn revoke_app(tx: &RealmTx, actor: Actor, id: UserId, client: ClientId, now: Timestamp) -> Result<(), Failure> {
    managed(tx, actor, id).await?;
    take_back(tx, id, client, now).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Revoked).by(actor).client(client).target(&id);
    Ok(tx.audit().insert(&line.reason("by_admin")).await?)
}

/// Ends one of a person's own tokens.
pub async fn revoke_token(tx: &RealmTx, actor: Actor, id: UserId, token: PersonalTokenId, now: Timestamp) -> Result<(), Failure> {
    managed(tx, actor, id).await?;
    if !tx.personal_tokens().remove(id, token).await? {
        return Err(Refusal::new(ErrorCode::NotFound, "There is no such token").into());
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Revoked).by(actor).target(&id);
    Ok(tx.audit().insert(&line.reason("by_admin").detail(json!({ "personal_token": token }))).await?)
}
