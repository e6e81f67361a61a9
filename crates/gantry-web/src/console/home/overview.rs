//! A realm's home page: what wants a look, what happens over time, what fails most, and a new realm's first steps.
//!
//! Also makes the same panels for a tenant's home page, of what is the tenant's own.

use gantry_core::audit::AuditEvent;
use gantry_core::clock::Timestamp;
use gantry_identity::figures::{self, Range, Series as Counts};
use gantry_identity::overview::{self, FirstSteps};
use gantry_views::console::{Card, Cards, Chart, Panel, Series, Sheet, Tab, Text, Tone, said, say};

use super::concerns;
use super::failures;
use crate::console::context::{Answer, Console};
use crate::paths::console as at;
use crate::respond::PageFailure;

const SIGN_INS: &[AuditEvent] = &[AuditEvent::SignedIn];
const TOKENS: &[AuditEvent] = &[AuditEvent::TokensIssued];
/// What went wrong, each with its reason.
pub(super) const ERRORS: &[AuditEvent] =
    &[AuditEvent::SignInRefused, AuditEvent::AuthorizationRefused, AuditEvent::TokenRefused, AuditEvent::ClientAuthFailed];
const ALL: &[AuditEvent] = &[
    AuditEvent::SignedIn,
    AuditEvent::TokensIssued,
    AuditEvent::SignInRefused,
    AuditEvent::AuthorizationRefused,
    AuditEvent::TokenRefused,
    AuditEvent::ClientAuthFailed,
];
/// Reasons that have a colour of their own; the rest are one more together.
const REASONS: usize = 4;

/// The home page of a realm.
pub(super) async fn realm(console: Console) -> Answer {
    let (tx, now) = (console.read()?, console.now()?);
    let mut sheet = Sheet::new(said(&console.realm.realm.name)).lead(say("home-lead"));
    let steps = overview::first_steps(&tx, console.actor).await?;
    sheet.panels.extend(first_steps(&console, steps).map(Panel::from));
    let found = overview::concerns(&tx, console.actor, now).await?;
    sheet.panels.extend(concerns::panel(&console, found, now));
    let range = range(&console)?;
    sheet.tabs = tabs(&console, range, at::REALM);
    let counts = figures::series(&tx, console.actor, ALL, range, None, now).await?;
    sheet.panels.extend(pictures(&counts, range));
    sheet.panels.extend(failures::panel(&console, &counts));
    console.show(sheet)
}

/// What stands on the home page of the tenant that the address names, besides what its own area says: what wants a look,
/// and its figures.
pub(crate) async fn of_tenant(console: &Console) -> Result<Vec<Panel>, PageFailure> {
    let (tx, now, tenant) = (console.read()?, console.now()?, console.tenant()?);
    let found = overview::concerns_of_tenant(&tx, console.actor, tenant, now).await?;
    let mut panels: Vec<Panel> = concerns::panel(console, found, now).into_iter().collect();
    let range = range(console)?;
    let counts = figures::series(&tx, console.actor, ALL, range, Some(tenant.id), now).await?;
    panels.extend(pictures(&counts, range));
    panels.extend(failures::panel(console, &counts));
    Ok(panels)
}

/// The spans that the figures on a home page can have, as its tabs.
pub(crate) fn spans(console: &Console) -> Result<Vec<Tab>, PageFailure> {
    Ok(tabs(console, range(console)?, at::TENANT))
}

fn range(console: &Console) -> Result<Range, PageFailure> {
    Ok(console.query()?.get("span").and_then(Range::parse).unwrap_or(Range::Day))
}

fn tabs(console: &Console, chosen: Range, path: &str) -> Vec<Tab> {
    let text = |range: Range| match range {
        Range::Day => say("home-span-day"),
        Range::Week => say("home-span-week"),
        Range::Month => say("home-span-month"),
    };
    let href = |range: Range| format!("{}?span={}", console.path(path, &[]), range.name());
    Range::ALL.iter().map(|range| Tab { text: text(*range), href: href(*range), current: *range == chosen }).collect()
}

/// The totals, and a chart for each.
fn pictures(counts: &Counts, range: Range) -> Vec<Panel> {
    let errors = counts.total(ERRORS);
    let card = |title: Text, total: u64, href: &str| Card {
        title,
        text: None,
        figure: Some(gantry_views::console::grouped(total)),
        href: href.to_owned(),
        icon: None,
        badge: None,
    };
    let cards = vec![
        card(say("home-sign-ins"), counts.total(SIGN_INS), "#sign-ins"),
        card(say("home-tokens"), counts.total(TOKENS), "#tokens"),
        card(say("home-errors"), errors, "#errors"),
    ];
    let ticks: Vec<String> = counts.buckets.iter().map(|bucket| tick(*bucket, range)).collect();
    let one = |id, title: Text, tone, events| {
        let series = vec![Series { name: title.clone(), tone, values: counts.counts(events) }];
        Chart { id, title, lead: None, ticks: ticks.clone(), series }
    };
    let lead = Some(say("home-errors-lead"));
    let by_reason = Chart { id: "errors", title: say("home-errors"), lead, ticks: ticks.clone(), series: reasons(counts) };
    vec![
        Cards { id: "figures", title: None, cards }.into(),
        one("sign-ins", say("home-sign-ins"), Tone::Plain, SIGN_INS).into(),
        one("tokens", say("home-tokens"), Tone::Good, TOKENS).into(),
        by_reason.into(),
    ]
}

/// The commonest reasons one by one, and the others together.
fn reasons(counts: &Counts) -> Vec<Series> {
    let mut found = counts.by_reason(ERRORS).into_iter();
    let named = found.by_ref().take(REASONS).map(|(reason, values)| Series { name: failures::name(&reason), tone: Tone::Bad, values });
    let mut series: Vec<Series> = named.collect();
    let rest = found.reduce(|(name, mut sums), (_, values)| {
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum = sum.saturating_add(value));
        (name, sums)
    });
    series.extend(rest.map(|(_, values)| Series { name: say("home-reason-rest"), tone: Tone::Bad, values }));
    if series.is_empty() {
        series.push(Series { name: say("home-errors"), tone: Tone::Bad, values: vec![0; counts.buckets.len()] });
    }
    series
}

/// `14:00`, or `11-21` where a bucket is a day; in UTC.
fn tick(bucket: Timestamp, range: Range) -> String {
    let text = bucket.to_rfc3339();
    text.get(if range.by_day() { 5..10 } else { 11..16 }).unwrap_or_default().to_owned()
}

/// What is left to do in a new realm.
fn first_steps(console: &Console, steps: FirstSteps) -> Option<Cards> {
    let all = [
        (steps.scope, say("home-step-scope"), say("home-step-scope-text"), "shield-check", at::RESOURCES),
        (steps.client, say("home-step-client"), say("home-step-client-text"), "app-window", at::CLIENT_NEW),
        (steps.tenant, say("home-step-tenant"), say("home-step-tenant-text"), "building-2", at::TENANT_NEW),
        (steps.people, say("home-step-people"), say("home-step-people-text"), "user-plus", at::PERSON_NEW),
    ];
    let card = |(done, title, text, icon, path): (bool, Text, Text, &'static str, &str)| {
        (!done).then(|| Card { title, text: Some(text), figure: None, href: console.path(path, &[]), icon: Some(icon), badge: None })
    };
    let cards: Vec<Card> = all.into_iter().filter_map(card).collect();
    (!cards.is_empty()).then(|| Cards { id: "first-steps", title: Some(say("home-first-steps")), cards })
}
