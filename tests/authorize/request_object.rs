//! Request objects: not offered, and never half-read.

use crate::support::{Browser, Gantry};

/// `{"alg":"none"}` and a payload that names another redirect URI.
const UNSIGNED: &str = "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZS8ifQ.";

#[tokio::test]
async fn a_request_object_is_refused_by_redirect() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize();
    let by_value = request.clone().set("request", UNSIGNED).open(&Browser::new()).await;
    assert_eq!(by_value.error(), "request_not_supported");
    assert_eq!(by_value.answer()["state"], request.get("state"));
    let by_reference = request.clone().set("request_uri", "https://ledger.example.test/object").open(&Browser::new()).await;
    assert_eq!(by_reference.error(), "request_uri_not_supported");
}

#[tokio::test]
async fn its_redirect_uri_is_never_looked_at() {
    let gantry = Gantry::start().await;
    let request = gantry.client("ledger").authorize().set("request", UNSIGNED);
    request.clone().set("redirect_uri", "https://evil.example/").open(&Browser::new()).await.is_error_page(400);
    request.without("redirect_uri").open(&Browser::new()).await.is_error_page(400);
}
