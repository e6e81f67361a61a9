//! Who may call which operation: generated from the operations, so that a new one is asked too.

use std::net::{IpAddr, Ipv4Addr};

use gantry_core::admin_scope::AdminScope;
use gantry_core::id::RealmId;
use gantry_web::api::Operation;
use serde_json::Value;

use crate::support::api::{Names, Program, in_order, play, reads};
use crate::support::{Answer, Gantry};

/// An answer without the name of its request.
fn told(answer: &Answer) -> (u16, Value, Vec<String>) {
    let mut body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    if let Some(members) = body.as_object_mut() {
        members.remove("request_id");
    }
    // Whether the connection stays open depends on how much of the body had arrived.
    let hidden = ["date", "x-request-id", "content-length", "connection"];
    let headers = answer.headers.iter().filter(|(name, _)| !hidden.contains(&name.as_str()));
    (answer.status, body, headers.map(|(name, value)| format!("{name}: {value:?}")).collect())
}

/// Ids that nobody has, of the kinds that were made.
fn unknown(names: &Names) -> Names {
    let mut nobodys = names.clone();
    for (name, value) in &mut nobodys.0 {
        if name != "realm" {
            let id = RealmId::new().to_string();
            *value = match value.split_once('_') {
                Some((prefix, hex)) if hex.len() == 32 => format!("{prefix}_{}", id.trim_start_matches("rlm_")),
                _ => id,
            };
        }
    }
    nobodys
}

/// A program that comes from an address of its own: refused keys are counted by it.
fn elsewhere<'g>(program: &Program<'g>, number: usize) -> Program<'g> {
    let number = u8::try_from(number).unwrap();
    let http = reqwest::Client::builder().no_proxy().local_address(IpAddr::V4(Ipv4Addr::new(127, 0, 1, number))).build().unwrap();
    Program { http, ..program.clone() }
}

#[tokio::test]
async fn without_its_key_and_its_scope_nobody_does_anything() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let names = play(&program, "default").await;
    for (index, operation) in in_order().into_iter().enumerate() {
        let nobody = Program { key: String::new(), ..program.clone() };
        let answer = nobody.call(operation, &names).await;
        assert_eq!(answer.status, 401, "{operation:?} without a key: {}", answer.body);
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        let wrong = Program { key: gantry_core::secret::SecretKind::ServiceKey.generate().expose().to_owned(), ..program.clone() };
        let answer = elsewhere(&wrong, 1 + index / 20).call(operation, &names).await;
        assert_eq!(answer.status, 401, "{operation:?} with a wrong key: {}", answer.body);
        assert_eq!(answer.headers["www-authenticate"], "Bearer error=\"invalid_token\"");
        for scope in operation.scopes() {
            let others: Vec<AdminScope> = AdminScope::ALL.iter().copied().filter(|other| *other != scope).collect();
            let limited = gantry.program_with("default", &others).await;
            let answer = limited.call(operation, &names).await;
            assert_eq!(answer.status, 403, "{operation:?} without {scope}: {}", answer.body);
            assert!(answer.headers["www-authenticate"].to_str().unwrap().contains(scope.as_str()));
        }
    }
    assert!(gantry.audited("service_key_refused").await > 0);
}

#[tokio::test]
async fn ten_01_what_is_of_another_realm_is_like_nothing_to_a_program() {
    let gantry = Gantry::start().await;
    let (here, there) = (gantry.program("default").await, gantry.program("other").await);
    let (own, foreign) = (play(&here, "default").await, play(&there, "other").await);
    for operation in in_order().into_iter().filter(|operation| !operation.operators_only()) {
        let mut nowhere = own.clone();
        nowhere.0.insert("realm".to_owned(), "nowhere".to_owned());
        let mut theirs = foreign.clone();
        let asked = operation.parameters().filter(|name| *name != "realm").count();
        assert_eq!(
            told(&here.call(operation, &theirs).await),
            told(&here.call(operation, &nowhere).await),
            "{operation:?} of another realm"
        );
        if asked == 0 {
            continue;
        }
        theirs.0.insert("realm".to_owned(), "default".to_owned());
        is_like_nothing(&here, operation, &theirs).await;
        // One's own parent with somebody else's child.
        let last = operation.parameters().last().unwrap();
        let mut mixed = own.clone();
        mixed.0.insert(last.to_owned(), foreign.0[last].clone());
        is_like_nothing(&here, operation, &mixed).await;
    }
    // Nothing was ended there.
    for operation in in_order().into_iter().filter(|operation| reads(operation) && !operation.operators_only()) {
        assert_eq!(there.call(operation, &foreign).await.status, 200, "{operation:?}");
    }
}

async fn is_like_nothing(program: &Program<'_>, operation: &Operation, foreign: &Names) {
    let answer = program.call(operation, foreign).await;
    assert_eq!(answer.status, 404, "{operation:?}: {}", answer.body);
    assert_eq!(told(&answer), told(&program.call(operation, &unknown(foreign)).await), "{operation:?}");
}

#[tokio::test]
async fn ten_11_a_key_ends_with_its_account_and_nothing_revives_it() {
    use gantry_core::actor::Actor;
    use gantry_core::clock::Clock as _;
    use gantry_identity::service_accounts;
    let gantry = Gantry::start().await;
    let (program, realm, now) = (gantry.program("default").await, gantry.realm_id().await, gantry.clock.now());
    let path = "/realms/default/publishers";
    program.get(path).await.ok();
    let switch = async |on| {
        let work = async |tx: &gantry_store::RealmTx| service_accounts::set_enabled(tx, Actor::CommandLine, program.account, on, now).await;
        gantry.store.transact(realm, work).await.unwrap();
    };
    switch(false).await;
    assert_eq!(program.get(path).await.status, 401);
    switch(true).await;
    program.get(path).await.ok();
    gantry.store.transact(realm, async |tx| service_accounts::remove(tx, Actor::CommandLine, program.account, now).await).await.unwrap();
    assert_eq!(program.get(path).await.status, 401);
}

#[tokio::test]
async fn keys_that_are_guessed_are_slowed_down_and_a_right_one_is_not() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let path = "/realms/default/publishers";
    let guess = Program { key: "gsk_guessed".to_owned(), ..program.clone() };
    let mut said = Vec::new();
    for _ in 0..40 {
        said.push(guess.get(path).await.status);
    }
    assert_eq!(said[0], 401);
    assert_eq!(said.last(), Some(&429), "{said:?}");
    program.get(path).await.ok();
    // A flood is a few lines.
    assert!((1..=5).contains(&gantry.audited("service_key_refused").await));
}

#[tokio::test]
async fn a_program_of_one_realm_knows_of_no_other_and_an_operators_of_all() {
    let gantry = Gantry::start().await;
    let (own, all) = (gantry.program("default").await, gantry.program("system").await);
    own.get("/realms/default/publishers").await.ok();
    assert_eq!(own.get("/realms/other/publishers").await.status, 404);
    for realm in ["default", "other"] {
        all.get(&format!("/realms/{realm}/publishers")).await.ok();
    }
    assert_eq!(told(&all.get("/realms/nowhere/publishers").await), told(&own.get("/realms/other/publishers").await));
}
