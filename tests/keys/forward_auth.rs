//! Whether a gateway may let a request pass.

use reqwest::Method;
use reqwest::header;

use super::{API, HEADER, app_key, ask, bearer, personal_token};
use crate::support::{Answer, Browser, Gantry, Person};

/// What a passed request says of its caller: kind, subject, client, scope, organization.
fn facts(answer: &Answer) -> [String; 5] {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    ["kind", "subject", "client", "scope", "org"].map(|name| answer.headers[format!("x-auth-{name}")].to_str().unwrap().to_owned())
}

async fn get(gantry: &Gantry, query: &str, name: &str, value: &str) -> Answer {
    ask(gantry, Method::GET, query, &[(name, value)]).await
}

#[tokio::test]
async fn each_kind_passes_and_is_told_of() {
    let gantry = Gantry::start().await;
    let alice = gantry.user(Person::ALICE).await.id.to_string();
    let (_, key) = app_key(&gantry, "worker", "orders:read opaque:read", None).await;
    let (_, own) = personal_token(&gantry, Person::ALICE, "orders:read orders:write").await;
    let tokens = gantry.client("ledger").authorize().scope("openid orders:read").tokens(&Browser::new(), Person::ALICE).await;
    let opaque = gantry.client("worker").client_credentials("opaque:read").await.ok().access_token();
    assert!(opaque.starts_with("gat_"));
    for (name, value, expected) in [
        (HEADER, key.clone(), ["app_key", "worker", "worker", "orders:read opaque:read", ""]),
        ("Authorization", bearer(&own), ["personal_token", &alice, "", "orders:read orders:write", ""]),
        ("Authorization", bearer(&tokens.access_token()), ["access_token", &alice, "ledger", "openid orders:read", ""]),
        ("Authorization", bearer(&opaque), ["access_token", "worker", "worker", "opaque:read", ""]),
    ] {
        assert_eq!(facts(&get(&gantry, "", name, &value).await), expected, "{name}");
    }
    let narrowed = get(&gantry, &format!("?scope=orders:read&aud={API}"), HEADER, &key).await;
    assert_eq!(facts(&narrowed)[3], "orders:read", "only what it may do at the API that is asked for");
}

#[tokio::test]
async fn what_a_gateway_demands_has_to_be_there() {
    let gantry = Gantry::start().await;
    let (_, key) = app_key(&gantry, "worker", "orders:read", None).await;
    let status = async |query: &str| get(&gantry, query, HEADER, &key).await.status;
    assert_eq!(status("?scope=orders:read").await, 200);
    assert_eq!(status("?scope=orders:write").await, 403);
    assert_eq!(status("?aud=https%3A%2F%2Fapi.example.test").await, 200);
    assert_eq!(status("?aud=https%3A%2F%2Fopaque.example.test").await, 401);
    assert_eq!(status("?scope=orders:read&original=/v1/orders?scope=orders:write&aud=x").await, 200);
    for wrong in ["?scope=", "?aud=https://nowhere.example", "?scopes=orders:read", "?scope=orders:read&scope=orders:read"] {
        assert_eq!(status(wrong).await, 400, "{wrong}");
    }
    let lacking = get(&gantry, "?scope=orders:write", HEADER, &key).await;
    lacking.is_error(403, "insufficient_scope");
    assert!(lacking.headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer error=\"insufficient_scope\""));
    // A token for no API of the realm is none for a gateway.
    let of_no_api = gantry.client("notes").authorize().scope("openid").tokens(&Browser::new(), Person::ALICE).await;
    get(&gantry, "", "Authorization", &bearer(&of_no_api.access_token())).await.is_error(401, "invalid_token");
}

#[tokio::test]
async fn nothing_that_a_caller_says_of_itself_is_believed() {
    let gantry = Gantry::start().await;
    let (_, key) = app_key(&gantry, "worker", "orders:read", None).await;
    let forged =
        [("X-Auth-Subject", "usr_admin"), ("X-Auth-Scope", "orders:write"), ("X-Auth-Org", "org_acme"), ("X-Forwarded-User", "admin")];
    let mut headers = forged.to_vec();
    let answer = ask(&gantry, Method::GET, "", &headers).await;
    assert_eq!((answer.status, answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap()), (401, "Bearer"));
    headers.push((HEADER, &key));
    assert_eq!(facts(&ask(&gantry, Method::GET, "", &headers).await), ["app_key", "worker", "worker", "orders:read", ""]);
    assert_eq!(ask(&gantry, Method::GET, "?scope=orders:write", &headers).await.status, 403);
}

#[tokio::test]
async fn one_credential_in_its_own_place_counts() {
    let gantry = Gantry::start().await;
    let (_, key) = app_key(&gantry, "worker", "orders:read", None).await;
    let (_, own) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    let (as_bearer, of_key, padded) = (bearer(&own), bearer(&key), bearer(&"x".repeat(9000)));
    for headers in [
        &[("Authorization", as_bearer.as_str()), (HEADER, &key)][..],
        &[("Authorization", &as_bearer), ("Authorization", &as_bearer)],
        &[(HEADER, &key), (HEADER, &key)],
        &[("Authorization", &of_key)],
        &[(HEADER, &own)],
        &[("Authorization", "Bearer")],
        &[("Authorization", "Bearer nonsense")],
        &[("Authorization", &padded)],
        &[(HEADER, "gak_nonsense")],
    ] {
        ask(&gantry, Method::GET, "", headers).await.is_error(401, "invalid_token");
    }
    assert_eq!(ask(&gantry, Method::GET, "", &[("Authorization", "Basic eDp5"), (HEADER, &key)]).await.status, 200);
    for (name, value) in [("Authorization", "Basic eDp5"), ("X-Api-Key", key.as_str()), ("Cookie", key.as_str())] {
        let answer = ask(&gantry, Method::GET, "", &[(name, value)]).await;
        assert_eq!((answer.status, answer.body.as_str()), (401, ""), "{name}");
    }
    gantry.change_realm(|settings| settings.app_keys.header = Some("X-Other-Key".to_owned())).await;
    assert_eq!(ask(&gantry, Method::GET, "", &[(HEADER, &key)]).await.status, 401);
    assert_eq!(ask(&gantry, Method::GET, "", &[("x-other-key", &key)]).await.status, 200);
    gantry.change_realm(|settings| settings.app_keys.header = None).await;
    assert_eq!(ask(&gantry, Method::GET, "", &[("x-other-key", &key)]).await.status, 401);
}

#[tokio::test]
async fn gateways_ask_by_any_method_and_pages_learn_nothing() {
    let gantry = Gantry::start().await;
    let (_, key) = app_key(&gantry, "worker", "orders:read", None).await;
    let browser = Browser::new();
    Person::ALICE.sign_in(&browser, &browser.open(gantry.url("/account")).await).await;
    assert_eq!(browser.open(gantry.url("/oauth/forward-auth")).await.status, 401, "a session is no credential");
    for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        for (key, status) in [(key.as_str(), 200), ("wrong", 401)] {
            let headers = [(HEADER, key), ("Origin", "https://spa.example.test"), ("Access-Control-Request-Method", "GET")];
            let answer = ask(&gantry, method.clone(), "", &headers).await;
            assert_eq!(answer.status, status, "{method}");
            assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{method}");
        }
    }
}

#[tokio::test]
async fn jwt_13_another_realms_credential_does_not_pass() {
    let gantry = Gantry::start().await;
    let (_, key) = app_key(&gantry, "worker", "orders:read", None).await;
    let token = gantry.client("worker").client_credentials("orders:read").await.ok().access_token();
    let elsewhere = format!("{}/oauth/forward-auth", gantry.other_realm());
    for (name, value) in [(HEADER, key), ("Authorization", bearer(&token))] {
        assert_eq!(gantry.http.get(&elsewhere).header(name, &value).send().await.unwrap().status(), 401, "{name}");
        assert_eq!(get(&gantry, "", name, &value).await.status, 200, "{name}");
    }
}
