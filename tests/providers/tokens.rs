//! The provider's own tokens: for the app that may have them, and for nobody else.

use std::time::Duration;

use gantry_core::scope_set::ScopeSet;
use reqwest::header;

use super::provider::Mood;
use super::{ACCESS, REFRESH, Stand};
use crate::support::{Answer, Gantry, Person};

const SCOPES: &str = "openid upstream_tokens offline_access";

/// Lets the app ask for the scope, once the realm has it.
async fn offer(gantry: &Gantry) {
    let realm = gantry.realm_id().await;
    let mut client = gantry.store.read(realm).clients().find_by_client_id("ledger").await.unwrap().unwrap();
    client.scopes = ScopeSet::from_names(client.scopes.iter().chain(["upstream_tokens"]));
    let mut scope = gantry.store.read(realm).scopes().list().await.unwrap().remove(0);
    scope.id = gantry_core::id::ScopeId::new();
    scope.resource_id = None;
    "upstream_tokens".clone_into(&mut scope.name);
    scope.machine = false;
    let write = async |tx: &gantry_store::RealmTx| {
        assert!(tx.scopes().insert(&scope).await?);
        Ok(tx.clients().update(&client).await?)
    };
    assert!(gantry.store.transact(realm, write).await.unwrap());
    gantry.settle().await;
}

async fn ask(gantry: &Gantry, token: &str) -> Answer {
    Answer::of(gantry.http.get(gantry.url("/oauth/upstream-token")).bearer_auth(token).send().await.unwrap()).await
}

#[tokio::test]
async fn an_app_gets_the_providers_token_and_a_new_one_when_it_has_ended() {
    let stand = Stand::new().await;
    offer(&stand.gantry).await;
    let (browser, session) = stand.signed_in(Person::ALICE, "alice-there", "sid-1").await;
    let tokens = stand.gantry.client("ledger").authorize().scope(SCOPES).tokens(&browser, Person::ALICE).await;
    let answer = ask(&stand.gantry, &tokens.access_token()).await.ok();
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let said = answer.json();
    assert_eq!((said["access_token"].as_str(), said["token_type"].as_str()), (Some(ACCESS), Some("Bearer")));
    assert_eq!((said["scope"].as_str(), said["connection"].as_str()), (Some("mail.read"), Some("work")));
    assert!(said["expires_in"].as_u64().is_some_and(|left| (1700..=1800).contains(&left)));
    assert_eq!(stand.gantry.audited("upstream_tokens_read").await, 1);

    stand.gantry.clock.advance(Duration::from_mins(30));
    let fresh = stand.gantry.client("ledger").refresh(&tokens.refresh_token()).await.ok();
    stand.provider.is(Mood::Broken);
    ask(&stand.gantry, &fresh.access_token()).await.is_error(503, "temporarily_unavailable");
    stand.provider.is(Mood::Rotates);
    let renewed = loop {
        // The provider is left alone for a moment after it failed.
        let answer = ask(&stand.gantry, &fresh.access_token()).await;
        if answer.status == 200 {
            break answer;
        }
        stand.gantry.clock.advance(Duration::from_secs(10));
    };
    assert_eq!(renewed.text("access_token"), "upstream-access-canary-1");
    assert_eq!(stand.provider.refreshed(), 1);
    assert!(stand.is_alive(&session).await);
}

#[tokio::test]
async fn fed_23_nobody_else_gets_them() {
    let stand = Stand::new().await;
    offer(&stand.gantry).await;
    let gantry = &stand.gantry;
    let (browser, session) = stand.signed_in(Person::ALICE, "alice-there", "sid-1").await;
    let ledger = gantry.client("ledger");
    let with = ledger.authorize().scope(SCOPES).tokens(&browser, Person::ALICE).await;
    let mut told = Vec::new();
    let mut hear = |answer: Answer| {
        told.push(answer.body.clone());
        answer
    };
    // Without the scope; another app; the app itself; something that is no access token; nothing at all.
    let without = ledger.authorize().scope("openid profile").tokens(&browser, Person::ALICE).await;
    hear(ask(gantry, &without.access_token()).await).is_error(403, "insufficient_scope");
    let other = gantry.client("notes").authorize().scope("openid profile").tokens(&browser, Person::ALICE).await;
    hear(ask(gantry, &other.access_token()).await).is_error(403, "insufficient_scope");
    let machine = ledger.client_credentials("orders:read").await.ok();
    hear(ask(gantry, &machine.access_token()).await).is_error(401, "invalid_token");
    for token in [with.refresh_token(), with.text("id_token"), "gpt_made-up".to_owned()] {
        hear(ask(gantry, &token).await).is_error(401, "invalid_token");
    }
    let bare = Answer::of(gantry.http.get(gantry.url("/oauth/upstream-token")).send().await.unwrap()).await;
    assert_eq!(bare.status, 401);
    // Somebody who came by a password has none, whatever their app may.
    let own = crate::support::Browser::new();
    let by_password = ledger.authorize().scope(SCOPES).tokens(&own, Person::BOB).await;
    hear(ask(gantry, &by_password.access_token()).await).is_error(404, "not_found");
    // What else speaks of the person or the realm.
    hear(gantry.userinfo(&with.access_token()).await);
    hear(gantry.client("orders-api").introspect(&with.access_token()).await);
    told.push(browser.open(gantry.url("/account")).await.html);
    let slug = "default";
    told.push(gantry_realm_file::export(&gantry.store, slug, gantry_core::clock::Clock::now(&*gantry.clock)).await.unwrap().unwrap());
    for line in gantry.store.read(session.realm_id).audit().list(None, 1000).await.unwrap() {
        told.push(format!("{line:?}"));
    }
    for secret in [ACCESS, REFRESH, "upstream-id-canary", "secret-there-canary"] {
        assert!(told.iter().all(|said| !said.contains(secret)), "{secret}");
    }
    // The right one works until the connection keeps no tokens any more, and ends with the session.
    assert_eq!(ask(gantry, &with.access_token()).await.status, 200);
    stand.change(|connection| connection.settings.keep_tokens = false).await;
    ask(gantry, &with.access_token()).await.is_error(404, "not_found");
    stand.change(|_| {}).await;
    assert_eq!(ask(gantry, &with.access_token()).await.status, 200);
    let page = browser.open(gantry.url("/account")).await;
    stand.change(|connection| connection.settings.sign_out_upstream = false).await;
    browser.submit(&page, "sign-out", &[]).await;
    ask(gantry, &with.access_token()).await.is_error(404, "not_found");
    assert!(stand.kept(&session).await.is_none());
}
