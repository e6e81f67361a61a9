//! Single-use links: row and core type, and the queries of that record.

use gantry_core::action_link::{Action, ActionLink};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::UserId;
use gantry_core::secret::Digest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, UpdateMany};

use super::row::{Row, optional_millis, optional_text, optional_time, to_json};
use crate::RealmTx;
use crate::entity::action_link;

/// Single-use links, within one realm.
#[derive(Debug)]
pub struct ActionLinks<'t>(pub(crate) &'t RealmTx);

impl ActionLinks<'_> {
    /// The link with this digest that is neither used nor expired.
    pub async fn find_live(&self, digest: Digest, now: Timestamp) -> Result<Option<ActionLink>, Fault> {
        let select = self
            .0
            .select::<action_link::Entity>()
            .filter(action_link::Column::Digest.eq(digest.to_text()))
            .filter(action_link::Column::ConsumedAt.is_null())
            .filter(action_link::Column::ExpiresAt.gt(now.millis()));
        self.0.run().one(select).await?.map(ActionLink::try_from).transpose()
    }

    /// Writes a new link.
    pub async fn insert(&self, link: &ActionLink) -> Result<(), Fault> {
        let row = action_link::Model {
            id: link.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            digest: link.digest.to_text(),
            action: link.action.name().to_owned(),
            details: to_json(&link.action)?,
            person_id: optional_text(link.user_id),
            resume: link.resume.clone(),
            created_at: link.created_at.millis(),
            expires_at: link.expires_at.millis(),
            consumed_at: optional_millis(link.consumed_at),
        };
        self.0.run().insert::<action_link::Entity>(row).await
    }

    /// Uses a link up: one conditional statement. `None`: unknown, used or expired.
    pub async fn consume(&self, digest: Digest, now: Timestamp) -> Result<Option<ActionLink>, Fault> {
        let update = self
            .consuming(now)
            .filter(action_link::Column::Digest.eq(digest.to_text()))
            .filter(action_link::Column::ExpiresAt.gt(now.millis()));
        self.0.run().update_returning(update).await?.pop().map(ActionLink::try_from).transpose()
    }

    /// Makes void all of a person's links of one kind (see `Action::name`), or of every kind.
    pub async fn void_for_user(&self, user: UserId, action: Option<&str>, now: Timestamp) -> Result<(), Fault> {
        let mut update = self.consuming(now).filter(action_link::Column::PersonId.eq(user.to_string()));
        if let Some(action) = action {
            update = update.filter(action_link::Column::Action.eq(action));
        }
        self.0.run().update(update).await.map(|_| ())
    }

    /// Makes void all links of one kind that belong to nobody.
    pub async fn void_unowned(&self, action: &str, now: Timestamp) -> Result<(), Fault> {
        let update = self.consuming(now).filter(action_link::Column::PersonId.is_null()).filter(action_link::Column::Action.eq(action));
        self.0.run().update(update).await.map(|_| ())
    }

    fn consuming(&self, now: Timestamp) -> UpdateMany<action_link::Entity> {
        self.0
            .update::<action_link::Entity>()
            .col_expr(action_link::Column::ConsumedAt, Expr::value(now.millis()))
            .filter(action_link::Column::ConsumedAt.is_null())
    }
}

impl TryFrom<action_link::Model> for ActionLink {
    type Error = Fault;

    fn try_from(model: action_link::Model) -> Result<Self, Fault> {
        let row = Row::new("action_link", &model.id);
        let action: Action = row.json("details", &model.details)?;
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            digest: row.digest("digest", &model.digest)?,
            action,
            user_id: row.optional_id("person_id", model.person_id.as_ref())?,
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            consumed_at: optional_time(model.consumed_at),
            resume: model.resume,
        })
    }
}
