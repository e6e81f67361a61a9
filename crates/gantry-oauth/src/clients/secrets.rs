//! A client's secrets: two live ones at most, so that they are rotated without a gap.
//!
//! Owns how they are made, brought and retired. What is stored is a digest; the one time that a
//! generated secret exists as text is in the answer of [`add_secret`].

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::AuditEvent;
use gantry_core::client::{Client, ClientSecret, MAX_CLIENT_SECRETS, MIN_BROUGHT_SECRET};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{ClientId, ClientSecretId};
use gantry_core::secret::{Secret, SecretKind};
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;
use serde_json::json;

use super::{ClientSettings, audit_line, changeable};
use crate::violation::{self, Violation};

/// The most characters of a secret that people bring.
const MAX_BROUGHT_SECRET: usize = 1024;

/// How long two secrets may work beside each other because of a rotation.
pub const LONGEST_OVERLAP: Duration = Duration::from_hours(30 * 24);

/// Makes a secret, to be shown this once.
pub async fn add_secret(tx: &RealmTx, actor: Actor, client: ClientId, now: Timestamp) -> Result<(ClientSecret, Secret), Failure> {
    let secret = SecretKind::ClientSecret.generate();
    let stored = store(tx, actor, client, &secret, now).await?;
    Ok((stored, secret))
}

/// Makes a new secret, to be shown this once, and ends the one before it after `overlap`: so long both
/// work, and nothing of the app stands still. Zero ends it at once, for a secret that leaked.
pub async fn rotate_secret(
    tx: &RealmTx,
    actor: Actor,
    client: ClientId,
    overlap: Duration,
    now: Timestamp,
) -> Result<(ClientSecret, Secret), Failure> {
    if overlap > LONGEST_OVERLAP {
        return Err(violation::refusal(&[Violation::new("overlap", "must be at most 30 days")]).into());
    }
    let before = tx.client_secrets().list(client).await?;
    if overlap.is_zero() {
        permission::check(actor, Action::ManageClients, tx.realm_id())?;
        expire_all(tx, &changeable(tx, client).await?, now).await?;
    }
    let made = add_secret(tx, actor, client, now).await?;
    for secret in before.iter().filter(|secret| is_live(secret, now)) {
        expire_secret(tx, actor, client, secret.id, now.plus(overlap), now).await?;
    }
    Ok(made)
}

/// Takes over a secret that somebody brings, from another system or a secret manager.
pub async fn bring_secret(tx: &RealmTx, actor: Actor, client: ClientId, secret: &Secret, now: Timestamp) -> Result<ClientSecret, Failure> {
    check_brought_secret(secret).map_err(|problem| violation::refusal(&[Violation::new("client_secret", problem)]))?;
    store(tx, actor, client, secret, now).await
}

/// Sets when a secret stops working: now, or after the time that a rotation takes. Never later than
/// was set before.
pub async fn expire_secret(
    tx: &RealmTx,
    actor: Actor,
    client: ClientId,
    secret: ClientSecretId,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let client = changeable(tx, client).await?;
    let secrets = tx.client_secrets().list(client.id).await?;
    let Some(secret) = secrets.iter().find(|known| known.id == secret) else {
        return Err(Refusal::new(ErrorCode::NotFound, "there is no such secret").into());
    };
    let at = secret.expires_at.map_or(at, |set| set.min(at)).max(now);
    tx.client_secrets().expire(secret, at).await?;
    let detail = json!({ "secret": secret.id, "expires_at": at });
    let ended = ClientSecret { expires_at: Some(at), ..secret.clone() };
    tx.audit().insert(&audit_line(actor, AuditEvent::Updated, &client, now).detail(detail).changes(secret, &ended)).await?;
    Ok(())
}

/// What is wrong with a secret that somebody brings. It is checked by one SHA-256, which is safe
/// only for secrets that nobody can guess.
pub fn check_brought_secret(secret: &Secret) -> Result<(), &'static str> {
    let text = secret.expose();
    let length = text.chars().count();
    let mut different: Vec<char> = text.chars().collect();
    different.sort_unstable();
    different.dedup();
    if length < MIN_BROUGHT_SECRET {
        return Err("must have at least 32 characters");
    }
    if length > MAX_BROUGHT_SECRET {
        return Err("must have at most 1024 characters");
    }
    // RFC 6749 appendix A.2.
    if !text.bytes().all(|b| (0x20..=0x7e).contains(&b)) || text.trim() != text {
        return Err("must be printable ASCII without spaces at its ends");
    }
    if different.len() < 8 {
        return Err("repeats a few characters; it must be random");
    }
    Ok(())
}

/// Ends all secrets of a client that no longer proves itself by one.
pub(super) async fn expire_all(tx: &RealmTx, client: &Client, now: Timestamp) -> Result<(), Failure> {
    for secret in tx.client_secrets().list(client.id).await?.iter().filter(|secret| is_live(secret, now)) {
        tx.client_secrets().expire(secret, now).await?;
    }
    Ok(())
}

async fn store(tx: &RealmTx, actor: Actor, client: ClientId, secret: &Secret, now: Timestamp) -> Result<ClientSecret, Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let client = changeable(tx, client).await?;
    if !ClientSettings::of(&client).uses_secrets() {
        return Err(Refusal::new(ErrorCode::InvalidClientMetadata, "this client does not prove itself by a secret").into());
    }
    let digest = secret.digest();
    let mut live = 0;
    for known in tx.client_secrets().list(client.id).await? {
        let live_one = is_live(&known, now);
        if known.digest == digest && live_one {
            return Err(Refusal::new(ErrorCode::Conflict, "the client has this secret").into());
        }
        if known.digest == digest {
            tx.client_secrets().remove(&known).await?;
        }
        live += usize::from(live_one);
    }
    if live >= MAX_CLIENT_SECRETS {
        return Err(Refusal::new(ErrorCode::Conflict, "the client has two live secrets; let one expire first").into());
    }
    let stored = ClientSecret {
        id: ClientSecretId::new(),
        client_id: client.id,
        digest,
        last_four: secret.last_four(),
        last_used_at: None,
        expires_at: None,
        created_at: now,
    };
    tx.client_secrets().insert(&stored).await?;
    let detail = json!({ "secret": stored.id, "last_four": stored.last_four });
    tx.audit().insert(&audit_line(actor, AuditEvent::Updated, &client, now).detail(detail).makes(&stored)).await?;
    Ok(stored)
}

/// Whether a secret still works.
pub(crate) fn is_live(secret: &ClientSecret, now: Timestamp) -> bool {
    secret.expires_at.is_none_or(|at| at > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brought_secret_must_be_hard_to_guess() {
        let check = |text: &str| check_brought_secret(&Secret::new(text));
        assert!(check("0123456789abcdef0123456789abcdef").is_ok());
        assert!(check("0123456789abcdef0123456789abcde").is_err());
        assert!(check(&"a".repeat(64)).is_err());
        assert!(check(&"abcdefghij".repeat(103)).is_err());
        assert!(check(" 0123456789abcdef0123456789abcdef").is_err());
        assert!(check("0123456789abcdef0123456789abcde\n").is_err());
        assert!(check("0123456789abcdef0123456789abcdé").is_err());
    }
}
