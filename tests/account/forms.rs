//! What every form of the account pages demands of its sender.

use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{account, post};
use crate::support::{Browser, Gantry, Person};

const FORMS: &[(&str, &str)] = &[
    ("/account/profile", "name"),
    ("/account/password", "password"),
    ("/account/sessions", "x"),
    ("/account/apps", "app"),
    ("/sign-out", "x"),
];

#[tokio::test]
async fn web_01_a_change_needs_this_sessions_own_token_and_origin() {
    let gantry = Gantry::start().await;
    let (alice, bob) = (Browser::new(), Browser::new());
    let page = account(&gantry, &alice, Person::ALICE).await;
    let token = page.attribute("[name=csrf]", "value").unwrap();
    let foreign = account(&gantry, &bob, Person::BOB).await.attribute("[name=csrf]", "value").unwrap();
    let own_site = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    for (path, field) in FORMS {
        let url = Url::parse(&gantry.url(path)).unwrap();
        let body = |csrf: &str| vec![("csrf".to_owned(), csrf.to_owned()), ((*field).to_owned(), "v".to_owned())];
        for (csrf, headers) in [
            ("", own_site),
            (&foreign, own_site),
            (&token, [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]),
            (&token, [("sec-fetch-site", "none"), ("origin", "null")]),
            (&token, [("x-none", "1"), ("origin", "null")]),
        ] {
            assert_eq!(alice.post(&url, &body(csrf), &headers).await.status, 403, "{path} {headers:?}");
        }
        let mut override_method = body(&token);
        override_method.push(("_method".to_owned(), "POST".to_owned()));
        assert!(matches!(alice.open_once(format!("{url}?csrf={token}")).await.status, 200 | 303 | 405), "{path}");
    }
    assert_eq!(alice.open(gantry.url("/account")).await.url.path(), "/account", "nothing has changed");
}

#[tokio::test]
async fn web_01_a_form_of_an_earlier_session_is_refused() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let old = account(&gantry, &browser, Person::ALICE).await;
    browser.submit(&old, "sign-out", &[]).await;
    account(&gantry, &browser, Person::BOB).await;
    assert_eq!(post(&gantry, &browser, &old, "/account/profile", &[("name", "Mallory")]).await.status, 403);
}

#[tokio::test]
async fn pre_13_nobody_sets_more_than_the_name() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = account(&gantry, &browser, Person::ALICE).await;
    let fields = [("name", "Alice B."), ("email", "other@example.com"), ("email_verified", "true"), ("roles", "realm_admin")];
    post(&gantry, &browser, &page, "/account/profile", &fields).await;
    let alice = gantry.user(Person::ALICE).await;
    assert_eq!(alice.profile.name.as_deref(), Some("Alice B."));
    assert_eq!((alice.email.as_str(), alice.roles.len()), ("alice@example.com", 0));
}

#[tokio::test]
async fn web_02_a_name_is_shown_as_text() {
    let gantry = Gantry::start().await;
    let browser = Browser::new();
    let page = account(&gantry, &browser, Person::ALICE).await;
    let page = browser.submit(&page, "profile-save", &[("name", "<script>alert(1)</script>{{ 7*7 }}")]).await;
    assert!(page.html.contains("&lt;script&gt;") && !page.html.contains("<script>alert"), "{}", page.html);
    assert!(page.html.contains("{{ 7*7 }}"));
    let bad = browser.submit(&page, "profile-save", &[("name", "a\u{202e}b")]).await;
    assert_eq!(bad.status, 422);
}

#[tokio::test]
async fn a_form_that_does_not_arrive_is_not_waited_for() {
    let gantry = Gantry::start().await;
    let url = Url::parse(&gantry.url("/account/tokens")).unwrap();
    let (host, port) = (url.host_str().unwrap(), url.port().unwrap());
    let mut connection = TcpStream::connect((host, port)).await.unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nname=",
        url.path()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    tokio::time::timeout(Duration::from_secs(20), connection.read_exact(&mut answer)).await.expect("an answer").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 400");
}
