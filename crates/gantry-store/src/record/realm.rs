//! The realm itself: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::realm::Realm;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_time, to_json};
use crate::RealmTx;
use crate::entity::{access_grant, client, person, realm, realm_host, session};

/// What stands in a realm at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RealmFigures {
    /// Accounts.
    pub people: u64,
    /// Apps, without Gantry's own.
    pub apps: u64,
    /// Signed-in browsers.
    pub sessions: u64,
    /// What people allowed apps, and is not taken back.
    pub grants: u64,
}

/// The realm itself, within one realm.
#[derive(Debug)]
pub struct Realms<'t>(pub(crate) &'t RealmTx);

impl Realms<'_> {
    /// The realm that this handle is for.
    pub async fn find(&self) -> Result<Option<Realm>, Fault> {
        let Some(row) = self.0.run().one(self.0.select::<realm::Entity>()).await? else { return Ok(None) };
        let hosts = self.0.select::<realm_host::Entity>().order_by_asc(realm_host::Column::Position);
        let hosts = self.0.run().all(hosts).await?;
        decode(row, hosts.into_iter().map(|host| host.host).collect()).map(Some)
    }

    /// Writes a new realm. The handle must be for its id. `false`: the slug is or was in use, or a host is.
    pub async fn insert(&self, realm: &Realm) -> Result<bool, Fault> {
        if realm.id != self.0.realm_id() {
            return Err(Fault::new("a new realm is written by a handle for its own id"));
        }
        if self.is_host_taken(realm).await? || !self.0.run().insert_new::<realm::Entity>(encode(realm)?).await? {
            return Ok(false);
        }
        self.insert_hosts(realm).await?;
        self.0.realm_changed();
        Ok(true)
    }

    /// Writes a changed realm if it still has the version before; counts the version on and tells the nodes.
    /// `false`: somebody else changed it meanwhile, or a host is another realm's.
    pub async fn update(&self, realm: &Realm) -> Result<bool, Fault> {
        if self.is_host_taken(realm).await? {
            return Ok(false);
        }
        let mut row = encode(realm)?;
        row.version = realm.version.saturating_add(1);
        let update = self.0.rewrite::<realm::Entity>(row).filter(realm::Column::Version.eq(realm.version));
        if self.0.run().update(update).await? == 0 {
            return Ok(false);
        }
        self.0.run().delete(self.0.delete::<realm_host::Entity>()).await?;
        self.insert_hosts(realm).await?;
        self.0.realm_changed();
        Ok(true)
    }

    /// Ends everything that was issued before, and tells the nodes. Counts the version on, so that a change
    /// that was read before cannot write the old epoch back. `false`: there is no such realm.
    pub async fn revoke_before(&self, epoch: Timestamp) -> Result<bool, Fault> {
        let update = self
            .0
            .update::<realm::Entity>()
            .col_expr(realm::Column::NotBefore, Expr::value(epoch.millis()))
            .col_expr(realm::Column::Version, Expr::col(realm::Column::Version).add(1));
        let revoked = self.0.run().update(update).await? > 0;
        self.0.realm_changed();
        Ok(revoked)
    }

    /// What stands in the realm now: counted for this once, before all of it ends.
    pub async fn figures(&self, now: Timestamp) -> Result<RealmFigures, Fault> {
        let run = self.0.run();
        let live_sessions = self
            .0
            .select::<session::Entity>()
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now.millis()));
        Ok(RealmFigures {
            people: run.count(self.0.select::<person::Entity>()).await?,
            apps: run.count(self.0.select::<client::Entity>().filter(client::Column::BuiltIn.eq(false))).await?,
            sessions: run.count(live_sessions).await?,
            grants: run.count(self.0.select::<access_grant::Entity>().filter(access_grant::Column::RevokedAt.is_null())).await?,
        })
    }

    /// Waits until no other transaction holds this lock on the realm, and holds it to the end: so that what is read
    /// and compared after it cannot change before the commit. SQLite has one writer, who holds all of it.
    pub async fn lock(&self) -> Result<(), Fault> {
        // Not the lock of a removal: rows that refer to the realm can be written meanwhile.
        let select = self.0.select::<realm::Entity>().lock(LockType::NoKeyUpdate);
        self.0.run().one(select).await.map(|_| ())
    }

    /// Whether another realm has one of these hosts: hosts are unique in the deployment.
    async fn is_host_taken(&self, realm: &Realm) -> Result<bool, Fault> {
        if realm.hosts.is_empty() {
            return Ok(false);
        }
        let taken = realm_host::Entity::find()
            .filter(realm_host::Column::Host.is_in(realm.hosts.iter().map(String::as_str)))
            .filter(realm_host::Column::RealmId.ne(self.0.realm_id().to_string()));
        Ok(self.0.run().one(taken).await?.is_some())
    }

    async fn insert_hosts(&self, realm: &Realm) -> Result<(), Fault> {
        let rows = (0..).zip(&realm.hosts).map(|(position, host)| realm_host::Model {
            host: host.clone(),
            realm_id: realm.id.to_string(),
            position,
        });
        self.0.run().insert_all::<realm_host::Entity>(rows.collect()).await
    }
}

/// A realm from its row and its hosts in order.
pub(crate) fn decode(model: realm::Model, hosts: Vec<String>) -> Result<Realm, Fault> {
    let row = Row::new("realm", &model.id);
    Ok(Realm {
        id: row.id("id", &model.id)?,
        settings: row.json("settings", &model.settings)?,
        hosts,
        version: model.version,
        created_at: Timestamp::from_millis(model.created_at),
        not_before: optional_time(model.not_before),
        disabled_at: optional_time(model.disabled_at),
        slug: model.slug,
        name: model.name,
    })
}

fn encode(realm: &Realm) -> Result<realm::Model, Fault> {
    Ok(realm::Model {
        id: realm.id.to_string(),
        slug: realm.slug.clone(),
        name: realm.name.clone(),
        settings: to_json(&realm.settings)?,
        version: realm.version,
        created_at: realm.created_at.millis(),
        not_before: optional_millis(realm.not_before),
        disabled_at: optional_millis(realm.disabled_at),
    })
}
