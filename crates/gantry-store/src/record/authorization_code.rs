//! Codes: row and core type, and the queries of that record.

use gantry_core::authorization_code::AuthorizationCode;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::pkce::CodeChallenge;
use gantry_core::secret::Digest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::row::{Row, optional_millis, optional_text, optional_time};
use crate::RealmTx;
use crate::entity::authorization_code;

/// Codes, within one realm.
#[derive(Debug)]
pub struct AuthorizationCodes<'t>(pub(crate) &'t RealmTx);

impl AuthorizationCodes<'_> {
    /// The code with this digest, used ones included.
    pub async fn find(&self, digest: Digest) -> Result<Option<AuthorizationCode>, Fault> {
        let select = self.0.select::<authorization_code::Entity>().filter(authorization_code::Column::Digest.eq(digest.to_text()));
        self.0.run().one(select).await?.map(AuthorizationCode::try_from).transpose()
    }

    /// Writes a new code.
    pub async fn insert(&self, code: &AuthorizationCode) -> Result<(), Fault> {
        let row = authorization_code::Model {
            digest: code.digest.to_text(),
            realm_id: self.0.realm_id().to_string(),
            client_id: code.client_id.to_string(),
            grant_id: code.grant_id.to_string(),
            redirect_uri: code.redirect_uri.clone(),
            code_challenge: code.code_challenge.as_ref().map(|challenge| challenge.as_str().to_owned()),
            trace_id: optional_text(code.trace),
            created_at: code.created_at.millis(),
            expires_at: code.expires_at.millis(),
            consumed_at: optional_millis(code.consumed_at),
        };
        self.0.run().insert::<authorization_code::Entity>(row).await
    }

    /// Uses a code up: one conditional statement, at most one caller ever gets it. `None`: unknown or used
    /// (the caller tells by `find`). An expired one is used up too; the caller judges its age.
    pub async fn consume(&self, digest: Digest, now: Timestamp) -> Result<Option<AuthorizationCode>, Fault> {
        let update = self
            .0
            .update::<authorization_code::Entity>()
            .col_expr(authorization_code::Column::ConsumedAt, Expr::value(now.millis()))
            .filter(authorization_code::Column::Digest.eq(digest.to_text()))
            .filter(authorization_code::Column::ConsumedAt.is_null());
        self.0.run().update_returning(update).await?.pop().map(AuthorizationCode::try_from).transpose()
    }
}

impl TryFrom<authorization_code::Model> for AuthorizationCode {
    type Error = Fault;

    fn try_from(model: authorization_code::Model) -> Result<Self, Fault> {
        let row = Row::new("authorization_code", &model.digest);
        let challenge = model.code_challenge.as_deref().map(|text| row.known("code_challenge", CodeChallenge::parse(text)));
        Ok(Self {
            digest: row.digest("digest", &model.digest)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            client_id: row.id("client_id", &model.client_id)?,
            grant_id: row.id("grant_id", &model.grant_id)?,
            code_challenge: challenge.transpose()?,
            trace: row.optional_id("trace_id", model.trace_id.as_ref())?,
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            consumed_at: optional_time(model.consumed_at),
            redirect_uri: model.redirect_uri,
        })
    }
}
