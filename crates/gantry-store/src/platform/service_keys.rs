//! Whose a key to the admin API is: asked before anybody knows which realm it is of.

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::secret::Digest;
use gantry_core::service_account::{ServiceAccount, ServiceKey};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::Platform;
use crate::entity::{service_account, service_key};

/// A use is noted once in this time.
const NOTED: Duration = Duration::from_hours(1);

impl Platform<'_> {
    /// The key with this digest and the account that it is of, ended and switched off ones included.
    pub async fn service_key(&self, digest: Digest) -> Result<Option<(ServiceAccount, ServiceKey)>, Fault> {
        let select = service_key::Entity::find().filter(service_key::Column::Digest.eq(digest.to_text()));
        let Some(key) = self.reading().one(select).await? else { return Ok(None) };
        let select = service_account::Entity::find().filter(service_account::Column::Id.eq(key.account_id.as_str()));
        let Some(account) = self.reading().one(select).await? else { return Ok(None) };
        Ok(Some((ServiceAccount::try_from(account)?, ServiceKey::try_from(key)?)))
    }

    /// Notes that a key was used, unless that was noted within the hour.
    pub async fn service_key_used(&self, key: &ServiceKey, now: Timestamp) -> Result<(), Fault> {
        use service_key::Column as C;
        let noted_after = now.minus(NOTED);
        if key.last_used_at.is_some_and(|at| at > noted_after) {
            return Ok(());
        }
        let update = service_key::Entity::update_many()
            .col_expr(C::LastUsedAt, Expr::value(now.millis()))
            .filter(C::Id.eq(key.id.to_string()))
            .filter(C::LastUsedAt.is_null().or(Expr::col(C::LastUsedAt).lte(noted_after.millis())));
        self.writing().update(update).await.map(|_| ())
    }
}
