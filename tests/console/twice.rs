//! Forms that are sent twice, by a second click or from a page that the back button brought back: never two things.

use crate::support::{Console, Gantry, Page};

const R: &str = "/console/realms/default";

/// A form that makes something: its page, its id, what is filled in, and where the list of such things is.
struct Making {
    page: &'static str,
    form: &'static str,
    fields: &'static [(&'static str, &'static str)],
    list: &'static str,
    /// What the list shows once for each.
    word: &'static str,
}

const ALL: &[Making] = &[
    Making {
        page: "/console/realms/new",
        form: "realm-new",
        fields: &[("slug", "freight"), ("name", "Freight")],
        list: "/console/realms?q=freight",
        word: "/console/realms/freight\"",
    },
    Making {
        page: "/console/realms/default/publishers/new",
        form: "new",
        fields: &[("slug", "load-co"), ("name", "Load Co")],
        list: "/console/realms/default/publishers?q=load-co",
        word: "/publishers/pub_",
    },
    Making {
        page: "/console/realms/default/scopes/new",
        form: "new",
        fields: &[("name", "loads:read"), ("title", "Read loads"), ("description", "see your loads")],
        list: "/console/realms/default/scopes?q=loads",
        word: "/scopes/scp_",
    },
    Making {
        page: "/console/realms/default/resources/new",
        form: "new",
        fields: &[("audience", "https://loads.example.test"), ("name", "Loads")],
        list: "/console/realms/default/resources?q=loads",
        word: "/resources/res_",
    },
    Making {
        page: "/console/realms/default/tenants/new",
        form: "tenant-new",
        fields: &[("org_id", "org_loads"), ("name", "Loads Inc")],
        list: "/console/realms/default/tenants?q=loads",
        word: "/tenants/org_loads\"",
    },
    Making {
        page: "/console/realms/default/people/new",
        form: "person-new",
        fields: &[("email", "twice@example.com"), ("name", "Twice")],
        list: "/console/realms/default/people?q=twice",
        word: "/people/usr_",
    },
];

async fn shown(console: &Console<'_>, making: &Making) -> usize {
    let list = console.get(making.list).await;
    list.html.split("<tbody").nth(1).unwrap_or_default().matches(making.word).count()
}

fn refused(page: &Page) -> bool {
    page.status == 422 && page.has("[role=alert]")
}

#[tokio::test]
async fn a_form_that_makes_something_makes_it_once() {
    let gantry = Gantry::start().await;
    let console = gantry.operator().await;
    for making in ALL {
        let page = console.get(making.page).await;
        let made = console.submit(&page, making.form, making.fields).await;
        assert_eq!(made.status, 200, "{}: {}", making.page, made.html);
        assert_ne!(made.url.path(), making.page, "a redirect: reloading what follows sends nothing");
        let again = console.submit(&page, making.form, making.fields).await;
        assert!(refused(&again), "{}: {} {}", making.page, again.status, again.html);
        assert_eq!(shown(&console, making).await, 1, "{}", making.page);
    }
}

#[tokio::test]
async fn of_two_clicks_at_once_one_makes_it() {
    let gantry = Gantry::start().await;
    let console = gantry.operator().await;
    for making in ALL {
        let page = console.get(making.page).await;
        let click = || console.submit(&page, making.form, making.fields);
        let (one, other) = tokio::join!(click(), click());
        assert!(refused(&one) != refused(&other), "{}: {} and {}", making.page, one.status, other.status);
        assert_eq!(shown(&console, making).await, 1, "{}", making.page);
    }
}

#[tokio::test]
async fn what_is_gone_stays_gone_when_its_form_is_sent_again() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    let list = console.get(&format!("{R}/clients?q=ledger")).await;
    let client = list.attribute("#clients tbody a", "href").unwrap();
    let page = console.get(&format!("{client}/remove")).await;
    let gone = console.submit(&page, "remove", &[("confirm", "Ledger Sync")]).await;
    assert_eq!(gone.status, 200, "{}", gone.html);
    assert_eq!(console.submit(&page, "remove", &[("confirm", "Ledger Sync")]).await.status, 404);
    assert_eq!(console.submit(&page, "remove", &[("confirm", "Ledger Sync")]).await.status, 404);
}
