//! Reading the audit trail: who sees which of its lines, by what it is narrowed, and how it leaves as a file.
//!
//! Never writes a line of its own accord but the one that says that the trail was taken out; every other rule writes
//! its own. A tenant's admins read the lines that name their tenant, and nobody in them who is none of its members.

mod export;
mod names;

use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent, AuditFilter};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::{AuditId, RealmId, TenantId, UserId};
use gantry_core::paging::{Cursor, MAX_LIMIT, Page};
use gantry_store::RealmTx;
use serde_json::json;

pub use export::{CSV_HEADER, csv_row, json_line};
pub use names::{Line, Target};

use crate::permission::{self, Action, TenantAction};

/// Lines of one page of an export.
const EXPORT_PAGE: u64 = 500;

/// Lines that fit, newest first, with the names of what they are about. With a tenant: its lines alone.
pub async fn list(
    tx: &RealmTx,
    actor: Actor,
    tenant: Option<TenantId>,
    filter: AuditFilter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page<Line>, Failure> {
    let limit = u64::from(limit.clamp(1, MAX_LIMIT));
    let page = read(tx, actor, tenant, filter, after, limit).await?;
    Ok(Page { items: names::named(tx, page.items).await?, next: page.next })
}

/// What somebody means by words: a person's address or id, an app's id, or the id of any other record. `false`:
/// nothing fits them.
pub async fn narrow(tx: &RealmTx, actor: Actor, tenant: Option<TenantId>, words: &str, filter: &mut AuditFilter) -> Result<bool, Failure> {
    check(tx.realm_id(), actor, tenant)?;
    if words.is_empty() {
        return Ok(true);
    }
    let person = match EmailAddress::parse(words) {
        // Whether somebody outside the tenant has an account here is nobody's to find out (see `read`).
        Ok(email) => match tx.users().find_by_email(&email).await? {
            Some(user) => Some(user.id),
            None => return Ok(false),
        },
        Err(_) => words.parse().ok(),
    };
    if person.is_some() {
        filter.person = person;
    } else if let Ok(client) = words.parse() {
        filter.client = Some(client);
    } else {
        filter.target = Some(words.to_owned());
    }
    Ok(true)
}

/// One line, if the reader may see it.
pub async fn find(tx: &RealmTx, actor: Actor, tenant: Option<TenantId>, id: AuditId) -> Result<Line, Failure> {
    check(tx.realm_id(), actor, tenant)?;
    let entry = tx.audit().find(id).await?.filter(|entry| tenant.is_none() || entry.tenant_id == tenant);
    let entry = entry.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "There is no such line"))?;
    let entries = for_reader(tx, actor, vec![entry]).await?;
    let line = names::named(tx, entries).await?.pop();
    line.ok_or_else(|| Fault::new("a line of the audit trail was lost on its way").into())
}

/// Begins an export: whoever takes the trail out is written into it.
pub async fn begin_export(
    tx: &RealmTx,
    actor: Actor,
    tenant: Option<TenantId>,
    filter: &AuditFilter,
    now: Timestamp,
) -> Result<(), Failure> {
    check(tx.realm_id(), actor, tenant)?;
    let mut line = AuditEntry::new(tx.realm_id(), now, AuditEvent::AuditExported).by(actor);
    line.tenant_id = tenant;
    let events: Vec<&str> = filter.events.iter().map(|event| event.as_str()).collect();
    let detail = json!({
        "from": filter.from.map(Timestamp::to_rfc3339),
        "until": filter.until.map(Timestamp::to_rfc3339),
        "events": events,
    });
    Ok(tx.audit().insert(&line.detail(detail)).await?)
}

/// A page of an export, without names: as many lines as fit into memory easily.
pub async fn export_page(
    tx: &RealmTx,
    actor: Actor,
    tenant: Option<TenantId>,
    filter: AuditFilter,
    after: Option<&Cursor>,
) -> Result<Page<AuditEntry>, Failure> {
    read(tx, actor, tenant, filter, after, EXPORT_PAGE).await
}

async fn read(
    tx: &RealmTx,
    actor: Actor,
    tenant: Option<TenantId>,
    mut filter: AuditFilter,
    after: Option<&Cursor>,
    limit: u64,
) -> Result<Page<AuditEntry>, Failure> {
    check(tx.realm_id(), actor, tenant)?;
    if tenant.is_some() {
        filter.tenant = tenant;
    }
    // Whether somebody outside acted here is not to be found out by asking for them.
    if let (Some(own), Some(person)) = (actor.tenant(), filter.person)
        && tx.memberships().find(own, person).await?.is_none()
    {
        return Ok(Page::empty());
    }
    let after = match after.map(place) {
        // A place that is none of ours is no place at all.
        Some(None) => return Ok(Page::empty()),
        Some(place) => place,
        None => None,
    };
    let mut entries = tx.audit().search(&filter, after, limit.saturating_add(1)).await?;
    let more = u64::try_from(entries.len()).is_ok_and(|count| count > limit);
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = entries.last().filter(|_| more).map(|last| Cursor::at(format!("{}:{}", last.at.millis(), last.id)));
    Ok(Page { items: for_reader(tx, actor, entries).await?, next })
}

fn check(realm: RealmId, actor: Actor, tenant: Option<TenantId>) -> Result<(), Refusal> {
    match tenant {
        None => permission::check(actor, Action::ReadAudit, realm),
        Some(tenant) => permission::check_tenant(actor, TenantAction::Read, realm, tenant),
    }
}

fn place(cursor: &Cursor) -> Option<(Timestamp, AuditId)> {
    let (at, id) = cursor.place().split_once(':')?;
    Some((Timestamp::from_millis(at.parse().ok()?), id.parse().ok()?))
}

/// The lines as the reader may see them: a tenant's admin learns that somebody of the platform acted, and not who,
/// from where, or by which request (attack catalogue TEN: nobody outside the tenant).
async fn for_reader(tx: &RealmTx, actor: Actor, entries: Vec<AuditEntry>) -> Result<Vec<AuditEntry>, Fault> {
    let Some(tenant) = actor.tenant() else { return Ok(entries) };
    let mut seen = Vec::with_capacity(entries.len());
    let mut members = std::collections::BTreeMap::new();
    for mut entry in entries {
        let target = entry.target.as_ref().and_then(|target| target.parse::<UserId>().ok());
        for user in entry.user_id.into_iter().chain(target) {
            if let std::collections::btree_map::Entry::Vacant(unknown) = members.entry(user) {
                unknown.insert(tx.memberships().find(tenant, user).await?.is_some());
            }
        }
        let is_member = |user: UserId| members.get(&user) == Some(&true);
        if target.is_some_and(|target| !is_member(target)) {
            entry.target = None;
        }
        if !entry.user_id.is_some_and(is_member) {
            entry.user_id = None;
            entry.ip = None;
            entry.request_id = None;
            // What names somebody by id in the facts of such a line is for the platform's own admins.
            entry.detail = entry.detail.map(without_people);
        }
        seen.push(entry);
    }
    Ok(seen)
}

fn without_people(mut detail: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = detail.as_object_mut() {
        fields.remove("service_account");
    }
    detail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_was_made_up_is_none() {
        let id = AuditId::new();
        assert_eq!(place(&Cursor::at(format!("17:{id}"))), Some((Timestamp::from_millis(17), id)));
        for wrong in ["", "17", "x:y", "17:usr_1", &format!(":{id}")] {
            assert_eq!(place(&Cursor::at(wrong)), None, "{wrong}");
        }
    }
}
