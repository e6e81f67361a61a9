//! Looks for the proofs of domains that are due, in the DNS.
//!
//! By the index on the time of the next look, a few at a time, each leased so that no two nodes look for the same. No
//! transaction is open while the DNS is asked.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use gantry_connect::dns::TxtRecords;
use gantry_core::clock::SharedClock;
use gantry_core::failure::{Failure, Fault};
use gantry_core::tenant_domain::TenantDomain;
use gantry_identity::domains::check::recheck;
use gantry_store::Store;

use super::Next;

pub(super) const PERIOD: Duration = Duration::from_mins(1);
/// Domains of one round, asked at the same time.
const BATCH: u64 = 10;

/// What looking for proofs takes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DomainChecker {
    /// The domains.
    pub store: Store,
    /// Who is asked.
    pub dns: Arc<dyn TxtRecords>,
    /// The time.
    pub clock: SharedClock,
}

/// Looks for one batch of what is due.
pub async fn check_domains(checker: &DomainChecker) -> Result<Next, Fault> {
    let due = checker.store.platform().lease_due_domains(checker.clock.now(), BATCH).await?;
    let count = due.len();
    join_all(due.into_iter().map(|domain| check(checker, domain))).await;
    Ok(if u64::try_from(count).is_ok_and(|count| count >= BATCH) { Next::Now } else { Next::Later })
}

async fn check(checker: &DomainChecker, domain: TenantDomain) {
    match recheck(&checker.store, &*checker.dns, &domain, checker.clock.now()).await {
        Ok(verdict) => tracing::debug!(domain = domain.domain, ?verdict, "a proof was looked for"),
        // It is another tenant's, or was given back meanwhile.
        Err(Failure::Refused(refusal)) => tracing::info!(domain = domain.domain, %refusal, "a domain stays unproved"),
        Err(Failure::Broken(fault)) => tracing::warn!(domain = domain.domain, %fault, "the proof of a domain could not be settled"),
    }
}
