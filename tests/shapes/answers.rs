//! The form of the token endpoint's answers.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::{SKIP, SSO};
use crate::support::{Answer, Browser, Gantry, Person};

fn members(answer: &Answer) -> BTreeSet<String> {
    answer.json().as_object().unwrap().keys().cloned().collect()
}

fn named(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn the_members_are_those_of_the_guide() {
    let gantry = Gantry::start().await;
    let app = gantry.keycloak(SSO, &gantry.sso()).await;
    let all = ["access_token", "expires_in", "refresh_expires_in", "refresh_token", "token_type", "not-before-policy", "scope"];
    let tokens = app.authorize().without_pkce().without("nonce").scope("profile").tokens(&Browser::new(), Person::ALICE).await;
    let refreshed = app.refresh(&tokens.refresh_token()).await.ok();
    for answer in [&tokens, &refreshed] {
        assert_eq!(members(answer), named(&all));
        for (member, expected) in [
            ("expires_in", json!(300)),
            ("refresh_expires_in", json!(1800)),
            ("token_type", json!("bearer")),
            ("not-before-policy", json!(0)),
            ("scope", json!("profile")),
        ] {
            assert_eq!(answer.json()[member], expected, "{member}");
        }
    }
    let machine = app.client_credentials("locks:read").await.ok();
    assert_eq!(machine.json()["refresh_expires_in"], 0);
    assert!(machine.json().get("refresh_token").is_none());
    let other = gantry.client("ledger").authorize().scope("profile offline_access").tokens(&Browser::new(), Person::ALICE).await;
    assert_eq!(members(&other), named(&["access_token", "expires_in", "refresh_token", "token_type", "scope"]));
    assert_eq!(other.json()["token_type"], "Bearer");
}

#[tokio::test]
async fn refresh_expires_in_counts_down_to_the_familys_end() {
    let gantry = Gantry::start().await;
    let app = gantry.keycloak(&SSO.replace("refresh_absolute_lifetime: 36000", "refresh_absolute_lifetime: 2000"), &gantry.sso()).await;
    let first = app.authorize().tokens(&Browser::new(), Person::ALICE).await;
    gantry.clock.advance(Duration::from_secs(1000));
    let second = app.refresh(&first.refresh_token()).await.ok();
    let within = |answer: &Answer, most: i64| {
        let seconds = answer.json()["refresh_expires_in"].as_i64().unwrap();
        assert!((most - 10..=most).contains(&seconds), "{seconds}");
    };
    within(&second, 1000);
    gantry.clock.advance(Duration::from_secs(3));
    // A retry is told of the same end, not of a new one.
    within(&app.refresh(&first.refresh_token()).await.ok(), 997);
    gantry.clock.advance(Duration::from_secs(990));
    within(&app.refresh(&second.refresh_token()).await.ok(), 7);
    gantry.clock.advance(Duration::from_secs(10));
    app.refresh(&second.refresh_token()).await.is_error(400, "invalid_grant");
}

/// The default is RFC 6749 §5.2's; a realm may have its guide's word for codes, and for codes alone.
#[tokio::test]
async fn a_bad_code_is_called_what_the_realm_calls_it() {
    let gantry = Gantry::start().await;
    let skip = gantry.platform(SKIP, "skip", "visitor").await;
    for (app, scope, word) in [(skip, "read", "invalid_request"), (gantry.client("ledger"), "profile", "invalid_grant")] {
        let request = app.authorize().scope(scope);
        request.redeem("gac_unknown").await.is_error(400, word);
        let code = request.code(&Browser::new(), Person::ALICE).await;
        request.redeem(&code).await.ok();
        let replayed = request.redeem(&code).await;
        replayed.is_error(400, word);
        assert_eq!(replayed.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["error", "error_description"]);
        app.refresh("grt_unknown").await.is_error(400, "invalid_grant");
        app.token(&[("grant_type", "authorization_code"), ("code", "x")]).await.is_error(400, "invalid_request");
        assert_eq!(request.app.token(&[("grant_type", "nothing")]).await.json()["error"], Value::from("unsupported_grant_type"));
    }
}
