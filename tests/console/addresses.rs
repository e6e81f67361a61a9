//! Nothing can be called by a word that an address has for itself.

use gantry_core::fixed_word::is_reachable;
use gantry_web::paths::console::ALL;

use crate::support::Gantry;

/// What addresses name by a word of people's choice; everything else goes by ids that nobody chooses.
const CHOSEN: &[&str] = &["{realm}", "{tenant}"];

#[test]
fn every_fixed_word_beside_a_name_is_nobodys_name() {
    let segments = |path: &'static str| path.split('/').collect::<Vec<_>>();
    let mut fixed = Vec::new();
    for named in ALL.iter() {
        let named = segments(named.path);
        for at in (0..named.len()).filter(|at| CHOSEN.contains(&named[*at])) {
            let beside = ALL.iter().map(|other| segments(other.path));
            fixed.extend(beside.filter(|other| other.len() > at && other[..at] == named[..at]).map(|other| other[at]));
        }
    }
    fixed.retain(|word| !CHOSEN.contains(word));
    assert!(fixed.contains(&"new"), "{fixed:?}");
    assert!(fixed.iter().all(|word| !is_reachable(word)), "{fixed:?}");
}

#[tokio::test]
async fn nobody_makes_what_no_address_leads_to() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    for org_id in ["new", ".", ".."] {
        let page = admin.page("/console/realms/default/tenants/new").await;
        let page = admin.submit(&page, "tenant-new", &[("name", "Sneaky"), ("org_id", org_id)]).await;
        assert_eq!(page.status, 422, "{}", page.html);
        assert!(page.html.contains("no address could lead to it"), "{}", page.html);
    }
    let operator = gantry.operator().await;
    let page = operator.page("/console/realms/new").await;
    let page = operator.submit(&page, "realm-new", &[("slug", "new"), ("name", "Sneaky")]).await;
    assert_eq!(page.status, 422, "{}", page.html);
    assert!(page.html.contains("no address could lead to it"), "{}", page.html);
}
