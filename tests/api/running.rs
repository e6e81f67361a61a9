//! What keeps a realm running, through the API: keys change over, mail tells nobody its links, a session ends.

use serde_json::json;

use crate::support::Gantry;
use crate::support::api::{somebody_signed_in, somebody_was_refused};

#[tokio::test]
async fn a_rotated_key_stays_in_the_list_and_a_withdrawn_one_says_so() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let (keys, body) = ("/realms/default/keys", json!({ "algorithm": "RS256" }));
    let state_of = async |kid: &str| {
        let all = program.get(keys).await.ok().json();
        assert!(!all.to_string().contains("private"), "{all}");
        all["items"].as_array().unwrap().iter().find(|key| key["kid"] == kid).map(|key| key["state"].clone())
    };
    let first = program.send("POST", &format!("{keys}/rotate"), &body).await.ok();
    assert_eq!(state_of(&first.text("active")).await, Some(json!("active")));
    assert_eq!(state_of(&first.text("next")).await, Some(json!("next")));
    assert_eq!(state_of(&first.text("retired")).await, Some(json!("retired")));
    let second = program.send("POST", &format!("{keys}/withdraw"), &body).await.ok();
    assert_eq!((second.text("active"), second.text("retired")), (first.text("next"), first.text("active")));
    assert_eq!(state_of(&first.text("active")).await, Some(json!("withdrawn")));
    assert_eq!(gantry.audited("keys_rotated").await, 2);
}

#[tokio::test]
async fn no_key_is_made_of_an_algorithm_that_a_realm_does_not_sign_with() {
    let gantry = Gantry::start().await;
    gantry.apply("realm: {slug: castle, name: Castle}").await;
    let program = gantry.program("castle").await;
    for what in ["rotate", "withdraw"] {
        let answer = program.send("POST", &format!("/realms/castle/keys/{what}"), &json!({ "algorithm": "EdDSA" })).await;
        assert_eq!(answer.status, 409, "{}", answer.body);
    }
    let all = program.get("/realms/castle/keys").await.ok().json();
    assert!(all["items"].as_array().unwrap().iter().all(|key| key["algorithm"] == "RS256"), "{all}");
}

#[tokio::test]
async fn mail_is_listed_without_what_it_says_and_tried_again() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    somebody_signed_in(&gantry, "default").await;
    let all = program.get("/realms/default/mail?is=waiting").await.ok();
    let mail = all.json()["items"][0].clone();
    assert_eq!((&mail["mail"], &mail["to"]), (&json!("reset_password"), &json!("robin@example.net")));
    assert!(!all.body.contains("http") && !all.body.contains("token"), "{}", all.body);
    let at = |what: &str| format!("/realms/default/mail/{}/{what}", mail["id"].as_str().unwrap());
    let ask = async |what: &str| program.raw("POST", &at(what), &[], None).await.status;
    assert_eq!((ask("give-up").await, ask("give-up").await), (204, 409));
    let all = program.get("/realms/default/mail?is=given_up").await.ok().json();
    assert_eq!((&all["items"][0]["id"], &all["items"][0]["due_at"]), (&mail["id"], &json!(null)));
    assert_eq!(ask("retry").await, 204);
    gantry.mail("robin@example.net", 1).await.link("link.example.net");
}

#[tokio::test]
async fn words_of_a_mail_that_lack_its_link_are_refused_by_paragraph() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let words = |paragraphs: &[&str]| json!({ "mail": "reset_password", "locale": "en", "subject": "Yes", "paragraphs": paragraphs });
    let answer = program.send("POST", "/realms/default/mail-texts", &words(&["{link}", "<b>{nothing}"])).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert!(answer.json()["fields"].as_array().unwrap().iter().all(|field| field["index"] == 1), "{}", answer.body);
    assert_eq!(program.send("POST", "/realms/default/mail-texts", &words(&["No link"])).await.status, 400);
    let unknown = json!({ "mail": "love_letter", "locale": "en" });
    assert_eq!(program.send("POST", "/realms/default/mail-texts/reset", &unknown).await.status, 400);
    assert_eq!(program.get("/realms/default/mail-texts").await.ok().json()["items"], json!([]));
}

#[tokio::test]
async fn a_session_ends_once_and_a_trace_is_found_by_its_person() {
    let gantry = Gantry::start().await;
    somebody_signed_in(&gantry, "default").await;
    let program = gantry.program("default").await;
    let session = program.get("/realms/default/sessions?limit=1").await.ok().json()["items"][0].clone();
    assert_eq!(session["email"], "robin@example.net");
    let one = format!("/realms/default/sessions/{}", session["id"].as_str().unwrap());
    assert_eq!(program.raw("DELETE", &one, &[("if-match", "\"x\"")], None).await.status, 412);
    assert_eq!(program.raw("DELETE", &one, &[], None).await.status, 204);
    assert_eq!(program.raw("DELETE", &one, &[], None).await.status, 404);
    let traces = async |query: &str| program.get(&format!("/realms/default/traces?{query}")).await.ok().json()["items"].clone();
    for query in ["q=robin%40example.net", "problem=token_time", "outcome=refused"] {
        assert_eq!(traces(query).await[0]["person"], "robin@example.net", "{query}");
    }
    for query in ["q=nobody%40example.net", "problem=token_nonce", "outcome=nonsense", "tenant=org_nowhere"] {
        assert_eq!(traces(query).await, json!([]), "{query}");
    }
}

#[tokio::test]
async fn pages_of_traces_are_as_long_as_those_of_any_list() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    for _ in 0..60 {
        somebody_was_refused(&gantry, "default").await;
    }
    let page = async |query: &str| program.get(&format!("/realms/default/traces{query}")).await.ok().json();
    let count = |page: &serde_json::Value| page["items"].as_array().unwrap().len();
    assert_eq!(count(&page("").await), 50);
    assert_eq!((count(&page("?limit=200").await), page("?limit=200").await["next"].clone()), (60, json!(null)));
    let first = page("?limit=40").await;
    let second = page(&format!("?limit=40&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!((count(&first), count(&second), &second["next"]), (40, 20, &json!(null)));
    let mut ids: Vec<String> =
        [first, second].iter().flat_map(|page| page["items"].as_array().unwrap().clone()).map(|one| one["id"].to_string()).collect();
    assert!(ids.is_sorted_by(|newer, older| newer > older), "newest first");
    ids.dedup();
    assert_eq!(ids.len(), 60);
    assert_eq!(program.get("/realms/default/traces?limit=201").await.status, 400);
}

#[tokio::test]
async fn an_operators_key_switches_a_realm_off_and_on_and_its_own_key_does_not() {
    let gantry = Gantry::start().await;
    let (own, operators) = (gantry.program("default").await, gantry.program("system").await);
    let state = "/realms/default/state";
    for program in [&own, &operators] {
        assert_eq!(program.get("/realms/default").await.status, 200);
    }
    assert_eq!(own.send("PUT", state, &json!({ "enabled": false })).await.status, 403);
    assert_eq!(own.get(state).await.status, 403);
    let off = operators.send("PUT", state, &json!({ "enabled": false })).await.ok();
    assert!(off.json()["disabled_at"].is_string(), "{}", off.body);
    // Off, nothing of it answers but to those who can switch it on.
    assert_eq!(own.get("/realms/default").await.status, 401);
    assert_eq!(open(&format!("{}/realms/default/.well-known/openid-configuration", gantry.base)).await.0, 404);
    operators.get("/realms/default/clients").await.ok();
    let overtaken = operators.send_with("PUT", state, ("if-match", "\"x\""), &json!({ "enabled": true })).await;
    assert_eq!(overtaken.status, 412, "{}", overtaken.body);
    let tag = off.headers["etag"].to_str().unwrap();
    let on = operators.send_with("PUT", state, ("if-match", tag), &json!({ "enabled": true })).await.ok();
    assert_eq!(on.json(), json!({ "enabled": true, "disabled_at": null }));
    own.get("/realms/default").await.ok();
    assert_eq!(operators.send("PUT", "/realms/system/state", &json!({ "enabled": false })).await.status, 409);
}

#[tokio::test]
async fn everything_that_a_realm_issued_ends_at_once() {
    let gantry = Gantry::start().await;
    let program = gantry.program("default").await;
    let token = gantry.client("worker").client_credentials("orders:read").await.ok().access_token();
    assert!(gantry.client("orders-api").is_active(&token).await);
    gantry.clock.advance(std::time::Duration::from_secs(2));
    assert_eq!(program.raw("POST", "/realms/default/revoke-issued", &[], None).await.status, 204);
    assert!(!gantry.client("orders-api").is_active(&token).await);
}

#[tokio::test]
async fn a_shared_trace_is_shown_by_its_link_and_sharing_takes_more_than_reading() {
    use gantry_core::admin_scope::AdminScope::{ConnectionsRead, ConnectionsWrite};
    let gantry = Gantry::start().await;
    somebody_signed_in(&gantry, "default").await;
    let reader = gantry.program_with("default", &[ConnectionsRead]).await;
    let id = reader.get("/realms/default/traces").await.ok().json()["items"][0]["id"].as_str().unwrap().to_owned();
    let share = format!("/realms/default/traces/{id}/share");
    assert_eq!(reader.raw("POST", &share, &[], None).await.status, 403);
    let both = gantry.program_with("default", &[ConnectionsRead, ConnectionsWrite]).await;
    let made = both.raw("POST", &share, &[], None).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let link = made.text("url");
    let (status, page) = open(&link).await;
    assert!(status == 200 && page.contains("token_time"), "{status} {page}");
}

/// What anybody sees at an address.
async fn open(url: &str) -> (u16, String) {
    let answer = reqwest::Client::builder().no_proxy().build().unwrap().get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}
