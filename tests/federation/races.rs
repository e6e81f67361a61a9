//! One callback, one account, one winner: on one node, and over two that share a database.

use futures_util::future::join_all;
use gantry_core::id::UserId;
use reqwest::Url;

use super::{Stand, carol};
use crate::support::upstream::Place;
use crate::support::{Browser, Page};

/// How many come at once.
const RACERS: usize = 8;

/// The same callback, as many times at once; the address may be another node's.
async fn replay(browser: &Browser, targets: &[Url]) -> Vec<Page> {
    join_all((0..RACERS).map(|racer| browser.open_once(&targets[racer % targets.len()]))).await
}

/// One session, and for the others the page that says that the sign-in is over.
async fn has_one_winner(stand: &Stand, pages: &[Page]) {
    let (won, lost): (Vec<&Page>, Vec<&Page>) = pages.iter().partition(|page| page.status == 303);
    assert_eq!(won.len(), 1, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    for page in lost {
        page.is_error_page(400);
        assert_eq!(page.attribute("#error-page", "data-problem").as_deref(), Some("unknown_attempt"));
    }
    assert_eq!(sessions(stand).await, 1);
    assert_eq!(stand.upstream.seen(Place::Token).len(), 1, "the code left us more than once");
}

async fn sessions(stand: &Stand) -> usize {
    let user = stand.gantry.account("carol@acme.example").await.unwrap();
    stand.gantry.store.read(user.realm_id).sessions().list_live(user.id, user.created_at).await.unwrap().len()
}

async fn callback(stand: &Stand, browser: &Browser) -> Url {
    let page = stand.request().open(browser).await;
    let left = browser.leave_for(&page, &stand.connection).await;
    browser.at_provider(&left, &carol()).await
}

#[tokio::test]
async fn fed_18_a_callback_counts_once() {
    let stand = Stand::new().await;
    let browser = Browser::new();
    let back = callback(&stand, &browser).await;
    let pages = replay(&browser, std::slice::from_ref(&back)).await;
    has_one_winner(&stand, &pages).await;
    browser.open_once(&back).await.is_error_page(400);
    assert_eq!(sessions(&stand).await, 1);
}

/// As many browsers as somebody has, all at once: who they turned out to be.
async fn first_sign_ins(stand: &Stand, through: &[Option<String>]) -> Vec<UserId> {
    let host = stand.gantry.base.trim_start_matches("http://");
    let browsers: Vec<Browser> = (0..RACERS).map(|_| Browser::new().with_header("host", host)).collect();
    let mut backs = Vec::new();
    for browser in &browsers {
        backs.push(callback(stand, browser).await);
    }
    let arrivals = browsers.iter().zip(backs).enumerate().map(async |(racer, (browser, back))| {
        let back = at_node(&back, through[racer % through.len()].as_deref());
        browser.open_once(back).await
    });
    for page in join_all(arrivals).await {
        assert_eq!(page.status, 303, "{}", page.html);
    }
    let link = stand.gantry.linked(&stand.connection, &stand.upstream.origin, "carol").await.expect("one is linked");
    assert_eq!(stand.gantry.account("carol@acme.example").await.unwrap().id, link.user_id);
    vec![link.user_id]
}

/// The same address at another node; the browser sends the name that all nodes share.
fn at_node(url: &Url, node: Option<&str>) -> Url {
    let mut url = url.clone();
    if let Some(port) = node.and_then(|node| node.rsplit(':').next()).and_then(|port| port.parse().ok()) {
        url.set_port(Some(port)).unwrap();
    }
    url
}

#[tokio::test]
async fn f_26_many_first_sign_ins_at_once_make_one_account() {
    let stand = Stand::new().await;
    let users = first_sign_ins(&stand, &[None]).await;
    assert_eq!(users.len(), 1);
    assert_eq!(sessions(&stand).await, RACERS);
    assert_eq!(stand.gantry.identities_of(users[0]).await.len(), 1);
}

/// On Postgres alone, as all tests of several nodes.
mod several_nodes {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "several nodes need Postgres"]
    async fn fed_18_a_callback_counts_once_over_two_nodes() {
        let stand = Stand::new().await;
        let node = stand.gantry.second_node().await;
        let host = stand.gantry.base.trim_start_matches("http://").to_owned();
        for _ in 0..3 {
            stand.upstream.forget_seen();
            let browser = Browser::new().with_header("host", &host);
            let back = callback(&stand, &browser).await;
            let before = stand.gantry.account("carol@acme.example").await.is_some();
            let pages = replay(&browser, &[back.clone(), at_node(&back, Some(&node.address()))]).await;
            if before {
                assert_eq!(pages.iter().filter(|page| page.status == 303).count(), 1);
                assert_eq!(stand.upstream.seen(Place::Token).len(), 1);
            } else {
                has_one_winner(&stand, &pages).await;
            }
            let again = browser.open_once(at_node(&back, Some(&node.address()))).await;
            again.is_error_page(400);
        }
        node.stop().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "several nodes need Postgres"]
    async fn f_26_many_first_sign_ins_over_two_nodes_make_one_account() {
        let stand = Stand::new().await;
        let node = stand.gantry.second_node().await;
        let users = first_sign_ins(&stand, &[None, Some(node.address())]).await;
        assert_eq!(stand.gantry.identities_of(users[0]).await.len(), 1);
        node.stop().await;
    }
}
