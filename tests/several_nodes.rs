//! Several processes on one database: what one node revokes is dead on the other within a second, and a race over both has one
//! winner. A database in a file has one server, so these run where the suite has Postgres; `cargo xtask test` does it.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

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
