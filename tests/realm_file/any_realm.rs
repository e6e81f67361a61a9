//! Whatever a realm holds, its export applies to nothing.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::bench::Bench;

/// Text that YAML could take for something else.
fn tricky() -> impl Strategy<Value = String> {
    let fixed = [
        "yes",
        "no",
        "null",
        "~ a",
        "true",
        "1",
        "1.0",
        "0x1f",
        "1e3",
        "2026-11-21",
        "12:30:45",
        "a: b",
        "a #b",
        "- a",
        "? a",
        "'q'",
        "\"q\"",
        "{a}",
        "[a]",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "a,b",
        "|a",
        ">a",
        "ä ö",
        "東京",
        "C:\\new",
        "a  b",
        "${HOME}",
        "file:a",
        "=a",
        "<<a",
        ".inf a",
    ];
    prop_oneof![proptest::sample::select(fixed.to_vec()).prop_map(str::to_owned), "[a-zA-Z0-9 .,:#'\"-]{0,30}[a-z]"]
}

fn scopes(prefix: &'static str) -> impl Strategy<Value = Vec<Value>> {
    let scope = (tricky(), tricky(), prop::sample::select(vec!["open", "reviewed", "tenant-admin"]), any::<bool>());
    prop::collection::vec(scope, 0..4).prop_map(move |scopes| {
        let named = scopes.into_iter().enumerate();
        named
            .map(|(n, (title, description, tier, machine))| {
                json!({"name": format!("{prefix}:{n}"), "title": title, "description": description, "tier": tier, "machine": machine})
            })
            .collect()
    })
}

fn users() -> impl Strategy<Value = Vec<Value>> {
    let user = (prop::option::of(tricky()), prop::option::of(tricky()), any::<bool>(), any::<bool>());
    prop::collection::vec(user, 0..4).prop_map(|users| {
        let named = users.into_iter().enumerate();
        named
            .map(|(n, (name, country, admin, enabled))| {
                let roles: &[&str] = if admin { &["realm_admin"] } else { &[] };
                let email = format!("User.{n}@acme.example");
                json!({"email": email, "name": name, "roles": roles, "enabled": enabled, "profile": {"address": {"country": country}}})
            })
            .collect()
    })
}

fn clients() -> impl Strategy<Value = Vec<Value>> {
    let kind = prop::sample::select(vec!["confidential", "public", "native", "machine", "development"]);
    let client = (tricky(), tricky(), kind, any::<bool>(), prop::option::of(60u32..86_400), any::<bool>());
    prop::collection::vec(client, 0..4).prop_map(|clients| {
        let named = clients.into_iter().enumerate();
        named
            .map(|(n, (name, description, kind, owned, access_lifetime, enabled))| {
                let machine = kind == "machine";
                let uris = if machine { vec![] } else { vec![format!("https://app.example/{n}?a={n}")] };
                let scopes = if machine { vec![] } else { vec!["email", "openid"] };
                json!({
                    "client_id": format!("{n}e{n}"), "name": name, "description": description, "kind": kind,
                    "publisher": owned.then_some("1"), "redirect_uris": uris, "scopes": scopes, "enabled": enabled,
                    "policy": {"access_lifetime": access_lifetime, "require_state": enabled},
                })
            })
            .collect()
    })
}

fn realm() -> impl Strategy<Value = Value> {
    (tricky(), scopes("api"), scopes("self"), users(), clients(), any::<bool>()).prop_map(
        |(name, of_api, of_self, users, clients, sign_up)| {
            let members: Vec<Value> = users.iter().map(|user| json!({"user": user["email"]})).collect();
            json!({
                "realm": {"slug": "acme", "name": name, "tokens": {"signing_algorithm": "ES256"}, "sign_in": {"sign_up": sign_up}},
                "resources": [{"audience": "urn:1", "name": "1", "scopes": of_api}],
                "scopes": of_self,
                "publishers": [{"slug": "1", "name": name}],
                "users": users,
                "tenants": [{"org_id": "007", "name": "007", "members": members}],
                "clients": clients,
            })
        },
    )
}

#[test]
fn the_export_of_any_realm_applies_to_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&realm(), |realm| {
        runtime.block_on(async {
            let bench = Bench::new().await;
            // JSON is YAML.
            let applied = bench.apply(&realm.to_string()).await;
            prop_assert!(applied.is_ok(), "{applied:?}\n{realm:#}");
            let exported = bench.export("acme").await;
            let plan = bench.plan(&exported).await;
            prop_assert!(plan.ends_with("nothing to change."), "{plan}\n{exported}");
            prop_assert_eq!(bench.export("acme").await, exported);
            bench.close().await;
            Ok(())
        })
    });
    outcome.unwrap();
}
