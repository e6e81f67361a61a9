//! APIs in the console.

use crate::support::Gantry;

const R: &str = "/console/realms/default";

#[tokio::test]
async fn an_api_is_added_changed_and_removed() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&format!("{R}/resources/new")).await;
    let page = console.submit(&page, "new", &[("audience", "https://loads.example.test"), ("name", "Loads API")]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    let own = page.url.path().to_owned();
    let page = console.page(&own).await;
    let wrong = console.submit(&page, "settings", &[("access_lifetime", "soon")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.html.contains("value=\"soon\""), "what was typed is kept");
    let wrong = console.submit(&page, "settings", &[("access_lifetime", "5")]).await;
    assert!(wrong.has("#settings-access_lifetime-error"));
    let saved = console.submit(&page, "settings", &[("access_lifetime", "600"), ("token_format", "opaque")]).await;
    assert_eq!(saved.status, 200, "{}", saved.html);
    assert!(saved.html.contains("access_lifetime: 600"), "the excerpt of the realm file says so");
    assert_eq!(console.submit(&page, "settings", &[("name", "Other")]).await.status, 409, "the form is stale");
    let page = console.page(&format!("{own}/remove")).await;
    let gone = console.submit(&page, "remove", &[("confirm", "Loads API")]).await;
    assert_eq!((gone.status, gone.url.path()), (200, "/console/realms/default/resources"));
}

#[tokio::test]
async fn an_api_with_scopes_stays() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let list = console.page(&format!("{R}/resources?q=orders")).await;
    let path = list.attribute("#resources tbody a", "href").unwrap();
    assert!(console.page(&path).await.text("#scopes").contains("orders:read"));
    let page = console.page(&format!("{path}/remove")).await;
    assert!(page.html.contains("orders:write") && !page.has("form#remove"));
}

#[tokio::test]
async fn an_audience_is_an_address_and_one_apis() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.get(&format!("{R}/resources/new")).await;
    for audience in ["api", "https://api.example.test"] {
        let wrong = console.submit(&page, "new", &[("audience", audience), ("name", "X")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.has("#new-audience-error"), "{audience}");
    }
}
