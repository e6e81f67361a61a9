//! Signing keys: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::signing_algorithm::SigningAlgorithm;
use gantry_core::signing_key::{KeyState, SigningKey};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};

use super::row::{Row, optional_millis, optional_time};
use crate::RealmTx;
use crate::entity::signing_key;
use crate::seal::SealContext;

/// What a private key is sealed for.
const PURPOSE: &str = "signing_key.private";

/// Signing keys, within one realm.
#[derive(Debug)]
pub struct SigningKeys<'t>(pub(crate) &'t RealmTx);

impl SigningKeys<'_> {
    /// All keys that are still published or still to be remembered, private parts opened.
    pub async fn list(&self) -> Result<Vec<SigningKey>, Fault> {
        let select = self.0.select::<signing_key::Entity>().order_by_asc(signing_key::Column::Id);
        self.0.run().all(select).await?.into_iter().map(|row| self.decode(row)).collect()
    }

    /// Writes a new key, its private part sealed, and tells the nodes. `false`: another is active (or next) for the algorithm.
    pub async fn insert(&self, key: &SigningKey) -> Result<bool, Fault> {
        let inserted = self.0.run().insert_new::<signing_key::Entity>(self.encode(key)?).await?;
        if inserted {
            self.0.realm_changed();
        }
        Ok(inserted)
    }

    /// Writes the state and instants of a key and tells the nodes.
    pub async fn update(&self, key: &SigningKey) -> Result<(), Fault> {
        let update = self.0.rewrite::<signing_key::Entity>(self.encode(key)?).filter(signing_key::Column::Id.eq(key.id.to_string()));
        self.0.run().update(update).await?;
        self.0.realm_changed();
        Ok(())
    }

    fn encode(&self, key: &SigningKey) -> Result<signing_key::Model, Fault> {
        let (id, realm) = (key.id.to_string(), self.0.realm_id().to_string());
        let context = SealContext { purpose: PURPOSE, realm: &realm, row: &id };
        Ok(signing_key::Model {
            private: self.0.database().sealer.seal(context, &key.private)?,
            algorithm: key.algorithm.to_string(),
            kid: key.kid.clone(),
            public_jwk: key.public_jwk.clone(),
            state: key.state.to_string(),
            created_at: key.created_at.millis(),
            activated_at: optional_millis(key.activated_at),
            retired_at: optional_millis(key.retired_at),
            expires_at: optional_millis(key.expires_at),
            id,
            realm_id: realm,
        })
    }

    fn decode(&self, model: signing_key::Model) -> Result<SigningKey, Fault> {
        let row = Row::new("signing_key", &model.id);
        let context = SealContext { purpose: PURPOSE, realm: &model.realm_id, row: &model.id };
        Ok(SigningKey {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            algorithm: row.known("algorithm", SigningAlgorithm::parse(&model.algorithm))?,
            private: row.known("private", self.0.database().sealer.open(context, &model.private))?,
            state: row.known("state", KeyState::parse(&model.state))?,
            created_at: Timestamp::from_millis(model.created_at),
            activated_at: optional_time(model.activated_at),
            retired_at: optional_time(model.retired_at),
            expires_at: optional_time(model.expires_at),
            kid: model.kid,
            public_jwk: model.public_jwk,
        })
    }
}
