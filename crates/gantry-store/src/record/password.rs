//! Password hashes: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::UserId;
use gantry_core::user::PasswordCredential;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::row::Row;
use crate::RealmTx;
use crate::entity::password;

/// Password hashes, within one realm.
#[derive(Debug)]
pub struct Passwords<'t>(pub(crate) &'t RealmTx);

impl Passwords<'_> {
    /// The password of a person.
    pub async fn find(&self, user: UserId) -> Result<Option<PasswordCredential>, Fault> {
        let select = self.0.select::<password::Entity>().filter(password::Column::PersonId.eq(user.to_string()));
        self.0.run().one(select).await?.map(PasswordCredential::try_from).transpose()
    }

    /// Sets or replaces a password.
    pub async fn put(&self, credential: &PasswordCredential) -> Result<(), Fault> {
        if self.0.users().find(credential.user_id).await?.is_none() {
            return Err(Fault::new("a password is set for a person of the realm"));
        }
        let row = password::Model {
            person_id: credential.user_id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            hash: credential.hash.clone(),
            changed_at: credential.changed_at.millis(),
        };
        self.0
            .run()
            .put::<password::Entity>(row, &[password::Column::PersonId], &[password::Column::Hash, password::Column::ChangedAt])
            .await
    }
}

impl TryFrom<password::Model> for PasswordCredential {
    type Error = Fault;

    fn try_from(model: password::Model) -> Result<Self, Fault> {
        let row = Row::new("password", &model.person_id);
        Ok(Self { user_id: row.id("person_id", &model.person_id)?, changed_at: Timestamp::from_millis(model.changed_at), hash: model.hash })
    }
}
