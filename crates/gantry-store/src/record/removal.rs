//! Removals that are worked off in batches: what hung on a removed client or person.
//!
//! The record itself is gone and nothing of it works any more; only its rows are still there. There
//! may be millions of them, so they are not removed in the transaction that removed it.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::RealmTx;
use crate::entity::{access_grant, access_token, consent, refresh_family, removal, session};
use crate::statement::Statements;

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Client,
    Person,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Person => "person",
        }
    }
}

/// Notes that a record was removed.
pub(crate) async fn insert(tx: &RealmTx, kind: Kind, reference: &str, now: Timestamp) -> Result<(), Fault> {
    let row = removal::Model {
        reference: reference.to_owned(),
        kind: kind.name().to_owned(),
        realm_id: tx.realm_id().to_string(),
        created_at: now.millis(),
    };
    tx.run().insert_new::<removal::Entity>(row).await.map(|_| ())
}

/// Removes at most `limit` of the rows that hung on removed records; returns how many.
pub(crate) async fn work_off(run: &Statements<'_>, limit: u64) -> Result<u64, Fault> {
    let mut removed = 0;
    let waiting = removal::Entity::find().order_by_asc(removal::Column::Reference).limit(limit);
    for removal in run.all(waiting).await? {
        let left = limit.saturating_sub(removed);
        let rows = if removal.kind == Kind::Client.name() {
            of_client(run, &removal.reference, left).await?
        } else {
            of_person(run, &removal.reference, left).await?
        };
        removed += rows;
        if rows < left {
            run.delete(removal::Entity::delete_many().filter(removal::Column::Reference.eq(removal.reference))).await?;
        } else {
            break;
        }
    }
    Ok(removed)
}

async fn of_client(run: &Statements<'_>, id: &str, limit: u64) -> Result<u64, Fault> {
    let families = refresh_family::Entity::find().filter(refresh_family::Column::ClientId.eq(id)).limit(limit);
    let families = run.all(families).await?.into_iter().map(|family| family.id);
    let mut removed = run.delete(refresh_family::Entity::delete_many().filter(refresh_family::Column::Id.is_in(families))).await?;
    let consents = consent::Entity::find().filter(consent::Column::ClientId.eq(id)).limit(limit.saturating_sub(removed));
    let consents = run.all(consents).await?.into_iter().map(|consent| consent.id);
    removed += run.delete(consent::Entity::delete_many().filter(consent::Column::Id.is_in(consents))).await?;
    let grants = access_grant::Entity::find().filter(access_grant::Column::ClientId.eq(id));
    removed += remove_grants(run, grants.limit(limit.saturating_sub(removed))).await?;
    Ok(removed)
}

async fn of_person(run: &Statements<'_>, id: &str, limit: u64) -> Result<u64, Fault> {
    let sessions = session::Entity::find().filter(session::Column::PersonId.eq(id)).limit(limit);
    let sessions = run.all(sessions).await?.into_iter().map(|session| session.id);
    let mut removed = run.delete(session::Entity::delete_many().filter(session::Column::Id.is_in(sessions))).await?;
    let consents = consent::Entity::find().filter(consent::Column::PersonId.eq(id)).limit(limit.saturating_sub(removed));
    let consents = run.all(consents).await?.into_iter().map(|consent| consent.id);
    removed += run.delete(consent::Entity::delete_many().filter(consent::Column::Id.is_in(consents))).await?;
    let grants = access_grant::Entity::find().filter(access_grant::Column::PersonId.eq(id));
    removed += remove_grants(run, grants.limit(limit.saturating_sub(removed))).await?;
    Ok(removed)
}

/// Removes grants with the families and opaque tokens below them.
async fn remove_grants(run: &Statements<'_>, grants: sea_orm::Select<access_grant::Entity>) -> Result<u64, Fault> {
    let grants: Vec<String> = run.all(grants).await?.into_iter().map(|grant| grant.id).collect();
    run.delete(refresh_family::Entity::delete_many().filter(refresh_family::Column::GrantId.is_in(grants.clone()))).await?;
    run.delete(access_token::Entity::delete_many().filter(access_token::Column::GrantId.is_in(grants.clone()))).await?;
    run.delete(access_grant::Entity::delete_many().filter(access_grant::Column::Id.is_in(grants))).await
}
