//! The addresses of the profile `keycloak`: what is there, and what is not there in other realms.

use std::time::Duration;

use gantry_web::{PATH_FAMILIES, paths};
use reqwest::Method;
use serde_json::Value;

use super::SSO;
use crate::support::{Answer, Browser, ClientAuth, Gantry, Person};

/// The endpoints, as guides spell them.
const ENDPOINTS: [(&str, &str); 8] = [
    ("authorization_endpoint", "/protocol/openid-connect/auth"),
    ("pushed_authorization_request_endpoint", "/protocol/openid-connect/ext/par/request"),
    ("token_endpoint", "/protocol/openid-connect/token"),
    ("introspection_endpoint", "/protocol/openid-connect/token/introspect"),
    ("userinfo_endpoint", "/protocol/openid-connect/userinfo"),
    ("jwks_uri", "/protocol/openid-connect/certs"),
    ("end_session_endpoint", "/protocol/openid-connect/logout"),
    ("revocation_endpoint", "/protocol/openid-connect/revoke"),
];

async fn get(gantry: &Gantry, path: &str) -> Answer {
    Answer::of(gantry.http.get(gantry.url(path)).send().await.unwrap()).await
}

#[tokio::test]
async fn metadata_is_below_the_issuer_alone_and_names_what_is_there() {
    let gantry = Gantry::start().await;
    gantry.apply(SSO).await;
    for (file, issuer) in [(SSO.to_owned(), "/auth/realms/app"), (SSO.replace("prefix: /auth", "prefix: \"\""), "/realms/app")] {
        gantry.apply(&file).await;
        let first = get(&gantry, &format!("{issuer}/.well-known/openid-configuration")).await.ok();
        let document = first.json();
        assert_eq!(document["issuer"], gantry.url(issuer));
        for (member, path) in ENDPOINTS {
            assert_eq!(document[member], gantry.url(&format!("{issuer}{path}")), "{member}");
            assert_ne!(get(&gantry, &format!("{issuer}{path}")).await.status, 404, "{member}");
        }
        for same in [format!("{issuer}/.well-known/oauth-authorization-server"), format!("/.well-known/oauth-authorization-server{issuer}")]
        {
            assert_eq!(get(&gantry, &same).await.ok().body, first.body, "{same}");
        }
        let other = if issuer == "/realms/app" { "/auth/realms/app" } else { "/realms/app" };
        for elsewhere in [
            format!("{other}/.well-known/openid-configuration"),
            format!("{other}/.well-known/oauth-authorization-server"),
            format!("/.well-known/oauth-authorization-server{other}"),
        ] {
            get(&gantry, &elsewhere).await.is_error(404, "not_found");
        }
    }
}

#[tokio::test]
async fn both_prefixes_and_both_families_answer_in_such_a_realm() {
    let gantry = Gantry::start().await;
    let app = gantry.keycloak(SSO, &gantry.sso()).await;
    let token = app.client_credentials("locks:read").await.ok().access_token();
    for (base, paths) in
        [("/realms/app", &PATH_FAMILIES.keycloak), ("/auth/realms/app", &PATH_FAMILIES.keycloak), ("/realms/app", &PATH_FAMILIES.oauth)]
    {
        let there = app.clone().at(&gantry.url(base), paths);
        assert_eq!(there.client_credentials("locks:read").await.ok().claims("access_token")["iss"], gantry.sso(), "{base}");
        assert!(there.is_active(&token).await, "{base}");
        assert!(get(&gantry, &format!("{base}{}", paths.jwks)).await.ok().json()["keys"].is_array());
    }
}

#[tokio::test]
async fn other_realms_have_none_of_it() {
    let gantry = Gantry::start().await;
    for base in ["/realms/other", "/auth/realms/other", "/realms/default", "/auth/realms/default", "/auth/realms/nowhere", "/auth", ""] {
        for (name, path) in ENDPOINTS {
            for method in [Method::GET, Method::POST] {
                let answer = gantry.http.request(method.clone(), gantry.url(&format!("{base}{path}"))).send().await.unwrap();
                // The method may be wrong before the realm is looked for; nothing is ever answered.
                assert!(matches!(answer.status().as_u16(), 404 | 405), "{method} {base}{path} ({name}): {}", answer.status());
            }
        }
        let document = get(&gantry, &format!("{base}/.well-known/openid-configuration")).await;
        assert_eq!(document.status == 404, !matches!(base, "" | "/realms/other"), "{base}");
    }
    // Pages are at the realm's base alone.
    gantry.apply(SSO).await;
    for page in ["/auth/realms/app/sign-in", "/auth/realms/app/account", "/auth/realms/app/oauth/token", "/auth/realms/app"] {
        assert_eq!(get(&gantry, page).await.status, 404, "{page}");
    }
}

#[tokio::test]
async fn a_whole_visit_by_these_addresses() {
    let gantry = Gantry::start().await;
    let app = gantry.keycloak(SSO, &gantry.sso()).await;
    let (browser, request) = (Browser::new(), app.authorize());

    let parameters: Vec<(&str, &str)> = request.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed = app.post("/protocol/openid-connect/ext/par/request", &parameters).await;
    let reference = app.authorize().set("request_uri", &pushed.text("request_uri"));
    let back = reference.walk(&browser, Person::ALICE).await;
    assert_eq!((&back.answer()["iss"], back.answer()["state"].as_str()), (&gantry.sso(), request.get("state")));
    let tokens = request.redeem(&back.code()).await.ok();
    for token in ["access_token", "id_token"] {
        assert_eq!(tokens.claims(token)["iss"], gantry.sso());
    }
    let access_token = tokens.access_token();
    let userinfo = gantry.http.get(format!("{}/protocol/openid-connect/userinfo", gantry.sso())).bearer_auth(&access_token);
    assert_eq!(Answer::of(userinfo.send().await.unwrap()).await.ok().text("email"), "alice@example.com");
    assert_eq!(app.introspect(&access_token).await.ok().json()["iss"], gantry.sso());
    let tokens = app.refresh(&tokens.refresh_token()).await.ok();
    app.revoke(&tokens.refresh_token()).await.ok();
    assert!(!app.is_active(&access_token).await);

    let logout = format!("{}/protocol/openid-connect/logout", gantry.sso());
    let query = [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", "https://visitor.example.test/bye".to_owned())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let left = browser.open(format!("{logout}?{query}")).await;
    assert_eq!(left.left.unwrap().as_str(), "https://visitor.example.test/bye");
    assert!(request.open(&browser).await.has("[name=username]"), "nobody is signed in any more");
}

#[tokio::test]
async fn the_endpoints_for_browsers_take_posts_too() {
    let gantry = Gantry::start().await;
    let app = gantry.keycloak(SSO, &gantry.sso()).await;
    let (browser, request) = (Browser::new(), app.authorize());
    let body: Vec<(String, String)> = request.parameters.clone().into_iter().collect();
    let url = format!("{}/protocol/openid-connect/auth", gantry.sso());
    let page = browser.post(&url.parse().unwrap(), &body, &[("origin", "https://visitor.example.test")]).await;
    let page = Person::ALICE.sign_in(&browser, &page).await;
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let tokens = request.redeem(&page.code()).await.ok();

    let body = [("id_token_hint".to_owned(), tokens.text("id_token"))];
    let url = format!("{}/protocol/openid-connect/logout", gantry.sso());
    let page = browser.post(&url.parse().unwrap(), &body, &[("origin", "https://visitor.example.test")]).await;
    assert_eq!(page.status, 200);
    assert!(request.open(&browser).await.has("[name=username]"), "nobody is signed in any more");
}

#[tokio::test]
async fn assertions_may_name_the_issuer_or_either_token_endpoint() {
    let gantry = Gantry::start().await;
    gantry.apply(SSO).await;
    let app = gantry.client("signer").at(&gantry.sso(), &PATH_FAMILIES.keycloak).with_auth(ClientAuth::ByHand);
    for (audience, good) in [
        (gantry.sso(), true),
        (format!("{}/protocol/openid-connect/token", gantry.sso()), true),
        (gantry.url("/realms/app/oauth/token"), true),
        (gantry.url("/realms/app"), false),
        (gantry.issuer(), false),
        (gantry.url("/auth/realms/other"), false),
    ] {
        let assertion = gantry.assertion("signer", &audience, Duration::from_mins(1));
        let answer = app
            .token(&[
                ("grant_type", "client_credentials"),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", &assertion),
            ])
            .await;
        assert_eq!(answer.status == 200, good, "{audience}: {}", answer.body);
    }
}

#[tokio::test]
async fn changing_the_profile_changes_the_issuer_and_ends_what_the_old_one_issued() {
    let gantry = Gantry::start().await;
    let app = gantry.keycloak(SSO, &gantry.sso()).await;
    let token = app.client_credentials("locks:read").await.ok().access_token();
    gantry.apply(&SSO.replace("prefix: /auth", "prefix: \"\"")).await;
    assert!(!app.is_active(&token).await);
    gantry.apply(&SSO.replace("{ profile: keycloak, prefix: /auth }", "{}")).await;
    app.introspect(&token).await.is_error(404, "not_found");
}

#[tokio::test]
async fn every_path_of_a_realm_is_mounted() {
    let gantry = Gantry::start().await;
    gantry.apply(&SSO.replace("prefix: /auth", "prefix: \"\"")).await;
    for path in paths::ALL {
        let mut statuses = Vec::new();
        for method in [Method::OPTIONS, Method::GET] {
            statuses.push(gantry.http.request(method, gantry.url(&format!("/realms/app{path}"))).send().await.unwrap().status());
        }
        assert!(statuses.iter().any(|status| *status != 404), "{path}");
    }
    for (_, path) in ENDPOINTS {
        assert!(paths::ALL.contains(&path), "{path}");
    }
}

#[tokio::test]
async fn programs_are_refused_in_json_at_these_addresses_too() {
    let gantry = Gantry::start().await;
    let app = gantry.keycloak(SSO, &gantry.sso()).await;
    app.token(&[]).await.is_error(400, "invalid_request");
    app.clone().with_auth(ClientAuth::Basic("wrong".repeat(8))).client_credentials("locks:read").await.is_error(401, "invalid_client");
    let answer = get(&gantry, "/auth/realms/app/protocol/openid-connect/token").await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.json()["error"], Value::from("method_not_allowed"));
}
