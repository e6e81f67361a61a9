//! Refreshing: families, rotation, what ends them, and what they never give.

use std::time::Duration;

use crate::support::{Answer, App, Browser, ClientAuth, Gantry, Person};

async fn offline<'g>(gantry: &'g Gantry, client: &str) -> (App<'g>, Answer) {
    let app = gantry.client(client);
    let tokens = app.authorize().scope("openid profile offline_access").tokens(&Browser::new(), Person::ALICE).await;
    (app, tokens)
}

#[tokio::test]
async fn rtk_01_a_replay_after_the_window_revokes_the_whole_family() {
    let gantry = Gantry::start().await;
    let (app, first) = offline(&gantry, "ledger").await;
    let second = app.refresh(&first.refresh_token()).await.ok();
    gantry.clock.advance(Duration::from_secs(6));

    app.refresh(&first.refresh_token()).await.is_error(400, "invalid_grant");

    app.refresh(&second.refresh_token()).await.is_error(400, "invalid_grant");
    assert_eq!(gantry.userinfo(&second.access_token()).await.status, 401);
    assert_eq!(gantry.audited("refresh_replayed").await, 1);
}

#[tokio::test]
async fn rtk_03_generations_are_told_apart_within_one_second() {
    for replayed in [0, 1] {
        let gantry = Gantry::start().await;
        gantry.change_realm(|settings| settings.tokens.refresh_retry_window = 0).await;
        let (app, first) = offline(&gantry, "ledger").await;
        let mut chain = vec![first.refresh_token()];
        for _ in 0..2 {
            let next = app.refresh(chain.last().unwrap()).await.ok().refresh_token();
            chain.push(next);
        }
        app.refresh(&chain[replayed]).await.is_error(400, "invalid_grant");
        app.refresh(&chain[2]).await.is_error(400, "invalid_grant");
    }
}

#[tokio::test]
async fn rtk_04_a_restart_forgets_no_replay() {
    let gantry = Gantry::start().await;
    let (_, first) = offline(&gantry, "ledger").await;
    let second = gantry.client("ledger").refresh(&first.refresh_token()).await.ok();
    gantry.clock.advance(Duration::from_secs(6));
    let gantry = gantry.restart().await;

    let app = gantry.client("ledger");
    app.refresh(&first.refresh_token()).await.is_error(400, "invalid_grant");
    app.refresh(&second.refresh_token()).await.is_error(400, "invalid_grant");
}

#[tokio::test]
async fn rtk_06_another_clients_refresh_token_is_refused_and_dies() {
    let gantry = Gantry::start().await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    gantry.client("notes").refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
}

#[tokio::test]
async fn rtk_07_without_authentication_the_token_is_unharmed() {
    let gantry = Gantry::start().await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    app.clone().with_auth(ClientAuth::Public).refresh(&tokens.refresh_token()).await.is_error(401, "invalid_client");
    app.clone()
        .with_auth(ClientAuth::Basic("a wrong secret that is long enough to be one".to_owned()))
        .refresh(&tokens.refresh_token())
        .await
        .is_error(401, "invalid_client");
    app.refresh(&tokens.refresh_token()).await.ok();
}

#[tokio::test]
async fn rtk_08_a_refresh_may_narrow_its_scope_but_never_widen_the_grant() {
    let gantry = Gantry::start().await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    let mut refresh_token = tokens.refresh_token();
    for (scope, granted) in
        [("email", None), ("profile", Some("profile")), ("openid profile offline_access", Some("openid profile offline_access"))]
    {
        let answer = app.token(&[("grant_type", "refresh_token"), ("refresh_token", &refresh_token), ("scope", scope)]).await;
        let Some(granted) = granted else {
            answer.is_error(400, "invalid_scope");
            continue;
        };
        assert_eq!(answer.clone().ok().text("scope"), granted);
        refresh_token = answer.refresh_token();
    }
}

#[tokio::test]
async fn rtk_09_a_resource_outside_the_grant_is_refused() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    let tokens = app
        .authorize()
        .scope("openid offline_access")
        .set("resource", "https://api.example.test")
        .tokens(&Browser::new(), Person::ALICE)
        .await;
    let outside =
        [("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh_token()), ("resource", "https://opaque.example.test")];
    app.token(&outside).await.is_error(400, "invalid_target");
    app.refresh(&tokens.refresh_token()).await.ok();
}

#[tokio::test]
async fn rtk_10_a_disabled_person_or_client_and_a_withdrawn_consent_refresh_nothing() {
    let gantry = Gantry::start().await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    gantry.disable(Person::ALICE).await;
    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");

    let gantry = Gantry::start().await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    gantry.withdraw(Person::ALICE, "ledger").await;
    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");

    let gantry = Gantry::start().await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    gantry.disable_client("ledger").await;
    app.refresh(&tokens.refresh_token()).await.is_error(401, "invalid_client");
}

#[tokio::test]
async fn rtk_12_a_family_dies_at_its_cap_however_active_it_is() {
    let gantry = Gantry::start().await;
    gantry
        .change_realm(|settings| {
            settings.tokens.refresh_idle_lifetime = 3600;
            settings.tokens.refresh_absolute_lifetime = 4 * 3600;
        })
        .await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    let mut refresh_token = tokens.refresh_token();
    for _ in 0..4 {
        gantry.clock.advance(Duration::from_mins(50));
        refresh_token = app.refresh(&refresh_token).await.ok().refresh_token();
    }
    gantry.clock.advance(Duration::from_mins(50));
    app.refresh(&refresh_token).await.is_error(400, "invalid_grant");
}

#[tokio::test]
async fn an_idle_family_dies() {
    let gantry = Gantry::start().await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    gantry.clock.advance(Duration::from_hours(24 * 31));
    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
}

#[tokio::test]
async fn rtk_14_another_clients_token_cannot_be_revoked() {
    let gantry = Gantry::start().await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    let foreign = gantry.client("notes").revoke(&tokens.refresh_token()).await;
    let unknown = gantry.client("notes").revoke("unknown").await;
    assert_eq!((foreign.status, foreign.body), (unknown.status, unknown.body));
    app.refresh(&tokens.refresh_token()).await.ok();
}

#[tokio::test]
async fn a_revoked_refresh_token_takes_its_access_token_along() {
    let gantry = Gantry::start().await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    app.revoke(&tokens.refresh_token()).await.ok();
    app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    assert_eq!(gantry.userinfo(&tokens.access_token()).await.status, 401);
}

#[tokio::test]
async fn a_realm_may_leave_confidential_clients_tokens_as_they_are() {
    let gantry = Gantry::start().await;
    gantry.change_realm(|settings| settings.tokens.refresh_rotation = gantry_core::realm::RefreshRotation::Public).await;
    let (app, tokens) = offline(&gantry, "ledger").await;
    for _ in 0..3 {
        gantry.clock.advance(Duration::from_mins(10));
        assert_eq!(app.refresh(&tokens.refresh_token()).await.ok().refresh_token(), tokens.refresh_token());
    }
}

#[tokio::test]
async fn con_10_without_offline_access_no_refresh_token_is_issued() {
    let gantry = Gantry::start().await;
    let tokens = gantry.client("ledger").authorize().scope("openid profile").tokens(&Browser::new(), Person::ALICE).await;
    assert!(tokens.json().get("refresh_token").is_none());
}
