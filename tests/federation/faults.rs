//! The provider is slow, gone or answers rubbish: a clear page within ten seconds, and nobody else notices.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use gantry_core::connection::EmailTrust;
use gantry_core::sign_in_trace::{SignInProblem as Problem, TraceOutcome};

use super::{Stand, carol};
use crate::support::upstream::{Fault, Place, self_signed};
use crate::support::{Browser, Gantry, Page, Person};

/// How long a person waits at most, as the issue demands.
const BOUND: Duration = Duration::from_secs(10);

/// Goes through a provider that fails, and holds what the person gets: one of these problems, soon, and nothing besides.
async fn fails(stand: &Stand, what: &str) -> Problem {
    let browser = Browser::new();
    let page = stand.request().open(&browser).await;
    let began = Instant::now();
    let mut page = browser.leave_for(&page, &stand.connection).await;
    if page.left.is_some() {
        page = browser.come_back(&page, &carol()).await;
    }
    let took = began.elapsed();
    assert!(took < BOUND, "{what}: {took:?}");
    let problem = shown(&page, what);
    stand.gantry.refused(&browser, &page, problem).await;
    stand.nobody_came(what).await;
    assert!(!page.html.contains("alert(1)") && !page.html.contains("127.0.0.1"), "{what}: {}", page.html);
    assert!(page.has("#failure-again"), "{what}: no way to try again: {}", page.html);
    problem
}

#[track_caller]
fn shown(page: &Page, what: &str) -> Problem {
    let word = page.attribute("#error-page", "data-problem").unwrap_or_else(|| panic!("{what}: {} {}", page.status, page.html));
    Problem::parse(&word).unwrap()
}

#[tokio::test]
async fn ssr_03_ssr_10_each_fault_at_each_place_is_a_clear_page_within_ten_seconds() {
    for place in [Place::Metadata, Place::Token, Place::Jwks, Place::Userinfo] {
        for fault in Fault::ALL {
            // A new one each time: nothing is remembered of it.
            let stand = Stand::new().await;
            stand.upstream.fail(place, *fault);
            let problem = fails(&stand, &format!("{place:?} {fault:?}")).await;
            assert!(matches!(problem, Problem::Unreachable | Problem::BadAnswer), "{place:?} {fault:?}: {problem}");
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_gone_is_unreachable_and_so_is_one_whose_certificate_nobody_vouches_for() {
    let stand = Stand::new().await;
    stand.upstream.go_down().await;
    assert_eq!(fails(&stand, "down").await, Problem::Unreachable);

    let stand = Stand::new().await;
    let (origin, served) = self_signed().await;
    stand.gantry.change_connection(&stand.connection, |connection| connection.settings.issuer = Some(origin)).await;
    assert_eq!(fails(&stand, "self-signed").await, Problem::Unreachable);
    assert_eq!(served.load(Ordering::SeqCst), 0, "something was asked over it");
}

#[tokio::test]
async fn ssr_10_many_at_a_slow_provider_share_a_budget_and_the_rest_is_told_at_once() {
    let stand = Stand::new().await;
    let healthy = stand.gantry.upstream();
    let trusted = |connection: &mut gantry_core::connection::Connection| connection.settings.email_trust = Some(EmailTrust::Provider);
    let other = stand.gantry.connection(&healthy, "healthy", trusted).await;
    let quiet = measure(&stand.gantry, &other).await;
    stand.upstream.fail(Place::Token, Fault::Slow);

    let flood = futures_util::future::join_all((0..40).map(async |_| {
        let browser = Browser::new();
        let page = stand.request().open(&browser).await;
        let left = browser.leave_for(&page, &stand.connection).await;
        if left.left.is_none() {
            return (left, Duration::ZERO);
        }
        let back = browser.at_provider(&left, &carol()).await;
        let began = Instant::now();
        (browser.open(back).await, began.elapsed())
    }));
    let others = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        measure(&stand.gantry, &other).await
    };
    let (pages, busy) = tokio::join!(flood, others);

    let longest = pages.iter().map(|(_, took)| *took).max().unwrap();
    assert!(longest < BOUND, "40 at a slow provider wait {longest:?} at most; others {quiet:?} alone, {busy:?} meanwhile");
    for (page, _) in &pages {
        let problem = shown(page, "one of many");
        assert!(matches!(problem, Problem::Unreachable | Problem::BadAnswer | Problem::TooMany), "{problem}");
    }
    assert!(busy < quiet * 10 + Duration::from_secs(2), "others waited: {quiet:?} became {busy:?}");
    assert!(stand.upstream.seen(Place::Token).len() <= 32, "{} at once", stand.upstream.seen(Place::Token).len());
}

/// How long a password sign-in and one through a healthy provider take together; the middle of three.
async fn measure(gantry: &Gantry, other: &gantry_core::connection::Connection) -> Duration {
    let mut times = Vec::new();
    for n in 0..3 {
        let began = Instant::now();
        gantry.client("ledger").authorize().code(&Browser::new(), Person::BOB).await;
        let person = crate::support::upstream::Account::person("dave", "dave@home.example");
        let page = gantry.client("ledger").authorize().walk_to_provider(&Browser::new(), other, &person).await;
        assert!(page.left.is_some(), "{n}: {}", page.html);
        times.push(began.elapsed());
    }
    times.sort_unstable();
    times[1]
}

#[tokio::test]
async fn a_provider_that_recovers_is_used_again_by_itself() {
    let stand = Stand::new().await;
    stand.upstream.fail(Place::Token, Fault::Broken);
    for _ in 0..8 {
        let browser = Browser::new();
        let page = stand.arrive(&browser, &carol()).await;
        shown(&page, "broken");
    }
    stand.upstream.mend();
    stand.gantry.clock.advance(Duration::from_mins(1));
    let page = stand.arrive(&Browser::new(), &carol()).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
}

#[tokio::test]
async fn what_was_fetched_before_does_while_the_provider_cannot_be_asked() {
    let stand = Stand::new().await;
    stand.arrive(&Browser::new(), &carol()).await;
    stand.gantry.clock.advance(Duration::from_hours(2));
    stand.upstream.fail(Place::Metadata, Fault::Broken);
    let page = stand.arrive(&Browser::new(), &carol()).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
    assert_eq!(stand.gantry.newest_trace().await.0.outcome, TraceOutcome::SignedIn);
}

#[tokio::test]
async fn ssr_01_ssr_04_a_provider_inside_is_never_asked() {
    let stand = Stand::new().await;
    for inside in [
        "http://169.254.169.254",
        "https://10.0.0.1",
        "http://192.168.1.1",
        "file:///etc",
        "https://[fd00::1]",
        "http://provider.example.test",
    ] {
        stand.gantry.change_connection(&stand.connection, |connection| connection.settings.issuer = Some(inside.to_owned())).await;
        let problem = fails(&stand, inside).await;
        assert!(matches!(problem, Problem::Unreachable | Problem::Misconfigured | Problem::BadAnswer), "{inside}: {problem}");
    }
}

#[tokio::test]
async fn ssr_11_every_address_of_a_connection_goes_through_the_same_guard() {
    for member in ["token_endpoint", "jwks_uri", "userinfo_endpoint"] {
        for inside in
            ["https://10.0.0.1/x", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "http://provider.example.test/x"]
        {
            let stand = Stand::new().await;
            stand.upstream.advertise(member, inside);
            let what = format!("{member} {inside}");
            let problem = fails(&stand, &what).await;
            assert!(!matches!(problem, Problem::UnknownAttempt | Problem::TooMany), "{what}: {problem}");
        }
    }
}

#[tokio::test]
async fn ssr_05_an_address_with_a_placeholder_is_taken_as_it_is() {
    let stand = Stand::new().await;
    stand.upstream.advertise("token_endpoint", &format!("{}/{{client_id}}/token?host={{host}}", stand.upstream.origin));
    fails(&stand, "a placeholder").await;
    assert!(stand.upstream.seen(Place::Token).is_empty());
}
