//! Figures for pages: how often people signed in and were refused, how many tokens went out, what went wrong.
//!
//! Owns the spans that charts have. Never reads the audit trail: the figures are added up beside it, a few seconds
//! later, and stay longer than its lines do.

use std::collections::BTreeMap;
use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::audit::AuditEvent;
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::figure::{Figure, hour_of, start_of};
use gantry_core::id::TenantId;
use gantry_store::RealmTx;

use crate::permission::{self, Action, TenantAction};

/// How long figures are kept.
pub const KEPT: Duration = Duration::from_hours(400 * 24);

/// The span of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// 24 hours, by the hour; the last one is the hour that runs.
    Day,
    /// 7 days, by the day in UTC; the last one is today.
    Week,
    /// 30 days, by the day in UTC; the last one is today.
    Month,
}

impl Range {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Day, Self::Week, Self::Month];

    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// The one with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|range| range.name() == name)
    }

    /// Whether its buckets are days.
    pub const fn by_day(self) -> bool {
        !matches!(self, Self::Day)
    }

    const fn hours(self) -> u32 {
        if self.by_day() { 24 } else { 1 }
    }

    const fn buckets(self) -> u32 {
        match self {
            Self::Day => 24,
            Self::Week => 7,
            Self::Month => 30,
        }
    }
}

/// Counts over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Where each bucket begins, oldest first.
    pub buckets: Vec<Timestamp>,
    lines: BTreeMap<(AuditEvent, String), Vec<u64>>,
}

impl Series {
    /// A count for each bucket of all of these together.
    pub fn counts(&self, events: &[AuditEvent]) -> Vec<u64> {
        let mut sums = vec![0_u64; self.buckets.len()];
        for (_, counts) in self.lines.iter().filter(|((event, _), _)| events.contains(event)) {
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum = sum.saturating_add(*count);
            }
        }
        sums
    }

    /// How often these happened in all.
    pub fn total(&self, events: &[AuditEvent]) -> u64 {
        self.counts(events).iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// For each reason of these a count for each bucket, the commonest reason first.
    pub fn by_reason(&self, events: &[AuditEvent]) -> Vec<(String, Vec<u64>)> {
        let mut reasons: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for ((_, reason), counts) in self.lines.iter().filter(|((event, _), _)| events.contains(event)) {
            let sums = reasons.entry(reason).or_insert_with(|| vec![0; self.buckets.len()]);
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum = sum.saturating_add(*count);
            }
        }
        let mut reasons: Vec<_> = reasons.into_iter().map(|(reason, counts)| (reason.to_owned(), counts)).collect();
        let total = |counts: &[u64]| counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        reasons.sort_by_key(|(_, counts)| std::cmp::Reverse(total(counts)));
        reasons
    }
}

/// How often each of these happened: in the realm, for its admins, or in one tenant, for its own.
pub async fn series(
    tx: &RealmTx,
    actor: Actor,
    events: &[AuditEvent],
    range: Range,
    tenant: Option<TenantId>,
    now: Timestamp,
) -> Result<Series, Failure> {
    match tenant {
        None => permission::check(actor, Action::ReadRealm, tx.realm_id())?,
        Some(tenant) => permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?,
    }
    let buckets = buckets(range, now);
    let first = buckets.first().copied().unwrap_or(now);
    let figures = tx.figures().sums(tenant, events, first, range.hours()).await?;
    Ok(assemble(buckets, figures))
}

fn buckets(range: Range, now: Timestamp) -> Vec<Timestamp> {
    let span = i64::from(range.hours());
    let last = hour_of(now).div_euclid(span).saturating_mul(span);
    let back = |steps: u32| start_of(last.saturating_sub(i64::from(steps).saturating_mul(span)));
    (0..range.buckets()).rev().map(back).collect()
}

fn assemble(buckets: Vec<Timestamp>, figures: Vec<Figure>) -> Series {
    let mut lines: BTreeMap<(AuditEvent, String), Vec<u64>> = BTreeMap::new();
    for figure in figures {
        // What another node's clock put into a bucket to come waits until it is here.
        let Some(index) = buckets.iter().position(|at| *at == figure.at) else { continue };
        let counts = lines.entry((figure.event, figure.reason)).or_insert_with(|| vec![0; buckets.len()]);
        if let Some(count) = counts.get_mut(index) {
            *count = count.saturating_add(figure.count);
        }
    }
    Series { buckets, lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn the_last_bucket_is_the_one_that_runs() {
        let now = at("2026-11-21T13:59:59Z");
        let day = buckets(Range::Day, now);
        assert_eq!((day.len(), day[0], day[23]), (24, at("2026-11-20T14:00:00Z"), at("2026-11-21T13:00:00Z")));
        let month = buckets(Range::Month, now);
        assert_eq!((month.len(), month[0], month[29]), (30, at("2026-10-23"), at("2026-11-21")));
    }

    #[test]
    fn reasons_come_commonest_first() {
        let now = at("2026-11-21T13:00:00Z");
        let figure = |reason: &str, at, count| Figure { event: AuditEvent::TokenRefused, reason: reason.to_owned(), at, count };
        let figures = vec![
            figure("rare", now, 1),
            figure("common", now, 2),
            figure("common", at("2026-11-21T12:00:00Z"), 3),
            figure("future", at("2026-11-21T14:00:00Z"), 9),
        ];
        let series = assemble(buckets(Range::Day, now), figures);
        let reasons = series.by_reason(&[AuditEvent::TokenRefused]);
        assert_eq!(reasons.iter().map(|(reason, _)| reason.as_str()).collect::<Vec<_>>(), ["common", "rare"]);
        assert_eq!(reasons[0].1[22..], [3, 2]);
        assert_eq!(series.total(&[AuditEvent::TokenRefused]), 6);
        assert_eq!(series.total(&[AuditEvent::SignedIn]), 0);
    }
}
