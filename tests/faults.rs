//! The database goes away under a running server: every answer is a documented error that says nothing of the inside.

use crate::support::{Browser, Gantry, Person};

#[tokio::test]
async fn rtk_15_a_revocation_that_cannot_be_stored_is_never_called_done() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    let tokens = app.authorize().scope("openid offline_access").tokens(&Browser::new(), Person::ALICE).await;
    gantry.store.close().await.unwrap();

    let answer = app.revoke(&tokens.refresh_token()).await;

    answer.is_error(503, "temporarily_unavailable");
    assert!(answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn inp_13_a_broken_server_tells_an_incident_and_nothing_of_its_inside() {
    let gantry = Gantry::start().await;
    let app = gantry.client("ledger");
    let browser = Browser::new();
    let request = app.authorize().scope("openid offline_access");
    let tokens = request.tokens(&browser, Person::ALICE).await;
    gantry.store.close().await.unwrap();

    let mut bodies = Vec::new();
    for path in ["/account", "/sign-in", "/reset", "/verify-email?token=gal_x", "/operator/first?token=gal_x"] {
        let page = browser.open(gantry.url(path)).await;
        bodies.push((path.to_owned(), page.status, page.html));
    }
    let page = request.open(&browser).await;
    bodies.push(("authorize".to_owned(), page.status, page.html));
    for (name, answer) in [
        ("refresh", app.refresh(&tokens.refresh_token()).await),
        ("introspect", gantry.client("orders-api").introspect(&tokens.access_token()).await),
        ("userinfo", gantry.userinfo(&tokens.access_token()).await),
        ("code", request.redeem("gac_unknown").await),
    ] {
        bodies.push((name.to_owned(), answer.status, answer.body));
    }
    assert!(bodies.iter().any(|(_, status, _)| *status == 503), "something needs the database");
    for (what, status, body) in bodies {
        assert!(status < 500 || status == 503, "{what}: {status} {body}");
        for inside in ["sqlx", "sqlite", "SELECT", "postgres", "crates/", ".rs:", "panicked", "pool"] {
            assert!(!body.contains(inside), "{what} tells `{inside}`: {body}");
        }
    }
}
