//! Signed-in browsers: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, SessionId, UserId};
use gantry_core::secret::Digest;
use gantry_core::session::{AuthMethod, Session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use super::row::{Row, optional_millis, optional_text, optional_time, to_words};
use crate::RealmTx;
use crate::entity::session;

/// Signed-in browsers, within one realm.
#[derive(Debug)]
pub struct Sessions<'t>(pub(crate) &'t RealmTx);

impl Sessions<'_> {
    /// The session with this cookie digest, ended or expired ones included.
    pub async fn find_by_digest(&self, digest: Digest) -> Result<Option<Session>, Fault> {
        let select = self.0.select::<session::Entity>().filter(session::Column::Digest.eq(digest.to_text()));
        self.0.run().one(select).await?.map(Session::try_from).transpose()
    }

    /// The session with this id.
    pub async fn find(&self, id: SessionId) -> Result<Option<Session>, Fault> {
        let select = self.0.select::<session::Entity>().filter(session::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(Session::try_from).transpose()
    }

    /// A person's sessions that have neither ended nor expired, last used first.
    pub async fn list_live(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Fault> {
        self.0.run().all(self.select_live(user, now)).await?.into_iter().map(Session::try_from).collect()
    }

    /// The realm's sessions that have neither ended nor expired, newest first, from before `before` on, at most `limit`.
    pub async fn newest_live(&self, before: Option<SessionId>, limit: u64, now: Timestamp) -> Result<Vec<Session>, Fault> {
        let mut select = self
            .0
            .select::<session::Entity>()
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now.millis()))
            .order_by_desc(session::Column::Id)
            .limit(limit);
        if let Some(before) = before {
            select = select.filter(session::Column::Id.lt(before.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(Session::try_from).collect()
    }

    /// What [`Self::list_live`] lists after the first `keep`, a batch of them.
    pub async fn list_surplus(&self, user: UserId, keep: u64, now: Timestamp) -> Result<Vec<Session>, Fault> {
        let select = self.select_live(user, now).offset(keep).limit(100);
        self.0.run().all(select).await?.into_iter().map(Session::try_from).collect()
    }

    fn select_live(&self, user: UserId, now: Timestamp) -> Select<session::Entity> {
        self.0
            .select::<session::Entity>()
            .filter(session::Column::PersonId.eq(user.to_string()))
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now.millis()))
            .order_by_desc(session::Column::LastUsedAt)
            .order_by_desc(session::Column::Id)
    }

    /// How many sessions stand that began with a connection.
    pub async fn count_of_connection(&self, connection: ConnectionId, now: Timestamp) -> Result<u64, Fault> {
        let select = self
            .0
            .select::<session::Entity>()
            .filter(session::Column::ConnectionId.eq(connection.to_string()))
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now.millis()));
        self.0.run().count(select).await
    }

    /// Writes a new session.
    pub async fn insert(&self, session: &Session) -> Result<(), Fault> {
        let row = session::Model {
            id: session.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            person_id: session.user_id.to_string(),
            digest: session.digest.to_text(),
            connection_id: optional_text(session.connection_id),
            methods: to_words(&session.methods),
            authenticated_at: session.authenticated_at.millis(),
            remembered: session.remembered,
            user_agent: session.user_agent.clone(),
            ip: session.ip.clone(),
            last_used_at: session.last_used_at.millis(),
            created_at: session.created_at.millis(),
            expires_at: session.expires_at.millis(),
            ended_at: optional_millis(session.ended_at),
        };
        self.0.run().insert::<session::Entity>(row).await
    }

    /// Notes a use.
    pub async fn touch(&self, id: SessionId, now: Timestamp) -> Result<(), Fault> {
        let update = self
            .0
            .update::<session::Entity>()
            .col_expr(session::Column::LastUsedAt, Expr::value(now.millis()))
            .filter(session::Column::Id.eq(id.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    /// Ends a session, and forgets what it owed to a provider. `false`: it had ended already, or is not there.
    pub async fn end(&self, id: SessionId, now: Timestamp) -> Result<bool, Fault> {
        let update = self
            .0
            .update::<session::Entity>()
            .col_expr(session::Column::EndedAt, Expr::value(now.millis()))
            .filter(session::Column::Id.eq(id.to_string()))
            .filter(session::Column::EndedAt.is_null());
        let ended = self.0.run().update(update).await? > 0;
        if ended {
            self.0.upstream_sessions().forget(&[id]).await?;
        }
        Ok(ended)
    }

    /// Ends all sessions of a person but one, as [`Self::end`] does; returns those that ended.
    pub async fn end_all(&self, user: UserId, except: Option<SessionId>, now: Timestamp) -> Result<Vec<SessionId>, Fault> {
        let mut update = self
            .0
            .update::<session::Entity>()
            .col_expr(session::Column::EndedAt, Expr::value(now.millis()))
            .filter(session::Column::PersonId.eq(user.to_string()))
            .filter(session::Column::EndedAt.is_null());
        if let Some(except) = except {
            update = update.filter(session::Column::Id.ne(except.to_string()));
        }
        let ended = self.0.run().update_returning(update).await?;
        let ended: Vec<SessionId> =
            ended.iter().map(|model| Row::new("session", &model.id).id("id", &model.id)).collect::<Result<_, Fault>>()?;
        self.0.upstream_sessions().forget(&ended).await?;
        Ok(ended)
    }
}

impl TryFrom<session::Model> for Session {
    type Error = Fault;

    fn try_from(model: session::Model) -> Result<Self, Fault> {
        let row = Row::new("session", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            user_id: row.id("person_id", &model.person_id)?,
            digest: row.digest("digest", &model.digest)?,
            connection_id: row.optional_id("connection_id", model.connection_id.as_ref())?,
            methods: row.words("methods", &model.methods, AuthMethod::parse)?,
            authenticated_at: Timestamp::from_millis(model.authenticated_at),
            remembered: model.remembered,
            last_used_at: Timestamp::from_millis(model.last_used_at),
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            ended_at: optional_time(model.ended_at),
            user_agent: model.user_agent,
            ip: model.ip,
        })
    }
}
