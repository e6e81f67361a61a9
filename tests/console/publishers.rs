//! Developer teams in the console.

use crate::support::{Browser, Gantry, Person};

const R: &str = "/console/realms/default";

#[tokio::test]
async fn a_publisher_is_added_verified_and_removed() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&format!("{R}/publishers/new")).await;
    let wrong = console.submit(&page, "new", &[("slug", "Load Co"), ("name", "Load Co"), ("website", "javascript:alert(1)")]).await;
    assert_eq!(wrong.status, 422);
    let taken = console.submit(&page, "new", &[("slug", "stranger"), ("name", "Load Co")]).await;
    assert!(taken.has("#new-slug-error"));
    let page = console.submit(&page, "new", &[("slug", "load-co"), ("name", "Load Co"), ("website", "https://load.example.test")]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    let own = page.url.path().to_owned();
    let page = console.page(&own).await;
    console.submit(&page, "settings", &[("verified", "on")]).await;
    let list = console.page(&format!("{R}/publishers?is=verified&q=load")).await;
    assert!(list.text("#publishers").contains("Load Co"));
    let page = console.page(&format!("{own}/remove")).await;
    let gone = console.submit(&page, "remove", &[("confirm", "Load Co")]).await;
    assert_eq!((gone.status, gone.url.path()), (200, "/console/realms/default/publishers"));
}

#[tokio::test]
async fn con_07_verifying_a_publisher_takes_the_mark_from_its_apps() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let consent = async || {
        let browser = Browser::new();
        let page = gantry.client("notes").authorize().open(&browser).await;
        Person::ALICE.sign_in(&browser, &page).await
    };
    let before = consent().await;
    let list = console.page(&format!("{R}/publishers?q=stranger")).await;
    let path = list.attribute("#publishers tbody a", "href").unwrap();
    let page = console.page(&path).await;
    assert!(page.text("#clients").contains("Notes"), "its clients are named");
    assert!(!console.page(&format!("{path}/remove")).await.has("form#remove"), "it owns a client");
    console.submit(&page, "settings", &[("verified", "on")]).await;
    let after = consent().await;
    assert_ne!(before.text("main"), after.text("main"), "the mark is gone");
}
