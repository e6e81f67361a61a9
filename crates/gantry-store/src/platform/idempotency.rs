//! Requests that a program repeats under one key: which of them may act, and what the others are told.
//!
//! A request claims its key before it acts, and writes its answer in the transaction in which it acted. A claim
//! that nobody finished can be taken over after a minute; whoever lost it cannot commit any more, so that of all
//! requests under one key at most one acts.

use std::time::Duration;

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::ServiceAccountId;
use gantry_core::secret::{Digest, random_bytes};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::Platform;
use crate::RealmTx;
use crate::entity::idempotency;
use crate::seal::SealContext;

/// How long an answer is given again.
const KEPT: Duration = Duration::from_hours(24);
/// How long a claim belongs to whoever made it.
const CLAIMED: Duration = Duration::from_mins(1);

/// The right to act under a key.
#[derive(Debug, Clone)]
pub struct Claim {
    id: String,
    claim: String,
}

/// What a request under a key may do.
#[derive(Debug)]
pub enum Claimed {
    /// It acts.
    Mine(Claim),
    /// Another one is acting.
    InFlight,
    /// The key was used for another request.
    OtherRequest,
    /// One acted and was answered so.
    Answered(Vec<u8>),
}

impl Platform<'_> {
    /// Claims an account's key for a request, known by its digest.
    pub async fn claim(&self, account: ServiceAccountId, key: &str, request: Digest, now: Timestamp) -> Result<Claimed, Fault> {
        let id = Digest::of(format!("{account}\0{key}").as_bytes()).to_text();
        let mine = Claim { id: id.clone(), claim: Digest::of(&random_bytes::<32>()).to_text() };
        let new = idempotency::Model {
            id: id.clone(),
            account_id: account.to_string(),
            request: request.to_text(),
            claim: mine.claim.clone(),
            claimed_at: now.millis(),
            answer: None,
            expires_at: now.plus(KEPT).millis(),
        };
        // The second round is for a row that went between the two statements.
        for _ in 0..3 {
            if self.writing().insert_new::<idempotency::Entity>(new.clone()).await? {
                return Ok(Claimed::Mine(mine));
            }
            // From the writer: what was committed a moment ago must be seen.
            let select = idempotency::Entity::find().filter(idempotency::Column::Id.eq(id.as_str()));
            let Some(row) = self.writing().one(select).await? else { continue };
            if row.expires_at <= now.millis() {
                self.release(&Claim { id: row.id, claim: row.claim }, true).await?;
                continue;
            }
            return self.standing(row, request, mine, now).await;
        }
        Ok(Claimed::InFlight)
    }

    async fn standing(&self, row: idempotency::Model, request: Digest, mine: Claim, now: Timestamp) -> Result<Claimed, Fault> {
        use idempotency::Column as C;
        if Digest::from_text(&row.request) != Some(request) {
            return Ok(Claimed::OtherRequest);
        }
        if let Some(answer) = &row.answer {
            let opened = self.0.sealer.open(context(&row.id), answer);
            return opened.map(Claimed::Answered).ok_or_else(|| Fault::new("an answer that was kept cannot be opened"));
        }
        if row.claimed_at > now.minus(CLAIMED).millis() {
            return Ok(Claimed::InFlight);
        }
        let take = idempotency::Entity::update_many()
            .col_expr(C::Claim, Expr::value(mine.claim.as_str()))
            .col_expr(C::ClaimedAt, Expr::value(now.millis()))
            .filter(C::Id.eq(row.id.as_str()))
            .filter(C::Claim.eq(row.claim.as_str()))
            .filter(C::Answer.is_null());
        let taken = self.writing().update(take).await? == 1;
        Ok(if taken { Claimed::Mine(mine) } else { Claimed::InFlight })
    }

    /// Gives a claim back under which nothing happened.
    pub async fn unclaim(&self, claim: &Claim) -> Result<(), Fault> {
        self.release(claim, false).await
    }

    async fn release(&self, claim: &Claim, answered_too: bool) -> Result<(), Fault> {
        use idempotency::Column as C;
        let mut delete = idempotency::Entity::delete_many().filter(C::Id.eq(claim.id.as_str())).filter(C::Claim.eq(claim.claim.as_str()));
        if !answered_too {
            delete = delete.filter(C::Answer.is_null());
        }
        self.writing().delete(delete).await.map(|_| ())
    }
}

impl RealmTx {
    /// Writes the answer that everybody gets who repeats the request, sealed. `false`: the claim is another's by
    /// now, and this transaction must not be committed.
    pub async fn finish_claim(&self, claim: &Claim, answer: &[u8]) -> Result<bool, Fault> {
        use idempotency::Column as C;
        let sealed = self.database().sealer.seal(context(&claim.id), answer)?;
        let update = idempotency::Entity::update_many()
            .col_expr(C::Answer, Expr::value(sealed))
            .filter(C::Id.eq(claim.id.as_str()))
            .filter(C::Claim.eq(claim.claim.as_str()))
            .filter(C::Answer.is_null());
        Ok(self.run().update(update).await? == 1)
    }
}

const fn context(id: &str) -> SealContext<'_> {
    SealContext { purpose: "idempotency.answer", realm: "", row: id }
}
