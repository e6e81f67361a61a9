//! Parameters as such: each that is accepted changes the answer, each that is malformed is refused.

use std::time::{Duration, Instant};

use gantry_oauth::authorize::parameters::ACCEPTED;

use crate::support::{Browser, Gantry, Person};

#[tokio::test]
async fn a_login_hint_fills_the_field_and_finds_nobody() {
    let gantry = Gantry::start().await;
    for hint in ["alice@example.com", "nobody@example.com", "\"><script>alert(1)</script>"] {
        let page = gantry.client("ledger").authorize().set("login_hint", hint).open(&Browser::new()).await;
        assert_eq!(page.attribute("[name=username]", "value").as_deref(), Some(hint));
        assert!(!page.html.contains("<script>alert"));
    }
}

#[tokio::test]
async fn ui_locales_choose_the_language() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let language = async |locales: &str| {
        let page = request.clone().set("ui_locales", locales).open(&Browser::new()).await;
        page.attribute("html", "lang").unwrap()
    };
    assert_eq!(language("de").await, "de");
    assert_eq!(language("se de-CH en").await, "de");
    for other in ["se", "", "../../etc", "xx-YY zz"] {
        assert_eq!(language(other).await, "en", "{other}");
    }
    // The language stays through the pages of the flow.
    let browser = Browser::new();
    let page = request.clone().set("ui_locales", "de").open(&browser).await;
    let page = browser.submit(&page, "login-submit", &[("username", Person::ALICE.email)]).await;
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("de"));
    let page = browser.submit(&page, "login-submit", &[("password", Person::ALICE.password)]).await;
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("de"));
}

#[tokio::test]
async fn display_popup_changes_the_page_and_others_do_no_harm() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let page = async |display: &str| request.clone().set("display", display).open(&Browser::new()).await;
    let (full, small) = (page("page").await, page("popup").await);
    assert_ne!(full.attribute("body", "class"), small.attribute("body", "class"), "{}", small.html);
    for other in ["touch", "wap", "hologram"] {
        assert!(page(other).await.has("[name=username]"));
    }
}

#[tokio::test]
async fn the_nonce_comes_back_whole() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    for length in [1, 64, 384, 1024] {
        let nonce = "n".repeat(length);
        let tokens = gantry.client("ledger").authorize().set("nonce", &nonce).tokens(&browser, Person::ALICE).await;
        assert_eq!(tokens.claims("id_token")["nonce"], nonce);
    }
    let tokens = gantry.client("ledger").authorize().without("nonce").tokens(&browser, Person::ALICE).await;
    assert!(tokens.claims("id_token").get("nonce").is_none());
    let long = gantry.client("ledger").authorize().set("nonce", &"n".repeat(1025));
    assert_eq!(long.open(&browser).await.error(), "invalid_request");
}

#[tokio::test]
async fn claims_choose_where_a_claim_goes() {
    let gantry = Gantry::start().await;
    let claims = r#"{"userinfo":{"name":{"essential":true}},"id_token":{"email":null,"auth_time":{"essential":true},"unknown":null}}"#;
    let tokens = gantry.client("ledger").authorize().set("claims", claims).tokens(&Browser::new(), Person::ALICE).await;
    let id_token = tokens.claims("id_token");
    assert_eq!(id_token["email"], "alice@example.com");
    assert!(id_token.get("name").is_none());
    assert_eq!(gantry.userinfo(&tokens.access_token()).await.ok().json()["name"], "Alice Example");
}

#[tokio::test]
async fn what_is_not_known_is_ignored() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().set("extra", "1").set("claims_locales", "se").set("foo[bar]", "é");
    request.tokens(&Browser::new(), Person::ALICE).await;
}

#[tokio::test]
async fn inp_01_a_repeated_parameter_is_refused() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let known = ACCEPTED.iter().map(|accepted| accepted.name).chain(["claims_locales", "request", "request_uri", "unknown"]);
    for name in known.filter(|name| *name != "resource") {
        let page = Browser::new().open(format!("{}&{name}=a&{name}=a", request.clone().without(name).url())).await;
        // These three are the app's to learn of (RED-14, COD-08).
        if matches!(name, "response_mode" | "code_challenge" | "code_challenge_method") {
            assert_eq!(page.error(), "invalid_request", "{name}");
        } else {
            page.is_error_page(400);
        }
    }
}

#[tokio::test]
async fn inp_03_bad_encoding_is_refused() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    for name in ACCEPTED.iter().map(|accepted| accepted.name).chain(["unknown"]) {
        for bad in ["%FF", "%C0%AF", "%ED%A0%80", "a%00b", "%EF%BB%BFx", "%FE%FF%00a"] {
            Browser::new().open(format!("{}&{name}={bad}", request.clone().without(name).url())).await.is_error_page(400);
        }
    }
}

#[tokio::test]
async fn inp_04_too_much_is_refused_at_once() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let url = reqwest::Url::parse(&gantry.url("/oauth/authorize")).unwrap();
    let browser = Browser::new();
    browser.open(request.url()).await;
    let began = Instant::now();
    assert_eq!(browser.open(format!("{}&x={}", request.url(), "a".repeat(16 * 1024))).await.status, 414);
    let many: Vec<String> = (0..100).map(|n| format!("p{n}=1")).collect();
    browser.open(format!("{}&{}", request.url(), many.join("&"))).await.is_error_page(400);
    for name in ["client_id", "state", "scope", "nonce"] {
        let body = [(name.to_owned(), "a".repeat(1024 * 1024))];
        assert_eq!(browser.post(&url, &body, &[]).await.status, 413, "{name}");
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    for accepted in ACCEPTED.iter().filter(|accepted| !matches!(accepted.name, "client_id" | "redirect_uri" | "state" | "resource")) {
        let page = request.clone().set(accepted.name, &"a".repeat(accepted.limit + 1)).open(&browser).await;
        assert_eq!(page.error(), "invalid_request", "{}", accepted.name);
    }
}

#[tokio::test]
async fn inp_05_deep_and_wide_values_are_refused_in_time() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let deep = format!(r#"{{"userinfo":{{"name":{{"value":{}{}}}}}}}"#, "[".repeat(1500), "]".repeat(1500));
    for claims in [deep.as_str(), "{", "[]", "null", r#"{"userinfo":7}"#, r#"{"id_token":{"acr":null,"acr":null}}"#] {
        assert_eq!(request.clone().set("claims", claims).open(&Browser::new()).await.error(), "invalid_request", "{claims}");
    }
    let wide: Vec<String> = (0..1500).map(|n| format!("s{n}")).collect();
    assert_eq!(request.scope(&wide.join(" ")).open(&Browser::new()).await.error(), "invalid_scope");
}

#[tokio::test]
async fn inp_02_a_body_of_another_kind_is_refused() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded; charset=utf-16"] {
        let sent =
            gantry.http.post(gantry.url("/oauth/authorize")).header("content-type", kind).body(request.query()).send().await.unwrap();
        assert_eq!(sent.status(), 415, "{kind}");
    }
    let zipped = gantry.http.post(gantry.url("/oauth/authorize")).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(zipped.header("content-encoding", "gzip").body(request.query()).send().await.unwrap().status(), 415);
}
