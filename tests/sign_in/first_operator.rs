//! The first operator's link.

use crate::support::{Browser, Gantry};

#[tokio::test]
async fn bru_15_the_link_works_once_and_there_is_no_other_way_in() {
    let gantry = Gantry::empty().await;
    let link = gantry.operator_link().expect("the very first start prints a link");
    let (first, second) = (Browser::new(), Browser::new());
    let (page, late) = (first.open(&link).await, second.open(&link).await);
    let weak = first.submit(&page, "operator-submit", &[("username", "op@example.com"), ("password", "password1")]).await;
    assert_eq!(weak.status, 422);
    let fields = [("username", "op@example.com"), ("password", "a fine and long phrase")];
    let page = first.submit(&page, "operator-submit", &fields).await;
    assert_eq!((page.status, page.url.path()), (200, "/console/realms"), "{}", page.html);
    assert_eq!(first.open(gantry.url("/realms/system/account")).await.url.path(), "/realms/system/account", "signed in there too");
    assert_eq!(second.submit(&late, "operator-submit", &fields).await.status, 410);
    assert_eq!(second.open(&link).await.status, 410);
    for path in ["/operator/first", "/realms/system/operator/first", "/realms/system/operator/first?token=gal_x"] {
        assert_eq!(second.open(gantry.url(path)).await.status, 410, "{path}");
    }
    let gantry = gantry.restart().await;
    assert!(gantry.operator_link().is_none(), "it is shown once");
}

#[tokio::test]
async fn bru_15_the_link_dies_after_an_hour() {
    let gantry = Gantry::empty().await;
    let (link, browser) = (gantry.operator_link().unwrap(), Browser::new());
    let page = browser.open(&link).await;
    gantry.clock.advance(std::time::Duration::from_hours(1));
    let fields = [("username", "op@example.com"), ("password", "a fine and long phrase")];
    assert_eq!(browser.submit(&page, "operator-submit", &fields).await.status, 410);
}
