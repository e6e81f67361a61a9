//! Asks each address of the console and of the admin API's lists, in the large realm and in the small one.
//!
//! One request after another on one connection, so that what is measured is the server's time and nobody's queue.

use std::time::Duration;

use gantry::Running;
use gantry_core::actor::Actor;
use gantry_core::admin_scope::{AdminScope, AdminScopes};
use gantry_core::realm::Realm;
use gantry_identity::service_accounts::{self, ServiceAccountSettings};
use serde::Serialize;

use crate::Trouble;
use crate::fill::{ADMIN, PASSWORD};
use crate::visitor::Visitor;

/// What an address costs.
#[derive(Serialize)]
pub(crate) struct Row {
    work: String,
    p50_ms: f64,
    p99_ms: f64,
    /// The same in a realm with ten of each.
    small_p99_ms: f64,
    /// The most that the 99th percentile should be.
    most_ms: f64,
}

/// The console's pages below a realm, and the most that each should take.
const PAGES: &[(&str, f64)] = &[
    ("", 200.0),
    ("/people", 100.0),
    ("/people?q=anna", 100.0),
    ("/people?q=anna+berg", 100.0),
    ("/people?q=nobody-of-that-name", 100.0),
    ("/people?is=disabled", 100.0),
    ("/tenants", 100.0),
    ("/tenants?q=customer", 100.0),
    ("/tenants/org_7/members", 100.0),
    ("/clients", 100.0),
    ("/clients?q=app-9", 100.0),
    ("/clients?kind=public", 100.0),
    ("/sessions", 100.0),
    ("/audit", 100.0),
    ("/traces", 100.0),
    ("/search?q=app", 100.0),
];

/// The admin API's lists below a realm.
const LISTS: &[&str] = &["/users", "/users?q=anna", "/tenants", "/tenants?q=customer", "/clients", "/clients?q=app-9", "/audit"];

/// Measures all of them.
pub(crate) async fn all(running: &Running, large: &Realm, small: &Realm, samples: usize) -> Result<Vec<Row>, Trouble> {
    let base = running.public_url.as_str();
    let (mut at_large, mut at_small) = (admin(base, large).await?, admin(base, small).await?);
    let mut rows = Vec::new();
    for (page, most_ms) in PAGES {
        let of = |realm: &Realm| format!("{base}/console/realms/{}{page}", realm.slug);
        let pair = (times(&mut at_large, &of(large), samples).await?, times(&mut at_small, &of(small), samples).await?);
        rows.push(row(format!("console {}", if page.is_empty() { "home" } else { page }), pair, *most_ms));
    }
    let (mut with_large, mut with_small) = (program(running, large).await?, program(running, small).await?);
    for list in LISTS {
        let of = |realm: &Realm| format!("{base}/api/admin/v1/realms/{}{list}", realm.slug);
        let pair = (times(&mut with_large, &of(large), samples).await?, times(&mut with_small, &of(small), samples).await?);
        rows.push(row(format!("admin API {list}"), pair, 100.0));
    }
    Ok(rows)
}

async fn admin(base: &str, realm: &Realm) -> Result<Visitor, Trouble> {
    let mut visitor = Visitor::new()?;
    let page = visitor.open(&format!("{base}/console/sign-in?realm={}", realm.slug)).await?;
    let page = visitor.submit(&page, "realm", &[("realm", &realm.slug)]).await?;
    let page = visitor.submit(&page, "username", &[("username", ADMIN)]).await?;
    let page = visitor.submit(&page, "password", &[("password", PASSWORD)]).await?;
    if page.status == 200 && page.url.path().starts_with("/console") {
        return Ok(visitor);
    }
    Err(format!("the sign-in to the console ended at {} with {}", page.url, page.status).into())
}

async fn program(running: &Running, realm: &Realm) -> Result<Visitor, Trouble> {
    let now = gantry_core::clock::Clock::now(&gantry_core::clock::SystemClock);
    let new = ServiceAccountSettings { name: "size".to_owned(), scopes: AdminScopes::of(AdminScope::ALL) };
    let made = running.store.transact(realm.id, async |tx| service_accounts::create(tx, Actor::CommandLine, new, now).await);
    Visitor::with_key(made.await?.2.expose())
}

async fn times(visitor: &mut Visitor, url: &str, samples: usize) -> Result<Vec<Duration>, Trouble> {
    let mut times = Vec::with_capacity(samples);
    // The first one warms what is kept in memory and is not counted.
    for number in 0..=samples {
        let page = visitor.open(url).await?;
        if page.status != 200 {
            return Err(format!("{url} answers {}", page.status).into());
        }
        if number > 0 {
            times.push(page.took);
        }
    }
    times.sort_unstable();
    Ok(times)
}

fn row(work: String, (large, small): (Vec<Duration>, Vec<Duration>), most_ms: f64) -> Row {
    Row { work, p50_ms: percentile(&large, 50), p99_ms: percentile(&large, 99), small_p99_ms: percentile(&small, 99), most_ms }
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let at = (sorted.len().saturating_sub(1) * percent).div_ceil(100);
    sorted.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}
