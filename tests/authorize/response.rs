//! How an answer travels: redirect or posted form, with `state` and `iss`, and never more than that.

use std::collections::BTreeMap;

use scraper::{Html, Selector};

use crate::support::{Browser, Gantry, Page, Person};

#[tokio::test]
async fn every_answer_carries_state_and_issuer_and_nothing_else() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let success = request.walk(&Browser::new(), Person::ALICE).await.answer();
    assert_eq!(success.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    let failure = request.clone().set("prompt", "none").open(&Browser::new()).await.answer();
    assert_eq!(failure.keys().collect::<Vec<_>>(), ["error", "error_description", "iss", "state"]);
    for answer in [success, failure] {
        assert_eq!(answer["iss"], gantry.issuer());
        assert_eq!(answer["state"], request.get("state"));
    }
    let stateless = request.without("state").walk(&Browser::new(), Person::ALICE).await.answer();
    assert!(!stateless.contains_key("state"));
}

#[tokio::test]
async fn the_issuer_is_the_realms() {
    let gantry = Gantry::start().await;
    let mut request = gantry.client("ledger").authorize().set("prompt", "none");
    request.app.base = gantry.other_realm();
    assert_eq!(request.open(&Browser::new()).await.answer()["iss"], gantry.other_realm());
}

/// What a page would post, and where.
fn posted(page: &Page) -> (String, BTreeMap<String, String>) {
    let form = page.form("form-post-submit");
    (form.action.to_string(), form.fields.into_iter().collect())
}

#[tokio::test]
async fn a_posted_answer_has_the_same_parameters() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().set("response_mode", "form_post");
    let page = request.walk(&Browser::new(), Person::ALICE).await;
    let (action, fields) = posted(&page);
    assert_eq!(action, request.get("redirect_uri"));
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    request.redeem(&fields["code"]).await.ok();

    let (_, fields) = posted(&request.clone().set("prompt", "none").open(&Browser::new()).await);
    assert_eq!((fields["error"].as_str(), &fields["state"]), ("login_required", &request.get("state").to_owned()));
    let (_, fields) = posted(&request.set("response_type", "token").open(&Browser::new()).await);
    assert_eq!(fields["error"], "unsupported_response_type");
}

#[tokio::test]
async fn red_14_a_mode_that_is_not_offered_is_refused() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let browser = Browser::new();
    request.walk(&browser, Person::ALICE).await.code();
    for mode in ["form_post.jwt", "query.jwt", "jwt", "web_message", "fragment", "nonsense"] {
        let page = request.clone().set("response_mode", mode).open(&browser).await;
        assert_eq!(page.error(), "invalid_request", "{mode}");
    }
    let twice = format!("{}&response_mode=query&response_mode=form_post", request.url());
    assert_eq!(browser.open(&twice).await.error(), "invalid_request");
    assert_eq!(gantry.live_grants(Person::ALICE).await, 1);
}

#[tokio::test]
async fn red_15_a_posted_answer_is_text_and_goes_to_the_registered_address() {
    let gantry = Gantry::start().await;
    let state = "\"><script>alert('state')</script>&amp;'";
    let request = gantry.client("ledger").authorize().set("response_mode", "form_post").set("state", state);
    let page = request.walk(&Browser::new(), Person::ALICE).await;
    let (action, fields) = posted(&page);
    assert_eq!((action.as_str(), fields["state"].as_str()), (request.get("redirect_uri"), state));
    let document = Html::parse_document(&page.html);
    for script in document.select(&Selector::parse("script").unwrap()) {
        assert!(script.value().attr("src").is_some_and(|source| source.starts_with('/')), "an inline script");
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn red_16_every_redirect_of_the_flow_is_a_303() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    // The browser of the suite follows nothing else.
    gantry.client("ledger").authorize().walk(&browser, Person::ALICE).await.code();
    let silent = gantry.client("ledger").authorize();
    assert_eq!(browser.open_once(silent.url()).await.status, 303);
    assert_eq!(Browser::new().open_once(silent.set("prompt", "none").url()).await.status, 303);
}

#[tokio::test]
async fn red_17_pages_leak_nothing_to_others() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    let sign_in = request.open(&browser).await;
    let consent = Person::ALICE.sign_in(&browser, &sign_in).await;
    assert!(consent.has("#consent-allow"));
    let error = request.clone().without("redirect_uri").open(&browser).await;
    for page in [sign_in, consent, error] {
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        let document = Html::parse_document(&page.html);
        for (selector, attribute) in [("[src]", "src"), ("link[href]", "href"), ("[srcset]", "srcset")] {
            for element in document.select(&Selector::parse(selector).unwrap()) {
                let address = element.value().attr(attribute).unwrap();
                assert!(address.starts_with('/') && !address.starts_with("//"), "{address}");
                assert!(!address.contains(request.get("state")) && !address.contains("code="), "{address}");
            }
        }
    }
}

#[tokio::test]
async fn red_18_state_comes_back_byte_for_byte_or_not_at_all() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().set("prompt", "none");
    let unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    let printable: String = (' '..='~').collect();
    let longest: String = unreserved.chars().cycle().take(8192).collect();
    for state in [longest, printable, "{\"a\":\"é漢🙂\"}".to_owned(), "a=b&c=d;e#f%25+".to_owned()] {
        let page = request.clone().set("state", &state).open(&Browser::new()).await;
        assert_eq!(page.answer()["state"], state);
    }
    for state in ["s".repeat(8193), "a\r\nSet-Cookie: b=c".to_owned(), "a\nb".to_owned(), "a\0b".to_owned()] {
        request.clone().set("state", &state).open(&Browser::new()).await.is_error_page(400);
    }
}

#[tokio::test]
async fn red_20_only_a_code_is_an_answer() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    for kind in ["token", "id_token", "code token", "code id_token", "code id_token token", "none", "CODE"] {
        let page = request.clone().set("response_type", kind).open(&Browser::new()).await;
        assert_eq!(page.error(), "unsupported_response_type", "{kind}");
        assert_eq!(page.left.unwrap().fragment(), None);
    }
    assert_eq!(request.without("response_type").open(&Browser::new()).await.error(), "invalid_request");
}

#[tokio::test]
async fn a_request_may_come_by_post_from_the_apps_own_page() {
    let gantry = Gantry::start().await;
    let (browser, request) = (Browser::new(), gantry.client("ledger").authorize());
    request.walk(&browser, Person::ALICE).await.code();
    let url = reqwest::Url::parse(&gantry.url("/oauth/authorize")).unwrap();
    let body: Vec<(String, String)> = request.parameters.clone().into_iter().collect();
    let page = browser.post(&url, &body, &[("sec-fetch-site", "cross-site"), ("origin", "https://ledger.example.test")]).await;
    request.redeem(&page.code()).await.ok();

    let oversized = [("state".to_owned(), "s".repeat(20_000))];
    assert_eq!(browser.post(&url, &oversized, &[]).await.status, 413);
}

#[tokio::test]
async fn another_method_is_not_offered() {
    let gantry = Gantry::start().await;
    for method in [reqwest::Method::PUT, reqwest::Method::DELETE, reqwest::Method::PATCH] {
        let answer = gantry.http.request(method, gantry.client("ledger").authorize().url()).send().await.unwrap();
        assert_eq!(answer.status(), 405);
    }
}
