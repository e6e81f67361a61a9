//! Links between people here and accounts elsewhere: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::external_identity::UserIdentity;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, IdentityId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_time, to_json};
use crate::RealmTx;
use crate::entity::identity;

/// Links between people here and accounts elsewhere, within one realm.
#[derive(Debug)]
pub struct Identities<'t>(pub(crate) &'t RealmTx);

impl Identities<'_> {
    /// The link of this identity: connection, issuer and subject together are its key.
    pub async fn find(&self, connection: ConnectionId, issuer: &str, subject: &str) -> Result<Option<UserIdentity>, Fault> {
        let select = self
            .0
            .select::<identity::Entity>()
            .filter(identity::Column::ConnectionId.eq(connection.to_string()))
            .filter(identity::Column::Issuer.eq(issuer))
            .filter(identity::Column::Subject.eq(subject));
        self.0.run().one(select).await?.map(UserIdentity::try_from).transpose()
    }

    /// The link with this key.
    pub async fn find_by_id(&self, id: IdentityId) -> Result<Option<UserIdentity>, Fault> {
        let select = self.0.select::<identity::Entity>().filter(identity::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(UserIdentity::try_from).transpose()
    }

    /// How many people are linked to a connection.
    pub async fn count_of_connection(&self, connection: ConnectionId) -> Result<u64, Fault> {
        let select = self.0.select::<identity::Entity>().filter(identity::Column::ConnectionId.eq(connection.to_string()));
        self.0.run().count(select).await
    }

    /// The links of a person, oldest first.
    pub async fn list(&self, user: UserId) -> Result<Vec<UserIdentity>, Fault> {
        let select =
            self.0.select::<identity::Entity>().filter(identity::Column::PersonId.eq(user.to_string())).order_by_asc(identity::Column::Id);
        self.0.run().all(select).await?.into_iter().map(UserIdentity::try_from).collect()
    }

    /// The same, for a transaction that takes one away: who takes another waits until it is over.
    pub async fn hold(&self, user: UserId) -> Result<Vec<UserIdentity>, Fault> {
        let select = self
            .0
            .select::<identity::Entity>()
            .filter(identity::Column::PersonId.eq(user.to_string()))
            .order_by_asc(identity::Column::Id)
            .lock_exclusive();
        self.0.run().all(select).await?.into_iter().map(UserIdentity::try_from).collect()
    }

    /// Writes a new link. `false`: the identity is linked already, perhaps to somebody else.
    pub async fn insert(&self, link: &UserIdentity) -> Result<bool, Fault> {
        self.0.run().insert_new::<identity::Entity>(self.encode(link)?).await
    }

    /// Writes what a sign-in told anew; connection, issuer, subject and person never change. `false`: it is this
    /// person's no more.
    pub async fn refresh(&self, link: &UserIdentity) -> Result<bool, Fault> {
        use identity::Column as C;
        let row = self.encode(link)?;
        let update = self
            .0
            .update::<identity::Entity>()
            .col_expr(C::Email, Expr::value(row.email))
            .col_expr(C::Directory, Expr::value(row.directory))
            .col_expr(C::Groups, Expr::value(row.groups))
            .col_expr(C::GroupsStaleSince, Expr::value(row.groups_stale_since))
            .col_expr(C::LastUsedAt, Expr::value(row.last_used_at))
            .filter(C::Id.eq(link.id.to_string()))
            .filter(C::PersonId.eq(link.user_id.to_string()));
        Ok(self.0.run().update(update).await? > 0)
    }

    /// Gives a person's links to another: for a merge.
    pub async fn reassign(&self, from: UserId, to: UserId) -> Result<u64, Fault> {
        let update = self
            .0
            .update::<identity::Entity>()
            .col_expr(identity::Column::PersonId, Expr::value(to.to_string()))
            .filter(identity::Column::PersonId.eq(from.to_string()));
        self.0.run().update(update).await
    }

    /// Takes a link away. `false`: it is not this person's.
    pub async fn remove(&self, id: IdentityId, user: UserId) -> Result<bool, Fault> {
        let delete = self
            .0
            .delete::<identity::Entity>()
            .filter(identity::Column::Id.eq(id.to_string()))
            .filter(identity::Column::PersonId.eq(user.to_string()));
        Ok(self.0.run().delete(delete).await? > 0)
    }

    fn encode(&self, link: &UserIdentity) -> Result<identity::Model, Fault> {
        Ok(identity::Model {
            id: link.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            connection_id: link.connection_id.to_string(),
            issuer: link.issuer.clone(),
            subject: link.subject.clone(),
            person_id: link.user_id.to_string(),
            email: link.email.clone(),
            directory: link.directory.clone(),
            groups: to_json(&link.groups)?,
            groups_stale_since: optional_millis(link.groups_stale_since),
            created_at: link.created_at.millis(),
            last_used_at: link.last_used_at.millis(),
        })
    }
}

impl TryFrom<identity::Model> for UserIdentity {
    type Error = Fault;

    fn try_from(model: identity::Model) -> Result<Self, Fault> {
        let row = Row::new("identity", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            connection_id: row.id("connection_id", &model.connection_id)?,
            user_id: row.id("person_id", &model.person_id)?,
            groups: row.json("groups", &model.groups)?,
            groups_stale_since: optional_time(model.groups_stale_since),
            created_at: Timestamp::from_millis(model.created_at),
            last_used_at: Timestamp::from_millis(model.last_used_at),
            issuer: model.issuer,
            subject: model.subject,
            email: model.email,
            directory: model.directory,
        })
    }
}
