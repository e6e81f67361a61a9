//! Several processes on one database: what one node revokes is dead on the other within a second, and a race over both has one
//! winner. A database in a file has one server, so these run where the suite has Postgres; `cargo xtask test` does it.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use gantry_core::installation::InstallationStanding;
use gantry_core::realm::TenantDemand;

use crate::keys::{app_key, personal_token, revoke};
use crate::support::gantry::Cluster;
use crate::support::{Browser, Person};

/// The bound of the architecture: a revocation reaches every node within a second.
const REACH: Duration = Duration::from_secs(1);

/// Asks until the answer is no, and holds that this took no longer than a second.
async fn dies_within_a_second(what: &str, mut alive: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while alive().await {
        assert!(began.elapsed() < REACH, "{what} outlived a second on the other node");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn revocations_reach_the_other_node(redis: bool) {
    let cluster = Cluster::start(2, redis).await;
    let gantry = &cluster.gantry;
    let (here, there) = (cluster.through(&gantry.client("ledger"), 0), cluster.through(&gantry.client("ledger"), 1));
    let api = cluster.through(&gantry.client("orders-api"), 1);
    let request = here.authorize().scope("openid offline_access").set("resource", "https://api.example.test");

    let tokens = request.tokens(&Browser::new(), Person::ALICE).await;
    assert!(api.is_active(&tokens.access_token()).await);
    here.revoke(&tokens.refresh_token()).await.ok();
    dies_within_a_second("an access token", async || api.is_active(&tokens.access_token()).await).await;
    there.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");

    let tokens = request.tokens(&Browser::new(), Person::ALICE).await;
    gantry.disable(Person::ALICE).await;
    dies_within_a_second("a disabled person's token", async || api.is_active(&tokens.access_token()).await).await;

    // Keys and personal tokens are read at each use, their clients are not.
    let (key, text) = app_key(gantry, "worker", "orders:read", None).await;
    assert!(api.is_active(&text).await);
    revoke(gantry, &key).await;
    dies_within_a_second("an App Key", async || api.is_active(&text).await).await;
    let (_, text) = app_key(gantry, "worker", "orders:read", None).await;
    assert!(api.is_active(&text).await);
    gantry.disable_client("worker").await;
    dies_within_a_second("a disabled client's key", async || api.is_active(&text).await).await;
    let (_, text) = personal_token(gantry, Person::BOB, "orders:read").await;
    assert!(api.is_active(&text).await);
    gantry.disable(Person::BOB).await;
    dies_within_a_second("a disabled person's own token", async || api.is_active(&text).await).await;

    // A client is kept in memory by every node: here the change rows have to do their work.
    assert_eq!(there.client_credentials("orders:read").await.status, 200);
    let machine = there.client_credentials("orders:read").await.ok().access_token();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let revoked = gantry.command(&["revoke"]);
    assert!(revoked.status.success(), "{}", String::from_utf8_lossy(&revoked.stderr));
    dies_within_a_second("a token of a revoked realm", async || api.is_active(&machine).await).await;

    gantry.disable_client("ledger").await;
    dies_within_a_second("a disabled client", async || there.client_credentials("orders:read").await.status == 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "several nodes need Postgres"]
async fn ses_12_revocations_reach_the_other_node_within_a_second() {
    Box::pin(revocations_reach_the_other_node(true)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "several nodes need Postgres"]
async fn ses_12_revocations_reach_the_other_node_without_redis() {
    Box::pin(revocations_reach_the_other_node(false)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "several nodes need Postgres"]
async fn cod_02_a_code_is_redeemed_once_over_two_nodes() {
    let cluster = Cluster::start(2, true).await;
    let app = cluster.gantry.client("ledger");
    let request = cluster.through(&app, 0).authorize();
    for _ in 0..5 {
        let code = request.code(&Browser::new(), Person::ALICE).await;
        let racers = (0..32).map(|racer| {
            let mut request = request.clone();
            request.app = cluster.through(&app, racer % 2);
            let code = code.clone();
            async move { request.redeem(&code).await.status }
        });
        let statuses = join_all(racers).await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "several nodes need Postgres"]
async fn rtk_02_a_refresh_over_two_nodes_has_one_successor() {
    let cluster = Cluster::start(2, true).await;
    let app = cluster.gantry.client("ledger");
    let request = cluster.through(&app, 0).authorize().scope("openid offline_access");
    let mut refresh_token = request.tokens(&Browser::new(), Person::ALICE).await.refresh_token();
    for _ in 0..5 {
        let racers = (0..32).map(|racer| {
            let (app, refresh_token) = (cluster.through(&app, racer % 2), refresh_token.clone());
            async move { app.refresh(&refresh_token).await.ok().refresh_token() }
        });
        let mut successors = join_all(racers).await;
        successors.dedup();
        assert_eq!(successors.len(), 1);
        refresh_token = successors.remove(0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "several nodes need Postgres"]
async fn cli_05_an_assertion_is_used_once_over_two_nodes() {
    let cluster = Cluster::start(2, true).await;
    let app = cluster.gantry.client("signer");
    let assertion = cluster.gantry.assertion("signer", &cluster.gantry.issuer(), Duration::from_mins(1));
    let parameters = [
        ("grant_type", "client_credentials"),
        ("scope", "orders:read"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion.as_str()),
    ];
    let racers = (0..32).map(|racer| {
        let app = cluster.through(&app, racer % 2);
        async move { app.token(&parameters).await.status }
    });
    let statuses = join_all(racers).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "several nodes need Postgres"]
async fn ten_11_a_suspension_reaches_the_other_node_within_a_second() {
    let cluster = Cluster::start(2, true).await;
    let gantry = &cluster.gantry;
    gantry.change_realm(|settings| settings.tenants = TenantDemand::Required).await;
    let one = gantry.tenant_of(Person::ALICE, "org_one").await;
    gantry.decide(one, "ledger", InstallationStanding::Installed).await;
    let (here, there) = (cluster.through(&gantry.client("ledger"), 0), cluster.through(&gantry.client("ledger"), 1));
    let api = cluster.through(&gantry.client("orders-api"), 1);
    tokio::time::sleep(REACH).await;
    let request = here.authorize().scope("openid offline_access").set("resource", "https://api.example.test").set("org_id", "org_one");
    for suspended in [true, false] {
        let asked = [("grant_type", "client_credentials"), ("scope", "orders:read"), ("org_id", "org_one")];
        let (tokens, own) = (request.tokens(&Browser::new(), Person::ALICE).await, there.token(&asked).await.ok());
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh_token()), ("org_id", "org_one")];
        assert!(api.is_active(&tokens.access_token()).await && api.is_active(&own.access_token()).await);
        // Once the other way round: an app that is taken out.
        if suspended {
            gantry.change_tenant(one, |settings| settings.suspended = Some(true)).await;
        } else {
            gantry.decide(one, "ledger", InstallationStanding::Removed).await;
        }
        dies_within_a_second("a person's token", async || api.is_active(&tokens.access_token()).await).await;
        dies_within_a_second("an app's token", async || api.is_active(&own.access_token()).await).await;
        dies_within_a_second("an app's way in", async || there.token(&asked).await.status == 200).await;
        there.token(&refresh).await.is_error(400, "invalid_grant");
        tokio::time::sleep(REACH * 2).await;
        gantry.change_tenant(one, |settings| settings.suspended = Some(false)).await;
        gantry.decide(one, "ledger", InstallationStanding::Installed).await;
        assert!(!api.is_active(&tokens.access_token()).await && !api.is_active(&own.access_token()).await, "nothing comes back");
        here.token(&refresh).await.is_error(400, "invalid_grant");
    }
}

/// Many refreshes over both nodes while the tenant is suspended: what came out of them is dead, and stays so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "several nodes need Postgres"]
async fn ten_11_a_suspension_amid_refreshes_over_two_nodes_leaves_nothing_alive() {
    let cluster = Cluster::start(2, true).await;
    let gantry = &cluster.gantry;
    gantry.change_realm(|settings| settings.tenants = TenantDemand::Required).await;
    let one = gantry.tenant_of(Person::ALICE, "org_one").await;
    gantry.decide(one, "ledger", InstallationStanding::Installed).await;
    tokio::time::sleep(REACH).await;
    let app = gantry.client("ledger");
    let api = cluster.through(&gantry.client("orders-api"), 0);
    for _ in 0..3 {
        let request = cluster.through(&app, 0).authorize().scope("openid offline_access").set("resource", "https://api.example.test");
        let token = request.set("org_id", "org_one").tokens(&Browser::new(), Person::ALICE).await.refresh_token();
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("org_id", "org_one")];
        let own = [("grant_type", "client_credentials"), ("scope", "orders:read"), ("org_id", "org_one")];
        let nodes = [cluster.through(&app, 0), cluster.through(&app, 1)];
        let racers = (0..32).map(|racer| {
            let form: &[(&str, &str)] = if racer % 4 < 2 { &refresh } else { &own };
            nodes[racer % 2].token(form)
        });
        let suspend = gantry.change_tenant(one, |settings| settings.suspended = Some(true));
        let (answers, ()) = tokio::join!(join_all(racers), suspend);
        tokio::time::sleep(REACH * 2).await;
        gantry.change_tenant(one, |settings| settings.suspended = Some(false)).await;
        let issued: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        for answer in &issued {
            assert!(!api.is_active(&answer.access_token()).await, "{}", answer.body);
        }
        let successors: Vec<String> =
            issued.iter().filter_map(|answer| answer.json()["refresh_token"].as_str().map(str::to_owned)).collect();
        assert!(successors.windows(2).all(|pair| pair[0] == pair[1]), "one successor");
    }
}
