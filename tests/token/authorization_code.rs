//! Redeeming codes: once, by whom they were issued to, with what they were bound to.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::support::{Browser, Gantry, Person};

#[tokio::test]
async fn cod_01_a_second_redemption_is_refused_and_revokes_what_the_first_one_got() {
    let gantry = Gantry::start().await;
    for pause in [1, 30] {
        let request =
            gantry.client("ledger").authorize().scope("openid profile offline_access").set("resource", "https://api.example.test");
        let code = request.code(&Browser::new(), Person::ALICE).await;
        let tokens = request.redeem(&code).await.ok();
        gantry.clock.advance(Duration::from_secs(pause));

        request.redeem(&code).await.is_error(400, "invalid_grant");

        assert!(!gantry.client("orders-api").is_active(&tokens.access_token()).await, "after {pause} s");
        request.app.refresh(&tokens.refresh_token()).await.is_error(400, "invalid_grant");
    }
}

#[tokio::test]
async fn cod_03_another_clients_code_is_refused_and_burnt() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let code = request.code(&Browser::new(), Person::ALICE).await;
    let thief = gantry.client("notes");
    let stolen = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", request.get("redirect_uri")),
        ("code_verifier", &request.verifier),
    ];

    thief.token(&stolen).await.is_error(400, "invalid_grant");
    request.redeem(&code).await.is_error(400, "invalid_grant");
}

#[tokio::test]
async fn cod_04_a_code_of_another_realm_is_refused() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let code = request.code(&Browser::new(), Person::ALICE).await;

    let mut elsewhere = request.clone();
    elsewhere.app.base = gantry.other_realm();
    elsewhere.redeem(&code).await.is_error(400, "invalid_grant");
    // The other realm knows nothing of it, so it has not burnt it either.
    request.redeem(&code).await.ok();
}

#[tokio::test]
async fn cod_05_no_other_single_use_thing_is_a_code() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().scope("openid offline_access");
    let browser = Browser::new();
    let tokens = request.tokens(&browser, Person::ALICE).await;
    let session = browser.cookies().into_iter().find(|(name, _)| name.ends_with("-session")).unwrap().1;
    for other in
        [tokens.refresh_token(), tokens.access_token(), session, gantry_core::secret::SecretKind::ActionLink.generate().expose().to_owned()]
    {
        request.redeem(&other).await.is_error(400, "invalid_grant");
    }
}

#[tokio::test]
async fn cod_06_the_redirect_uri_must_be_the_one_of_the_request() {
    let gantry = Gantry::start().await;
    for wrong in [Some("https://ledger.example.test/other"), Some("https://ledger.example.test/callback/"), None] {
        let request = gantry.client("ledger").authorize();
        let code = request.code(&Browser::new(), Person::ALICE).await;
        let mut parameters =
            vec![("grant_type", "authorization_code"), ("code", code.as_str()), ("code_verifier", request.verifier.as_str())];
        parameters.extend(wrong.map(|uri| ("redirect_uri", uri)));

        let answer = request.app.token(&parameters).await;
        assert_eq!(answer.status, 400, "{wrong:?}: {}", answer.body);
        assert!(matches!(answer.text("error").as_str(), "invalid_grant" | "invalid_request"));
    }
}

#[tokio::test]
async fn cod_10_a_wrong_verifier_is_refused_and_burns_the_code() {
    let gantry = Gantry::start().await;
    let right = gantry.client("ledger").authorize().verifier;
    let (short, long, newline) = ("a".repeat(42), "a".repeat(129), format!("{right}\n"));
    for wrong in [
        None,
        Some(""),
        Some(short.as_str()),
        Some(&long),
        Some("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!!"),
        Some(&newline),
        Some(&right),
    ] {
        let request = gantry.client("ledger").authorize();
        let code = request.code(&Browser::new(), Person::ALICE).await;
        let mut parameters =
            vec![("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", request.get("redirect_uri"))];
        parameters.extend(wrong.map(|verifier| ("code_verifier", verifier)));

        request.app.token(&parameters).await.is_error(400, "invalid_grant");
        request.redeem(&code).await.is_error(400, "invalid_grant");
    }
}

#[tokio::test]
async fn cod_09_a_verifier_without_a_challenge_is_a_downgrade_and_refused() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().without_pkce();
    let code = request.code(&Browser::new(), Person::ALICE).await;
    let parameters = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", request.get("redirect_uri")),
        ("code_verifier", request.verifier.as_str()),
    ];
    request.app.token(&parameters).await.is_error(400, "invalid_grant");
}

#[tokio::test]
async fn cod_13_an_old_code_is_refused_and_swept_away() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let code = request.code(&Browser::new(), Person::ALICE).await;
    gantry.clock.advance(Duration::from_secs(61));
    request.redeem(&code).await.is_error(400, "invalid_grant");

    gantry.clock.advance(Duration::from_hours(24 * 2));
    gantry.purge().await;
    assert!(!gantry.knows_code(&code).await, "the row is gone after the sweep");
}

#[tokio::test]
async fn cod_14_a_bent_code_is_refused() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let code = request.code(&Browser::new(), Person::ALICE).await;
    let cut: String = code.chars().take(code.len() - 1).collect();
    let flipped: String =
        code.chars().map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect();
    for bent in [cut, format!("{code}A"), format!("{code}="), flipped] {
        request.redeem(&bent).await.is_error(400, "invalid_grant");
    }
    let nul = request.redeem(&format!("{code}\0")).await;
    assert_eq!(nul.status, 400);
    request.redeem(&code).await.ok();
}

#[test]
fn cod_15_codes_are_random_throughout() {
    use gantry_core::secret::SecretKind::AuthorizationCode;
    let codes: Vec<Vec<u8>> = (0..10_000).map(|_| AuthorizationCode.unwrap(AuthorizationCode.generate().expose()).unwrap()).collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    for position in 0..32 {
        let mut seen = [0_u32; 256];
        for code in &codes {
            seen[usize::from(code[position])] += 1;
        }
        // 39 on average; a byte with structure would leave values out or pile them up.
        assert!(seen.iter().all(|count| (5..=120).contains(count)), "byte {position}");
    }
}

#[tokio::test]
async fn cod_16_an_injected_code_does_not_fit_the_victims_verifier() {
    let gantry = Gantry::start().await;
    let (attackers, victims) = (gantry.client("spa").authorize(), gantry.client("spa").authorize());
    let injected = attackers.code(&Browser::new(), Person::BOB).await;
    victims.redeem(&injected).await.is_error(400, "invalid_grant");
}

#[tokio::test]
async fn cod_18_only_a_form_post_is_a_token_request() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let code = request.code(&Browser::new(), Person::ALICE).await;
    let query = format!(
        "grant_type=authorization_code&code={code}&client_id={}&client_secret={}",
        request.app.client_id,
        crate::support::CLIENT_SECRET
    );
    let url = gantry.url("/oauth/token");

    assert_eq!(gantry.http.get(format!("{url}?{query}")).send().await.unwrap().status(), 405);
    for post in [
        gantry.http.post(format!("{url}?{query}")).header("content-type", "application/x-www-form-urlencoded"),
        gantry.http.post(&url).header("content-type", "application/json").body(r#"{"grant_type":"authorization_code"}"#),
        gantry.http.post(&url).header("content-type", "text/plain").body(query.clone()),
        gantry.http.post(&url).body(query.clone()),
    ] {
        let status = post.send().await.unwrap().status().as_u16();
        assert!(matches!(status, 400 | 401 | 415), "{status}");
    }
    request.redeem(&code).await.ok();
}

#[tokio::test]
async fn cod_19_a_request_that_contradicts_itself_consumes_nothing() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().scope("openid offline_access");
    let tokens = request.tokens(&Browser::new(), Person::ALICE).await;
    let code = request.code(&Browser::new(), Person::ALICE).await;
    let (refresh_token, redirect_uri) = (tokens.refresh_token(), request.get("redirect_uri"));

    let both = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("refresh_token", &refresh_token),
        ("redirect_uri", redirect_uri),
        ("code_verifier", &request.verifier),
    ];
    request.app.token(&both).await.is_error(400, "invalid_request");
    let twice = [
        ("grant_type", "authorization_code"),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", &request.verifier),
    ];
    request.app.token(&twice).await.is_error(400, "invalid_request");

    request.redeem(&code).await.ok();
    request.app.refresh(&refresh_token).await.ok();
}
