//! A process that is killed: what it acknowledged is there, and nothing is half done or works twice.

use std::time::Duration;

use futures_util::future::join_all;

use crate::support::gantry::Cluster;
use crate::support::{Browser, Person};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_killed_in_mid_exchange_leaves_nothing_half_done() {
    for delay in [0, 1, 2, 4, 8, 16] {
        let cluster = Cluster::start(1, true).await;
        let app = cluster.through(&cluster.gantry.client("ledger"), 0);
        let request = app.authorize().scope("openid offline_access");
        let browser = Browser::new();
        let mut codes = Vec::new();
        for _ in 0..6 {
            codes.push(request.code(&browser, Person::ALICE).await);
        }

        let exchanges = codes.iter().map(|code| request.try_redeem(code));
        let (answers, ()) = tokio::join!(join_all(exchanges), async {
            tokio::time::sleep(Duration::from_millis(delay)).await;
            cluster.kill(0);
        });
        cluster.restart(0).await;

        for (code, answer) in codes.iter().zip(answers) {
            let again = request.redeem(code).await;
            match answer {
                // What was acknowledged is there: the code is used, and this replay has revoked its tokens.
                Some(tokens) if tokens.status == 200 => {
                    again.is_error(400, "invalid_grant");
                    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
                }
                // Nobody was told: either it never happened and works now, or it did and cannot happen twice.
                _ => {
                    assert!(matches!(again.status, 200 | 400), "{}", again.body);
                    request.redeem(code).await.is_error(400, "invalid_grant");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill() {
    let cluster = Cluster::start(1, true).await;
    let app = cluster.through(&cluster.gantry.client("ledger"), 0);
    let tokens = app.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
    let refreshed = app.refresh(&tokens.refresh_token()).await.ok();
    let revoked = app.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::BOB).await;
    app.revoke(&revoked.refresh_token()).await.ok();
    cluster.kill(0);
    cluster.restart(0).await;

    app.refresh(&refreshed.refresh_token()).await.ok();
    app.refresh(&revoked.refresh_token()).await.is_error(400, "invalid_grant");
}
