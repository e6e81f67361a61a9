//! Where one is signed in.

use super::{account, post};
use crate::support::{Browser, Gantry, Person};

async fn is_signed_in(gantry: &Gantry, browser: &Browser) -> bool {
    browser.open(gantry.url("/account")).await.url.path() == "/account"
}

#[tokio::test]
async fn one_sees_and_ends_ones_sessions() {
    let gantry = Gantry::start().await;
    let (here, there) = (Browser::new(), Browser::new());
    account(&gantry, &there, Person::ALICE).await;
    let page = account(&gantry, &here, Person::ALICE).await;
    assert!(page.html.contains("Firefox on Linux"));
    let session = page.attribute("[name=session]", "value").expect("a session to end");
    let page = post(&gantry, &here, &page, "/account/sessions", &[("session", &session)]).await;
    assert_eq!((page.url.path(), page.url.query()), ("/account", Some("notice=session-ended")));
    assert!(is_signed_in(&gantry, &here).await && !is_signed_in(&gantry, &there).await);
}

#[tokio::test]
async fn nobody_ends_anothers_session() {
    let gantry = Gantry::start().await;
    let (alice, bob) = (Browser::new(), Browser::new());
    account(&gantry, &alice, Person::ALICE).await;
    let sid = gantry.client("house").authorize().tokens(&alice, Person::ALICE).await.claims("id_token")["sid"].as_str().unwrap().to_owned();
    let page = account(&gantry, &bob, Person::BOB).await;
    let foreign = post(&gantry, &bob, &page, "/account/sessions", &[("session", &sid)]).await;
    let made_up = post(&gantry, &bob, &page, "/account/sessions", &[("session", "ses_00000000000070008000000000000000")]).await;
    assert_eq!((foreign.status, made_up.status), (404, 404));
    assert_eq!(foreign.html.len(), made_up.html.len());
    assert!(is_signed_in(&gantry, &alice).await);
}

#[tokio::test]
async fn rtk_11_signing_out_everywhere_else_ends_what_is_bound_there() {
    let gantry = Gantry::start().await;
    let (here, there) = (Browser::new(), Browser::new());
    let bound = gantry.client("ledger").authorize().tokens(&there, Person::ALICE).await;
    let page = account(&gantry, &here, Person::ALICE).await;
    let page = here.submit(&page, "end-other-sessions", &[]).await;
    assert_eq!(page.url.query(), Some("notice=other-sessions-ended"));
    assert!(is_signed_in(&gantry, &here).await && !is_signed_in(&gantry, &there).await);
    assert_eq!(gantry.userinfo(&bound.access_token()).await.status, 401);
}
