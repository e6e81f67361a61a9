//! The only queries without a realm: finding one, the work that spans all, and housekeeping.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use gantry_core::change::Change;
use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::failure::Fault;
use gantry_core::id::{OutboxId, RealmId, SessionId};
use gantry_core::outbox::OutboxMessage;
use gantry_core::realm::Realm;
use gantry_core::signing_key::KeyState;
use gantry_core::tenant_domain::TenantDomain;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::database::Database;
use crate::entity::{change, connection, outbox, realm, realm_host, signing_key, tenant_domain, upstream_session};
use crate::purge;
use crate::record;
use crate::record::row::Row;
use crate::statement::Statements;

mod idempotency;
mod service_keys;

pub use idempotency::{Claim, Claimed};

/// How long a message belongs to whoever leased it.
pub(crate) const LEASE: Duration = Duration::from_mins(1);
/// How long a question to a provider belongs to whoever leased it.
const CHECK_LEASE: Duration = Duration::from_mins(5);
/// How long a domain belongs to whoever looks for its proof.
const LOOKUP_LEASE: Duration = Duration::from_mins(10);
/// Changes handed out at once; a reader that is further behind asks again.
const CHANGES: u64 = 10_000;

/// The unscoped queries.
#[derive(Debug)]
pub struct Platform<'s>(pub(crate) &'s Arc<Database>);

impl Platform<'_> {
    /// The realm with this slug.
    pub async fn realm_by_slug(&self, slug: &str) -> Result<Option<Realm>, Fault> {
        Ok(self.realms(realm::Entity::find().filter(realm::Column::Slug.eq(slug))).await?.pop())
    }

    /// The realm that one of its hosts (`scheme://host[:port]`) names.
    pub async fn realm_by_host(&self, host: &str) -> Result<Option<Realm>, Fault> {
        let host = realm_host::Entity::find().filter(realm_host::Column::Host.eq(host));
        let Some(host) = self.reading().one(host).await? else { return Ok(None) };
        Ok(self.realms(realm::Entity::find().filter(realm::Column::Id.eq(host.realm_id))).await?.pop())
    }

    /// Realms in order of slug after `after`, at most `limit`.
    pub async fn list_realms(&self, after: Option<&str>, limit: u64) -> Result<Vec<Realm>, Fault> {
        let mut select = realm::Entity::find().order_by_asc(realm::Column::Slug).limit(limit);
        if let Some(after) = after {
            select = select.filter(realm::Column::Slug.gt(after));
        }
        self.realms(select).await
    }

    /// Leases up to `limit` due messages to this caller for a minute, so that no two nodes send the same one.
    ///
    /// A message that cannot be opened (its master key is gone) is given up, so that it holds up no other.
    pub async fn lease_due_mail(&self, now: Timestamp, limit: u64) -> Result<Vec<OutboxMessage>, Fault> {
        let due = Query::select()
            .column(outbox::Column::Id)
            .from(outbox::Entity)
            .and_where(outbox::Column::DueAt.lte(now.millis()))
            .order_by(outbox::Column::DueAt, sea_orm::Order::Asc)
            .limit(limit)
            // SQLite leaves this out; it has one writer.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .to_owned();
        let lease = outbox::Entity::update_many()
            .col_expr(outbox::Column::DueAt, Expr::value(now.plus(LEASE).millis()))
            .filter(outbox::Column::Id.in_subquery(due));
        let mut messages = Vec::new();
        for row in self.writing().update_returning(lease).await? {
            let id: OutboxId = Row::new("outbox", &row.id).id("id", &row.id)?;
            match record::outbox::decode(row, &self.0.sealer) {
                Ok(message) => messages.push(message),
                Err(fault) => {
                    tracing::error!(%fault, "a mail cannot be read and is given up");
                    self.mail_failed(id, "the message cannot be opened", None).await?;
                }
            }
        }
        messages.sort_by_key(|message| message.id);
        Ok(messages)
    }

    /// Notes that a message left. Nothing is kept of it: it may hold a link that still works.
    pub async fn mail_sent(&self, id: OutboxId, _now: Timestamp) -> Result<(), Fault> {
        let delete = outbox::Entity::delete_many().filter(outbox::Column::Id.eq(id.to_string()));
        self.writing().delete(delete).await.map(|_| ())
    }

    /// Notes that a message did not leave; `retry_at` is none when it was the last try.
    pub async fn mail_failed(&self, id: OutboxId, error: &str, retry_at: Option<Timestamp>) -> Result<(), Fault> {
        let update = outbox::Entity::update_many()
            .col_expr(outbox::Column::DueAt, Expr::value(retry_at.map(Timestamp::millis)))
            .col_expr(outbox::Column::LastError, Expr::value(error))
            .col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).add(1))
            .filter(outbox::Column::Id.eq(id.to_string()));
        self.writing().update(update).await.map(|_| ())
    }

    /// Leases up to `limit` domains whose proof is to be looked for to this caller, so that no two nodes look for the same.
    pub async fn lease_due_domains(&self, now: Timestamp, limit: u64) -> Result<Vec<TenantDomain>, Fault> {
        let due = Query::select()
            .column(tenant_domain::Column::Id)
            .from(tenant_domain::Entity)
            .and_where(tenant_domain::Column::CheckAt.lte(now.millis()))
            .order_by(tenant_domain::Column::CheckAt, sea_orm::Order::Asc)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .to_owned();
        let lease = tenant_domain::Entity::update_many()
            .col_expr(tenant_domain::Column::CheckAt, Expr::value(now.plus(LOOKUP_LEASE).millis()))
            .filter(tenant_domain::Column::Id.in_subquery(due));
        self.writing().update_returning(lease).await?.into_iter().map(TenantDomain::try_from).collect()
    }

    /// Enabled connections whose credential ends within `ahead` from now, soonest first, and of which nobody was
    /// told so late; at most `limit`.
    pub async fn expiring_connections(&self, now: Timestamp, ahead: Duration, limit: u64) -> Result<Vec<Connection>, Fault> {
        use connection::Column as C;
        let millis = i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX);
        let unwarned = C::WarnedAt.is_null().or(Expr::col(C::WarnedAt).lt(Expr::col(C::CredentialExpiresAt).sub(millis)));
        let select = connection::Entity::find()
            .filter(C::CredentialExpiresAt.gte(now.millis()))
            .filter(C::CredentialExpiresAt.lt(now.plus(ahead).millis()))
            .filter(C::DisabledAt.is_null())
            .filter(unwarned)
            .order_by_asc(C::CredentialExpiresAt)
            .limit(limit);
        self.reading().all(select).await?.into_iter().map(Connection::try_from).collect()
    }

    /// Realms that have an active signing key older than `activated_before`, at most `limit`.
    pub async fn realms_with_aged_keys(&self, activated_before: Timestamp, limit: u64) -> Result<Vec<RealmId>, Fault> {
        let aged = signing_key::Entity::find()
            .filter(signing_key::Column::State.eq(KeyState::Active.as_str()))
            .filter(signing_key::Column::ActivatedAt.lt(activated_before.millis()))
            .order_by_asc(signing_key::Column::ActivatedAt)
            .limit(limit);
        let mut realms = Vec::new();
        for key in self.reading().all(aged).await? {
            let realm = Row::new("signing_key", &key.id).id("realm_id", &key.realm_id)?;
            if !realms.contains(&realm) {
                realms.push(realm);
            }
        }
        Ok(realms)
    }

    /// Leases up to `limit` sessions at providers that are to be asked about now, so that no two nodes ask for the same one.
    pub async fn lease_due_checks(&self, now: Timestamp, limit: u64) -> Result<Vec<(RealmId, SessionId)>, Fault> {
        use upstream_session::Column as C;
        let due = Query::select()
            .column(C::SessionId)
            .from(upstream_session::Entity)
            .and_where(C::CheckAt.lte(now.millis()))
            .order_by(C::CheckAt, sea_orm::Order::Asc)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .to_owned();
        let lease = upstream_session::Entity::update_many()
            .col_expr(C::CheckAt, Expr::value(now.plus(CHECK_LEASE).millis()))
            .filter(C::SessionId.in_subquery(due));
        let rows = self.writing().update_returning(lease).await?;
        let read = |model: &upstream_session::Model| {
            let row = Row::new("upstream_session", &model.session_id);
            Ok((row.id("realm_id", &model.realm_id)?, row.id("session_id", &model.session_id)?))
        };
        rows.iter().map(read).collect()
    }

    /// Adds lines of the audit trail up that are in no figure yet, at most `limit`; returns how many there were. Each
    /// line counts once, whoever calls this where and how often.
    pub async fn roll_up_figures(&self, limit: u64) -> Result<u64, Fault> {
        record::figure::roll_up(self.0, limit).await
    }

    /// Removes lines of the audit trail from before `lines`, and figures from before `figures`, at most `limit` of
    /// each; returns how many.
    pub async fn purge_history(&self, lines: Option<Timestamp>, figures: Timestamp, limit: u64) -> Result<u64, Fault> {
        purge::history(&self.writing(), lines, figures, limit).await
    }

    /// Removes rows that can matter to nobody any more, in bounded batches, by indexes on time; returns how many.
    /// At most `limit` of each table; call again while it returns any.
    pub async fn purge_expired(&self, now: Timestamp, limit: u64) -> Result<u64, Fault> {
        purge::expired(&self.writing(), now, limit).await
    }

    /// What was committed after the change with this number, in order; 0 for all that is still known.
    ///
    /// Numbers are given out under a lock that each commit holds to its end, so they become visible
    /// in their order and a reader that saw one has seen all before it. Rows are kept for ten
    /// minutes: whoever has not asked for so long must forget everything.
    pub async fn changes_since(&self, number: i64) -> Result<Vec<(i64, Change)>, Fault> {
        let select = change::Entity::find().filter(change::Column::Number.gt(number)).order_by_asc(change::Column::Number).limit(CHANGES);
        self.reading().all(select).await?.iter().map(record::change::decode).collect()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.reading().one(realm::Entity::find()).await.map(|_| ())
    }

    async fn realms(&self, select: Select<realm::Entity>) -> Result<Vec<Realm>, Fault> {
        let rows = self.reading().all(select).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let hosts = realm_host::Entity::find()
            .filter(realm_host::Column::RealmId.is_in(rows.iter().map(|row| row.id.as_str())))
            .order_by_asc(realm_host::Column::Position);
        let mut hosts_of: HashMap<String, Vec<String>> = HashMap::new();
        for row in self.reading().all(hosts).await? {
            hosts_of.entry(row.realm_id).or_default().push(row.host);
        }
        rows.into_iter()
            .map(|row| {
                let hosts = hosts_of.remove(&row.id).unwrap_or_default();
                record::realm::decode(row, hosts)
            })
            .collect()
    }

    fn reading(&self) -> Statements<'_> {
        Statements::on(self.0.pools.reader())
    }

    fn writing(&self) -> Statements<'_> {
        Statements::on(self.0.pools.writer())
    }
}
