//! Realms with a host of their own: one issuer there, in whichever shape, and nothing on the public URL.

use gantry_web::PATH_FAMILIES;
use serde_json::json;

use super::{PUNCH, SSO};
use crate::support::{Answer, Browser, Gantry, Person};

/// A second name of this machine, as a host of one realm: the public URL is at the first.
fn host_of(gantry: &Gantry) -> String {
    gantry.base.replace("localhost", "127.0.0.1")
}

fn hosted(gantry: &Gantry, file: &str) -> String {
    file.replacen("\n  name:", &format!("\n  hosts: [\"{}\"]\n  name:", host_of(gantry)), 1)
}

async fn get(gantry: &Gantry, url: &str) -> Answer {
    Answer::of(gantry.http.get(url).send().await.unwrap()).await
}

#[tokio::test]
async fn the_profile_keycloak_names_the_realm_on_its_own_host_too() {
    let gantry = Gantry::start().await;
    let host = host_of(&gantry);
    let issuer = format!("{host}/auth/realms/app");
    let app = gantry.keycloak(&hosted(&gantry, SSO), &issuer).await;
    let document = get(&gantry, &format!("{issuer}/.well-known/openid-configuration")).await.ok().json();
    assert_eq!(document["issuer"], issuer);
    assert_eq!(document["token_endpoint"], format!("{issuer}/protocol/openid-connect/token"));
    let tokens = app.authorize().tokens(&Browser::new(), Person::ALICE).await;
    assert_eq!(tokens.claims("id_token")["iss"], issuer);
    for (base, paths) in [(format!("{host}/realms/app"), &PATH_FAMILIES.keycloak), (host.clone(), &PATH_FAMILIES.oauth)] {
        assert!(app.clone().at(&base, paths).is_active(&tokens.access_token()).await, "{base}");
    }
    for nothing in [
        format!("{host}/.well-known/openid-configuration"),
        format!("{host}/realms/app/.well-known/openid-configuration"),
        format!("{host}/auth/realms/other/protocol/openid-connect/certs"),
        format!("{host}/realms/other/protocol/openid-connect/certs"),
        format!("{host}/realms/app/oauth/jwks"),
        format!("{host}/realms/app/sign-in"),
        gantry.url("/auth/realms/app/.well-known/openid-configuration"),
        gantry.url("/auth/realms/app/protocol/openid-connect/certs"),
        gantry.url("/realms/app/oauth/jwks"),
    ] {
        assert_eq!(get(&gantry, &nothing).await.status, 404, "{nothing}");
    }
}

#[tokio::test]
async fn the_profile_oauth_is_at_the_root_of_its_own_host() {
    let gantry = Gantry::start().await;
    let host = host_of(&gantry);
    gantry.apply(&hosted(&gantry, PUNCH)).await;
    let app = gantry.client("visitor").at(&host, &PATH_FAMILIES.oauth);
    let document = get(&gantry, &format!("{host}/.well-known/openid-configuration")).await.ok().json();
    assert_eq!(document["issuer"], host);
    let tokens = app.authorize().scope("profile:read").tokens(&Browser::new(), Person::ALICE).await;
    assert_eq!(tokens.claims("access_token")["iss"], host);
    for nothing in [
        format!("{host}/realms/punch/.well-known/openid-configuration"),
        format!("{host}/realms/punch/oauth/jwks"),
        gantry.url("/realms/punch/oauth/jwks"),
    ] {
        assert_eq!(get(&gantry, &nothing).await.status, 404, "{nothing}");
    }
}

/// Gives a realm these hosts, as an operator's program does.
async fn give(gantry: &Gantry, realm: &str, hosts: &[&str]) -> Answer {
    let answer = gantry.program("system").await.send("PATCH", &format!("/realms/{realm}"), &json!({ "hosts": hosts })).await;
    gantry.settle().await;
    answer
}

#[tokio::test]
async fn ten_17_a_host_is_one_realms_and_takes_nothing_along() {
    let gantry = Gantry::start().await;
    let host = host_of(&gantry);
    gantry.apply(PUNCH).await;
    // Nobody but an operator gives one.
    let own = gantry.program("other").await;
    assert_eq!(own.send("PATCH", "/realms/other", &json!({ "hosts": [host] })).await.status, 403);
    // The deployment's own, one by another spelling, and what is no host at all.
    for wrong in [gantry.base.as_str(), &gantry.base.replace("http://", "https://")] {
        let answer = give(&gantry, "other", &[wrong]).await;
        assert!(matches!(answer.status, 400 | 409), "{wrong}: {}", answer.body);
    }
    for wrong in ["http://id.example", "https://ID.example", "https://id.example/", "id.example"] {
        assert_eq!(give(&gantry, "other", &[wrong]).await.status, 400, "{wrong}");
    }
    assert_eq!(get(&gantry, &format!("{host}/.well-known/openid-configuration")).await.status, 303, "another name of this machine");
    give(&gantry, "punch", &[&host]).await.ok();
    assert_eq!(give(&gantry, "other", &[&host]).await.status, 409, "another realm's");
    // What a realm's host serves is that realm and nothing beside it.
    for nothing in
        ["/console", "/console/realms", "/api/admin/v1/realms/punch/users", "/realms/other/sign-in", "/realms/default/oauth/jwks"]
    {
        assert_eq!(get(&gantry, &format!("{host}{nothing}")).await.status, 404, "{nothing}");
    }
    let app = gantry.client("visitor").at(&host, &PATH_FAMILIES.oauth);
    let browser = Browser::new();
    let tokens = app.authorize().scope("profile:read").tokens(&browser, Person::ALICE).await;
    let keys = get(&gantry, &format!("{host}/oauth/jwks")).await.ok().body;
    // Released, and another realm's from then on: neither issuer, nor keys, nor anybody's session goes with it.
    give(&gantry, "punch", &[]).await.ok();
    assert_eq!(get(&gantry, &format!("{host}/oauth/jwks")).await.status, 303, "nobody's");
    give(&gantry, "other", &[&host]).await.ok();
    assert_ne!(get(&gantry, &format!("{host}/oauth/jwks")).await.ok().body, keys);
    let there = gantry.client("orders-api").at(&host, &PATH_FAMILIES.oauth);
    assert!(!there.is_active(&tokens.access_token()).await, "a token of the realm that had the host");
    assert_eq!(browser.open_once(format!("{host}/account")).await.status, 303, "a session of the realm that had the host");
}

#[tokio::test]
async fn pre_06_no_header_changes_an_address_of_ours() {
    let gantry = Gantry::start().await;
    let evil = "evil.example";
    let plain = get(&gantry, &gantry.url("/.well-known/openid-configuration")).await.ok().body;
    let forwarded = [
        ("x-forwarded-host", evil),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-port", "4443"),
        ("x-forwarded-prefix", "/evil"),
        ("x-forwarded-server", evil),
        ("x-host", evil),
        ("x-original-host", evil),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-url", "/evil"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
    ];
    for (name, value) in forwarded {
        for path in [
            "/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server",
            "/oauth/jwks",
            "/oauth/token",
            "/oauth/logout",
            "/sign-in",
            "/console/sign-in",
        ] {
            let answer = Answer::of(gantry.http.get(gantry.url(path)).header(name, value).send().await.unwrap()).await;
            let location = answer.headers.get("location").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
            assert!(
                !answer.body.contains(evil) && !location.contains("evil") && !answer.body.contains("4443"),
                "{name} at {path}: {}",
                answer.body
            );
            if path.ends_with("openid-configuration") {
                assert_eq!(answer.body, plain, "{name}");
            }
        }
        let browser = Browser::new().with_header(name, value);
        if name != "origin" {
            let request = gantry.client("ledger").authorize();
            let page = request.walk(&browser, Person::ALICE).await;
            assert_eq!(page.answer()["iss"], gantry.issuer(), "{name}");
            assert_eq!(request.redeem(&page.code()).await.ok().claims("id_token")["iss"], gantry.issuer(), "{name}");
        }
    }
    for wrong in [evil, "evil.example:80", "localhost.evil.example", "localhost", "127.0.0.1:1", "localhost:0", ""] {
        for path in
            ["/.well-known/openid-configuration", "/oauth/jwks", "/oauth/authorize", "/console/sign-in", "/api/admin/v1/openapi.json"]
        {
            let answer = gantry.http.get(gantry.url(path)).header("host", wrong).send().await.unwrap();
            assert!(matches!(answer.status().as_u16(), 400 | 421), "{wrong:?} at {path}: {}", answer.status());
        }
    }
}
