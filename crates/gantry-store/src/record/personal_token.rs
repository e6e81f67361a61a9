//! People's own tokens: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{PersonalTokenId, UserId};
use gantry_core::personal_token::PersonalToken;
use gantry_core::secret::Digest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use super::row::{Row, optional_millis, optional_text, optional_time, scopes};
use crate::RealmTx;
use crate::entity::personal_token;

/// People's own tokens, within one realm.
#[derive(Debug)]
pub struct PersonalTokens<'t>(pub(crate) &'t RealmTx);

impl PersonalTokens<'_> {
    /// The token with this digest, expired ones included.
    pub async fn find(&self, digest: Digest) -> Result<Option<PersonalToken>, Fault> {
        let select = self.0.select::<personal_token::Entity>().filter(personal_token::Column::Digest.eq(digest.to_text()));
        self.0.run().one(select).await?.map(PersonalToken::try_from).transpose()
    }

    /// A person's tokens, newest first, expired ones included until they are purged.
    pub async fn list(&self, user: UserId) -> Result<Vec<PersonalToken>, Fault> {
        let select = self
            .0
            .select::<personal_token::Entity>()
            .filter(personal_token::Column::PersonId.eq(user.to_string()))
            .order_by_desc(personal_token::Column::Id);
        self.0.run().all(select).await?.into_iter().map(PersonalToken::try_from).collect()
    }

    /// Writes a new token. `false`: another of the person's is called so.
    pub async fn insert(&self, token: &PersonalToken) -> Result<bool, Fault> {
        let row = personal_token::Model {
            id: token.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            person_id: token.user_id.to_string(),
            tenant_id: optional_text(token.tenant_id),
            name: token.name.clone(),
            scopes: token.scopes.to_string(),
            digest: token.digest.to_text(),
            last_four: token.last_four.clone(),
            last_used_at: optional_millis(token.last_used_at),
            expires_at: token.expires_at.millis(),
            created_at: token.created_at.millis(),
        };
        self.0.run().insert_new::<personal_token::Entity>(row).await
    }

    /// Removes one of a person's tokens. `false`: they have no such one.
    pub async fn remove(&self, user: UserId, id: PersonalTokenId) -> Result<bool, Fault> {
        let delete = self
            .0
            .delete::<personal_token::Entity>()
            .filter(personal_token::Column::Id.eq(id.to_string()))
            .filter(personal_token::Column::PersonId.eq(user.to_string()));
        Ok(self.0.run().delete(delete).await? > 0)
    }

    /// Removes all of a person's tokens.
    pub async fn remove_for_user(&self, user: UserId) -> Result<(), Fault> {
        let delete = self.0.delete::<personal_token::Entity>().filter(personal_token::Column::PersonId.eq(user.to_string()));
        self.0.run().delete(delete).await.map(|_| ())
    }

    /// Notes that a token was used.
    pub async fn touch(&self, id: PersonalTokenId, now: Timestamp) -> Result<(), Fault> {
        let update = self
            .0
            .update::<personal_token::Entity>()
            .col_expr(personal_token::Column::LastUsedAt, Expr::value(now.millis()))
            .filter(personal_token::Column::Id.eq(id.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }
}

impl TryFrom<personal_token::Model> for PersonalToken {
    type Error = Fault;

    fn try_from(model: personal_token::Model) -> Result<Self, Fault> {
        let row = Row::new("personal_token", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            user_id: row.id("person_id", &model.person_id)?,
            tenant_id: row.optional_id("tenant_id", model.tenant_id.as_ref())?,
            scopes: scopes(&model.scopes),
            digest: row.digest("digest", &model.digest)?,
            last_used_at: optional_time(model.last_used_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            created_at: Timestamp::from_millis(model.created_at),
            name: model.name,
            last_four: model.last_four,
        })
    }
}
