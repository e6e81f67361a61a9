//! The userinfo endpoint: what it says, to whom, and how tokens reach it.

use reqwest::header;
use serde_json::{Value, json};

use crate::support::{Answer, Browser, Gantry, Person};

async fn access_token(gantry: &Gantry, scope: &str) -> String {
    gantry.client("ledger").authorize().scope(scope).tokens(&Browser::new(), Person::ALICE).await.access_token()
}

#[tokio::test]
async fn every_claim_has_its_standard_type() {
    let gantry = Gantry::start().await;
    let said = gantry.userinfo(&access_token(&gantry, "openid profile email address phone").await).await.ok().json();
    assert_eq!(said["sub"], json!(gantry.user(Person::ALICE).await.id));
    for claim in [
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "email",
        "phone_number",
    ] {
        assert!(said[claim].as_str().is_some_and(|text| !text.is_empty()), "{claim}");
    }
    assert!(said["updated_at"].is_i64());
    assert_eq!(said["email_verified"], true);
    assert_eq!(said["address"]["country"], "Germany");
}

#[tokio::test]
async fn scopes_decide_with_or_without_openid() {
    let gantry = Gantry::start().await;
    let names = |said: &Value| said.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let openid = gantry.userinfo(&access_token(&gantry, "openid").await).await.ok().json();
    assert_eq!(names(&openid), ["sub"]);
    let email = gantry.userinfo(&access_token(&gantry, "email").await).await.ok().json();
    assert_eq!(email["email"], "alice@example.com");
    assert!(email.get("name").is_none());
    let nothing = gantry.userinfo(&access_token(&gantry, "orders:read").await).await;
    nothing.is_error(403, "insufficient_scope");
    assert!(nothing.headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"));
}

#[tokio::test]
async fn a_token_comes_by_header_or_form() {
    let gantry = Gantry::start().await;
    let token = access_token(&gantry, "openid").await;
    let url = gantry.url("/oauth/userinfo");
    let form = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded")];
    let post = |body: String| gantry.http.post(&url).header(form[0].0.clone(), form[0].1).body(body);
    Answer::of(gantry.http.post(&url).bearer_auth(&token).send().await.unwrap()).await.ok();
    Answer::of(gantry.http.get(&url).bearer_auth(&token).header(header::CONTENT_TYPE, "application/json").send().await.unwrap()).await.ok();
    Answer::of(gantry.http.get(&url).header(header::AUTHORIZATION, format!("bearer {token}")).send().await.unwrap()).await.ok();
    Answer::of(post(format!("access_token={token}")).send().await.unwrap()).await.ok();
    let both = post(format!("access_token={token}")).bearer_auth(&token).send().await.unwrap();
    Answer::of(both).await.is_error(400, "invalid_request");
}

#[tokio::test]
async fn rtk_20_a_token_in_the_query_is_not_looked_at() {
    let gantry = Gantry::start().await;
    let token = access_token(&gantry, "openid").await;
    let answer = Answer::of(gantry.http.get(gantry.url(&format!("/oauth/userinfo?access_token={token}"))).send().await.unwrap()).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
}

#[tokio::test]
async fn rtk_17_a_bent_opaque_token_is_refused() {
    let gantry = Gantry::start().await;
    let token = access_token(&gantry, "openid opaque:read").await;
    assert!(token.starts_with("gat_"));
    gantry.userinfo(&token).await.ok();
    for wrong in [token.get(..40).unwrap(), &format!("{token}A"), &token.to_uppercase(), token.get(..token.len() - 1).unwrap()] {
        gantry.userinfo(wrong).await.is_error(401, "invalid_token");
    }
}

#[tokio::test]
async fn rtk_18_no_other_kind_of_token_is_an_access_token() {
    let gantry = Gantry::start().await;
    let tokens = gantry.client("ledger").authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
    let assertion = gantry.assertion("signer", &gantry.issuer(), std::time::Duration::from_mins(1));
    for wrong in [&tokens.text("id_token"), &tokens.refresh_token(), &assertion] {
        gantry.userinfo(wrong).await.is_error(401, "invalid_token");
    }
}

#[tokio::test]
async fn jwt_11_older_verifiers_types_mix_no_kinds() {
    let gantry = Gantry::start().await;
    gantry.change_realm(|settings| settings.tokens.access_token_type = gantry_core::realm::AccessTokenType::Jwt).await;
    let tokens = gantry.client("ledger").authorize().tokens(&Browser::new(), Person::ALICE).await;
    let header = jsonwebtoken::decode_header(tokens.access_token()).unwrap();
    assert_eq!(header.typ.as_deref(), Some("JWT"));
    gantry.userinfo(&tokens.access_token()).await.ok();
    gantry.userinfo(&tokens.text("id_token")).await.is_error(401, "invalid_token");
}

#[tokio::test]
async fn jwt_01_a_changed_header_or_claim_is_refused() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let gantry = Gantry::start().await;
    let token = access_token(&gantry, "openid").await;
    let parts: Vec<&str> = token.split('.').collect();
    let mut claims = crate::support::claims_of(&token);
    claims["scope"] = json!("openid email");
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    for alg in ["none", "None", "nOnE", "", "HS256"] {
        let header = URL_SAFE_NO_PAD.encode(json!({ "alg": alg, "typ": "at+jwt" }).to_string());
        for signature in ["", parts[2]] {
            gantry.userinfo(&format!("{header}.{}.{signature}", parts[1])).await.is_error(401, "invalid_token");
        }
    }
    gantry.userinfo(&format!("{}.{claims}.{}", parts[0], parts[2])).await.is_error(401, "invalid_token");
    gantry.userinfo(&".".repeat(5000)).await.is_error(401, "invalid_token");
}
