//! What nobody who means well sends.

use serde_json::{Value, json};

use crate::support::Gantry;
use crate::support::api::{Program, in_order, play};

const TEAMS: &str = "/realms/default/publishers";

#[tokio::test]
async fn ten_14_unknown_members_are_refused_by_their_names_in_every_body() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let names = play(&program, "default").await;
    for operation in in_order().into_iter().filter(|operation| operation.takes_body() && !operation.operators_only()) {
        for member in ["realm_id", "id", "email_verified", "created_at", "__proto__"] {
            let mut body: Value = serde_json::from_str(&names.filled(&operation.example().unwrap().to_string())).unwrap();
            body.as_object_mut().unwrap().insert(member.to_owned(), json!("x"));
            let answer = program.send(operation.method().as_str(), &names.path(operation), &body).await;
            assert_eq!(answer.status, 400, "{operation:?} with {member}: {}", answer.body);
            let fields = answer.json()["fields"].clone();
            assert!(fields.as_array().unwrap().iter().any(|field| field["field"] == member), "{operation:?}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn inp_02_a_body_is_json_or_nothing() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let body = || Some(r#"{"slug":"typed","name":"Typed"}"#.to_owned());
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/merge-patch+json", "json"]
    {
        assert_eq!(program.raw("POST", TEAMS, &[("content-type", kind)], body()).await.status, 415, "{kind}");
    }
    assert_eq!(program.raw("POST", TEAMS, &[], body()).await.status, 415);
    let packed = [("content-type", "application/json"), ("content-encoding", "gzip")];
    assert_eq!(program.raw("POST", TEAMS, &packed, body()).await.status, 415);
    let read = program.raw("GET", TEAMS, &[("content-type", "application/json")], body()).await;
    assert_eq!(read.status, 400, "{}", read.body);
    assert_eq!(program.raw("POST", TEAMS, &[("content-type", "application/json; charset=UTF-8")], body()).await.status, 201);
}

#[tokio::test]
async fn inp_03_what_is_no_text_is_refused_and_never_stored() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let json = [("content-type", "application/json")];
    for wrong in [
        "",
        "[]",
        "null",
        "1",
        "{",
        "{\"slug\":\"a\",\"slug\":\"b\",\"name\":\"x\"}",
        "{\"slug\":\"a\",\"name\":\"\\u0000\"}",
        "{\"slug\":\"a\",\"name\":\"\\ud800\"}",
        "{\"slug\":7,\"name\":\"x\"}",
    ] {
        let answer = program.raw("POST", TEAMS, &json, Some(wrong.to_owned())).await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (400, "application/problem+json"), "{wrong}");
    }
    let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(program.raw("POST", TEAMS, &json, Some(deep)).await.status, 400);
    assert_eq!(program.raw("POST", TEAMS, &json, Some(format!("{{\"name\":\"{}\"}}", "x".repeat(70_000)))).await.status, 413);
    for path in [
        "/realms/default/publishers/%00",
        "/realms/%00/publishers",
        "/realms/default/publishers/pub_%0a",
        "/realms/default%2fpublishers",
        "/realms/DEFAULT/publishers",
    ] {
        assert_eq!(program.get(path).await.status, 404, "{path}");
    }
    for query in ["q=%00", "q=%FF", "after=%FF"] {
        assert_eq!(program.get(&format!("{TEAMS}?{query}")).await.status, 400, "{query}");
    }
    // What looks like SQL or a pattern is words like any others (WEB-14).
    for query in ["q=%27%20OR%201=1--", "q=%25", "q=_", "after=cHViXycgT1IgMT0x"] {
        assert_eq!(program.get(&format!("{TEAMS}?{query}")).await.ok().json()["items"], json!([]), "{query}");
    }
}

#[tokio::test]
async fn ten_13_no_other_credential_opens_the_api_and_a_key_opens_nothing_else() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let worker = gantry.client("worker");
    let token = worker.client_credentials("orders:read").await.ok().access_token();
    let others = [token.as_str(), crate::support::CLIENT_SECRET];
    for credential in others {
        let other = Program { key: credential.to_owned(), ..program.clone() };
        assert_eq!(other.get(TEAMS).await.status, 401);
    }
    let keyless = Program { key: String::new(), ..program.clone() };
    let key = program.key.as_str();
    for headers in [
        vec![("cookie", format!("session={key}"))],
        vec![("authorization", format!("Basic {key}"))],
        vec![("authorization", key.to_owned())],
        vec![("authorization", format!("Bearer  {key}"))],
        vec![("authorization", format!("Bearer {key}")), ("authorization", format!("Bearer {key}"))],
        vec![("x-api-key", key.to_owned())],
    ] {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(keyless.raw("GET", TEAMS, &headers, None).await.status, 401, "{headers:?}");
    }
    assert_eq!(gantry.userinfo(key).await.status, 401);
    assert!(!gantry.client("orders-api").is_active(key).await);
}

#[tokio::test]
async fn a_secret_that_is_sent_is_never_a_way_to_read_the_servers_own() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    for reference in ["${GANTRY_MASTER_KEY}", "file:/etc/passwd", "${PATH}"] {
        let body = json!({ "name": "Reader", "redirect_uris": ["https://r.example.test/cb"], "client_secret": reference });
        let answer = program.send("POST", "/realms/default/clients", &body).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert!(answer.body.contains("for realm files alone"), "{}", answer.body);
    }
}

/// Whose something is, is said by its address and by nothing in a body.
#[tokio::test]
async fn ten_06_whose_something_is_is_nobodys_to_write() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let names = play(&program, "default").await;
    let known =
        |operation: &gantry_web::api::Operation, member: &str| operation.example().is_some_and(|example| example.get(member).is_some());
    let (mut asked, realm) = (0, gantry.realm_id().await.to_string());
    for operation in in_order().into_iter().filter(|operation| operation.takes_body() && !operation.operators_only()) {
        for member in [
            "owner_id",
            "user_id",
            "person_id",
            "account_id",
            "realm",
            "realm_id",
            "tenant_id",
            "client",
            "session_id",
            "issuer_id",
            "subject",
        ] {
            if known(operation, member) {
                continue;
            }
            let mut body: Value = serde_json::from_str(&names.filled(&operation.example().unwrap().to_string())).unwrap();
            body.as_object_mut().unwrap().insert(member.to_owned(), json!(realm));
            let answer = program.send(operation.method().as_str(), &names.path(operation), &body).await;
            assert_eq!(answer.status, 400, "{operation:?} with {member}: {}", answer.body);
            asked += 1;
        }
    }
    assert!(asked > 150, "{asked}");
    // What a record is known by and whose it is never changes, even where its representation names it.
    let connection = format!("/realms/default/connections/{}", names.0["connection"]);
    for change in [json!({ "owner": names.0["tenant"] }), json!({ "slug": "another" }), json!({ "kind": "google" })] {
        assert_eq!(program.send("PATCH", &connection, &change).await.status, 400, "{change}");
    }
    let client = format!("/realms/default/clients/{}", names.0["client"]);
    assert_eq!(program.send("PATCH", &client, &json!({ "client_id": "another" })).await.status, 400);
    let tenant = format!("/realms/default/tenants/{}", names.0["tenant"]);
    assert_eq!(program.send("PATCH", &tenant, &json!({ "org_id": "another" })).await.status, 400);
}
