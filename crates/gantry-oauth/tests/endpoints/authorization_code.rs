//! Redeeming codes.

use std::time::Duration;

use futures_util::future::join_all;
use gantry_core::audit::AuditEvent;
use gantry_core::client::ClientKind;
use gantry_core::pkce::CodeChallenge;
use gantry_core::realm::{RefreshIssuance, TokenFormat};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::SecretKind;
use serde_json::{Value, json};

use crate::world::{API, App, CALLBACK, CHALLENGE, VERIFIER, World, claims, text};

#[tokio::test]
async fn a_code_becomes_tokens() {
    let world = World::new().await;
    let app = world.web_app().await;
    let tokens = world.tokens(&app).await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 300);
    assert_eq!(tokens["scope"], "openid email read write");
    let access = claims(text(&tokens, "access_token"));
    assert_eq!(access["iss"], "http://localhost:8080");
    assert_eq!(access["aud"], API);
    assert_eq!(access["sub"], json!(world.user.id));
    assert_eq!(access["client_id"], "app");
    assert_eq!(access["scope"], tokens["scope"]);
    assert_eq!(access["exp"].as_i64().unwrap() - access["iat"].as_i64().unwrap(), 300);
    assert!(text(&access, "jti").starts_with("gnt_"));
    let id = claims(text(&tokens, "id_token"));
    assert_eq!((&id["aud"], &id["nonce"], &id["sub"]), (&json!("app"), &json!("n-1"), &access["sub"]));
    assert_eq!(id["sid"], json!(world.session.id));
    assert!(id.get("email").is_none(), "claims of scopes are for userinfo");
    assert!(text(&tokens, "refresh_token").starts_with("grt_"));
    assert_eq!(world.audited(AuditEvent::TokensIssued).await, 1);
}

#[tokio::test]
async fn policy_decides_about_refresh_and_id_tokens() {
    let world = World::with(|settings| settings.tokens.refresh_issuance = RefreshIssuance::OfflineAccess).await;
    let app = world.web_app().await;
    assert!(world.tokens(&app).await.get("refresh_token").is_none());
    let code = world.code(&app, |grant, _| grant.scopes.insert("offline_access")).await;
    assert!(world.redeem(&app, &code).await.unwrap().get("refresh_token").is_some());
    let code = world.code(&app, |grant, _| grant.scopes = ScopeSet::from_names(["email"])).await;
    assert!(world.redeem(&app, &code).await.unwrap().get("id_token").is_none());
    let never = world.app("never", ClientKind::Confidential, |client| client.policy.refresh_issuance = Some(RefreshIssuance::Never)).await;
    assert!(world.tokens(&never).await.get("refresh_token").is_none());
}

#[tokio::test]
async fn cod_01_a_replay_revokes_what_was_issued() {
    let world = World::new().await;
    let app = world.web_app().await;
    let code = world.code(&app, |_, _| {}).await;
    let tokens = world.redeem(&app, &code).await.unwrap();
    assert!(world.is_active(&app, text(&tokens, "access_token")).await);
    world.clock.advance(Duration::from_secs(30));
    assert_eq!(world.redeem(&app, &code).await, Err("invalid_grant"));
    assert!(!world.is_active(&app, text(&tokens, "access_token")).await);
    assert!(!world.is_active(&app, text(&tokens, "refresh_token")).await);
    assert_eq!(world.refresh(&app, text(&tokens, "refresh_token"), &[]).await, Err("invalid_grant"));
    assert_eq!(world.userinfo(text(&tokens, "access_token")).await, Err("invalid_token"));
    assert_eq!(world.redeem(&app, &code).await, Err("invalid_grant"));
    assert_eq!(world.audited(AuditEvent::CodeReplayed).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cod_02_of_many_at_once_at_most_one_succeeds() {
    let world = World::new().await;
    let app = world.web_app().await;
    for _ in 0..5 {
        let code = world.code(&app, |_, _| {}).await;
        let said = join_all((0..32).map(|_| world.redeem(&app, &code))).await;
        let tokens: Vec<&Value> = said.iter().filter_map(|one| one.as_ref().ok()).collect();
        assert_eq!(tokens.len(), 1);
        assert!(said.iter().all(|one| one.is_ok() || *one == Err("invalid_grant")));
        assert!(!world.is_active(&app, text(tokens[0], "access_token")).await);
    }
}

/// Sends a code once with what is wrong, then rightly: the second must fail as well.
async fn is_burnt_by(world: &World, app: &App, challenge: Option<&str>, wrong: &[(&str, &str)]) {
    let code = world.code(app, |_, code| code.code_challenge = challenge.and_then(CodeChallenge::parse)).await;
    let right = [("grant_type", "authorization_code"), ("code", code.expose()), ("redirect_uri", CALLBACK)];
    let mut parameters: Vec<(&str, &str)> = right.into_iter().filter(|(name, _)| wrong.iter().all(|(other, _)| other != name)).collect();
    parameters.extend_from_slice(wrong);
    assert_eq!(world.token(&app.form(&parameters)).await, Err("invalid_grant"), "{wrong:?}");
    let mut again = right.to_vec();
    again.extend(challenge.map(|_| ("code_verifier", VERIFIER)));
    assert_eq!(world.token(&app.form(&again)).await, Err("invalid_grant"), "{wrong:?}");
}

#[tokio::test]
async fn cod_06_a_wrong_redemption_burns_the_code() {
    let world = World::new().await;
    let app = world.web_app().await;
    is_burnt_by(&world, &app, None, &[("redirect_uri", "https://app.example/cb/")]).await;
    is_burnt_by(&world, &app, None, &[("code_verifier", VERIFIER)]).await;

    is_burnt_by(&world, &app, Some(CHALLENGE), &[]).await;
    is_burnt_by(&world, &app, Some(CHALLENGE), &[("code_verifier", &VERIFIER[1..])]).await;
    is_burnt_by(&world, &app, Some(CHALLENGE), &[("code_verifier", &format!("{VERIFIER}\n"))]).await;
    let code = world.code(&app, |_, code| code.code_challenge = CodeChallenge::parse(CHALLENGE)).await;
    let right = [("grant_type", "authorization_code"), ("code", code.expose()), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
    assert!(world.token(&app.form(&right)).await.is_ok());
}

#[tokio::test]
async fn cod_03_another_clients_code_is_burnt() {
    let world = World::new().await;
    let (app, other) = (world.web_app().await, world.app("other", ClientKind::Confidential, |_| {}).await);
    let code = world.code(&app, |_, _| {}).await;
    assert_eq!(world.redeem(&other, &code).await, Err("invalid_grant"));
    assert_eq!(world.redeem(&app, &code).await, Err("invalid_grant"));
    assert_eq!(world.audited(AuditEvent::TokenRefused).await, 2);
}

#[tokio::test]
async fn cod_05_what_is_no_code_is_refused() {
    let world = World::new().await;
    let app = world.web_app().await;
    let code = world.code(&app, |_, _| {}).await;
    let text = code.expose();
    let mut others: Vec<String> = SecretKind::ALL.iter().map(|kind| kind.generate().expose().to_owned()).collect();
    others.extend([
        text[1..].to_owned(),
        format!("{text}A"),
        format!("{text}="),
        text.to_uppercase(),
        String::from("x"),
        "a".repeat(10_000),
    ]);
    for other in others {
        let form = app.form(&[("grant_type", "authorization_code"), ("code", &other), ("redirect_uri", CALLBACK)]);
        assert_eq!(world.token(&form).await, Err("invalid_grant"), "{other}");
    }
    assert!(world.redeem(&app, &code).await.is_ok());
}

#[tokio::test]
async fn cod_13_an_old_code_is_refused() {
    let world = World::new().await;
    let app = world.web_app().await;
    let code = world.code(&app, |_, _| {}).await;
    world.clock.advance(Duration::from_secs(61));
    assert_eq!(world.redeem(&app, &code).await, Err("invalid_grant"));
}

#[tokio::test]
async fn cod_19_an_ambiguous_request_consumes_nothing() {
    let world = World::new().await;
    let app = world.web_app().await;
    let code = world.code(&app, |_, _| {}).await;
    let both = [("grant_type", "authorization_code"), ("code", code.expose()), ("redirect_uri", CALLBACK), ("refresh_token", "x")];
    assert_eq!(world.token(&app.form(&both)).await, Err("invalid_request"));
    assert!(world.redeem(&app, &code).await.is_ok());
}

#[tokio::test]
async fn a_public_client_redeems_by_pkce_alone() {
    let world = World::new().await;
    let app = world.app("spa", ClientKind::Public, |_| {}).await;
    let code = world.code(&app, |_, code| code.code_challenge = CodeChallenge::parse(CHALLENGE)).await;
    let right = [("grant_type", "authorization_code"), ("code", code.expose()), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
    assert!(world.token(&app.form(&right)).await.is_ok());
}

#[tokio::test]
async fn an_api_may_want_opaque_tokens() {
    let world = World::new().await;
    let app = world.web_app().await;
    let mut api = world.snapshot().await.resources.iter().find(|resource| resource.audience == API).unwrap().clone();
    api.token_format = TokenFormat::Opaque;
    api.access_lifetime = Some(60);
    world.store.transact(world.realm_id(), async |tx| Ok(tx.resources().update(&api).await?)).await.unwrap();
    let tokens = world.tokens(&app).await;
    let token = text(&tokens, "access_token");
    assert!(token.starts_with("gat_"));
    assert_eq!(tokens["expires_in"], 60);
    assert!(world.is_active(&app, token).await);
    assert_eq!(world.userinfo(token).await.unwrap()["email"], "ada@example.com");
    for wrong in [&token[..token.len() - 1], &format!("{token}A"), &token[..40]] {
        assert!(!world.is_active(&app, wrong).await);
        assert_eq!(world.userinfo(wrong).await, Err("invalid_token"));
    }
    world.clock.advance(Duration::from_mins(1));
    assert!(!world.is_active(&app, token).await);
}
