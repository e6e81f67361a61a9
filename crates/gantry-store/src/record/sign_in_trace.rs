//! Traces of sign-ins: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, HopId, TenantId, TraceId};
use gantry_core::sign_in_trace::{Hop, HopKind, SignInProblem, SignInTrace, TraceFilter, TraceOutcome};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_text, to_json};
use crate::RealmTx;
use crate::entity::{sign_in_trace, trace_hop};

/// Traces of sign-ins, within one realm.
#[derive(Debug)]
pub struct SignInTraces<'t>(pub(crate) &'t RealmTx);

impl SignInTraces<'_> {
    /// The trace with this key.
    pub async fn find(&self, id: TraceId) -> Result<Option<SignInTrace>, Fault> {
        let select = self.0.select::<sign_in_trace::Entity>().filter(sign_in_trace::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(SignInTrace::try_from).transpose()
    }

    /// The newest traces of a tenant, or of the realm, at most `limit`.
    pub async fn list_newest(&self, tenant: Option<TenantId>, limit: u64) -> Result<Vec<SignInTrace>, Fault> {
        let mut select = self.0.select::<sign_in_trace::Entity>().order_by_desc(sign_in_trace::Column::Id).limit(limit);
        if let Some(tenant) = tenant {
            select = select.filter(sign_in_trace::Column::TenantId.eq(tenant.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(SignInTrace::try_from).collect()
    }

    /// The newest traces of a connection, at most `limit`.
    pub async fn list_of_connection(&self, connection: ConnectionId, limit: u64) -> Result<Vec<SignInTrace>, Fault> {
        let select = self
            .0
            .select::<sign_in_trace::Entity>()
            .filter(sign_in_trace::Column::ConnectionId.eq(connection.to_string()))
            .order_by_desc(sign_in_trace::Column::Id)
            .limit(limit);
        self.0.run().all(select).await?.into_iter().map(SignInTrace::try_from).collect()
    }

    /// Traces that fit, newest first, before one that was seen, at most `limit`.
    pub async fn search(&self, filter: &TraceFilter, before: Option<TraceId>, limit: u64) -> Result<Vec<SignInTrace>, Fault> {
        use sign_in_trace::Column as C;
        let mut select = self.0.select::<sign_in_trace::Entity>().order_by_desc(C::Id).limit(limit);
        let TraceFilter { id, connection, tenant, user, outcome, problem } = filter;
        let exact = [
            (C::Id, optional_text(*id)),
            (C::ConnectionId, optional_text(*connection)),
            (C::TenantId, optional_text(*tenant)),
            (C::PersonId, optional_text(*user)),
            (C::Outcome, optional_text(*outcome)),
            (C::Problem, optional_text(*problem)),
        ];
        for (column, wanted) in exact {
            if let Some(wanted) = wanted {
                select = select.filter(column.eq(wanted));
            }
        }
        if let Some(before) = before {
            select = select.filter(C::Id.lt(before.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(SignInTrace::try_from).collect()
    }

    /// The hops of a trace, in order.
    pub async fn hops(&self, id: TraceId) -> Result<Vec<Hop>, Fault> {
        let select =
            self.0.select::<trace_hop::Entity>().filter(trace_hop::Column::TraceId.eq(id.to_string())).order_by_asc(trace_hop::Column::Id);
        self.0.run().all(select).await?.into_iter().map(Hop::try_from).collect()
    }

    /// Writes a new trace.
    pub async fn insert(&self, trace: &SignInTrace) -> Result<(), Fault> {
        self.0.run().insert::<sign_in_trace::Entity>(self.encode(trace)).await
    }

    /// Writes how a trace stands.
    pub async fn update(&self, trace: &SignInTrace) -> Result<(), Fault> {
        let update = self.0.rewrite::<sign_in_trace::Entity>(self.encode(trace)).filter(sign_in_trace::Column::Id.eq(trace.id.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    /// Writes for which tenant it turned out to be.
    pub async fn set_tenant(&self, id: TraceId, tenant: TenantId) -> Result<(), Fault> {
        let update = self
            .0
            .update::<sign_in_trace::Entity>()
            .col_expr(sign_in_trace::Column::TenantId, Expr::value(tenant.to_string()))
            .filter(sign_in_trace::Column::Id.eq(id.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    /// Adds hops to a trace, in order.
    pub async fn append(&self, id: TraceId, hops: &[Hop]) -> Result<(), Fault> {
        let rows = hops.iter().map(|hop| {
            Ok(trace_hop::Model {
                // These count up within a process: hops of one moment keep their order.
                id: HopId::new().to_string(),
                realm_id: self.0.realm_id().to_string(),
                trace_id: id.to_string(),
                at: hop.at.millis(),
                kind: hop.kind.to_string(),
                detail: to_json(&hop.detail)?,
            })
        });
        self.0.run().insert_all::<trace_hop::Entity>(rows.collect::<Result<_, Fault>>()?).await
    }

    fn encode(&self, trace: &SignInTrace) -> sign_in_trace::Model {
        sign_in_trace::Model {
            id: trace.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            connection_id: optional_text(trace.connection_id),
            tenant_id: optional_text(trace.tenant_id),
            client_id: optional_text(trace.client_id),
            publisher_id: optional_text(trace.publisher_id),
            person_id: optional_text(trace.user_id),
            outcome: trace.outcome.to_string(),
            problem: optional_text(trace.problem),
            started_at: trace.started_at.millis(),
            expires_at: trace.expires_at.millis(),
        }
    }
}

impl TryFrom<sign_in_trace::Model> for SignInTrace {
    type Error = Fault;

    fn try_from(model: sign_in_trace::Model) -> Result<Self, Fault> {
        let row = Row::new("sign_in_trace", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            connection_id: row.optional_id("connection_id", model.connection_id.as_ref())?,
            tenant_id: row.optional_id("tenant_id", model.tenant_id.as_ref())?,
            client_id: row.optional_id("client_id", model.client_id.as_ref())?,
            publisher_id: row.optional_id("publisher_id", model.publisher_id.as_ref())?,
            user_id: row.optional_id("person_id", model.person_id.as_ref())?,
            outcome: row.known("outcome", TraceOutcome::parse(&model.outcome))?,
            problem: model.problem.as_deref().map(|word| row.known("problem", SignInProblem::parse(word))).transpose()?,
            started_at: Timestamp::from_millis(model.started_at),
            expires_at: Timestamp::from_millis(model.expires_at),
        })
    }
}

impl TryFrom<trace_hop::Model> for Hop {
    type Error = Fault;

    fn try_from(model: trace_hop::Model) -> Result<Self, Fault> {
        let row = Row::new("trace_hop", &model.id);
        Ok(Self {
            at: Timestamp::from_millis(model.at),
            kind: row.known("kind", HopKind::parse(&model.kind))?,
            detail: row.json("detail", &model.detail)?,
        })
    }
}
