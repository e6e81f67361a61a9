//! Which realms there are, what rests on one, and whether it works at all.
//!
//! Switching a realm off ends nothing for good: whoever switches it on again finds people, apps and sessions as they
//! were, but for what ran out meanwhile.

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::RealmId;
use gantry_core::paging::{Cursor, Find, Page};
use gantry_core::realm::{Realm, SYSTEM_REALM};
use gantry_store::record::realm::RealmFigures;
use gantry_store::{RealmTx, Store};
use serde_json::json;

use super::find;
use crate::permission::{self, Action};

/// Realms that are looked at for one page of a search, at most.
const STRIDE: u64 = 200;

/// The realms of the deployment in order of slug, whose name or slug has all the words. There are few of them and
/// operators alone may ask, so a search looks at each.
pub async fn list(store: &Store, actor: Actor, wanted: &Find) -> Result<Page<Realm>, Failure> {
    // Which realm is asked about plays no part: it is about all of them.
    permission::check(actor, Action::CreateRealm, RealmId::new())?;
    let words: Vec<String> = wanted.text.split_whitespace().map(str::to_lowercase).collect();
    let disabled = wanted.facets.iter().find_map(|facet| facet.strip_prefix("is:")).map(|is| is == "disabled");
    let fits = |realm: &Realm| {
        let known = format!("{} {}", realm.slug, realm.name).to_lowercase();
        words.iter().all(|word| known.contains(word)) && disabled.is_none_or(|disabled| disabled == realm.disabled_at.is_some())
    };
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let mut after = wanted.after.as_ref().map(|cursor| cursor.place().to_owned());
    let mut items: Vec<Realm> = Vec::new();
    loop {
        let some = store.platform().list_realms(after.as_deref(), STRIDE).await?;
        let Some(last) = some.last().map(|realm| realm.slug.clone()) else { return Ok(Page { items, next: None }) };
        for realm in some.into_iter().filter(fits) {
            if items.len() == limit {
                let next = items.last().map(|last| Cursor::at(&last.slug));
                return Ok(Page { items, next });
            }
            items.push(realm);
        }
        after = Some(last);
    }
}

/// The realm, for who may see it.
pub async fn read(tx: &RealmTx, actor: Actor) -> Result<Realm, Failure> {
    permission::check(actor, Action::ReadRealm, tx.realm_id())?;
    Ok(find(tx).await?)
}

/// What stands in a realm now, for whoever is about to end all of it.
pub async fn figures(tx: &RealmTx, actor: Actor, now: Timestamp) -> Result<RealmFigures, Failure> {
    permission::check(actor, Action::ReadRealm, tx.realm_id())?;
    Ok(tx.realms().figures(now).await?)
}

/// Switches a realm off or on. Off, nothing of it answers: no page, no token endpoint, no key set. Operators alone may,
/// and never with the realm that they sign in to.
pub async fn set_enabled(tx: &RealmTx, actor: Actor, enabled: bool, now: Timestamp) -> Result<Realm, Failure> {
    permission::check(actor, Action::CreateRealm, tx.realm_id())?;
    let before = find(tx).await?;
    let mut realm = before.clone();
    if realm.slug == SYSTEM_REALM {
        return Err(Refusal::new(ErrorCode::Conflict, "The realm of the operators cannot be switched off").into());
    }
    if realm.disabled_at.is_none() == enabled {
        return Ok(realm);
    }
    realm.disabled_at = if enabled { None } else { Some(now) };
    if !tx.realms().update(&realm).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "Somebody else changed the realm meanwhile").into());
    }
    realm.version = realm.version.saturating_add(1);
    let line = AuditEntry::new(realm.id, now, AuditEvent::Updated).by(actor).target(&realm.id).detail(json!({ "enabled": enabled }));
    let line = line.changes(&before, &realm);
    tx.audit().insert(&line).await?;
    Ok(realm)
}
