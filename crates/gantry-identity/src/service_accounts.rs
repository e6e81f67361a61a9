//! Admin rules for service accounts: programs with keys to the admin API.
//!
//! Owns who may make one, what it may be given, and how its keys come and go. What is stored of a key is a
//! digest; the one time that a key exists as text is in the answer of [`create`] and [`add_key`]. A program
//! manages no accounts, its own neither: it would make itself greater.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::admin_scope::AdminScopes;
use gantry_core::audit::{AuditEntry, AuditEvent, Origin};
use gantry_core::clock::Timestamp;
use gantry_core::display_name;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{RealmId, ServiceAccountId, ServiceKeyId};
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};
use gantry_core::realm::SYSTEM_REALM;
use gantry_core::secret::{Digest, Secret, SecretKind};
use gantry_core::service_account::{MAX_SERVICE_KEYS, ServiceAccount, ServiceKey};
use gantry_store::rate_limit::Quota;
use gantry_store::{RealmTx, Store};
use serde_json::json;

use crate::lockout::network;
use crate::permission::{self, Action};
use crate::realms;

/// Refused keys of one network that are answered one by one.
const REFUSALS: Quota = Quota { burst: 30, period: Duration::from_mins(1) };
/// Lines of the audit trail about refused keys of one network: a flood is a few of them.
const REFUSAL_LINES: Quota = Quota { burst: 5, period: Duration::from_mins(5) };
/// The longest time for which a key that has a successor may go on working.
const MAX_OVERLAP: Duration = Duration::from_hours(30 * 24);

/// A service account with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The account.
    pub account: ServiceAccount,
    /// Its keys, newest first, those that ended lately included.
    pub keys: Vec<ServiceKey>,
}

/// A program that proved who it is.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Its account.
    pub account: ServiceAccount,
    /// As whom it acts: an account of the realm `system` in every realm.
    pub actor: Actor,
}

/// What somebody decides about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccountSettings {
    /// What it is called, unique in its realm.
    pub name: String,
    /// What it may do.
    pub scopes: AdminScopes,
}

/// Makes an account with its first key, to be shown this once.
pub async fn create(
    tx: &RealmTx,
    actor: Actor,
    settings: ServiceAccountSettings,
    now: Timestamp,
) -> Result<(ServiceAccount, ServiceKey, Secret), Failure> {
    permission::check(actor, Action::ManageServiceAccounts, tx.realm_id())?;
    let settings = checked(tx, actor, settings, AdminScopes::default()).await?;
    let account = ServiceAccount {
        id: ServiceAccountId::new(),
        realm_id: tx.realm_id(),
        name: settings.name,
        scopes: settings.scopes,
        created_at: now,
        disabled_at: None,
    };
    if !tx.service_accounts().insert(&account).await? {
        return Err(name_taken());
    }
    tx.audit().insert(&line(actor, AuditEvent::Created, &account, now).makes(&account)).await?;
    let (key, secret) = make_key(tx, &account, now).await?;
    Ok((account, key, secret))
}

/// The accounts of a realm, newest first.
pub async fn list(tx: &RealmTx, actor: Actor, find: &Find) -> Result<Page<Known>, Failure> {
    permission::check(actor, Action::ManageServiceAccounts, tx.realm_id())?;
    let limit = find.limit.clamp(1, MAX_LIMIT);
    let before = find.after.as_ref().map(|cursor| cursor.place().parse::<ServiceAccountId>());
    let Ok(before) = before.transpose() else { return Ok(Page::empty()) };
    let mut accounts = tx.service_accounts().list(before, u64::from(limit) + 1).await?;
    let more = accounts.len() > limit as usize;
    accounts.truncate(limit as usize);
    let next = accounts.last().filter(|_| more).map(|last| Cursor::at(last.id.to_string()));
    let mut items = Vec::with_capacity(accounts.len());
    for account in accounts {
        let keys = tx.service_accounts().keys(account.id).await?;
        items.push(Known { account, keys });
    }
    Ok(Page { items, next })
}

/// One account.
pub async fn find(tx: &RealmTx, actor: Actor, id: ServiceAccountId) -> Result<Known, Failure> {
    permission::check(actor, Action::ManageServiceAccounts, tx.realm_id())?;
    let account = existing(tx, id).await?;
    let keys = tx.service_accounts().keys(id).await?;
    Ok(Known { account, keys })
}

/// Changes what an account is called and may do.
pub async fn update(
    tx: &RealmTx,
    actor: Actor,
    id: ServiceAccountId,
    settings: ServiceAccountSettings,
    now: Timestamp,
) -> Result<ServiceAccount, Failure> {
    permission::check(actor, Action::ManageServiceAccounts, tx.realm_id())?;
    let before = existing(tx, id).await?;
    let settings = checked(tx, actor, settings, before.scopes).await?;
    let account = ServiceAccount { name: settings.name, scopes: settings.scopes, ..before.clone() };
    write(tx, actor, &before, account, now).await
}

/// Switches an account off or on. Off, none of its keys works.
pub async fn set_enabled(
    tx: &RealmTx,
    actor: Actor,
    id: ServiceAccountId,
    enabled: bool,
    now: Timestamp,
) -> Result<ServiceAccount, Failure> {
    permission::check(actor, Action::ManageServiceAccounts, tx.realm_id())?;
    let before = existing(tx, id).await?;
    if enabled {
        // To switch on again is to give once more.
        checked_gift(tx, actor, before.scopes).await?;
    }
    let disabled_at = if enabled { None } else { before.disabled_at.or(Some(now)) };
    let account = ServiceAccount { disabled_at, ..before.clone() };
    write(tx, actor, &before, account, now).await
}

/// Removes an account with its keys. From the commit on nobody can use them.
pub async fn remove(tx: &RealmTx, actor: Actor, id: ServiceAccountId, now: Timestamp) -> Result<(), Failure> {
    permission::check(actor, Action::ManageServiceAccounts, tx.realm_id())?;
    let account = existing(tx, id).await?;
    tx.service_accounts().remove(id).await?;
    tx.audit().insert(&line(actor, AuditEvent::Removed, &account, now).takes_away(&account)).await?;
    Ok(())
}

/// Makes a second key, to be shown this once, so that a program can change over.
pub async fn add_key(tx: &RealmTx, actor: Actor, id: ServiceAccountId, now: Timestamp) -> Result<(ServiceKey, Secret), Failure> {
    permission::check(actor, Action::ManageServiceAccounts, tx.realm_id())?;
    let account = existing(tx, id).await?;
    checked_gift(tx, actor, account.scopes).await?;
    let live = tx.service_accounts().keys(id).await?.iter().filter(|key| key.is_live(now)).count();
    if live >= MAX_SERVICE_KEYS {
        return Err(Refusal::new(ErrorCode::Conflict, "The account has two keys that work; end one first").into());
    }
    let (key, secret) = make_key(tx, &account, now).await?;
    let detail = json!({ "key": key.id, "last_four": key.last_four });
    tx.audit().insert(&line(actor, AuditEvent::Updated, &account, now).detail(detail).makes(&key)).await?;
    Ok((key, secret))
}

/// Ends a key, at once or within 30 days. It never lives longer than it was to.
pub async fn expire_key(
    tx: &RealmTx,
    actor: Actor,
    id: ServiceAccountId,
    key: ServiceKeyId,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    permission::check(actor, Action::ManageServiceAccounts, tx.realm_id())?;
    let account = existing(tx, id).await?;
    let known = tx.service_accounts().keys(id).await?.into_iter().find(|known| known.id == key);
    let Some(known) = known else { return Err(Refusal::new(ErrorCode::NotFound, "There is no such key").into()) };
    if !known.is_live(now) {
        return Err(Refusal::new(ErrorCode::Conflict, "The key has ended already").into());
    }
    if at > now.plus(MAX_OVERLAP) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "A key ends within 30 days")
            .field("expires_at", "must be within 30 days")
            .into());
    }
    let at = at.max(now).min(known.expires_at.unwrap_or(at.max(now)));
    tx.service_accounts().expire_key(key, at).await?;
    let ended = ServiceKey { expires_at: Some(at), ..known.clone() };
    let detail = json!({ "key": key, "last_four": known.last_four, "expires_at": at.to_rfc3339() });
    tx.audit().insert(&line(actor, AuditEvent::Revoked, &account, now).detail(detail).changes(&known, &ended)).await?;
    Ok(())
}

/// Whose a key is, if it works. One SHA-256 and one look-up by it; nothing of a key is compared as text.
pub async fn authenticate(store: &Store, key: &str, now: Timestamp) -> Result<Option<Caller>, Fault> {
    if SecretKind::ServiceKey.unwrap(key).is_none() {
        return Ok(None);
    }
    let Some((account, known)) = store.platform().service_key(Digest::of(key.as_bytes())).await? else { return Ok(None) };
    if account.disabled_at.is_some() || !known.is_live(now) {
        return Ok(None);
    }
    let realm = store.read(account.realm_id).realms().find().await?;
    let Some(realm) = realm.filter(|realm| realm.disabled_at.is_none()) else { return Ok(None) };
    store.platform().service_key_used(&known, now).await?;
    let actor = account.actor(realm.slug == SYSTEM_REALM);
    Ok(Some(Caller { account, actor }))
}

/// Counts a refused key and notes it in a realm's audit trail, a few lines for a flood. `Err`: the network sends
/// too many of them.
pub async fn note_refused(store: &Store, realm: Option<RealmId>, reason: &str, origin: &Origin, now: Timestamp) -> Result<(), Failure> {
    let within = store.limiter().check(&format!("admin-api:{}", network(&origin.ip)), REFUSALS).await;
    if let Some(realm) = realm {
        let line = AuditEntry::new(realm, now, AuditEvent::ServiceKeyRefused).from(origin).reason(reason);
        write_refusal(store, line, &origin.ip).await?;
    }
    within.or(Err(Refusal::new(ErrorCode::TooManyRequests, "Too many keys were refused; try again later").into()))
}

/// Notes in the audit trail of an account's realm that it asked for what it may not have, a few lines for a flood.
pub async fn note_denied(
    store: &Store,
    caller: &Caller,
    (reason, asked): (&str, serde_json::Value),
    origin: &Origin,
    now: Timestamp,
) -> Result<(), Failure> {
    let account = &caller.account;
    let line = AuditEntry::new(account.realm_id, now, AuditEvent::ServiceKeyRefused).from(origin).by(caller.actor);
    write_refusal(store, line.target(&account.id).reason(reason).detail(asked), &account.id.to_string()).await
}

async fn write_refusal(store: &Store, line: AuditEntry, of: &str) -> Result<(), Failure> {
    let (realm, whose) = (line.realm_id, network_or(of));
    if store.limiter().check(&format!("admin-api-line:{realm}:{whose}"), REFUSAL_LINES).await.is_err() {
        return Ok(());
    }
    store.transact(realm, async |tx| Ok(tx.audit().insert(&line).await?)).await
}

/// The network of an address, or the name of an account.
fn network_or(of: &str) -> String {
    if of.starts_with(ServiceAccountId::PREFIX) { of.to_owned() } else { network(of) }
}

async fn make_key(tx: &RealmTx, account: &ServiceAccount, now: Timestamp) -> Result<(ServiceKey, Secret), Failure> {
    let secret = SecretKind::ServiceKey.generate();
    let key = ServiceKey {
        id: ServiceKeyId::new(),
        account_id: account.id,
        digest: secret.digest(),
        last_four: secret.last_four(),
        last_used_at: None,
        expires_at: None,
        created_at: now,
    };
    if !tx.service_accounts().insert_key(&key).await? {
        return Err(Fault::new("a key of 256 random bits was there already").into());
    }
    Ok((key, secret))
}

/// The settings in their stored form. `before` are scopes that the account has: whoever may not give one may
/// still leave it, or take it away.
async fn checked(
    tx: &RealmTx,
    actor: Actor,
    mut settings: ServiceAccountSettings,
    before: AdminScopes,
) -> Result<ServiceAccountSettings, Failure> {
    let wrong = |field: &str, problem: String| {
        Refusal::new(ErrorCode::InvalidRequest, "The service account cannot be written so").field(field, problem)
    };
    settings.name = display_name::parse(&settings.name).map_err(|invalid| wrong("name", invalid.to_string()))?;
    if settings.scopes.is_empty() {
        return Err(wrong("scopes", "must not be empty".to_owned()).into());
    }
    let added: Vec<_> = settings.scopes.iter().filter(|scope| !before.contains(*scope)).collect();
    checked_gift(tx, actor, AdminScopes::of(&added)).await?;
    Ok(settings)
}

async fn checked_gift(tx: &RealmTx, actor: Actor, scopes: AdminScopes) -> Result<(), Failure> {
    let everywhere = realms::find(tx).await?.slug == SYSTEM_REALM;
    for scope in scopes.iter() {
        permission::check_gift(actor, scope, tx.realm_id(), everywhere)?;
    }
    Ok(())
}

async fn existing(tx: &RealmTx, id: ServiceAccountId) -> Result<ServiceAccount, Failure> {
    let known = tx.service_accounts().find(id).await?;
    Ok(known.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "There is no such service account"))?)
}

async fn write(
    tx: &RealmTx,
    actor: Actor,
    before: &ServiceAccount,
    account: ServiceAccount,
    now: Timestamp,
) -> Result<ServiceAccount, Failure> {
    if account == *before {
        return Ok(account);
    }
    if !tx.service_accounts().update(&account).await? {
        return Err(name_taken());
    }
    tx.audit().insert(&line(actor, AuditEvent::Updated, &account, now).changes(before, &account)).await?;
    Ok(account)
}

fn name_taken() -> Failure {
    Refusal::new(ErrorCode::Conflict, "The realm has a service account of this name").field("name", "is in use").into()
}

fn line(actor: Actor, event: AuditEvent, account: &ServiceAccount, now: Timestamp) -> AuditEntry {
    let detail = json!({ "service_account": account.name, "scopes": account.scopes.to_string(), "enabled": account.disabled_at.is_none() });
    AuditEntry::new(account.realm_id, now, event).by(actor).target(&account.id).detail(detail)
}
