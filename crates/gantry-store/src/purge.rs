//! Removing rows that can matter to nobody any more: which, how long after their time, and how many
//! at once. Every statement goes along an index on time and stops at a limit.

use std::time::Duration;

use gantry_core::authorization_request::REQUEST_LIFETIME;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::figure::hour_of;
use gantry_core::realm::seconds;
use gantry_core::signing_key::KeyState;
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoIden as _, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter as _};

use crate::entity::{
    access_grant, access_token, action_link, assertion, audit, authorization_code, authorization_request, change, figure, idempotency,
    invitation, outbox, pending_link, personal_token, pushed_request, realm, refresh_family, revoked_jti, service_key, session,
    sign_in_attempt, sign_in_trace, signing_key, trace_share,
};
use crate::record;
use crate::record::grant::KEPT;
use crate::statement::Statements;

/// Longer than a poll can lag, and than two nodes' clocks may disagree.
const CHANGE_KEPT: Duration = Duration::from_mins(10);
/// A replay is told from an unknown code, family or link for this long after its end.
const SPENT_KEPT: Duration = Duration::from_hours(24);
/// Replay guards outlive what they guard by more than any clock skew that a check forgives.
const GUARD_KEPT: Duration = Duration::from_mins(10);
/// Mail that nobody tries to send any more can be looked at for this long.
const POISON_KEPT: Duration = Duration::from_hours(30 * 24);
/// An invitation stays listed for this long after its end, so that whoever sent it sees what became of it.
const INVITATION_KEPT: Duration = Duration::from_hours(90 * 24);
/// A personal token or an account's key stays listed for this long after its end, so that its owner sees why it stopped.
const PERSONAL_KEPT: Duration = Duration::from_hours(30 * 24);

/// The browser came in time, and its person takes as long as any other.
fn answered_by() -> Duration {
    seconds(REQUEST_LIFETIME)
}

/// Removes at most `limit` rows of each table; returns how many in all.
pub(crate) async fn expired(run: &Statements<'_>, now: Timestamp, limit: u64) -> Result<u64, Fault> {
    let spent = now.minus(SPENT_KEPT);
    let guarded = now.minus(GUARD_KEPT);
    let mut removed = 0;
    removed += by_time(run, change::Column::Number, change::Column::At, now.minus(CHANGE_KEPT), limit).await?;
    removed += by_time(run, authorization_request::Column::Id, authorization_request::Column::ExpiresAt, now, limit).await?;
    removed += by_time(run, pushed_request::Column::Digest, pushed_request::Column::ExpiresAt, now.minus(answered_by()), limit).await?;
    removed += by_time(run, authorization_code::Column::Digest, authorization_code::Column::ExpiresAt, spent, limit).await?;
    removed += by_time(run, sign_in_attempt::Column::Id, sign_in_attempt::Column::ExpiresAt, guarded, limit).await?;
    removed += by_time(run, pending_link::Column::Id, pending_link::Column::ExpiresAt, guarded, limit).await?;
    removed += by_time(run, trace_share::Column::Digest, trace_share::Column::ExpiresAt, now, limit).await?;
    removed += by_time(run, sign_in_trace::Column::Id, sign_in_trace::Column::ExpiresAt, now, limit).await?;
    removed += by_time(run, access_token::Column::Digest, access_token::Column::ExpiresAt, now, limit).await?;
    removed += by_time(run, action_link::Column::Id, action_link::Column::ExpiresAt, spent, limit).await?;
    removed += by_time(run, session::Column::Id, session::Column::ExpiresAt, spent, limit).await?;
    removed += by_time(run, personal_token::Column::Id, personal_token::Column::ExpiresAt, now.minus(PERSONAL_KEPT), limit).await?;
    removed += by_time(run, service_key::Column::Id, service_key::Column::ExpiresAt, now.minus(PERSONAL_KEPT), limit).await?;
    removed += by_time(run, idempotency::Column::Id, idempotency::Column::ExpiresAt, now, limit).await?;
    removed += by_time(run, invitation::Column::Id, invitation::Column::ExpiresAt, now.minus(INVITATION_KEPT), limit).await?;
    removed += revoked_jtis(run, guarded, limit).await?;
    removed += assertions(run, guarded, limit).await?;
    removed += refresh_families(run, now, limit).await?;
    removed += by_time(run, access_grant::Column::Id, access_grant::Column::PurgeAt, now, limit).await?;
    removed += signing_keys(run, now, limit).await?;
    removed += given_up_mail(run, now.minus(POISON_KEPT), limit).await?;
    removed += record::removal::work_off(run, limit).await?;
    Ok(removed)
}

/// Removes history, at most `limit` rows of each table; returns how many in all. Lines are kept for good if no
/// instant is given for them, and none goes that is not counted yet.
pub(crate) async fn history(run: &Statements<'_>, lines: Option<Timestamp>, figures: Timestamp, limit: u64) -> Result<u64, Fault> {
    use figure::Column as C;
    let mut removed = 0;
    if let Some(before) = lines {
        removed += audit_lines(run, before, limit).await?;
    }
    let columns = [C::RealmId, C::TenantId, C::Event, C::Hour, C::Reason];
    let mut due = Query::select();
    due.columns(columns).from(figure::Entity).and_where(C::Hour.lt(hour_of(figures))).order_by(C::Hour, sea_orm::Order::Asc).limit(limit);
    due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let key = Expr::tuple(columns.map(|column| Expr::col(column.into_iden())));
    removed += run.delete(figure::Entity::delete_many().filter(key.in_subquery(due))).await?;
    Ok(removed)
}

/// Realm by realm, along the index by which a realm's lines are listed: an index on time alone would be one more to
/// write with each line, for the sake of a purge now and then.
async fn audit_lines(run: &Statements<'_>, before: Timestamp, limit: u64) -> Result<u64, Fault> {
    let mut removed = 0;
    for realm in run.all(realm::Entity::find()).await? {
        if removed >= limit {
            break;
        }
        let due = oldest::<audit::Entity>(audit::Column::At, before, limit.saturating_sub(removed))
            .column(audit::Column::Id)
            .and_where(audit::Column::RealmId.eq(realm.id))
            .and_where(audit::Column::Pending.is_null())
            .to_owned();
        removed += run.delete(audit::Entity::delete_many().filter(audit::Column::Id.in_subquery(due))).await?;
    }
    Ok(removed)
}

/// Removes rows whose `time` is before `before`, oldest first.
async fn by_time<C>(run: &Statements<'_>, key: C, time: C, before: Timestamp, limit: u64) -> Result<u64, Fault>
where
    C: ColumnTrait,
    <C as ColumnTrait>::EntityName: EntityTrait<Column = C>,
{
    let due = oldest::<C::EntityName>(time, before, limit).column(key).to_owned();
    run.delete(C::EntityName::delete_many().filter(key.in_subquery(due))).await
}

fn oldest<E: EntityTrait>(time: E::Column, before: Timestamp, limit: u64) -> SelectStatement {
    let mut select = Query::select();
    select.from(E::default()).and_where(time.lt(before.millis())).order_by(time, sea_orm::Order::Asc).limit(limit);
    // Two nodes that purge at once take different rows, rather than wait for each other. SQLite leaves this out.
    select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    select
}

async fn revoked_jtis(run: &Statements<'_>, before: Timestamp, limit: u64) -> Result<u64, Fault> {
    use revoked_jti::Column as C;
    let due = oldest::<revoked_jti::Entity>(C::ExpiresAt, before, limit).columns([C::RealmId, C::Jti]).to_owned();
    let key = Expr::tuple([Expr::col(C::RealmId.into_iden()), Expr::col(C::Jti.into_iden())]);
    run.delete(revoked_jti::Entity::delete_many().filter(key.in_subquery(due))).await
}

async fn assertions(run: &Statements<'_>, before: Timestamp, limit: u64) -> Result<u64, Fault> {
    use assertion::Column as C;
    let due = oldest::<assertion::Entity>(C::ExpiresAt, before, limit).columns([C::ClientId, C::Digest]).to_owned();
    let key = Expr::tuple([Expr::col(C::ClientId.into_iden()), Expr::col(C::Digest.into_iden())]);
    run.delete(assertion::Entity::delete_many().filter(key.in_subquery(due))).await
}

/// Removes dead families; a grant that none is left of has its own time from then on.
async fn refresh_families(run: &Statements<'_>, now: Timestamp, limit: u64) -> Result<u64, Fault> {
    use refresh_family::Column as C;
    let due = oldest::<refresh_family::Entity>(C::IdleExpiresAt, now.minus(SPENT_KEPT), limit).column(C::Id).to_owned();
    let removed = run.delete_returning(refresh_family::Entity::delete_many().filter(C::Id.in_subquery(due))).await?;
    let count = removed.len();
    if count > 0 {
        let living = Query::select()
            .expr(Expr::value(1))
            .from(refresh_family::Entity)
            .and_where(Expr::col((refresh_family::Entity, C::GrantId)).equals((access_grant::Entity, access_grant::Column::Id)))
            .to_owned();
        let orphaned = access_grant::Entity::update_many()
            .col_expr(access_grant::Column::PurgeAt, Expr::value(now.plus(KEPT).millis()))
            .filter(access_grant::Column::Id.is_in(removed.into_iter().map(|family| family.grant_id)))
            .filter(Expr::not_exists(living));
        run.update(orphaned).await?;
    }
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

/// Removes retired keys that are published no longer. Withdrawn ones stay, so that they are never believed again.
async fn signing_keys(run: &Statements<'_>, now: Timestamp, limit: u64) -> Result<u64, Fault> {
    use signing_key::Column as C;
    let due =
        oldest::<signing_key::Entity>(C::ExpiresAt, now, limit).column(C::Id).and_where(C::State.eq(KeyState::Retired.as_str())).to_owned();
    run.delete(signing_key::Entity::delete_many().filter(C::Id.in_subquery(due))).await
}

async fn given_up_mail(run: &Statements<'_>, before: Timestamp, limit: u64) -> Result<u64, Fault> {
    use outbox::Column as C;
    let due = oldest::<outbox::Entity>(C::CreatedAt, before, limit).column(C::Id).and_where(C::DueAt.is_null()).to_owned();
    run.delete(outbox::Entity::delete_many().filter(C::Id.in_subquery(due))).await
}
