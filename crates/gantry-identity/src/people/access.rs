//! What others allowed: the apps that a person let in, and the tokens that they made; an admin looks, and takes back.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::grant::Grant;
use gantry_core::id::{ClientId, GrantId, PersonalTokenId, UserId};
use gantry_core::personal_token::PersonalToken;
use gantry_core::tenant::Tenant;
use gantry_store::RealmTx;
use serde_json::json;

use super::{managed, seen};
use crate::account::{AppAccess, apps_of, take_back};
use crate::realms;

/// One thing that a person allowed an app: a chain of tokens.
#[derive(Debug, Clone)]
pub struct Allowed {
    /// What.
    pub grant: Grant,
    /// To which app.
    pub client: Client,
    /// For which tenants; none: for the person alone.
    pub tenants: Vec<Tenant>,
}

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

/// Everything that a person allowed and that holds still, each by itself, last used first. Gantry's own pages are no app.
pub async fn grants(tx: &RealmTx, actor: Actor, id: UserId) -> Result<Vec<Allowed>, Failure> {
    seen(tx, actor, id).await?;
    let realm = realms::find(tx).await?;
    let mut all = Vec::new();
    for grant in tx.grants().list_live(id).await?.into_iter().filter(|grant| realm.stands_since(grant.created_at)) {
        let Some(client) = tx.clients().find(grant.client_id).await?.filter(|client| !client.built_in) else { continue };
        let tenants = tx.tenants().find_all(&grant.tenants).await?;
        all.push(Allowed { grant, client, tenants });
    }
    Ok(all)
}

/// Takes back one thing that a person allowed an app, with the decision that is remembered for the same tenants, so that
/// the app's next request for one of them asks again. What else they allowed it goes on.
pub async fn revoke_grant(tx: &RealmTx, actor: Actor, id: UserId, grant: GrantId, now: Timestamp) -> Result<(), Failure> {
    managed(tx, actor, id).await?;
    let no_grant = || Refusal::new(ErrorCode::NotFound, "There is no such access");
    let grant = tx.grants().find(grant).await?.filter(|grant| grant.user_id == id).ok_or_else(no_grant)?;
    if tx.clients().find(grant.client_id).await?.is_none_or(|client| client.built_in) {
        return Err(no_grant().into());
    }
    // In this order, as for a whole app: a request that is being answered holds the decisions that it rests on.
    if grant.tenants.is_empty() {
        tx.consents().remove_for(id, grant.client_id, None).await?;
    }
    for tenant in &grant.tenants {
        tx.consents().remove_for(id, grant.client_id, Some(*tenant)).await?;
    }
    if !tx.grants().revoke(grant.id, now).await? {
        return Err(no_grant().into());
    }
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Revoked).by(actor).client(grant.client_id).target(&id);
    let detail = json!({ "grant": grant.id, "tenants": grant.tenants });
    Ok(tx.audit().insert(&line.reason("by_admin").detail(detail)).await?)
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
