//! App Keys in realm files, and what their admin rules promise on a real store.

use gantry_core::actor::Actor;
use gantry_core::app_key::AppKey;
use gantry_core::clock::{Clock as _, SystemClock, Timestamp};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::secret::Secret;
use gantry_oauth::app_keys::{self, AppKeySettings};
use gantry_realm_file::NotApplied;

use super::bench::{APP_KEY, Bench, wrong};

fn file(keys: &str) -> String {
    format!(
        "realm: {{slug: acme}}
resources:
- audience: urn:api
  name: API
  scopes:
  - {{name: read, title: Read, description: read, machine: true}}
  - {{name: write, title: Write, description: write, machine: true}}
  - {{name: self, title: Self, description: be you}}
  - {{name: hire, title: Hire, description: hire, machine: true, tier: tenant-admin}}
clients:
- {{client_id: feed, name: Feed, kind: machine, client_secret: 0123456789abcdef0123456789abcdef, scopes: [read, write, hire]{keys}}}
- {{client_id: phone, name: Phone, kind: native, redirect_uris: [\"com.acme.phone:/cb\"], scopes: [read]}}"
    )
}

async fn keys(bench: &Bench) -> Vec<AppKey> {
    let tx = bench.realm("acme").await;
    let client = tx.clients().find_by_client_id("feed").await.unwrap().unwrap();
    tx.app_keys().list(client.id).await.unwrap()
}

fn named(keys: &[AppKey]) -> Vec<(&str, String)> {
    keys.iter().map(|key| (key.name.as_str(), key.scopes.to_string())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_come_change_and_go_with_the_file() {
    let bench = Bench::new().await;
    let made =
        bench.apply(&file(", app_keys: [{name: A, scopes: [read]}, {name: B, scopes: [write], expires_at: 2031-01-31}]")).await.unwrap();
    assert_eq!(made.made_keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert!(made.made_keys.iter().all(|key| key.client_id == "feed" && key.key.expose().starts_with("gak_")));
    let first = keys(&bench).await;
    assert_eq!(named(&first), [("A", "read".to_owned()), ("B", "write".to_owned())]);
    assert_eq!(first[0].digest, made.made_keys[0].key.digest());
    assert_eq!(first[1].expires_at, Timestamp::parse_rfc3339("2031-01-31T00:00:00Z"));

    // What is left out stays; what is there changes in place, and nothing new is made.
    let changed = bench.apply(&file(", app_keys: [{name: A, scopes: [write, read]}]")).await.unwrap();
    assert!(changed.made_keys.is_empty());
    let text = changed.plan.to_string();
    assert!(text.contains("app_keys: A (…") && text.contains(": read) -> A (…") && text.contains(": write read)"), "{text}");
    let second = keys(&bench).await;
    assert_eq!((second[0].id, second[0].digest, second.len()), (first[0].id, first[0].digest, 2));

    // A key that the file brings takes the place of the one of its name.
    let brought = file(&format!(", app_keys: [{{name: A, key: {APP_KEY}, scopes: [read]}}]"));
    bench.apply(&brought).await.unwrap();
    assert!(bench.plan(&brought).await.ends_with("nothing to change."));
    let third = keys(&bench).await;
    assert_eq!((third.len(), third[0].digest), (2, Secret::new(APP_KEY).digest()));
    bench.prune(&brought).await.unwrap();
    assert_eq!(named(&keys(&bench).await), [("A", "read".to_owned())]);
    bench.apply(&file("")).await.unwrap();
    bench.prune(&file("")).await.unwrap();
    assert_eq!(keys(&bench).await.len(), 1, "a section that is left out is left alone");
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_leaves_out_what_a_key_lost() {
    let bench = Bench::new().await;
    bench.apply(&file(", app_keys: [{name: A, scopes: [read]}, {name: B, scopes: [read, write]}]")).await.unwrap();
    bench.apply(&file("").replace("[read, write, hire]", "[write]")).await.unwrap();
    let exported = bench.export("acme").await;
    assert!(!exported.contains("name: A\n") && exported.contains("name: B\n"), "{exported}");
    assert!(bench.plan(&exported).await.ends_with("nothing to change."));
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_key_is_reported_at_its_place() {
    let bench = Bench::new().await;
    let text = file(
        ", app_keys: [{name: \"\", scopes: []}, {name: A, scopes: [self]}, {name: A, key: short, scopes: [hire]}, {name: B, scopes: [read], expires_at: soon}]",
    );
    let text = text.replace("scopes: [read]}", "scopes: [read], app_keys: [{name: A, scopes: [read]}]}");
    let text = text.replace(
        "{slug: acme}",
        "{slug: acme, app_keys: {header: Cookie}, personal_tokens: {enabled: true, scopes: [read, openid, none]}}",
    );
    let found = wrong(bench.apply(&text).await).join("\n");
    for expected in [
        "realm.app_keys.header: must be the name of a header of its own",
        "realm.personal_tokens.scopes[1]: names `openid`",
        "realm.personal_tokens.scopes[2]: names the unknown scope `none`",
        "clients[0].app_keys[0].name: must be",
        "clients[0].app_keys[0].scopes: must not be empty",
        "clients[0].app_keys[1].scopes[0]: names `self`, which is no scope of the client",
        "clients[0].app_keys[2].key: must have at least 32 characters",
        "clients[0].app_keys[2].scopes[0]: names `hire`: a key has scopes",
        "clients[0].app_keys[2].name: `A` is there twice",
        "clients[0].app_keys[3].expires_at: must be an instant",
        "clients[1].app_keys: must be left out",
    ] {
        assert!(found.contains(expected), "{expected}\n{found}");
    }
    assert_eq!(found.lines().count(), 11, "{found}");
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_cannot_have_one_key() {
    let bench = Bench::new().await;
    let key = format!("app_keys: [{{name: A, key: {APP_KEY}, scopes: [read]}}]");
    let text = file(&format!(", {key}")) + &format!("\n- {{client_id: other, name: Other, kind: machine, scopes: [read], {key}}}");
    assert!(matches!(bench.apply(&text).await, Err(NotApplied::Refused(refusal)) if refusal.code == ErrorCode::Conflict));
    assert!(bench.store().platform().realm_by_slug("acme").await.unwrap().is_none());
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_changed_and_revoked_through_its_own_client() {
    let bench = Bench::new().await;
    bench.apply(&file(", app_keys: [{name: A, scopes: [read]}]")).await.unwrap();
    let (tx, now) = (bench.realm("acme").await, SystemClock.now());
    let key = keys(&bench).await.remove(0);
    let other = tx.clients().find_by_client_id("phone").await.unwrap().unwrap();
    let settings = || AppKeySettings { name: "A".to_owned(), scopes: key.scopes.clone(), expires_at: None };
    let change =
        async |tx: &gantry_store::RealmTx| app_keys::update(tx, Actor::CommandLine, other.id, key.id, settings(), now).await.map(|_| ());
    let end = async |tx: &gantry_store::RealmTx| app_keys::revoke(tx, Actor::CommandLine, other.id, key.id, now).await;
    let make = async |tx: &gantry_store::RealmTx| app_keys::make(tx, Actor::CommandLine, other.id, settings(), now).await.map(|_| ());
    let code = |outcome: Result<(), Failure>| match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(bench.store().transact(tx.realm_id(), change).await), ErrorCode::NotFound);
    assert_eq!(code(bench.store().transact(tx.realm_id(), end).await), ErrorCode::NotFound);
    assert_eq!(code(bench.store().transact(tx.realm_id(), make).await), ErrorCode::InvalidClientMetadata);
    let own = async |tx: &gantry_store::RealmTx| app_keys::revoke(tx, Actor::CommandLine, key.client_id, key.id, now).await;
    bench.store().transact(tx.realm_id(), own).await.unwrap();
    assert!(keys(&bench).await.is_empty());
    bench.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_guides_realm_holds() {
    let guide = include_str!("../../docs/guides/gateway.md");
    let example = guide.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let bench = Bench::new().await;
    let applied = bench.apply(example).await.unwrap();
    assert_eq!((applied.made.len(), applied.made_keys.len()), (2, 1));
    assert!(bench.plan(example).await.ends_with("nothing to change."));
    bench.close().await;
}
