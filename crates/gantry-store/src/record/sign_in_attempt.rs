//! Conversations with providers that have begun: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::ConnectionId;
use gantry_core::secret::{Digest, Secret};
use gantry_core::sign_in_attempt::SignInAttempt;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::row::{Row, optional_text, to_json};
use crate::RealmTx;
use crate::entity::sign_in_attempt;
use crate::seal::SealContext;

/// Conversations that have begun, within one realm.
#[derive(Debug)]
pub struct SignInAttempts<'t>(pub(crate) &'t RealmTx);

impl SignInAttempts<'_> {
    /// Writes a new attempt, its verifier sealed.
    pub async fn insert(&self, attempt: &SignInAttempt) -> Result<(), Fault> {
        let (realm, id) = (self.0.realm_id().to_string(), attempt.id.to_string());
        let row = sign_in_attempt::Model {
            verifier: self.0.database().sealer.seal(context(&realm, &id), attempt.verifier.expose().as_bytes())?,
            connection_id: attempt.connection_id.to_string(),
            state: attempt.state.to_text(),
            browser: attempt.browser.to_text(),
            nonce: attempt.nonce.clone(),
            purpose: to_json(&attempt.purpose)?,
            request_id: optional_text(attempt.request),
            tenant_id: optional_text(attempt.tenant),
            remember: attempt.remember,
            max_age: attempt.max_age.map(i64::from),
            trace_id: attempt.trace.to_string(),
            created_at: attempt.created_at.millis(),
            expires_at: attempt.expires_at.millis(),
            realm_id: realm,
            id,
        };
        self.0.run().insert::<sign_in_attempt::Entity>(row).await
    }

    /// Takes an attempt out: one conditional statement, at most one caller ever gets it. Another connection's or
    /// browser's callback finds nothing and uses nothing up; the caller judges its age.
    pub async fn consume(&self, connection: ConnectionId, state: Digest, browser: Digest) -> Result<Option<SignInAttempt>, Fault> {
        let delete = self
            .0
            .delete::<sign_in_attempt::Entity>()
            .filter(sign_in_attempt::Column::State.eq(state.to_text()))
            .filter(sign_in_attempt::Column::ConnectionId.eq(connection.to_string()))
            .filter(sign_in_attempt::Column::Browser.eq(browser.to_text()));
        self.0.run().delete_returning(delete).await?.pop().map(|model| self.decode(model)).transpose()
    }

    fn decode(&self, model: sign_in_attempt::Model) -> Result<SignInAttempt, Fault> {
        let row = Row::new("sign_in_attempt", &model.id);
        let opened = self.0.database().sealer.open(context(&model.realm_id, &model.id), &model.verifier);
        let verifier = opened.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(SignInAttempt {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            connection_id: row.id("connection_id", &model.connection_id)?,
            state: row.digest("state", &model.state)?,
            browser: row.digest("browser", &model.browser)?,
            verifier: Secret::new(row.known("verifier", verifier)?),
            purpose: row.json("purpose", &model.purpose)?,
            request: row.optional_id("request_id", model.request_id.as_ref())?,
            tenant: row.optional_id("tenant_id", model.tenant_id.as_ref())?,
            max_age: row.optional_number("max_age", model.max_age)?,
            trace: row.id("trace_id", &model.trace_id)?,
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            remember: model.remember,
            nonce: model.nonce,
        })
    }
}

const fn context<'c>(realm: &'c str, row: &'c str) -> SealContext<'c> {
    SealContext { purpose: "sign_in_attempt.verifier", realm, row }
}
