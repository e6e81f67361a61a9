//! Requests that are no requests, at each endpoint for programs.

use reqwest::header;

use crate::support::{Answer, CLIENT_SECRET, Gantry};

const ENDPOINTS: [&str; 3] = ["/oauth/token", "/oauth/introspect", "/oauth/revoke"];
const FORM: &str = "application/x-www-form-urlencoded";

async fn post(gantry: &Gantry, path: &str, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = gantry.http.post(gantry.url(path)).header(header::CONTENT_TYPE, content_type).body(body);
    Answer::of(request.send().await.unwrap()).await
}

fn credentials(more: &str) -> String {
    format!("client_id=worker&client_secret={CLIENT_SECRET}&grant_type=client_credentials&{more}")
}

#[tokio::test]
async fn inp_01_repeated_parameters_are_refused() {
    let gantry = Gantry::start().await;
    for path in ENDPOINTS {
        for name in ["grant_type", "client_id", "client_secret", "scope", "token", "code", "refresh_token", "unknown"] {
            let body = credentials(&format!("token=x&{name}=a&{name}=b"));
            post(&gantry, path, FORM, body).await.is_error(400, "invalid_request");
        }
    }
    post(&gantry, ENDPOINTS[0], FORM, credentials("resource=https://api.example.test&resource=https://es.example.test")).await.ok();
}

#[tokio::test]
async fn inp_02_other_media_types_are_refused() {
    let gantry = Gantry::start().await;
    for path in ENDPOINTS {
        for kind in
            ["application/json", "multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded; charset=utf-16"]
        {
            post(&gantry, path, kind, credentials("token=x")).await.is_error(400, "invalid_request");
        }
        let bare = gantry.http.post(gantry.url(path)).body(credentials("token=x")).send().await.unwrap();
        Answer::of(bare).await.is_error(400, "invalid_request");
        let packed = gantry.http.post(gantry.url(path)).header(header::CONTENT_TYPE, FORM).header(header::CONTENT_ENCODING, "gzip");
        Answer::of(packed.body(credentials("token=x")).send().await.unwrap()).await.is_error(400, "invalid_request");
    }
}

#[tokio::test]
async fn inp_03_bad_encodings_are_refused() {
    let gantry = Gantry::start().await;
    for path in ENDPOINTS {
        for bad in ["%FF", "%C0%AF", "%ED%A0%80", "%00", "%EF%BB%BFx"] {
            for name in ["scope", "token", "client_id", "unknown"] {
                post(&gantry, path, FORM, format!("grant_type=client_credentials&{name}={bad}")).await.is_error(400, "invalid_request");
            }
        }
        post(&gantry, path, FORM, vec![b'a', b'=', 0xff]).await.is_error(400, "invalid_request");
    }
}

#[tokio::test]
async fn inp_04_large_requests_are_refused() {
    let gantry = Gantry::start().await;
    for path in ENDPOINTS {
        let many: String = (0..10_000).map(|n| format!("p{n}=1&")).take(4000).collect();
        post(&gantry, path, FORM, many).await.is_error(400, "invalid_request");
        post(&gantry, path, FORM, format!("token={}", "x".repeat(70_000))).await.is_error(413, "too_large");
        let long = credentials(&format!("token={}", "x".repeat(50_000)));
        assert!(post(&gantry, path, FORM, long).await.status < 500);
    }
    let many_scopes = credentials(&format!("scope={}", "a+".repeat(20_000)));
    assert_eq!(post(&gantry, "/oauth/token", FORM, many_scopes).await.status, 400);
    post(&gantry, "/oauth/token", FORM, format!("grant_type=client_credentials&client_id={}", "x".repeat(60_000)))
        .await
        .is_error(401, "invalid_client");
}

#[tokio::test]
async fn only_the_methods_that_mean_something_are_taken() {
    let gantry = Gantry::start().await;
    for path in ENDPOINTS {
        for method in [reqwest::Method::GET, reqwest::Method::PUT, reqwest::Method::DELETE, reqwest::Method::PATCH] {
            let answer = Answer::of(gantry.http.request(method.clone(), gantry.url(path)).send().await.unwrap()).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(answer.headers[header::ALLOW].to_str().unwrap().contains("POST"));
        }
    }
}
