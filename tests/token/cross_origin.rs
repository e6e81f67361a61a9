//! Which pages of other origins may read which answers.

use reqwest::Method;
use reqwest::header::{self, HeaderMap};

use crate::support::{Browser, Gantry, Person};

const OWN: &str = "https://spa.example.test";
const FOREIGN: &str = "https://evil.example.test";
const FORM: &str = "application/x-www-form-urlencoded";

fn allowed(headers: &HeaderMap) -> Option<&str> {
    assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "credentials are never allowed");
    headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_preflight_is_answered() {
    let gantry = Gantry::start().await;
    for path in ["/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/oauth/jwks", "/.well-known/openid-configuration"] {
        let request = gantry.http.request(Method::OPTIONS, gantry.url(path)).header(header::ORIGIN, OWN);
        let answer = request.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST").send().await.unwrap();
        assert_eq!(answer.status(), 204, "{path}");
        assert_eq!(allowed(answer.headers()), Some("*"), "{path}");
    }
}

#[tokio::test]
async fn a_browser_apps_own_pages_read_its_tokens_and_refusals() {
    let gantry = Gantry::start().await;
    for path in ["/oauth/token", "/oauth/revoke"] {
        for (client, origin, expected) in
            [("spa", OWN, Some(OWN)), ("spa", FOREIGN, None), ("ledger", "https://ledger.example.test", None), ("nobody", OWN, None)]
        {
            let body = format!("grant_type=refresh_token&refresh_token=x&token=x&client_id={client}");
            let request = gantry.http.post(gantry.url(path)).header(header::ORIGIN, origin).header(header::CONTENT_TYPE, FORM).body(body);
            assert_eq!(allowed(request.send().await.unwrap().headers()), expected, "{path} {client} {origin}");
        }
    }
}

#[tokio::test]
async fn userinfo_is_read_by_the_apps_own_pages() {
    let gantry = Gantry::start().await;
    let token = gantry.client("spa").authorize().tokens(&Browser::new(), Person::ALICE).await.access_token();
    for (origin, expected) in [(OWN, Some(OWN)), (FOREIGN, None)] {
        let request = gantry.http.get(gantry.url("/oauth/userinfo")).bearer_auth(&token).header(header::ORIGIN, origin);
        assert_eq!(allowed(request.send().await.unwrap().headers()), expected);
    }
    let refused = gantry.http.get(gantry.url("/oauth/userinfo")).bearer_auth("x").header(header::ORIGIN, OWN).send().await.unwrap();
    assert_eq!(allowed(refused.headers()), Some("*"), "an app must be able to tell that its token has expired");
}

#[tokio::test]
async fn introspection_is_for_servers() {
    let gantry = Gantry::start().await;
    let request = gantry.http.post(gantry.url("/oauth/introspect")).header(header::ORIGIN, OWN).header(header::CONTENT_TYPE, FORM);
    assert_eq!(allowed(request.body("token=x&client_id=spa").send().await.unwrap().headers()), None);
}
