//! Scopes in the console.

use crate::support::Gantry;

const R: &str = "/console/realms/default";

#[tokio::test]
async fn a_scope_is_made_changed_and_removed() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.page(&format!("{R}/scopes/new")).await;
    let fields =
        [("name", "loads:read"), ("title", "Read loads"), ("description", "see your loads"), ("resource", "https://api.example.test")];
    let page = console.submit(&page, "new", &fields).await;
    assert_eq!(page.status, 200, "{}", page.html);
    let own = page.url.path().to_owned();
    let page = console.page(&own).await;
    assert!(page.html.contains("see your loads") && page.html.contains("loads:read"));
    let saved = console.submit(&page, "settings", &[("description", "see your loads and bids"), ("tier", "tenant-admin")]).await;
    assert!(saved.html.contains("see your loads and bids"), "{}", saved.html);
    let stale = console.submit(&page, "settings", &[("description", "other")]).await;
    assert_eq!(stale.status, 409);
    let list = console.page(&format!("{R}/scopes?q=loads&tier=tenant-admin")).await;
    assert!(list.text("#scopes").contains("loads:read") && !list.text("#scopes").contains("orders:read"));
    let page = console.page(&format!("{own}/remove")).await;
    let gone = console.submit(&page, "remove", &[("confirm", "loads:read")]).await;
    assert_eq!((gone.status, gone.url.path()), (200, "/console/realms/default/scopes"));
    assert_eq!(console.get(&own).await.status, 404);
}

#[tokio::test]
async fn a_scope_that_clients_have_stays_and_names_them() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let list = console.get(&format!("{R}/scopes?q=orders:read")).await;
    let path = list.attribute("#scopes tbody a", "href").unwrap();
    let page = console.page(&format!("{path}/remove")).await;
    assert!(page.text("#in-the-way").contains("Ledger Sync") && !page.has("form#remove"), "{}", page.html);
    let page = console.get(&path).await;
    let refused = console.submit(&page, "settings", &[("machine", "")]).await;
    assert_eq!(refused.status, 422, "machines have it");
}

#[tokio::test]
async fn con_01_only_our_own_pages_frame_the_preview() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let preview =
        console.page(&format!("{R}/scopes/preview?name=loads%3Aread&description=see%20your%20%3Cb%3Eloads%3C%2Fb%3E&tier=open")).await;
    let header = |page: &crate::support::Page, name: &str| page.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header(&preview, "content-security-policy").contains("frame-ancestors 'self'"));
    assert!(header(&preview, "content-security-policy").contains("form-action 'none'"), "its form leads nowhere");
    assert_eq!(header(&preview, "x-frame-options"), "SAMEORIGIN");
    assert!(preview.html.contains("see your &lt;b&gt;loads"), "{}", preview.html);
    let page = console.page(&format!("{R}/scopes/new")).await;
    assert!(header(&page, "content-security-policy").contains("frame-ancestors 'none'"));
    assert_eq!(header(&page, "x-frame-options"), "DENY");
}

#[tokio::test]
async fn a_scope_says_what_it_allows_or_comes_back() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let page = console.get(&format!("{R}/scopes/new")).await;
    let wrong = console.submit(&page, "new", &[("name", "orders:read"), ("title", "Again"), ("description", "x")]).await;
    assert_eq!(wrong.status, 422);
    assert!(!wrong.text("#new-name-error").is_empty(), "the name is taken");
    let wrong = console.submit(&page, "new", &[("name", "loads:read"), ("title", ""), ("description", "")]).await;
    assert!(wrong.has("#new-title-error") && wrong.has("#new-description-error"));
    let wrong =
        console.submit(&page, "new", &[("name", "a"), ("title", "A"), ("description", "b"), ("machine", "on"), ("claims", "email")]).await;
    assert!(wrong.has("#new-machine-error"));
}
