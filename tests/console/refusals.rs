//! That an admin was refused stands in the trail, whoever they are, and never fills it.

use crate::support::{Gantry, Person};

#[tokio::test]
async fn ten_21_every_refusal_of_an_admin_leaves_a_line_and_a_flood_a_few() {
    let gantry = Gantry::start().await;
    let tessa = gantry.tenant_admin(gantry.newcomer("tessa@example.com").await, "alder").await;
    gantry.tenant("birch").await;
    let refused = async || gantry.audited("admin_refused").await;
    assert_eq!(refused().await, 0);
    // Another tenant, the realm's own pages, and a form of theirs.
    assert_eq!(tessa.open_once("/console/realms/default/tenants/birch/members").await.status, 404);
    assert_eq!(tessa.open_once("/console/realms/default/people").await.status, 404);
    assert_eq!(tessa.post_once("/console/realms/default/tenants/birch/settings", &[("name", "Mine")]).await.status, 404);
    assert_eq!(refused().await, 3);
    let admin = gantry.realm_admin().await;
    assert_eq!(admin.post_once("/console/realms/default/settings/state", &[("enabled", "off")]).await.status, 403);
    assert_eq!(refused().await, 4);
    let list = admin.page("/console/realms/default/audit?event=admin_refused").await;
    for part in ["tessa@example.com", Person::ADMIN.email, "forbidden", "not_found"] {
        assert!(list.html.contains(part), "{part}: {}", list.html);
    }
    // It is nothing of the tenant's: its admins see no line of it.
    let own = tessa.page("/console/realms/default/tenants/alder/audit?event=admin_refused").await;
    assert!(!own.html.contains("/audit/aud_"), "{}", own.html);
    for _ in 0..60 {
        assert_eq!(tessa.open_once("/console/realms/default/people").await.status, 404);
    }
    assert!((10..=25).contains(&refused().await), "{}", refused().await);
    // Whoever administers nothing is no admin.
    let (nobody, _) = crate::support::Console::sign_in(&gantry, "default", gantry.newcomer("nemo@example.com").await).await;
    let before = refused().await;
    nobody.open_once("/console/realms/default/people").await;
    assert_eq!(refused().await, before);
}
