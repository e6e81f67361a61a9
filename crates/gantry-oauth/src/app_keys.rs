//! Admin rules for App Keys: what an app's server sends for data that is nobody's own.
//!
//! Owns what a key may be called and do, and how it is made, brought, changed and revoked. What is
//! stored is a digest; the one time that a made key exists as text is in the answer of [`make`].
//! Never says whether a key that was sent still works; see `credential`.

use gantry_core::actor::Actor;
use gantry_core::app_key::{AppKey, MAX_APP_KEYS};
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::client::{Client, ClientKind};
use gantry_core::clock::Timestamp;
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{AppKeyId, ClientId};
use gantry_core::scope::{Scope, ScopeTier};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::{Secret, SecretKind};
use gantry_identity::permission::{self, Action};
use gantry_store::RealmTx;
use serde_json::json;

use crate::catalogue::Catalogue;
use crate::clients::{self, ClientSettings, check_brought_secret};
use crate::violation::{self, Violation};

/// What somebody decides about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppKeySettings {
    /// What it is called, unique among the client's keys.
    pub name: String,
    /// What it may do: scopes of the client that speak of no person.
    pub scopes: ScopeSet,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

/// The stored form of a key's settings, or everything that is wrong with them.
pub fn normalise(mut settings: AppKeySettings, client: &ClientSettings, catalogue: &Catalogue) -> Result<AppKeySettings, Vec<Violation>> {
    let mut wrong = Vec::new();
    match display_name::parse(&settings.name) {
        Ok(name) => settings.name = name,
        Err(invalid) => wrong.push(Violation::new("name", invalid.to_string())),
    }
    if settings.scopes.is_empty() {
        wrong.push(Violation::new("scopes", "must not be empty"));
    }
    for (index, name) in settings.scopes.iter().enumerate() {
        if !client.scopes.contains(name) {
            wrong.push(Violation::new("scopes", format!("names `{name}`, which is no scope of the client")).at(index));
        } else if !catalogue.scope(name).is_some_and(may_carry) {
            let problem = format!("names `{name}`: a key has scopes with `machine` that no tenant's admin has to approve");
            wrong.push(Violation::new("scopes", problem).at(index));
        }
    }
    if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
}

/// Whether a client of this kind can have keys at all: it must be able to keep one.
pub const fn may_have_keys(kind: ClientKind) -> bool {
    !kind.is_public()
}

/// What is wrong with a key that somebody brings: it must be as hard to guess as a secret, fit into
/// a header, and look like no other kind of credential.
pub fn check_brought_key(key: &Secret) -> Result<(), &'static str> {
    check_brought_secret(key)?;
    if key.expose().contains(' ') {
        return Err("must not have spaces");
    }
    if SecretKind::ALL.iter().any(|kind| *kind != SecretKind::AppKey && key.expose().starts_with(kind.prefix())) {
        return Err("must not begin like another kind of Gantry's credentials");
    }
    Ok(())
}

/// What a key may do now: what it was given, as far as its client still has it and the realm's
/// scope is still for machines.
pub fn scopes_of(realms: &[Scope], client: &Client, key: &AppKey) -> ScopeSet {
    let carried = |name: &&str| realms.iter().any(|scope| scope.name == *name && may_carry(scope));
    ScopeSet::from_names(key.scopes.intersection(&client.scopes).iter().filter(carried))
}

/// A client's keys, newest first, those included whose time is over.
pub async fn list(tx: &RealmTx, actor: Actor, client: ClientId) -> Result<Vec<AppKey>, Failure> {
    let client = clients::find(tx, actor, client).await?;
    let mut keys = tx.app_keys().list(client.id).await?;
    keys.sort_by_key(|key| std::cmp::Reverse(key.id));
    Ok(keys)
}

/// One of a client's keys.
pub async fn find(tx: &RealmTx, actor: Actor, client: ClientId, id: AppKeyId) -> Result<AppKey, Failure> {
    let client = clients::find(tx, actor, client).await?;
    own(tx, &client, id).await
}

/// The scopes that a key of the client can carry.
pub fn scopes_for(client: &Client, catalogue: &Catalogue) -> ScopeSet {
    let carried = |name: &&str| catalogue.scope(name).is_some_and(may_carry);
    ScopeSet::from_names(client.scopes.iter().filter(carried))
}

/// Makes a key, to be shown this once.
pub async fn make(
    tx: &RealmTx,
    actor: Actor,
    client: ClientId,
    settings: AppKeySettings,
    now: Timestamp,
) -> Result<(AppKey, Secret), Failure> {
    let key = SecretKind::AppKey.generate();
    Ok((store(tx, actor, client, settings, &key, now).await?, key))
}

/// Takes over a key that somebody brings, from another system or a secret manager.
pub async fn bring(
    tx: &RealmTx,
    actor: Actor,
    client: ClientId,
    settings: AppKeySettings,
    key: &Secret,
    now: Timestamp,
) -> Result<AppKey, Failure> {
    check_brought_key(key).map_err(|problem| violation::refusal(&[Violation::new("key", problem)]))?;
    store(tx, actor, client, settings, key, now).await
}

/// Changes what a key is called, may do, and when it ends; the key itself stays.
pub async fn update(
    tx: &RealmTx,
    actor: Actor,
    client: ClientId,
    id: AppKeyId,
    settings: AppKeySettings,
    now: Timestamp,
) -> Result<AppKey, Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let client = clients::changeable(tx, client).await?;
    let before = own(tx, &client, id).await?;
    let settings = checked(tx, &client, settings).await?;
    let key = AppKey { name: settings.name, scopes: settings.scopes, expires_at: settings.expires_at, ..before.clone() };
    if key != before {
        tx.app_keys().update(&key).await?;
        tx.audit().insert(&audit_line(actor, AuditEvent::Updated, &client, &key, now).changes(&before, &key)).await?;
    }
    Ok(key)
}

/// Ends a key. From the commit on nobody can use it.
pub async fn revoke(tx: &RealmTx, actor: Actor, client: ClientId, id: AppKeyId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let client = clients::changeable(tx, client).await?;
    let key = own(tx, &client, id).await?;
    tx.app_keys().remove(id).await?;
    tx.audit().insert(&audit_line(actor, AuditEvent::Revoked, &client, &key, now).takes_away(&key)).await?;
    Ok(())
}

async fn store(
    tx: &RealmTx,
    actor: Actor,
    client: ClientId,
    settings: AppKeySettings,
    key: &Secret,
    now: Timestamp,
) -> Result<AppKey, Failure> {
    permission::check(actor, Action::ManageClients, tx.realm_id())?;
    let client = clients::changeable(tx, client).await?;
    if !may_have_keys(client.kind) {
        return Err(Refusal::new(ErrorCode::InvalidClientMetadata, "this client cannot keep a key").into());
    }
    let settings = checked(tx, &client, settings).await?;
    if tx.app_keys().list(client.id).await?.len() >= MAX_APP_KEYS {
        return Err(Refusal::new(ErrorCode::Conflict, "the client has 20 App Keys; revoke one first").into());
    }
    let stored = AppKey {
        id: AppKeyId::new(),
        client_id: client.id,
        name: settings.name,
        scopes: settings.scopes,
        digest: key.digest(),
        last_four: key.last_four(),
        last_used_at: None,
        expires_at: settings.expires_at,
        created_at: now,
    };
    if !tx.app_keys().insert(&stored).await? {
        let taken = Refusal::new(ErrorCode::Conflict, "the client has an App Key of this name, or the key is in use");
        return Err(taken.detail(stored.name).into());
    }
    tx.audit().insert(&audit_line(actor, AuditEvent::Created, &client, &stored, now).makes(&stored)).await?;
    Ok(stored)
}

async fn checked(tx: &RealmTx, client: &Client, settings: AppKeySettings) -> Result<AppKeySettings, Failure> {
    let catalogue = Catalogue::load(tx).await?;
    Ok(normalise(settings, &ClientSettings::of(client), &catalogue).map_err(|wrong| violation::refusal(&wrong))?)
}

/// The key, if it is this client's (attack catalogue TEN-13).
async fn own(tx: &RealmTx, client: &Client, id: AppKeyId) -> Result<AppKey, Failure> {
    let known = tx.app_keys().list(client.id).await?.into_iter().find(|key| key.id == id);
    Ok(known.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is no such App Key"))?)
}

/// A key belongs to no organization, so it carries nothing that one has to approve.
fn may_carry(scope: &Scope) -> bool {
    scope.machine && scope.tier != ScopeTier::TenantAdmin
}

fn audit_line(actor: Actor, event: AuditEvent, client: &Client, key: &AppKey, now: Timestamp) -> AuditEntry {
    let detail = json!({ "app_key": key.name, "last_four": key.last_four, "scope": key.scopes });
    AuditEntry::new(client.realm_id, now, event).by(actor).client(client.id).target(&key.id).detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use std::sync::Arc;

    fn settings(scopes: &[&str]) -> AppKeySettings {
        AppKeySettings { name: " Stock  feed ".to_owned(), scopes: ScopeSet::from_names(scopes.iter().copied()), expires_at: None }
    }

    #[test]
    fn a_key_has_scopes_of_its_client_that_speak_of_no_person() {
        let mut realm = Arc::unwrap_or_clone(samples::realm());
        realm.scopes[1].tier = ScopeTier::TenantAdmin;
        let catalogue = Catalogue { resources: vec![], scopes: realm.scopes.clone(), publishers: vec![] };
        let client = ClientSettings::of(&samples::client(ClientKind::Confidential));
        let check = |scopes: &[&str]| normalise(settings(scopes), &client, &catalogue);
        assert_eq!(check(&["read"]).unwrap().name, "Stock feed");
        for wrong in [&[][..], &["other"], &["openid"], &["profile:read"], &["write"], &["unknown"], &["read", "offline_access"]] {
            assert!(check(wrong).unwrap_err().iter().all(|violation| violation.field == "scopes"), "{wrong:?}");
        }
    }

    #[test]
    fn a_key_loses_what_its_client_loses() {
        let mut realm = Arc::unwrap_or_clone(samples::realm());
        let mut client = samples::client(ClientKind::Confidential);
        let key = AppKey { scopes: ScopeSet::from_names(["read", "write"]), ..samples::app_key(&client).0 };
        assert_eq!(scopes_of(&realm.scopes, &client, &key).to_string(), "read write");
        client.scopes = ScopeSet::from_names(["write"]);
        assert_eq!(scopes_of(&realm.scopes, &client, &key).to_string(), "write");
        realm.scopes[1].machine = false;
        assert!(scopes_of(&realm.scopes, &client, &key).is_empty());
    }

    #[test]
    fn a_brought_key_fits_a_header_and_looks_like_nothing_else() {
        let check = |text: &str| check_brought_key(&Secret::new(text)).is_ok();
        assert!(check("0123456789abcdef0123456789abcdef"));
        assert!(check(SecretKind::AppKey.generate().expose()));
        assert!(!check("0123456789abcdef 0123456789abcdef"));
        assert!(!check("too short"));
        for kind in [SecretKind::AccessToken, SecretKind::PersonalToken, SecretKind::RefreshToken, SecretKind::ClientSecret] {
            assert!(!check(kind.generate().expose()), "{kind:?}");
        }
    }
}
