//! What people allowed clients: row and core type, and the queries of that record.

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::grant::Grant;
use gantry_core::id::{ClientId, ConnectionId, GrantId, SessionId, UserId};
use gantry_core::session::{Acr, Session};
use gantry_core::user::User;
use sea_orm::sea_query::{CaseStatement, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_text, optional_time, scopes, to_json};
use crate::RealmTx;
use crate::entity::{access_grant, access_token, person, refresh_family, session};

/// How long a grant without a refresh family is kept after its last token: longer than any access
/// token lives, since a token whose grant is gone is dead.
pub(crate) const KEPT: Duration = Duration::from_hours(48);

/// What people allowed clients, within one realm.
#[derive(Debug)]
pub struct Grants<'t>(pub(crate) &'t RealmTx);

/// A grant with those that it stands on.
#[derive(Debug, Clone)]
pub struct Held {
    /// What was allowed.
    pub grant: Grant,
    /// Who allowed it; none: removed.
    pub user: Option<User>,
    /// From which session; none: long over.
    pub session: Option<Session>,
}

impl Grants<'_> {
    /// The grant with this id, revoked or not, with its person and session as far as they are there:
    /// one read, since every token that is issued or looked at asks for all three.
    pub async fn find_held(&self, id: GrantId) -> Result<Option<Held>, Fault> {
        let select = self
            .0
            .select::<access_grant::Entity>()
            .filter(access_grant::Column::Id.eq(id.to_string()))
            .find_also_related(person::Entity)
            .find_also_related(session::Entity);
        let Some((grant, user, session)) = self.0.run().one_of_three(select).await? else { return Ok(None) };
        Ok(Some(Held {
            grant: grant.try_into()?,
            user: user.map(User::try_from).transpose()?,
            session: session.map(Session::try_from).transpose()?,
        }))
    }

    /// The grant with this id, revoked ones included.
    pub async fn find(&self, id: GrantId) -> Result<Option<Grant>, Fault> {
        let select = self.0.select::<access_grant::Entity>().filter(access_grant::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(Grant::try_from).transpose()
    }

    /// A person's grants that are not revoked, last used first.
    pub async fn list_live(&self, user: UserId) -> Result<Vec<Grant>, Fault> {
        let select = self
            .0
            .select::<access_grant::Entity>()
            .filter(access_grant::Column::PersonId.eq(user.to_string()))
            .filter(access_grant::Column::RevokedAt.is_null())
            .order_by_desc(access_grant::Column::LastUsedAt)
            .order_by_desc(access_grant::Column::Id);
        self.0.run().all(select).await?.into_iter().map(Grant::try_from).collect()
    }

    /// What people allow a client at present, at most `limit`, in no order: to say what its end would break.
    pub async fn some_live_for_client(&self, client: ClientId, limit: u64) -> Result<Vec<Grant>, Fault> {
        let select = self
            .0
            .select::<access_grant::Entity>()
            .filter(access_grant::Column::ClientId.eq(client.to_string()))
            .filter(access_grant::Column::RevokedAt.is_null())
            .limit(limit);
        self.0.run().all(select).await?.into_iter().map(Grant::try_from).collect()
    }

    /// Writes a new grant.
    pub async fn insert(&self, grant: &Grant) -> Result<(), Fault> {
        self.0.run().insert::<access_grant::Entity>(self.encode(grant)?).await
    }

    /// Writes the tenants of a grant that is for fewer now.
    pub async fn narrow(&self, grant: &Grant) -> Result<(), Fault> {
        let update = self
            .0
            .update::<access_grant::Entity>()
            .col_expr(access_grant::Column::Tenants, Expr::value(to_json(&grant.tenants)?))
            .filter(access_grant::Column::Id.eq(grant.id.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    /// Notes that a token was issued. `false`: the grant is revoked, or is not there.
    pub async fn touch(&self, id: GrantId, now: Timestamp) -> Result<bool, Fault> {
        let purge_at = CaseStatement::new()
            .case(access_grant::Column::PurgeAt.is_null(), Expr::value(None::<i64>))
            .finally(Expr::value(now.plus(KEPT).millis()));
        let update = self
            .0
            .update::<access_grant::Entity>()
            .col_expr(access_grant::Column::LastUsedAt, Expr::value(now.millis()))
            .col_expr(access_grant::Column::PurgeAt, purge_at.into())
            .filter(access_grant::Column::Id.eq(id.to_string()))
            .filter(access_grant::Column::RevokedAt.is_null());
        Ok(self.0.run().update(update).await? > 0)
    }

    /// Revokes a grant, its families and its opaque tokens. `false`: it was revoked already, or is not there.
    pub async fn revoke(&self, id: GrantId, now: Timestamp) -> Result<bool, Fault> {
        let revoked = self.revoke_where(access_grant::Column::Id.eq(id.to_string()).into(), now).await?;
        Ok(revoked > 0)
    }

    /// Revokes what a person allowed a client; returns how many grants.
    pub async fn revoke_for_client(&self, user: UserId, client: ClientId, now: Timestamp) -> Result<u64, Fault> {
        let condition = Condition::all()
            .add(access_grant::Column::PersonId.eq(user.to_string()))
            .add(access_grant::Column::ClientId.eq(client.to_string()));
        self.revoke_where(condition, now).await
    }

    /// Revokes what a person allowed after a sign-in through a connection, whether or not it ends with the session;
    /// returns how many grants.
    pub async fn revoke_for_connection(&self, user: UserId, connection: ConnectionId, now: Timestamp) -> Result<u64, Fault> {
        let condition = Condition::all()
            .add(access_grant::Column::PersonId.eq(user.to_string()))
            .add(access_grant::Column::ConnectionId.eq(connection.to_string()));
        self.revoke_where(condition, now).await
    }

    /// Revokes the grants that end with these sessions.
    pub async fn revoke_bound_to(&self, sessions: &[SessionId], now: Timestamp) -> Result<u64, Fault> {
        if sessions.is_empty() {
            return Ok(0);
        }
        let condition = Condition::all()
            .add(access_grant::Column::SessionId.is_in(sessions.iter().map(ToString::to_string)))
            .add(access_grant::Column::SessionBound.eq(true));
        self.revoke_where(condition, now).await
    }

    /// Moves the live grants of a session over to the one that replaced it when the same person proved themself again.
    pub async fn rebind(&self, from: SessionId, to: SessionId) -> Result<u64, Fault> {
        let update = self
            .0
            .update::<access_grant::Entity>()
            .col_expr(access_grant::Column::SessionId, Expr::value(to.to_string()))
            .filter(access_grant::Column::SessionId.eq(from.to_string()))
            .filter(access_grant::Column::RevokedAt.is_null());
        self.0.run().update(update).await
    }

    /// Revokes everything a person allowed.
    pub async fn revoke_for_user(&self, user: UserId, now: Timestamp) -> Result<u64, Fault> {
        self.revoke_where(access_grant::Column::PersonId.eq(user.to_string()).into(), now).await
    }

    /// Families are revoked before their grants, in the order in which a refresh locks the two, so that
    /// the two never wait for each other; and once more afterwards, for the family of a code that was
    /// being redeemed meanwhile: its transaction held the grant until it was committed.
    async fn revoke_where(&self, condition: Condition, now: Timestamp) -> Result<u64, Fault> {
        self.revoke_families(condition.clone(), now).await?;
        let grants = self
            .0
            .update::<access_grant::Entity>()
            .col_expr(access_grant::Column::RevokedAt, Expr::value(now.millis()))
            .filter(condition.clone())
            .filter(access_grant::Column::RevokedAt.is_null());
        let revoked = self.0.run().update(grants).await?;
        if revoked > 0 {
            self.revoke_families(condition.clone(), now).await?;
            let tokens = self
                .0
                .update::<access_token::Entity>()
                .col_expr(access_token::Column::RevokedAt, Expr::value(now.millis()))
                .filter(access_token::Column::GrantId.in_subquery(self.ids_where(condition)))
                .filter(access_token::Column::RevokedAt.is_null());
            self.0.run().update(tokens).await?;
        }
        Ok(revoked)
    }

    async fn revoke_families(&self, grants: Condition, now: Timestamp) -> Result<(), Fault> {
        let families = self
            .0
            .update::<refresh_family::Entity>()
            .col_expr(refresh_family::Column::RevokedAt, Expr::value(now.millis()))
            .filter(refresh_family::Column::GrantId.in_subquery(self.ids_where(grants)))
            .filter(refresh_family::Column::RevokedAt.is_null());
        self.0.run().update(families).await.map(|_| ())
    }

    fn ids_where(&self, condition: Condition) -> SelectStatement {
        Query::select()
            .column(access_grant::Column::Id)
            .from(access_grant::Entity)
            .cond_where(access_grant::Column::RealmId.eq(self.0.realm_id().to_string()))
            .cond_where(condition)
            .to_owned()
    }

    fn encode(&self, grant: &Grant) -> Result<access_grant::Model, Fault> {
        Ok(access_grant::Model {
            id: grant.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            person_id: grant.user_id.to_string(),
            client_id: grant.client_id.to_string(),
            session_id: grant.session_id.to_string(),
            connection_id: optional_text(grant.connection_id),
            session_bound: grant.session_bound,
            scopes: grant.scopes.to_string(),
            audiences: to_json(&grant.audiences)?,
            tenants: to_json(&grant.tenants)?,
            default_tenant: optional_text(grant.default_tenant),
            nonce: grant.nonce.clone(),
            requested_claims: grant.requested_claims.clone(),
            authenticated_at: grant.authenticated_at.millis(),
            acr: grant.acr.as_str().to_owned(),
            amr: to_json(&grant.amr)?,
            created_at: grant.created_at.millis(),
            last_used_at: grant.last_used_at.millis(),
            revoked_at: optional_millis(grant.revoked_at),
            purge_at: Some(grant.created_at.plus(KEPT).millis()),
        })
    }
}

impl TryFrom<access_grant::Model> for Grant {
    type Error = Fault;

    fn try_from(model: access_grant::Model) -> Result<Self, Fault> {
        let row = Row::new("access_grant", &model.id);
        let acr = Acr::ALL.iter().copied().find(|acr| acr.as_str() == model.acr);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            user_id: row.id("person_id", &model.person_id)?,
            client_id: row.id("client_id", &model.client_id)?,
            session_id: row.id("session_id", &model.session_id)?,
            connection_id: row.optional_id("connection_id", model.connection_id.as_ref())?,
            session_bound: model.session_bound,
            scopes: scopes(&model.scopes),
            audiences: row.json("audiences", &model.audiences)?,
            tenants: row.json("tenants", &model.tenants)?,
            default_tenant: row.optional_id("default_tenant", model.default_tenant.as_ref())?,
            authenticated_at: Timestamp::from_millis(model.authenticated_at),
            acr: row.known("acr", acr)?,
            amr: row.json("amr", &model.amr)?,
            created_at: Timestamp::from_millis(model.created_at),
            last_used_at: Timestamp::from_millis(model.last_used_at),
            revoked_at: optional_time(model.revoked_at),
            nonce: model.nonce,
            requested_claims: model.requested_claims,
        })
    }
}
