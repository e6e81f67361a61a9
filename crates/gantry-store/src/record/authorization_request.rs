//! Requests that a person has acted on: row and core type, and the queries of that record.

use gantry_core::authorization_request::{AuthorizationRequest, Stage, TenantChoice};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{AuthorizationRequestId, TraceId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::row::{Row, optional_text, to_json};
use crate::RealmTx;
use crate::entity::authorization_request;

/// Requests that a person has acted on, within one realm.
#[derive(Debug)]
pub struct AuthorizationRequests<'t>(pub(crate) &'t RealmTx);

impl AuthorizationRequests<'_> {
    /// The request with this id.
    pub async fn find(&self, id: AuthorizationRequestId) -> Result<Option<AuthorizationRequest>, Fault> {
        let select = self.0.select::<authorization_request::Entity>().filter(authorization_request::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(AuthorizationRequest::try_from).transpose()
    }

    /// Writes a new request. `false`: one with this id is there already, and stays as it is.
    pub async fn insert(&self, request: &AuthorizationRequest) -> Result<bool, Fault> {
        let row = authorization_request::Model {
            id: request.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            browser: request.browser.to_text(),
            parameters: to_json(&request.parameters)?,
            stage: stage_name(request.stage).to_owned(),
            session_id: session_of(request.stage),
            tenant_choice: choice_of(request.stage),
            trace_id: optional_text(request.trace),
            created_at: request.created_at.millis(),
            expires_at: request.expires_at.millis(),
        };
        self.0.run().insert_new::<authorization_request::Entity>(row).await
    }

    /// Notes the trace of the sign-in that was made for a request.
    pub async fn set_trace(&self, id: AuthorizationRequestId, trace: TraceId) -> Result<(), Fault> {
        let update = self
            .0
            .update::<authorization_request::Entity>()
            .col_expr(authorization_request::Column::TraceId, Expr::value(trace.to_string()))
            .filter(authorization_request::Column::Id.eq(id.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    /// Moves a request on if it still stands at `request.stage`. `false`: it does not, so the other one won.
    pub async fn advance(&self, request: &AuthorizationRequest, to: Stage) -> Result<bool, Fault> {
        let mut update = self
            .0
            .update::<authorization_request::Entity>()
            .col_expr(authorization_request::Column::Stage, Expr::value(stage_name(to)))
            .col_expr(authorization_request::Column::SessionId, Expr::value(session_of(to)))
            .col_expr(authorization_request::Column::TenantChoice, Expr::value(choice_of(to)))
            .filter(authorization_request::Column::Id.eq(request.id.to_string()))
            .filter(authorization_request::Column::Stage.eq(stage_name(request.stage)));
        update = match session_of(request.stage) {
            Some(session) => update.filter(authorization_request::Column::SessionId.eq(session)),
            None => update.filter(authorization_request::Column::SessionId.is_null()),
        };
        update = match choice_of(request.stage) {
            Some(choice) => update.filter(authorization_request::Column::TenantChoice.eq(choice)),
            None => update.filter(authorization_request::Column::TenantChoice.is_null()),
        };
        Ok(self.0.run().update(update).await? > 0)
    }
}

const fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Received => "received",
        Stage::Authenticated { .. } => "authenticated",
        Stage::Answered => "answered",
        Stage::Refused => "refused",
    }
}

/// What stands for "no tenant"; no identifier looks like it.
const NOBODY: &str = "nobody";

fn choice_of(stage: Stage) -> Option<String> {
    let choice = stage.session().and_then(|session| stage.tenant(session))?;
    Some(match choice {
        TenantChoice::Nobody => NOBODY.to_owned(),
        TenantChoice::Tenant(tenant) => tenant.to_string(),
    })
}

fn session_of(stage: Stage) -> Option<String> {
    stage.session().map(|session| session.to_string())
}

impl TryFrom<authorization_request::Model> for AuthorizationRequest {
    type Error = Fault;

    fn try_from(model: authorization_request::Model) -> Result<Self, Fault> {
        let row = Row::new("authorization_request", &model.id);
        let session = row.optional_id("session_id", model.session_id.as_ref())?;
        let tenant = match model.tenant_choice.as_deref() {
            None => None,
            Some(NOBODY) => Some(TenantChoice::Nobody),
            Some(tenant) => Some(TenantChoice::Tenant(row.id("tenant_choice", tenant)?)),
        };
        let stage = match (model.stage.as_str(), session) {
            ("received", None) => Some(Stage::Received),
            ("authenticated", Some(session)) => Some(Stage::Authenticated { session, tenant }),
            ("answered", None) => Some(Stage::Answered),
            ("refused", None) => Some(Stage::Refused),
            _ => None,
        };
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            browser: row.digest("browser", &model.browser)?,
            parameters: row.json("parameters", &model.parameters)?,
            stage: row.known("stage", stage)?,
            trace: row.optional_id("trace_id", model.trace_id.as_ref())?,
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
        })
    }
}
