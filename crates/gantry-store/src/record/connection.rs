//! Ways to sign in: row and core type, and the queries of that record.
//!
//! What a connection proves itself with is sealed, and read by [`Connections::secrets`] alone.

use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, ConnectionSecrets};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, TenantId};
use gantry_core::paging::{Find, Page};
use gantry_core::search::SearchKind;
use gantry_core::secret::Secret;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::{Deserialize, Serialize};

use super::row::{Row, optional_millis, optional_text, optional_time, to_json};
use super::search::{self, newest, terms};
use crate::RealmTx;
use crate::entity::connection;
use crate::seal::SealContext;

/// What is sealed in the column.
#[derive(Serialize, Deserialize)]
struct Sealed {
    client_secret: Option<String>,
    private_key: Option<String>,
    certificate: Option<String>,
}

/// Ways to sign in, within one realm.
#[derive(Debug)]
pub struct Connections<'t>(pub(crate) &'t RealmTx);

impl Connections<'_> {
    /// The connection with this key.
    pub async fn find(&self, id: ConnectionId) -> Result<Option<Connection>, Fault> {
        let select = self.0.select::<connection::Entity>().filter(connection::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(Connection::try_from).transpose()
    }

    /// The connection with this name.
    pub async fn find_by_slug(&self, slug: &str) -> Result<Option<Connection>, Fault> {
        let select = self.0.select::<connection::Entity>().filter(connection::Column::Slug.eq(slug));
        self.0.run().one(select).await?.map(Connection::try_from).transpose()
    }

    /// The connections with these keys, in order of name.
    pub async fn find_all(&self, ids: &[ConnectionId]) -> Result<Vec<Connection>, Fault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys = ids.iter().map(ToString::to_string);
        let select =
            self.0.select::<connection::Entity>().filter(connection::Column::Id.is_in(keys)).order_by_asc(connection::Column::Slug);
        self.0.run().all(select).await?.into_iter().map(Connection::try_from).collect()
    }

    /// All connections of the realm, those of tenants included: for realm files and the console.
    pub async fn list(&self) -> Result<Vec<Connection>, Fault> {
        let select = self.0.select::<connection::Entity>().order_by_asc(connection::Column::Slug);
        self.0.run().all(select).await?.into_iter().map(Connection::try_from).collect()
    }

    /// The enabled connections whose secret or certificate ends before an instant, soonest first, at most `limit`.
    pub async fn ending(&self, before: Timestamp, limit: u64) -> Result<Vec<Connection>, Fault> {
        use connection::Column as C;
        let select =
            self.0.select::<connection::Entity>().filter(C::CredentialExpiresAt.lt(before.millis())).filter(C::DisabledAt.is_null());
        let rows = self.0.run().all(select.order_by_asc(C::CredentialExpiresAt).limit(limit)).await?;
        rows.into_iter().map(Connection::try_from).collect()
    }

    /// The connections that the realm itself owns, at most `limit`, in order of name: those that a sign-in page may show.
    pub async fn list_of_realm(&self, limit: u64) -> Result<Vec<Connection>, Fault> {
        let select = self
            .0
            .select::<connection::Entity>()
            .filter(connection::Column::OwnerId.is_null())
            .order_by_asc(connection::Column::Slug)
            .limit(limit);
        self.0.run().all(select).await?.into_iter().map(Connection::try_from).collect()
    }

    /// The connections that a tenant owns.
    pub async fn list_of_tenant(&self, owner: TenantId) -> Result<Vec<Connection>, Fault> {
        self.list_of_tenants(&[owner]).await
    }

    /// The connections that any of these tenants owns.
    pub async fn list_of_tenants(&self, owners: &[TenantId]) -> Result<Vec<Connection>, Fault> {
        if owners.is_empty() {
            return Ok(Vec::new());
        }
        let select = self
            .0
            .select::<connection::Entity>()
            .filter(connection::Column::OwnerId.is_in(owners.iter().map(ToString::to_string)))
            .order_by_asc(connection::Column::Slug);
        self.0.run().all(select).await?.into_iter().map(Connection::try_from).collect()
    }

    /// Connections that are looked for; without words and properties all of them, newest first.
    pub async fn search(&self, find: &Find) -> Result<Page<Connection>, Fault> {
        if search::is_narrowed(find) {
            let page = self.0.search().find(SearchKind::Connection, find).await?;
            let rows = self.0.run().all(self.0.select::<connection::Entity>().filter(connection::Column::Id.is_in(&page.items))).await?;
            return search::in_order(page, rows.into_iter().map(Connection::try_from), |connection| connection.id.to_string());
        }
        let select = newest::<connection::Entity, ConnectionId>(self.0, connection::Column::Id, find);
        let Some(select) = select else { return Ok(Page::empty()) };
        search::page_of(self.0.run().all(select).await?.into_iter().map(Connection::try_from), find, |connection| connection.id.to_string())
    }

    /// Writes a new connection and tells the nodes. `false`: the name is in use.
    pub async fn insert(&self, connection: &Connection) -> Result<bool, Fault> {
        let inserted = self.0.run().insert_new::<connection::Entity>(self.encode(connection)?).await?;
        if inserted {
            self.0.search().write(SearchKind::Connection, &connection.id.to_string(), terms::of_connection(connection)).await?;
            self.0.realm_changed();
        }
        Ok(inserted)
    }

    /// Writes a changed connection, its secrets left alone, and tells the nodes.
    pub async fn update(&self, connection: &Connection) -> Result<(), Fault> {
        use connection::Column as C;
        let row = self.encode(connection)?;
        let update = self
            .0
            .update::<connection::Entity>()
            .col_expr(C::Name, Expr::value(row.name))
            .col_expr(C::Settings, Expr::value(row.settings))
            .col_expr(C::CredentialExpiresAt, Expr::value(row.credential_expires_at))
            .col_expr(C::NotBefore, Expr::value(row.not_before))
            .col_expr(C::DisabledAt, Expr::value(row.disabled_at))
            .filter(C::Id.eq(connection.id.to_string()));
        if self.0.run().update(update).await? > 0 {
            self.0.search().write(SearchKind::Connection, &connection.id.to_string(), terms::of_connection(connection)).await?;
        }
        self.0.realm_changed();
        Ok(())
    }

    /// Notes that somebody was told that a connection's credential ends then. `false`: another node did it for
    /// this end, or the credential was replaced meanwhile.
    pub async fn warned(&self, connection: &Connection, before: Timestamp, now: Timestamp) -> Result<bool, Fault> {
        use connection::Column as C;
        let update = self
            .0
            .update::<connection::Entity>()
            .col_expr(C::WarnedAt, Expr::value(now.millis()))
            .filter(C::Id.eq(connection.id.to_string()))
            .filter(C::CredentialExpiresAt.eq(optional_millis(connection.credential_expires_at)))
            .filter(C::WarnedAt.is_null().or(C::WarnedAt.lt(before.millis())));
        Ok(self.0.run().update(update).await? > 0)
    }

    /// Removes a connection with its identities and attachments. `false`: it is not there.
    pub async fn remove(&self, id: ConnectionId) -> Result<bool, Fault> {
        let delete = self.0.delete::<connection::Entity>().filter(connection::Column::Id.eq(id.to_string()));
        let removed = self.0.run().delete(delete).await? > 0;
        if removed {
            self.0.search().forget(&id.to_string()).await?;
            self.0.realm_changed();
        }
        Ok(removed)
    }

    /// What a connection proves itself with.
    pub async fn secrets(&self, id: ConnectionId) -> Result<ConnectionSecrets, Fault> {
        let select = self.0.select::<connection::Entity>().filter(connection::Column::Id.eq(id.to_string()));
        let Some(model) = self.0.run().one(select).await? else { return Ok(ConnectionSecrets::default()) };
        let Some(sealed) = &model.secrets else { return Ok(ConnectionSecrets::default()) };
        let row = Row::new("connection", &model.id);
        let plain = row.known("secrets", self.0.database().sealer.open(context(&model.realm_id, &model.id), sealed))?;
        let plain: Sealed = row.known("secrets", serde_json::from_slice(&plain).ok())?;
        Ok(ConnectionSecrets {
            client_secret: plain.client_secret.map(Secret::new),
            private_key: plain.private_key.map(Secret::new),
            certificate: plain.certificate,
        })
    }

    /// Writes what a connection proves itself with from now on; none at all voids what it had.
    pub async fn set_secrets(&self, id: ConnectionId, secrets: &ConnectionSecrets) -> Result<(), Fault> {
        let (realm, row) = (self.0.realm_id().to_string(), id.to_string());
        let text = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let sealed = if secrets.is_empty() {
            None
        } else {
            let plain = Sealed {
                client_secret: text(&secrets.client_secret),
                private_key: text(&secrets.private_key),
                certificate: secrets.certificate.clone(),
            };
            Some(self.0.database().sealer.seal(context(&realm, &row), to_json(&plain)?.as_bytes())?)
        };
        let update = self
            .0
            .update::<connection::Entity>()
            .col_expr(connection::Column::Secrets, Expr::value(sealed))
            .filter(connection::Column::Id.eq(row));
        self.0.run().update(update).await?;
        self.0.realm_changed();
        Ok(())
    }

    fn encode(&self, connection: &Connection) -> Result<connection::Model, Fault> {
        Ok(connection::Model {
            id: connection.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            slug: connection.slug.clone(),
            name: connection.name.clone(),
            kind: connection.kind.to_string(),
            owner_id: optional_text(connection.owner),
            settings: to_json(&connection.settings)?,
            secrets: None,
            credential_expires_at: optional_millis(connection.credential_expires_at),
            warned_at: None,
            not_before: optional_millis(connection.not_before),
            disabled_at: optional_millis(connection.disabled_at),
            created_at: connection.created_at.millis(),
        })
    }
}

const fn context<'c>(realm: &'c str, row: &'c str) -> SealContext<'c> {
    SealContext { purpose: "connection.secrets", realm, row }
}

impl TryFrom<connection::Model> for Connection {
    type Error = Fault;

    fn try_from(model: connection::Model) -> Result<Self, Fault> {
        let row = Row::new("connection", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            kind: row.known("kind", ConnectorKind::parse(&model.kind))?,
            owner: row.optional_id("owner_id", model.owner_id.as_ref())?,
            settings: row.json("settings", &model.settings)?,
            credential_expires_at: optional_time(model.credential_expires_at),
            not_before: optional_time(model.not_before),
            disabled_at: optional_time(model.disabled_at),
            created_at: Timestamp::from_millis(model.created_at),
            slug: model.slug,
            name: model.name,
        })
    }
}
