//! PKCE at the authorization endpoint: S256 alone, demanded where a secret is not.

use gantry_core::realm::PkceDemand;

use crate::support::{Browser, Gantry, Person};

#[tokio::test]
async fn cod_07_whoever_is_held_to_pkce_is_refused_without_before_signing_in() {
    let gantry = Gantry::start().await;
    for app in ["spa", "native"] {
        assert_eq!(gantry.client(app).authorize().without_pkce().open(&Browser::new()).await.error(), "invalid_request", "{app}");
    }
    let ledger = gantry.client("ledger").authorize().without_pkce();
    assert!(ledger.open(&Browser::new()).await.has("[name=username]"));
    gantry.change_realm(|settings| settings.authorization.pkce = PkceDemand::All).await;
    assert_eq!(ledger.open(&Browser::new()).await.error(), "invalid_request");
}

#[tokio::test]
async fn cod_08_no_method_but_s256() {
    let gantry = Gantry::start().await;
    for app in ["ledger", "spa"] {
        let request = gantry.client(app).authorize();
        for method in ["plain", "s256", "S512"] {
            let page = request.clone().set("code_challenge_method", method).open(&Browser::new()).await;
            assert_eq!(page.error(), "invalid_request", "{method}");
        }
        assert_eq!(request.clone().without("code_challenge_method").open(&Browser::new()).await.error(), "invalid_request");
        let twice = format!("{}&code_challenge_method=S256", request.url());
        assert_eq!(Browser::new().open(&twice).await.error(), "invalid_request");
    }
}

#[tokio::test]
async fn cod_09_a_stripped_challenge_helps_nobody() {
    let gantry = Gantry::start().await;
    assert_eq!(gantry.client("spa").authorize().without("code_challenge").open(&Browser::new()).await.error(), "invalid_request");

    let stripped = gantry.client("ledger").authorize().without_pkce();
    let code = stripped.code(&Browser::new(), Person::ALICE).await;
    let uri = stripped.get("redirect_uri");
    let parameters = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", uri), ("code_verifier", &stripped.verifier)];
    stripped.app.token(&parameters).await.is_error(400, "invalid_grant");
}

#[tokio::test]
async fn cod_11_a_challenge_is_43_characters_of_base64url() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let right = request.get("code_challenge").to_owned();
    for wrong in [
        right.strip_suffix(char::is_alphanumeric).unwrap_or("short"),
        &format!("{right}A"),
        &format!("{right}="),
        "",
        &"+".repeat(43),
        &"a".repeat(43),
    ] {
        let page = request.clone().set("code_challenge", wrong).open(&Browser::new()).await;
        assert_eq!(page.error(), "invalid_request", "{wrong}");
    }
}

#[tokio::test]
async fn a_confidential_app_may_send_it_and_is_then_bound() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let code = request.code(&Browser::new(), Person::ALICE).await;
    let parameters = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", request.get("redirect_uri"))];
    request.app.token(&parameters).await.is_error(400, "invalid_grant");
}
