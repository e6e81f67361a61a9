//! Whether the account at the provider still stands.

use std::time::Duration;

use gantry_core::clock::Clock as _;
use gantry_core::secret::Secret;

use super::provider::Mood;
use super::{REFRESH, Stand};
use crate::support::Person;

impl Stand {
    /// One round of the job.
    async fn ask(&self) {
        use gantry::jobs::{Checker, check_upstream};
        let outbound = gantry_connect::outbound::Outbound::new(gantry_connect::outbound::Reach::LoopbackToo);
        let clock = std::sync::Arc::clone(&self.gantry.clock) as gantry_core::clock::SharedClock;
        let checker = Checker {
            store: self.gantry.store.clone(),
            connectors: gantry_connect::connector::Connectors::new(outbound, std::sync::Arc::clone(&clock)),
            public_url: gantry_core::address::PublicUrl::parse(&self.gantry.base).unwrap(),
            clock,
        };
        check_upstream(&checker).await.unwrap();
    }
}

#[tokio::test]
async fn an_account_that_stands_is_asked_about_now_and_then() {
    let stand = Stand::new().await;
    let (_, session) = stand.signed_in(Person::ALICE, "alice-there", "sid-1").await;
    stand.ask().await;
    assert_eq!(stand.provider.refreshed(), 0, "not before it is due");
    stand.gantry.clock.advance(Duration::from_mins(10));
    let now = stand.gantry.clock.now();
    stand.ask().await;
    stand.ask().await;
    assert_eq!(stand.provider.refreshed(), 1);
    let kept = stand.kept(&session).await.unwrap();
    assert_eq!(kept.tokens.refresh_token.as_ref().map(Secret::expose), Some("upstream-refresh-canary-1"), "it rotates");
    assert!(kept.check_at.unwrap().since(now) >= Duration::from_mins(10));
    assert!(stand.is_alive(&session).await);
}

#[tokio::test]
async fn an_account_that_is_gone_ends_the_session_and_what_is_bound_to_it() {
    let stand = Stand::new().await;
    let (browser, session) = stand.signed_in(Person::ALICE, "alice-there", "sid-1").await;
    stand.gantry.client("ledger").authorize().tokens(&browser, Person::ALICE).await;
    assert_eq!(stand.gantry.live_grants(Person::ALICE).await, 1);
    stand.provider.is(Mood::Gone);
    stand.gantry.clock.advance(Duration::from_mins(10));
    stand.ask().await;
    assert!(!stand.is_alive(&session).await);
    assert!(stand.kept(&session).await.is_none(), "nothing is kept for a session that has ended");
    assert_eq!(stand.gantry.live_grants(Person::ALICE).await, 0);
    assert_eq!(stand.gantry.audited("session_ended").await, 1);
}

#[tokio::test]
async fn a_provider_in_trouble_ends_nothing() {
    let stand = Stand::new().await;
    let (_, session) = stand.signed_in(Person::ALICE, "alice-there", "sid-1").await;
    stand.provider.is(Mood::Broken);
    stand.gantry.clock.advance(Duration::from_mins(10));
    stand.ask().await;
    assert!(stand.is_alive(&session).await);
    let kept = stand.kept(&session).await.unwrap();
    assert_eq!(kept.tokens.refresh_token.as_ref().map(Secret::expose), Some(REFRESH));
    assert!(kept.check_at.is_some(), "it is asked again");
    // Somebody who has just renewed them with the provider is not gone because a second try comes too late.
    stand.provider.is(Mood::Rotates);
    stand.gantry.clock.advance(Duration::from_mins(6));
    stand.ask().await;
    assert!(stand.is_alive(&session).await && stand.provider.refreshed() == 1);
}
