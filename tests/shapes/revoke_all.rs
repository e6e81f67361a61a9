//! Ending everything that a realm has issued, and nothing of any other.

use std::time::{Duration, Instant};

use gantry_core::actor::Actor;
use gantry_core::clock::Clock as _;
use gantry_identity::realms;
use gantry_web::PATH_FAMILIES;

use super::SSO;
use crate::support::{App, Browser, Gantry, Person};

/// As the command line does beside a running server.
async fn revoke(gantry: &Gantry, slug: &str) {
    let realm = gantry.store.platform().realm_by_slug(slug).await.unwrap().unwrap();
    let now = gantry.clock.now();
    gantry.store.transact(realm.id, async |tx| realms::revoke_issued(tx, Actor::CommandLine, now).await).await.unwrap();
    gantry.settle().await;
}

#[tokio::test]
async fn everything_issued_before_is_dead_and_what_follows_lives() {
    let gantry = Gantry::start().await;
    let (app, api, browser) = (gantry.client("ledger"), gantry.client("orders-api"), Browser::new());
    let ask = || app.authorize().scope("openid profile offline_access orders:read").set("resource", "https://api.example.test");
    let tokens = ask().tokens(&browser, Person::ALICE).await;
    let machine = gantry.client("worker").client_credentials("orders:read").await.ok().access_token();
    let opaque = gantry.client("worker").client_credentials("opaque:read").await.ok().access_token();
    let pending = ask();
    let code = pending.code(&browser, Person::ALICE).await;
    let elsewhere = app.clone().at(&gantry.other_realm(), &PATH_FAMILIES.oauth);
    let foreign = elsewhere.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
    let alive = async |gantry: &Gantry| {
        [
            api.is_active(&tokens.access_token()).await,
            gantry.userinfo(&tokens.access_token()).await.status == 200,
            app.is_active(&tokens.refresh_token()).await,
            api.is_active(&machine).await,
            gantry.client("opaque-api").is_active(&opaque).await,
        ]
    };
    assert_eq!(alive(&gantry).await, [true; 5]);
    gantry.clock.advance(Duration::from_secs(2));

    revoke(&gantry, "default").await;

    assert_eq!(alive(&gantry).await, [false; 5]);
    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    pending.redeem(&code).await.is_error(400, "invalid_grant");
    elsewhere.refresh(&foreign.refresh_token()).await.ok();
    assert_eq!(gantry.audited("revoked").await, 1);
    let apps = browser.open(gantry.url("/account")).await;
    assert_eq!(apps.status, 200, "the session is still there");

    gantry.clock.advance(Duration::from_secs(2));
    // Nobody is asked again: what fell are tokens, not the person's decision.
    let again = ask().open(&browser).await;
    let fresh = again.code();
    assert_ne!(fresh, code);
    let machine = gantry.client("worker").client_credentials("orders:read").await.ok().access_token();
    assert!(api.is_active(&machine).await);
}

#[tokio::test]
async fn not_before_policy_says_from_when_on_tokens_count() {
    let gantry = Gantry::start().await;
    let app = gantry.keycloak(SSO, &gantry.sso()).await;
    let policy = async |app: &App<'_>| app.client_credentials("locks:read").await.ok().json()["not-before-policy"].as_i64().unwrap();
    assert_eq!(policy(&app).await, 0);
    let old = app.client_credentials("locks:read").await.ok();
    gantry.clock.advance(Duration::from_secs(2));
    let now = gantry.clock.now().seconds();
    revoke(&gantry, "app").await;
    let epoch = policy(&app).await;
    assert!((now..=now + 2).contains(&epoch));
    assert!(old.claims("access_token")["iat"].as_i64().unwrap() < epoch);
    // A change of the realm keeps it.
    gantry.apply(&SSO.replace("Sign-On Platform", "Another Name")).await;
    assert_eq!(policy(&app).await, epoch);
    assert!(!app.is_active(&old.access_token()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_works_beside_a_running_server_within_a_second() {
    let gantry = Gantry::start().await;
    let api = gantry.client("orders-api");
    let token = gantry.client("worker").client_credentials("orders:read").await.ok().access_token();
    assert!(api.is_active(&token).await);
    // An `iat` has whole seconds.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let done = gantry.command(&["revoke", "--realm", "default"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let began = Instant::now();
    while api.is_active(&token).await {
        assert!(began.elapsed() < Duration::from_secs(1), "the token outlived a second");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let unknown = gantry.command(&["revoke", "--realm", "nowhere"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no realm `nowhere`"));
    assert_eq!(unknown.status.code(), Some(1));
}
