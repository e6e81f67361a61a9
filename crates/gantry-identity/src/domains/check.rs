//! Looking for the proof of a domain, when somebody asks and again and again afterwards.
//!
//! Owns when a look is due, and what its answer makes of a domain. A record that is missing for three days loses
//! the domain; an answer that does not come loses nothing. The look itself waits for the network and is in no
//! transaction; what it found is settled in one, against the row as it is then.

use std::time::Duration;

use gantry_connect::dns::TxtRecords;
use gantry_core::actor::Actor;
use gantry_core::audit::AuditEvent;
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{DomainId, RealmId};
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::Realm;
use gantry_core::tenant_domain::{DomainProof, TenantDomain};
use gantry_store::{RealmTx, Store};

use super::{no_domain, note, owned, record_name, taken};
use crate::permission::TenantAction;

/// A proved domain is looked at once a day.
const EVERY: Duration = Duration::from_hours(24);
/// One whose record is missing, more often: it may have been a mistake.
const WHILE_MISSING: Duration = Duration::from_hours(6);
/// For so long the record may be missing.
const PATIENCE: Duration = Duration::from_hours(72);
/// A claim that is not proved yet, and a question that was not answered.
const SOON: Duration = Duration::from_hours(1);
/// For so long the proof of a new claim is looked for without being asked.
const HOPE: Duration = Duration::from_hours(14 * 24);
/// The most admins who get a mail.
const MAX_MAILS: u64 = 20;

/// What a look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// The record says what it has to.
    Found,
    /// There is no such record.
    Missing,
    /// The DNS did not answer: nothing is known.
    Unknown,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The domain is proved now.
    Proved,
    /// It was and is.
    Stands,
    /// It is not proved, or not yet.
    NotYet,
    /// Its proof is missing, and may come back.
    Failing,
    /// It was proved and is no more.
    Lost,
}

/// Looks for the record.
pub async fn look(dns: &dyn TxtRecords, domain: &TenantDomain) -> Looked {
    match dns.txt(&record_name(&domain.domain)).await {
        Ok(texts) if texts.iter().any(|text| text.trim() == domain.challenge) => Looked::Found,
        Ok(_) => Looked::Missing,
        Err(why) => {
            tracing::info!(domain = domain.domain, %why, "the proof of a domain could not be looked for");
            Looked::Unknown
        }
    }
}

/// Looks for the proof because an admin asks.
pub async fn verify(
    store: &Store,
    dns: &dyn TxtRecords,
    actor: Actor,
    (realm, id): (&Realm, DomainId),
    now: Timestamp,
) -> Result<(TenantDomain, Verdict), Failure> {
    let domain = owned(&store.read(realm.id), actor, TenantAction::ManageDomains, id).await?;
    let looked = look(dns, &domain).await;
    store.transact(realm.id, async |tx| settle(tx, actor, realm, (&domain, looked), now).await).await
}

/// Looks for the proof because it is time.
pub async fn recheck(store: &Store, dns: &dyn TxtRecords, domain: &TenantDomain, now: Timestamp) -> Result<Verdict, Failure> {
    let Some(realm) = realm(store, domain.realm_id).await? else { return Ok(Verdict::NotYet) };
    let looked = look(dns, domain).await;
    let settled = store.transact(realm.id, async |tx| settle(tx, Actor::System, &realm, (domain, looked), now).await).await;
    settled.map(|(_, verdict)| verdict)
}

async fn realm(store: &Store, id: RealmId) -> Result<Option<Realm>, Fault> {
    Ok(store.snapshots().realm(id).await?.map(|snapshot| snapshot.realm.clone()))
}

/// Writes what a look means for the domain as it is now.
async fn settle(
    tx: &RealmTx,
    actor: Actor,
    realm: &Realm,
    (looked_at, looked): (&TenantDomain, Looked),
    now: Timestamp,
) -> Result<(TenantDomain, Verdict), Failure> {
    let before = tx.tenant_domains().find(looked_at.id).await?.ok_or_else(no_domain)?;
    let (after, verdict) = judge(before.clone(), looked, now);
    if !tx.tenant_domains().update(&after).await? {
        // Another tenant has it. No more looks by itself: nothing is told, and nothing changes, until that one loses it.
        let unproved = TenantDomain { proof: None, proved_at: None, ..after };
        tx.tenant_domains().update(&unproved).await?;
        return Err(taken(&unproved.domain));
    }
    match verdict {
        Verdict::Proved => note(tx, actor, AuditEvent::DomainProved, (Some(&before), Some(&after)), now).await?,
        Verdict::Lost => {
            note(tx, actor, AuditEvent::DomainLost, (Some(&before), Some(&after)), now).await?;
            tell_admins(tx, realm, &after, now).await?;
        }
        Verdict::Stands | Verdict::NotYet | Verdict::Failing => {}
    }
    Ok((after, verdict))
}

/// What a look makes of a domain: pure, so that its clock can be tested.
fn judge(before: TenantDomain, looked: Looked, now: Timestamp) -> (TenantDomain, Verdict) {
    let checked = TenantDomain { checked_at: Some(now), ..before };
    let hopeful = (now.since(checked.created_at) < HOPE).then(|| now.plus(SOON));
    match (looked, checked.proof) {
        (Looked::Found, proof) => {
            let verdict = if proof.is_some() { Verdict::Stands } else { Verdict::Proved };
            let proved_at = checked.proved_at.or(Some(now));
            let next =
                TenantDomain { proof: Some(DomainProof::Dns), proved_at, failing_since: None, check_at: Some(now.plus(EVERY)), ..checked };
            (next, verdict)
        }
        (Looked::Unknown | Looked::Missing, Some(DomainProof::Vouched)) => (TenantDomain { check_at: None, ..checked }, Verdict::Stands),
        (Looked::Unknown, Some(DomainProof::Dns)) => {
            let verdict = if checked.failing_since.is_some() { Verdict::Failing } else { Verdict::Stands };
            (TenantDomain { check_at: Some(now.plus(SOON)), ..checked }, verdict)
        }
        (Looked::Unknown | Looked::Missing, None) => (TenantDomain { check_at: hopeful, ..checked }, Verdict::NotYet),
        (Looked::Missing, Some(DomainProof::Dns)) => {
            let since = checked.failing_since.unwrap_or(now);
            if now.since(since) >= PATIENCE {
                let lost = TenantDomain { proof: None, proved_at: None, failing_since: None, check_at: None, ..checked };
                return (lost, Verdict::Lost);
            }
            (TenantDomain { failing_since: Some(since), check_at: Some(now.plus(WHILE_MISSING)), ..checked }, Verdict::Failing)
        }
    }
}

/// Writes to the tenant's admins that the domain leads nobody to them any more.
async fn tell_admins(tx: &RealmTx, realm: &Realm, domain: &TenantDomain, now: Timestamp) -> Result<(), Failure> {
    let Some(tenant) = tx.tenants().find(domain.tenant_id).await? else { return Ok(()) };
    for admin in tx.memberships().list_admins(tenant.id, MAX_MAILS).await? {
        let Some(user) = tx.users().find(admin.user_id).await?.filter(|user| user.disabled_at.is_none()) else { continue };
        let kind = MailKind::DomainLost {
            organization: tenant.name.clone(),
            domain: domain.domain.clone(),
            record: record_name(&domain.domain),
            value: domain.challenge.clone(),
        };
        let locale = user.profile.locale.or_else(|| realm.settings.authorization.default_locale.clone()).unwrap_or_default();
        tx.outbox().insert(&Mail { to: user.email, locale, kind }, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use gantry_core::id::TenantId;

    use super::*;

    const T0: Timestamp = Timestamp::from_seconds(1_000_000);

    fn claimed() -> TenantDomain {
        TenantDomain {
            id: DomainId::new(),
            realm_id: RealmId::new(),
            tenant_id: TenantId::new(),
            domain: "corp.example".to_owned(),
            challenge: "gantry-domain=x".to_owned(),
            proof: None,
            proved_at: None,
            checked_at: None,
            failing_since: None,
            check_at: None,
            created_at: T0,
        }
    }

    const fn hours(n: u64) -> Duration {
        Duration::from_hours(n)
    }

    #[test]
    fn a_claim_is_proved_by_its_record_alone() {
        for looked in [Looked::Missing, Looked::Unknown] {
            let (after, verdict) = judge(claimed(), looked, T0.plus(hours(1)));
            assert_eq!((after.proof, after.check_at, verdict), (None, Some(T0.plus(hours(2))), Verdict::NotYet));
            assert_eq!(judge(claimed(), looked, T0.plus(HOPE)).0.check_at, None, "nobody waits for it any more");
        }
        let (after, verdict) = judge(claimed(), Looked::Found, T0.plus(hours(1)));
        assert_eq!((after.proof, after.proved_at, verdict), (Some(DomainProof::Dns), Some(T0.plus(hours(1))), Verdict::Proved));
        assert_eq!(after.check_at, Some(T0.plus(hours(25))));
    }

    #[test]
    fn fed_20_a_proof_that_is_missing_for_three_days_is_lost_and_silence_loses_nothing() {
        let proved = judge(claimed(), Looked::Found, T0).0;
        let silent = judge(proved.clone(), Looked::Unknown, T0.plus(hours(24)));
        assert_eq!((silent.0.proof, silent.0.failing_since, silent.1), (Some(DomainProof::Dns), None, Verdict::Stands));
        let mut domain = proved;
        for at in [24, 48, 72, 95] {
            let (after, verdict) = judge(domain, Looked::Missing, T0.plus(hours(at)));
            assert_eq!(
                (after.proof, after.failing_since, verdict),
                (Some(DomainProof::Dns), Some(T0.plus(hours(24))), Verdict::Failing),
                "{at}"
            );
            domain = after;
        }
        // However long it has been missing, only an answer loses it.
        let (after, verdict) = judge(domain.clone(), Looked::Unknown, T0.plus(hours(500)));
        assert_eq!((after.proof, verdict), (Some(DomainProof::Dns), Verdict::Failing));
        let back = judge(domain.clone(), Looked::Found, T0.plus(hours(500))).0;
        assert_eq!((back.failing_since, back.proved_at), (None, Some(T0)));
        let (after, verdict) = judge(domain, Looked::Missing, T0.plus(hours(96)));
        assert_eq!((after.proof, after.proved_at, after.check_at, verdict), (None, None, None, Verdict::Lost));
    }

    #[test]
    fn an_admins_word_is_not_looked_for() {
        let vouched = TenantDomain { proof: Some(DomainProof::Vouched), ..claimed() };
        for looked in [Looked::Missing, Looked::Unknown] {
            let (after, verdict) = judge(vouched.clone(), looked, T0.plus(hours(1000)));
            assert_eq!((after.proof, after.check_at, verdict), (Some(DomainProof::Vouched), None, Verdict::Stands));
        }
        assert_eq!(judge(vouched, Looked::Found, T0).0.proof, Some(DomainProof::Dns));
    }
}
