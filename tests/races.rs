//! Races: the same single-use thing from many sides at once. Exactly the right number succeeds, and the state afterwards is right.

use std::time::Duration;

use futures_util::future::join_all;

use crate::support::{Answer, Browser, ClientAuth, Gantry, Person};

/// How many ask at once.
const RACERS: usize = 32;

fn successes(answers: &[Answer]) -> Vec<&Answer> {
    for answer in answers {
        if answer.status != 200 {
            answer.is_error(400, "invalid_grant");
        }
    }
    answers.iter().filter(|answer| answer.status == 200).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cod_02_one_of_many_redemptions_of_a_code_succeeds_and_the_replay_revokes_it() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let code = request.code(&Browser::new(), Person::ALICE).await;

    let answers = join_all((0..RACERS).map(|_| request.redeem(&code))).await;
    let won = successes(&answers);
    assert_eq!(won.len(), 1, "one redemption succeeds");
    // The others were replays of a used code, so what the first one got has fallen.
    assert_eq!(gantry.userinfo(&won[0].access_token()).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rtk_02_within_the_retry_window_every_racer_gets_the_same_successor() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    let first = app.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;

    let rotated = first.refresh_token();
    let answers = join_all((0..RACERS).map(|_| app.refresh(&rotated))).await;
    let won = successes(&answers);
    assert_eq!(won.len(), RACERS, "inside the window nobody is refused");
    let successor = won[0].refresh_token();
    assert!(won.iter().all(|answer| answer.refresh_token() == successor), "one successor, never a second branch");
    app.refresh(&successor).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rtk_02_without_a_window_one_racer_wins_and_the_family_dies() {
    let gantry = Gantry::start().await;
    gantry.change_realm(|settings| settings.tokens.refresh_retry_window = 0).await;
    let app = gantry.client("ledger");
    let first = app.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;

    let rotated = first.refresh_token();
    let answers = join_all((0..RACERS).map(|_| app.refresh(&rotated))).await;
    let won = successes(&answers);
    assert_eq!(won.len(), 1, "one refresh succeeds");
    app.refresh(&won[0].refresh_token()).await.is_error(400, "invalid_grant");
    assert_eq!(gantry.userinfo(&won[0].access_token()).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cli_05_one_of_many_uses_of_an_assertion_succeeds() {
    let gantry = Gantry::start().await;
    let app = gantry.client("signer").with_auth(ClientAuth::ByHand);
    let assertion = gantry.assertion("signer", &gantry.issuer(), Duration::from_mins(1));
    let parameters = [
        ("grant_type", "client_credentials"),
        ("scope", "orders:read"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion.as_str()),
    ];

    let answers = join_all((0..RACERS).map(|_| app.token(&parameters))).await;
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        refused.is_error(401, "invalid_client");
    }
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn con_04_a_decision_sent_many_times_makes_one_grant() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = gantry.client("ledger").authorize().open(&browser).await;
    let consent = Person::ALICE.sign_in(&browser, &page).await;

    let pages = join_all((0..8).map(|_| browser.submit(&consent, "consent-allow", &[]))).await;
    let answered = pages.iter().filter(|page| page.left.as_ref().is_some_and(|url| url.query().unwrap().contains("code="))).count();
    assert_eq!(answered, 1, "one decision is answered");
    assert_eq!(gantry.live_grants(Person::ALICE).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revocation_and_a_refresh_at_once_leave_nothing_alive() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    for _ in 0..10 {
        let tokens = app.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
        let refresh_token = tokens.refresh_token();
        let (refreshed, revoked) = tokio::join!(app.refresh(&refresh_token), app.revoke(&refresh_token));
        revoked.ok();
        let last = if refreshed.status == 200 { refreshed.refresh_token() } else { refresh_token };
        app.refresh(&last).await.is_error(400, "invalid_grant");
    }
}
