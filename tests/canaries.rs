//! No secret is ever said: a whole day of passwords, codes, tokens and cookies at trace level, and not one of them in the log.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::support::gantry::Cluster;
use crate::support::{Browser, CLIENT_SECRET, Person};

/// A secret under the name that a failing test tells.
type Canary = (&'static str, String);

/// The canaries that the log holds, in any of the forms in which requests carry them.
fn found(log: &Path, canaries: &[Canary]) -> Vec<&'static str> {
    let text = std::fs::read_to_string(log).unwrap();
    assert!(text.len() > 10_000, "a process at trace level says more than this");
    let sings = |secret: &str| {
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        [secret.to_owned(), encoded, STANDARD.encode(secret), URL_SAFE_NO_PAD.encode(secret)]
            .iter()
            .any(|form| text.contains(form.as_str()))
    };
    canaries.iter().filter(|(_, secret)| sings(secret)).map(|(name, _)| *name).collect()
}

/// Lives a day with every secret there is.
async fn a_day(cluster: &Cluster) -> Vec<Canary> {
    let gantry = &cluster.gantry;
    let browser = Browser::new();
    let app = cluster.through(&gantry.client("ledger"), 0);
    let request = app.authorize().scope("openid profile offline_access").set("resource", "https://opaque.example.test");
    let page = request.open(&browser).await;
    Person::ALICE.sign_in_with(&browser, &page, "canary-of-a-wrong-password").await;

    let code = request.code(&browser, Person::ALICE).await;
    let tokens = request.redeem(&code).await.ok();
    let refreshed = app.refresh(&tokens.refresh_token()).await.ok();
    gantry.userinfo(&tokens.access_token()).await;
    cluster.through(&gantry.client("orders-api"), 0).introspect(&tokens.access_token()).await;
    let refused = app.clone().with_auth(crate::support::ClientAuth::Post("canary-of-a-wrong-secret-that-is-long".to_owned()));
    refused.refresh(&refreshed.refresh_token()).await;
    app.revoke(&refreshed.refresh_token()).await;
    let assertion = gantry.assertion("signer", &gantry.issuer(), std::time::Duration::from_mins(1));
    let signer = cluster.through(&gantry.client("signer"), 0);
    let asserted = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion.as_str()),
    ];
    signer.token(&asserted).await;

    let mut canaries = vec![
        ("the password", Person::ALICE.password.to_owned()),
        ("a wrong password", "canary-of-a-wrong-password".to_owned()),
        ("the client secret", CLIENT_SECRET.to_owned()),
        ("a wrong client secret", "canary-of-a-wrong-secret-that-is-long".to_owned()),
        ("the code", code),
        ("the verifier", request.verifier.clone()),
        ("the access token", tokens.access_token()),
        ("the ID token", tokens.text("id_token")),
        ("the refresh token", tokens.refresh_token()),
        ("its successor", refreshed.refresh_token()),
        ("the assertion", assertion),
        ("the master key", crate::support::gantry::MASTER_KEY.to_owned()),
        ("the state", request.get("state").to_owned()),
        ("the nonce", request.get("nonce").to_owned()),
    ];
    canaries.extend(browser.cookies().into_iter().map(|(_, value)| ("a cookie", value)));
    canaries
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inp_12_no_secret_is_in_the_log_at_trace_level() {
    let (cluster, log) = Cluster::talkative().await;
    let canaries = a_day(&cluster).await;
    assert_eq!(found(&log, &canaries), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planted_leak_is_found() {
    let (cluster, log) = Cluster::talkative().await;
    // The path of a request is logged, so a secret put there is a leak like any other.
    let planted = "canary-planted-in-a-path";
    let gantry = &cluster.gantry;
    gantry.http.get(gantry.url(&format!("/{planted}"))).send().await.unwrap();
    let canaries = [("the planted one", planted.to_owned()), ("one that nobody said", "canary-that-stayed-at-home".to_owned())];
    assert_eq!(found(&log, &canaries), vec!["the planted one"]);
}
