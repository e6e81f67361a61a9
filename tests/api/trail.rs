//! The audit trail of what programs do: each change leaves a line that says what was before and after, no line says a
//! secret, and every refusal leaves one.

use gantry_core::admin_scope::AdminScope;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::secret::SecretKind;
use gantry_web::api::{Method, operations};
use serde_json::{Value, json};

use crate::support::Gantry;
use crate::support::api::{BETWEEN, Names, Program, in_order, people_act_too, somebody_signed_in};

/// Operations that change no stored record, and so leave no line about one.
const CHANGES_NOTHING: &[&str] = &["checkConnection", "dryRunConnection", "verifyDomain"];
/// Operations whose line says that something ended or was done: there is nothing to compare.
const COMPARES_NOTHING: &[&str] = &[
    "endSession",
    "endSessions",
    "eraseUser",
    "exportUser",
    "revokeGrant",
    "revokeIssued",
    "revokePersonalToken",
    "sendReset",
    "shareTrace",
    "unlinkIdentity",
    // What stands in a realm that nothing changed.
    "putRealmState",
];

async fn lines(gantry: &Gantry) -> Vec<AuditEntry> {
    let realm = gantry.realm_id().await;
    gantry.settle().await;
    gantry.store.read(realm).audit().list(None, 10_000).await.unwrap()
}

#[tokio::test]
async fn ten_09_every_change_leaves_what_was_before_and_after_and_no_secret() {
    let gantry = Gantry::start().await;
    somebody_signed_in(&gantry, "default").await;
    let (own, operators) = (gantry.program("default").await, gantry.program("system").await);
    let (mut names, mut secrets) = (Names::of("default"), Vec::new());
    for operation in in_order() {
        let program = if operation.operators_only() { &operators } else { &own };
        gantry.clock.advance(BETWEEN);
        let before = lines(&gantry).await;
        let answer = program.call(operation, &names).await;
        assert_eq!(answer.status, operation.status(), "{operation:?}: {}", answer.body);
        names.capture(operation, &answer);
        collect_secrets(&operation.example().cloned().unwrap_or_default(), &mut secrets);
        collect_secrets(&serde_json::from_str(&answer.body).unwrap_or_default(), &mut secrets);
        people_act_too(&gantry, operation, &names).await;
        // A realm that is made has a trail of its own.
        if operation.method() == Method::Get || operation.id() == "createRealm" {
            continue;
        }
        let news: Vec<AuditEntry> = lines(&gantry).await.into_iter().filter(|line| before.iter().all(|old| old.id != line.id)).collect();
        if CHANGES_NOTHING.contains(&operation.id()) || operation.id() == "putRealmState" {
            continue;
        }
        assert!(!news.is_empty(), "{operation:?} left no line");
        assert!(news.iter().any(|line| line.actor == "service_account"), "{operation:?}: {news:?}");
        if !COMPARES_NOTHING.contains(&operation.id()) {
            let compares = |line: &&AuditEntry| {
                let detail = line.detail.as_ref().unwrap();
                let sides = [&detail["before"], &detail["after"]];
                sides.iter().all(|side| side.is_object()) && sides[0] != sides[1]
            };
            assert!(news.iter().any(|line| compares(&line)), "{operation:?} does not say what changed: {news:?}");
        }
        // Whatever is said to have been made, changed or removed says what.
        for line in news.iter().filter(|line| matches!(line.event, AuditEvent::Created | AuditEvent::Updated | AuditEvent::Removed)) {
            let detail = line.detail.clone().unwrap_or_default();
            assert!(detail["before"].is_object() && detail["after"].is_object(), "{operation:?}: {line:?}");
        }
    }
    let all = serde_json::to_string(&lines(&gantry).await.iter().map(|line| line.detail.clone()).collect::<Vec<_>>()).unwrap();
    assert!(secrets.len() > 3, "{secrets:?}");
    for secret in secrets {
        assert!(!all.contains(&secret), "a secret stands in the trail");
    }
}

/// What was sent or made and is nobody's to read again.
fn collect_secrets(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let Value::String(text) = value else {
                    collect_secrets(value, into);
                    continue;
                };
                let named = ["client_secret", "private_key", "password", "key"].contains(&name.as_str()) && text.len() > 8;
                if named || SecretKind::ALL.iter().any(|kind| text.starts_with(kind.prefix())) {
                    into.push(text.clone());
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_secrets(item, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn ten_21_every_refusal_of_a_program_leaves_a_line_and_a_flood_a_few() {
    let gantry = Gantry::start().await;
    let reader = gantry.program_with("default", &[AdminScope::PeopleWrite]).await;
    let refused = async || gantry.audited("service_key_refused").await;
    let ask = async |method: &str, path: &str| reader.raw(method, path, &[], None).await.status;
    assert_eq!(ask("GET", "/realms/default/clients").await, 403);
    assert_eq!(refused().await, 1);
    // Another realm, and a record that is not there.
    assert_eq!(ask("GET", "/realms/other/sessions").await, 404);
    let nobody = format!("/realms/default/users/{}", gantry_core::id::UserId::new());
    assert_eq!(ask("DELETE", &nobody).await, 404);
    assert_eq!(refused().await, 3);
    // What the rule refuses although the operation's own scope is there.
    let user = gantry.user(crate::support::Person::ALICE).await.id;
    assert_eq!(ask("POST", &format!("/realms/default/users/{user}/export")).await, 403);
    assert_eq!(refused().await, 4);
    for _ in 0..60 {
        assert_eq!(ask("GET", "/realms/default/clients").await, 403);
    }
    assert!(refused().await <= 8, "{}", refused().await);
    let line = lines(&gantry).await.into_iter().find(|line| line.reason.as_deref() == Some("insufficient_scope")).unwrap();
    assert_eq!(line.detail.unwrap()["operation"], "listClients");
}

#[tokio::test]
async fn ten_21_nobody_edits_or_deletes_a_line_through_the_product() {
    use gantry_web::paths::console::{ALL, AUDIT_EXPORT, TENANT_AUDIT_EXPORT, Verb};
    let about_the_trail = |path: &str| path.split('/').any(|part| part == "audit");
    for operation in operations().iter().filter(|operation| about_the_trail(operation.path())) {
        assert_eq!(operation.method(), Method::Get, "{operation:?}");
    }
    for address in ALL.iter().filter(|address| about_the_trail(address.path)) {
        let exports = [AUDIT_EXPORT, TENANT_AUDIT_EXPORT].contains(&address.path);
        assert!(exports || !address.verbs.contains(&Verb::Post), "{}", address.path);
    }
    let gantry = Gantry::start().await;
    let program: Program<'_> = gantry.program("default").await;
    program.send("POST", "/realms/default/publishers", &json!({ "slug": "racers", "name": "Racers" })).await;
    let all = program.get("/realms/default/audit").await.ok().json();
    let one = format!("/realms/default/audit/{}", all["items"][0]["id"].as_str().unwrap());
    for method in ["PUT", "PATCH", "DELETE", "POST"] {
        assert_eq!(program.raw(method, &one, &[], None).await.status, 405, "{method}");
    }
}
