//! Sessions at providers that sessions here began with: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::external_identity::UpstreamTokens;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, IdentityId, SessionId};
use gantry_core::secret::Secret;
use gantry_core::upstream_session::UpstreamSession;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QuerySelect as _};
use serde::{Deserialize, Serialize};

use super::row::{Row, optional_millis, optional_time, to_json};
use crate::RealmTx;
use crate::entity::upstream_session;
use crate::seal::SealContext;

/// What is sealed in the column.
#[derive(Serialize, Deserialize)]
struct Sealed {
    access_token: Option<String>,
    refresh_token: Option<String>,
    id_token: Option<String>,
    expires_at: Option<i64>,
    scope: Option<String>,
}

/// The most that one logout at a provider ends at once.
const MANY: u64 = 1000;

/// Sessions at providers, within one realm.
#[derive(Debug)]
pub struct UpstreamSessions<'t>(pub(crate) &'t RealmTx);

impl UpstreamSessions<'_> {
    /// The session at a provider that this one began with.
    pub async fn find(&self, session: SessionId) -> Result<Option<UpstreamSession>, Fault> {
        let select = self.0.select::<upstream_session::Entity>().filter(upstream_session::Column::SessionId.eq(session.to_string()));
        self.0.run().one(select).await?.map(|model| self.decode(model)).transpose()
    }

    /// The sessions that began with this one at the provider.
    pub async fn list_by_sid(&self, connection: ConnectionId, sid: &str) -> Result<Vec<UpstreamSession>, Fault> {
        let select = self
            .0
            .select::<upstream_session::Entity>()
            .filter(upstream_session::Column::ConnectionId.eq(connection.to_string()))
            .filter(upstream_session::Column::UpstreamSid.eq(sid))
            .limit(MANY);
        self.0.run().all(select).await?.into_iter().map(|model| self.decode(model)).collect()
    }

    /// The sessions that began with this identity.
    pub async fn list_by_identity(&self, identity: IdentityId) -> Result<Vec<UpstreamSession>, Fault> {
        let select =
            self.0.select::<upstream_session::Entity>().filter(upstream_session::Column::IdentityId.eq(identity.to_string())).limit(MANY);
        self.0.run().all(select).await?.into_iter().map(|model| self.decode(model)).collect()
    }

    /// Writes new tokens in place of those that they were got with. `false`: others were written meanwhile, or it is gone.
    pub async fn move_on(&self, before: &UpstreamTokens, after: &UpstreamSession) -> Result<bool, Fault> {
        use upstream_session::Column as C;
        let session = after.session_id.to_string();
        let select = self.0.select::<upstream_session::Entity>().filter(C::SessionId.eq(&session));
        let Some(model) = self.0.run().one(select).await? else { return Ok(false) };
        // What is sealed twice is never the same, so these bytes stand for this one writing.
        let written = model.tokens.clone();
        if !is_same(&self.decode(model)?.tokens, before) {
            return Ok(false);
        }
        let update = self
            .0
            .update::<upstream_session::Entity>()
            .col_expr(C::Tokens, Expr::value(self.seal(after)?))
            .col_expr(C::CheckAt, Expr::value(optional_millis(after.check_at)))
            .filter(C::SessionId.eq(session))
            .filter(written.map_or_else(|| C::Tokens.is_null(), |bytes| C::Tokens.eq(bytes)));
        Ok(self.0.run().update(update).await? > 0)
    }

    /// Says when to ask the provider again; none: never.
    pub async fn check_at(&self, session: SessionId, at: Option<Timestamp>) -> Result<(), Fault> {
        let update = self
            .0
            .update::<upstream_session::Entity>()
            .col_expr(upstream_session::Column::CheckAt, Expr::value(optional_millis(at)))
            .filter(upstream_session::Column::SessionId.eq(session.to_string()));
        self.0.run().update(update).await.map(|_| ())
    }

    /// Forgets what sessions that have ended owed to providers, tokens and all.
    pub(crate) async fn forget(&self, sessions: &[SessionId]) -> Result<(), Fault> {
        if sessions.is_empty() {
            return Ok(());
        }
        let ids = sessions.iter().map(ToString::to_string);
        let delete = self.0.delete::<upstream_session::Entity>().filter(upstream_session::Column::SessionId.is_in(ids));
        self.0.run().delete(delete).await.map(|_| ())
    }

    /// Writes what a new session owes to a provider, or what is new about it; its tokens sealed.
    pub async fn put(&self, upstream: &UpstreamSession) -> Result<(), Fault> {
        use upstream_session::Column as C;
        let (realm, session) = (self.0.realm_id().to_string(), upstream.session_id.to_string());
        let row = upstream_session::Model {
            tokens: Some(self.seal(upstream)?),
            connection_id: upstream.connection_id.to_string(),
            identity_id: upstream.identity_id.to_string(),
            upstream_sid: upstream.upstream_sid.clone(),
            check_at: optional_millis(upstream.check_at),
            created_at: upstream.created_at.millis(),
            realm_id: realm,
            session_id: session,
        };
        self.0.run().put::<upstream_session::Entity>(row, &[C::SessionId], &[C::Tokens, C::CheckAt]).await
    }

    fn seal(&self, upstream: &UpstreamSession) -> Result<Vec<u8>, Fault> {
        let (realm, session) = (self.0.realm_id().to_string(), upstream.session_id.to_string());
        let text = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let UpstreamTokens { access_token, refresh_token, id_token, expires_at, scope } = &upstream.tokens;
        let plain = Sealed {
            access_token: text(access_token),
            refresh_token: text(refresh_token),
            id_token: text(id_token),
            expires_at: optional_millis(*expires_at),
            scope: scope.clone(),
        };
        self.0.database().sealer.seal(context(&realm, &session), to_json(&plain)?.as_bytes())
    }

    /// Forgets the tokens of every session that began with a connection: they would be sent elsewhere now.
    pub async fn forget_tokens(&self, connection: ConnectionId) -> Result<(), Fault> {
        use upstream_session::Column as C;
        let update = self
            .0
            .update::<upstream_session::Entity>()
            .col_expr(C::Tokens, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(C::CheckAt, Expr::value(Option::<i64>::None))
            .filter(C::ConnectionId.eq(connection.to_string()));
        self.0.run().update(update).await?;
        Ok(())
    }

    fn decode(&self, model: upstream_session::Model) -> Result<UpstreamSession, Fault> {
        let row = Row::new("upstream_session", &model.session_id);
        let tokens = match &model.tokens {
            None => UpstreamTokens::default(),
            Some(sealed) => {
                let opened = self.0.database().sealer.open(context(&model.realm_id, &model.session_id), sealed);
                let plain: Sealed = row.known("tokens", opened.and_then(|bytes| serde_json::from_slice(&bytes).ok()))?;
                UpstreamTokens {
                    access_token: plain.access_token.map(Secret::new),
                    refresh_token: plain.refresh_token.map(Secret::new),
                    id_token: plain.id_token.map(Secret::new),
                    expires_at: optional_time(plain.expires_at),
                    scope: plain.scope,
                }
            }
        };
        Ok(UpstreamSession {
            session_id: row.id("session_id", &model.session_id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            connection_id: row.id("connection_id", &model.connection_id)?,
            identity_id: row.id("identity_id", &model.identity_id)?,
            tokens,
            check_at: optional_time(model.check_at),
            created_at: Timestamp::from_millis(model.created_at),
            upstream_sid: model.upstream_sid,
        })
    }
}

/// Whether two are the same writing of tokens: by those that change when any does.
fn is_same(left: &UpstreamTokens, right: &UpstreamTokens) -> bool {
    let text = |secret: &Option<Secret>| secret.as_ref().map(Secret::digest);
    text(&left.access_token) == text(&right.access_token) && text(&left.refresh_token) == text(&right.refresh_token)
}

const fn context<'c>(realm: &'c str, row: &'c str) -> SealContext<'c> {
    SealContext { purpose: "upstream_session.tokens", realm, row }
}
