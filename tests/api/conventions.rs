//! What all operations hold to: tags, repeated requests, pages, methods.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::Gantry;

const TEAMS: &str = "/realms/default/publishers";

fn team(slug: &str) -> Value {
    json!({ "slug": slug, "name": "A team" })
}

#[tokio::test]
async fn of_many_changes_to_what_all_have_seen_one_wins() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let made = program.send("POST", TEAMS, &team("racers")).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let (one, tag) = (format!("{TEAMS}/{}", made.text("id")), made.headers["etag"].to_str().unwrap().to_owned());
    assert_eq!(made.headers["location"].to_str().unwrap(), format!("/api/admin/v1{one}"));
    let bodies: Vec<Value> = (0..16).map(|number| json!({ "name": format!("Name {number}") })).collect();
    let answers = join_all(bodies.iter().map(|body| program.send_with("PATCH", &one, ("if-match", &tag), body))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(statuses[1..].iter().all(|status| *status == 412), "{statuses:?}");
    let winner = answers.iter().find(|answer| answer.status == 200).unwrap();
    let now = program.get(&one).await.ok();
    assert_eq!(now.body, winner.body);
    assert_eq!(now.headers["etag"], winner.headers["etag"]);
    for condition in [&tag, "\"nonsense\"", &format!("W/{}", now.headers["etag"].to_str().unwrap()), ""] {
        assert_eq!(program.raw("DELETE", &one, &[("if-match", condition)], None).await.status, 412, "{condition}");
    }
    let current = now.headers["etag"].to_str().unwrap();
    let unchanged = program.raw("GET", &one, &[("if-none-match", current)], None).await;
    assert_eq!((unchanged.status, unchanged.body.as_str()), (304, ""));
    assert_eq!(program.raw("DELETE", &one, &[("if-match", &format!("\"x\", {current}"))], None).await.status, 204);
    assert_eq!(program.get(&one).await.status, 404);
}

#[tokio::test]
async fn a_request_under_a_key_acts_once_however_often_it_is_made() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let body = json!({ "name": "Once", "redirect_uris": ["https://once.example.test/callback"], "scopes": ["openid"] });
    let clients = "/realms/default/clients";
    let ask = || program.send_with("POST", clients, ("idempotency-key", "k-1"), &body);
    let answers = join_all((0..16).map(|_| ask())).await;
    let done: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(!done.is_empty() && answers.iter().all(|answer| matches!(answer.status, 201 | 409)), "{:?}", answers[0]);
    assert!(
        answers.iter().filter(|answer| answer.status == 409).all(|answer| answer.text("type") == "urn:gantry:problem:request_in_flight")
    );
    // The secret that is shown once is shown again to whoever asks under the key.
    let again = ask().await;
    assert!(again.text("client_secret").starts_with("gcs_"));
    assert!(done.iter().all(|answer| answer.body == again.body && answer.headers["location"] == again.headers["location"]));
    let all = program.get(&format!("{clients}?q=once")).await.ok().json();
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all}");
    assert!(!all.to_string().contains("gcs_"));

    let other = program.send_with("POST", clients, ("idempotency-key", "k-1"), &json!({ "name": "Other" })).await;
    assert_eq!((other.status, other.text("type").as_str()), (422, "urn:gantry:problem:idempotency_key_reused"));
    let elsewhere = program.send_with("POST", TEAMS, ("idempotency-key", "k-1"), &body).await;
    assert_eq!(elsewhere.status, 422);
    // Another account's key of the same name is another key.
    let neighbour = gantry.program("default").await;
    assert_eq!(neighbour.send_with("POST", TEAMS, ("idempotency-key", "k-1"), &team("neighbours")).await.status, 201);
    // After a day it is forgotten.
    gantry.clock.advance(std::time::Duration::from_hours(25));
    gantry.purge().await;
    assert_eq!(ask().await.status, 201);
    let all = program.get(&format!("{clients}?q=once")).await.ok().json();
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_request_that_was_refused_leaves_its_key_free() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let ask = async |body: &Value| program.send_with("POST", TEAMS, ("idempotency-key", "k"), body).await.status;
    assert_eq!(ask(&json!({ "slug": "Not a slug", "name": "x" })).await, 400);
    assert_eq!(ask(&team("fine")).await, 201);
    assert_eq!(ask(&team("fine")).await, 201);
    for wrong in ["", "with space", &"k".repeat(256)] {
        assert_eq!(program.send_with("POST", TEAMS, ("idempotency-key", wrong), &team("wrong")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_hold_everything_once() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    for number in 0..7 {
        assert_eq!(program.send("POST", TEAMS, &team(&format!("paged-{number}"))).await.status, 201);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = program.get(&format!("{TEAMS}?limit=3{after}")).await.ok().json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    // Beside the two of the sample realm, which are older.
    assert_eq!(seen.split_off(7).len(), 2);
    let expected: Vec<String> = (0..7).rev().map(|number| format!("paged-{number}")).collect();
    assert_eq!(seen, expected);
    for wrong in ["limit=0", "limit=201", "limit=x", "after=%21", "limit=1&limit=2", "unknown=1", "access_token=gsk_x"] {
        let answer = program.get(&format!("{TEAMS}?{wrong}")).await;
        assert_eq!((answer.status, answer.text("type").as_str()), (400, "urn:gantry:problem:invalid_request"), "{wrong}");
    }
}

#[tokio::test]
async fn web_08_methods_are_answered_without_a_word_to_other_origins() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let head = program.raw("HEAD", TEAMS, &[], None).await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.headers["etag"], program.get(TEAMS).await.headers["etag"]);
    let origin = ("origin", "https://evil.example");
    let options = program.raw("OPTIONS", TEAMS, &[origin, ("access-control-request-method", "GET")], None).await;
    assert_eq!((options.status, options.headers["allow"].to_str().unwrap()), (204, "POST, GET, HEAD, OPTIONS"));
    let wrong = program.raw("DELETE", TEAMS, &[origin], None).await;
    assert_eq!((wrong.status, wrong.headers["allow"].to_str().unwrap()), (405, "POST, GET, HEAD, OPTIONS"));
    let read = program.raw("GET", TEAMS, &[origin], None).await;
    for answer in [options, wrong, read] {
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{:?}", answer.headers);
    }
    let nothing = program.get("/realms/default/nonsense").await;
    assert_eq!((nothing.status, nothing.headers["content-type"].to_str().unwrap()), (404, "application/problem+json"));
}

#[tokio::test]
async fn the_api_is_on_the_public_url_alone() {
    let gantry = Gantry::start().await;
    let port = gantry.base.rsplit(':').next().unwrap().to_owned();
    let host = format!("castle.localhost:{port}");
    gantry.apply(&format!("realm: {{slug: castle, name: Castle, hosts: [\"http://{host}\"]}}")).await;
    let program = gantry.program("castle").await;
    program.get("/realms/castle/publishers").await.ok();
    let answer = program.raw("GET", "/realms/castle/publishers", &[("host", &host)], None).await;
    assert_eq!(answer.status, 404, "{}", answer.body);
}
