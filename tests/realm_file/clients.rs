//! What the admin rules for clients promise beyond their checks, on a real store.

use gantry_core::actor::Actor;
use gantry_core::client::Client;
use gantry_core::clock::{Clock as _, SystemClock};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_oauth::clients;

use super::bench::Bench;

const ACTOR: Actor = Actor::CommandLine;

fn file(client: &str) -> String {
    format!("realm: {{slug: acme}}\nclients: [{{client_id: web, redirect_uris: [\"https://a.example/cb\"], {client}}}]")
}

async fn client(bench: &Bench) -> Client {
    bench.realm("acme").await.clients().find_by_client_id("web").await.unwrap().unwrap()
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> ErrorCode {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_a_consent_rests_on_asks_again() {
    let bench = Bench::new().await;
    bench.apply(&file("name: Web")).await.unwrap();
    let first = client(&bench).await;
    bench.apply(&file("name: Web, scopes: [openid], policy: {require_pkce: true}")).await.unwrap();
    let second = client(&bench).await;
    assert_eq!(second.consent_version, first.consent_version);
    assert!(second.version > first.version);
    for (n, change) in
        ["name: Other", "name: Other, description: Other.", "name: Other, description: Other., publisher: p"].iter().enumerate()
    {
        let publishers = "\npublishers: [{slug: p, name: P}]";
        bench.apply(&(file(change) + publishers)).await.unwrap();
        assert_eq!(client(&bench).await.consent_version, first.consent_version + i64::try_from(n).unwrap() + 1, "{change}");
    }
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_secrets_live_at_once_and_no_more() {
    let bench = Bench::new().await;
    bench.apply(&file("name: Web")).await.unwrap();
    let (client, now) = (client(&bench).await, SystemClock.now());
    let add = async || bench.store().transact(client.realm_id, async |tx| clients::add_secret(tx, ACTOR, client.id, now).await).await;
    let (second, _) = add().await.unwrap();
    assert_eq!(code(add().await), ErrorCode::Conflict);
    let expire = async |tx: &gantry_store::RealmTx| clients::expire_secret(tx, ACTOR, client.id, second.id, now, now).await;
    bench.store().transact(client.realm_id, expire).await.unwrap();
    add().await.unwrap();

    // Without a proof by secret, none stays.
    bench.apply(&file("name: Web, kind: public")).await.unwrap();
    assert!(bench.live_secrets("web").await.is_empty());
    assert_eq!(code(add().await), ErrorCode::InvalidClientMetadata);
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_off_kills_what_it_had() {
    let bench = Bench::new().await;
    bench.apply(&file("name: Web")).await.unwrap();
    bench.apply(&file("name: Web, enabled: false")).await.unwrap();
    let off = client(&bench).await;
    assert!(!off.is_enabled() && off.not_before.is_some());
    bench.apply(&file("name: Web")).await.unwrap();
    let on = client(&bench).await;
    assert!(on.is_enabled() && on.not_before >= off.not_before);
    bench.close().await;
}
