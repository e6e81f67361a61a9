//! Where an answer may go: exactly where the app is registered, and nowhere before that is known.

use crate::support::{Authorization, Browser, Gantry, Person};

async fn shows_a_page(request: &Authorization<'_>, redirect_uri: &str) {
    let page = request.clone().set("redirect_uri", redirect_uri).open(&Browser::new()).await;
    page.is_error_page(400);
    assert!(!page.html.contains("<script>alert"), "{redirect_uri}");
}

#[tokio::test]
async fn red_01_a_changed_byte_is_another_uri() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let registered = request.get("redirect_uri").to_owned();
    for changed in [
        format!("{registered}/"),
        registered.replace("callback", "Callback"),
        format!("{registered}?x=1"),
        format!("{registered}#x"),
        format!("{registered}/../evil"),
        format!("{registered}/..;/evil"),
        format!("{registered}/%2e%2e/evil"),
        format!("{registered}\0"),
        format!(" {registered}"),
        registered.replace("https", "http"),
        registered.replace("https", "HTTPS"),
        registered.replace(".test/", ".test:443/"),
        format!("{registered}\"><script>alert(1)</script>"),
    ] {
        shows_a_page(&request, &changed).await;
    }
}

#[tokio::test]
async fn red_02_03_another_host_in_disguise_is_another_host() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    for disguised in [
        "https://ledger.example.test@evil.example/callback",
        "https://ledger.example.test:80@evil.example",
        "https://a@ledger.example.test@evil.example/callback",
        "https://@ledger.example.test/callback",
        "https://ledger.example.test.evil.example/callback",
        "https://ledger.example.testevil/callback",
        "https://ledgerXexample.test/callback",
        "https://ledger.example.test\\@evil.example/callback",
        "//ledger.example.test/callback",
    ] {
        shows_a_page(&request, disguised).await;
    }
}

#[tokio::test]
async fn red_04_a_client_without_a_uri_learns_none() {
    let gantry = Gantry::start().await;
    let request = gantry.client("worker").authorize().scope("orders:read");
    let rows = gantry.store.read(gantry.realm_id().await);
    let before = rows.clients().find_by_client_id("worker").await.unwrap();

    shows_a_page(&request, "https://worker.example.test/callback").await;

    assert_eq!(rows.clients().find_by_client_id("worker").await.unwrap(), before);
}

#[tokio::test]
async fn red_08_only_the_port_of_a_native_apps_loopback_is_free() {
    let gantry = Gantry::start().await;
    let request = gantry.client("native").authorize();
    for port in [1, 5123, 65_535] {
        let request = request.clone().set("redirect_uri", &format!("http://127.0.0.1:{port}/callback")).set("prompt", "none");
        let page = request.open(&Browser::new()).await;
        assert_eq!(page.left.as_ref().and_then(reqwest::Url::port), Some(port));
        assert_eq!(page.error(), "login_required");
    }
    for wrong in [
        "http://127.0.0.1:5123/callback?bar=foo",
        "http://localhost:5123/callback",
        "http://127.0.0.2:5123/callback",
        "http://[::ffff:127.0.0.1]:5123/callback",
        "http://127.0.0.1:5123/other",
        "http://127.0.0.1:5123@evil.example/callback",
    ] {
        shows_a_page(&request, wrong).await;
    }
}

#[tokio::test]
async fn red_09_the_loopback_rule_belongs_to_native_apps() {
    let gantry = Gantry::start().await;
    shows_a_page(&gantry.client("ledger").authorize(), "http://127.0.0.1/callback").await;
}

#[tokio::test]
async fn red_10_the_uri_is_never_guessed() {
    let gantry = Gantry::start().await;
    let request = gantry.client("notes").authorize();
    request.clone().without("redirect_uri").open(&Browser::new()).await.is_error_page(400);
    request.set("redirect_uri", "").open(&Browser::new()).await.is_error_page(400);
}

#[tokio::test]
async fn red_11_two_uris_are_none() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let evil = "redirect_uri=https%3A%2F%2Fevil.example%2Fcallback";
    let endpoint = gantry.url("/oauth/authorize");
    for url in [format!("{endpoint}?{}&{evil}", request.query()), format!("{endpoint}?{evil}&{}", request.query())] {
        Browser::new().open(&url).await.is_error_page(400);
    }
    let body: Vec<(String, String)> = request.parameters.clone().into_iter().collect();
    let url = reqwest::Url::parse(&format!("{endpoint}?{evil}")).unwrap();
    Browser::new().post(&url, &body, &[]).await.is_error_page(400);
}

#[tokio::test]
async fn a_registered_query_is_kept_and_belongs_to_the_uri() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().set("redirect_uri", "https://ledger.example.test/query?kept=1");
    let page = request.walk(&Browser::new(), Person::ALICE).await;
    assert_eq!(page.answer().get("kept").map(String::as_str), Some("1"));
    request.redeem(&page.code()).await.ok();

    shows_a_page(&request, "https://ledger.example.test/query?kept=2").await;
    shows_a_page(&request, "https://ledger.example.test/query?kept=1&more=1").await;
    shows_a_page(&request, "https://ledger.example.test/query").await;
}

#[tokio::test]
async fn an_app_on_the_device_is_reached_by_its_own_scheme() {
    let gantry = Gantry::start().await;
    let request = gantry.client("native").authorize().set("redirect_uri", "com.example.app:/callback");
    let page = request.walk(&Browser::new(), Person::BOB).await;
    assert_eq!(page.left.as_ref().unwrap().scheme(), "com.example.app");
    request.redeem(&page.code()).await.ok();
}
